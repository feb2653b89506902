package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/audit"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
)

// openStore opens the database, gives it a name if it has none, and makes sure that its log can be continued.
func openStore(dir string, opt bolt.Options, nonce func() (string, error), now time.Time) (store.Store, courier.Life, error) {
	id, err := nonce()
	if err != nil {
		return nil, courier.Life{}, fmt.Errorf("name the database: %w", err)
	}
	opt.Life = store.Life{ID: id, Since: now}
	s, err := bolt.Open(dir, opt)
	if err != nil {
		return nil, courier.Life{}, err
	}
	if err := audit.KeyFits(context.Background(), s, opt.Key); err != nil {
		return nil, courier.Life{}, errors.Join(err, s.Close())
	}
	life, err := s.Life(context.Background())
	if err != nil {
		return nil, courier.Life{}, errors.Join(fmt.Errorf("read the database's name: %w", err), s.Close())
	}
	return s, courier.Life(life), nil
}

// ShowAnew shows what people decide by once more, in a workspace that has none of it: a demo's, which begins empty each
// time, over the file of the last one.
func (a *App) ShowAnew(ctx context.Context) error {
	file, ok := a.Store.(*bolt.Store)
	if !ok {
		return errors.New("a demo keeps its data in a file")
	}
	return file.ShowAnew(ctx, a.Clock.Now())
}
