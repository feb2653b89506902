package approvals

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// page is a store for one request, of which each Update answers with the next of fails.
type page struct {
	Tx
	r     Request
	fails []error
}

func (b *page) Put(r Request) error { b.r = r; return nil }
func (*page) Audit(Entry) error     { return nil }

func (b *page) update(_ context.Context, fn func(Tx) error) error {
	was := b.r
	err := fn(b)
	if err != nil {
		b.r = was
	}
	if len(b.fails) > 0 && err == nil {
		err, b.fails = b.fails[0], b.fails[1:]
	}
	return err
}

// onPage is a Book that only updates.
type onPage struct {
	Book
	*page
}

func (b onPage) Update(ctx context.Context, fn func(Tx) error) error { return b.update(ctx, fn) }

// TestTheLogTellsWhatWasKept: a line for what was kept, once, also where the store could not say so at first; none
// for what was not.
func TestTheLogTellsWhatWasKept(t *testing.T) {
	for name, c := range map[string]struct {
		fails []error
		lines int
	}{
		"kept":                      {nil, 1},
		"kept, and not said":        {[]error{ErrUnknownOutcome}, 1},
		"not kept":                  {[]error{ErrBusy}, 0},
		"not known, twice":          {[]error{ErrUnknownOutcome, ErrUnknownOutcome}, 0},
		"the store has other words": {[]error{errors.New("disk")}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			book := onPage{page: &page{r: Request{Number: 1, State: Pending, Expires: time.Unix(1, 0)}, fails: c.fails}}
			d := &Desk{Apps: []App{ranked()}, Book: book, Log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelInfo})), Wake: func() {}}
			once := false
			_ = d.update(t.Context(), func(tx Tx) error {
				if once && len(c.fails) == 1 {
					return nil // it finds what the first run left
				}
				once = true
				m := tx.(*minutes)
				require.NoError(t, m.Put(Request{Number: 1, State: Approved}))
				return m.Audit(Entry{Actor: "U0BOB", Surface: "slack", What: "voted yes", Before: Pending, After: Approved})
			})
			require.Equal(t, c.lines, bytes.Count(out.Bytes(), []byte(`level=INFO msg="request approved" request=1 by=U0BOB via=slack`)), out.String())
		})
	}
}

// TestAYesThatIsNotEnoughIsALine, and a step that matters to nobody is none at INFO.
func TestAYesThatIsNotEnoughIsALine(t *testing.T) {
	level, words := passed{Request{State: Pending}, Entry{Before: Pending, What: "voted yes"}}.words()
	require.Equal(t, slog.LevelInfo, level)
	require.Equal(t, "request has a yes, and needs more", words)
	level, words = passed{Request{State: Pending}, Entry{Before: Pending, What: Rejudged{}.what()}}.words()
	require.Equal(t, slog.LevelInfo, level)
	require.Contains(t, words, "at another step")
	level, _ = passed{Request{State: InDoubt}, Entry{Before: InDoubt, What: "deed in doubt"}}.words()
	require.Equal(t, slog.LevelDebug, level, "it is said once that a request is in doubt")
}
