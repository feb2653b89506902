package audit

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/terminal"
)

// OpenAtRest opens what is kept, while no Usher runs, to be changed with an entry in the log: the environment must have the key that signs it.
func OpenAtRest(ctx context.Context, data control.Folder, env config.Lookup) (store.Store, error) {
	key, _, _, problem := config.ReadAuditKey(env)
	if problem != "" {
		return nil, terminal.Wrong(problem)
	}
	if err := data.AtRest(ctx, func(store.Store) error { return nil }); err != nil {
		return nil, err // there is nothing to open
	}
	db, err := data.Open(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("open what is kept, to change it: %w", err)
	}
	if err := KeyFits(ctx, db, key); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
