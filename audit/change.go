package audit

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store"
)

// Change has the log go over from old to key, where old has signed its last entry: one more entry, which both sign. The log is
// verified first, because from then on the new key answers for all of it. The store must know both keys. A crash before the
// entry leaves a log of the old key, and the next start goes on from there; one after it leaves nothing to do.
func Change(ctx context.Context, s store.Store, key, old ed25519.PrivateKey, now time.Time, log *slog.Logger) error {
	if old == nil || key == nil {
		return nil
	}
	last, err := lastEntry(ctx, s)
	switch {
	case err != nil:
		return err
	case last.Key == config.PublicKey(key):
		log.WarnContext(ctx, "the audit log is signed with the new key already: the one before it isn't needed any more, so take it away", "unset", config.AuditKeyOldName)
		return nil
	case last.Key != config.PublicKey(old):
		return nil // KeyFits says what is expected
	}
	if err := whole(ctx, s); err != nil {
		return err
	}
	err = s.Update(ctx, func(tx approvals.Tx) error {
		return tx.Audit(approvals.Entry{At: now, Actor: approvals.Usher, What: approvals.KeyChanged, Surface: "usher"})
	})
	if err != nil {
		return fmt.Errorf("change the audit key: %w", err)
	}
	log.InfoContext(ctx, "the audit log is signed with another key from now on; give its public part to whoever audits, and take the old key away", "from", last.Key, "to", config.PublicKey(key), "unset", config.AuditKeyOldName)
	return nil
}

// CanGoOn reports, as KeyFits does, whether the log can be gone on with under a key, or after a change to it from old; nothing
// is written.
func CanGoOn(ctx context.Context, s store.Store, key, old ed25519.PrivateKey) error {
	if old != nil && key != nil {
		if last, err := lastEntry(ctx, s); err != nil || last.Key == config.PublicKey(old) {
			return err // a start verifies the log before it changes the key
		}
	}
	return KeyFits(ctx, s, key)
}
