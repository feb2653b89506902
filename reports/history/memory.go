package history

import "context"

// Memory is what history needs of a store. Package store holds one to it.
type Memory interface {
	// HistoryApps are the apps of which any day is kept, in the order of their ids.
	HistoryApps(ctx context.Context) ([]string, error)
	// HistoryDays hands over the days that are kept of an app from one on ("": from the first), in their order: which ("2026-11-23"),
	// and its figures. The bytes are the caller's.
	HistoryDays(ctx context.Context, app, from string, each func(day string, figures []byte)) error
	// HistoryAccounts is what is kept of the accounts of a day; nil: nothing is.
	HistoryAccounts(ctx context.Context, app, day string) ([]byte, error)
	// KeepDay keeps a day with its accounts behind all others of its app, durably. It keeps nothing, and says so, where last isn't the
	// last day that is kept ("": none is), or the day doesn't come after it: then somebody else has kept one.
	KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (kept bool, err error)
	// ForgetDays forgets the days of an app from one on ("": from the first) and before another ("": all behind it).
	ForgetDays(ctx context.Context, app, from, before string) error
}
