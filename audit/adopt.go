package audit

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/terminal"
)

// Adopt appends one signed entry that names the number and the hash of the last entry without a signature.
// Nothing else is changed: everything before stays as it was written. head is an entry that the log must hold; "": any.
func Adopt(ctx context.Context, out io.Writer, data control.Folder, env config.Lookup, head string) error {
	key, _, _, problem := config.ReadAuditKey(env)
	if problem == "" && key == nil {
		problem = config.AuditKeyName + " is not set in the environment; expected the key that will sign the log from now on"
	}
	if problem != "" {
		return terminal.Wrong(problem)
	}
	check, err := Against{Head: head}.check(env)
	if err != nil {
		return err
	}
	if data.Running() {
		return fmt.Errorf("the bot is running on %s: stop it first, then adopt", data)
	}
	if err := data.AtRest(ctx, func(store.Store) error { return nil }); err != nil {
		return err // there is nothing to open
	}
	db, err := data.Open(ctx, key)
	if err != nil {
		return err
	}
	said, err := adoptIn(ctx, db, key, check)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, said)
	return err
}

// adoptIn checks the whole log first: what is broken is adopted by nobody.
func adoptIn(ctx context.Context, db store.Store, key ed25519.PrivateKey, check *follower) (said string, err error) {
	if err := db.AuditLines(ctx, 1, func(_ int64, line []byte) error { return check.next(line) }); err != nil {
		return "", fmt.Errorf("nothing was adopted: %w", err)
	}
	if err := check.foreign(); err != nil {
		return "", fmt.Errorf("nothing was adopted: %w", err)
	}
	if head := check.chain.Head(); check.anchor != nil && head.Seq < check.anchor.Seq {
		return "", fmt.Errorf("nothing was adopted: %w", check.end())
	}
	if check.signedOrAdopted() == nil {
		return "nothing to adopt: every entry is signed or was adopted before", nil
	}
	detail, err := json.Marshal(check.unsigned)
	if err != nil {
		return "", fmt.Errorf("encode what is adopted: %w", err)
	}
	err = db.Update(ctx, func(tx approvals.Tx) error {
		return tx.Audit(approvals.Entry{At: time.Now(), Actor: control.Operator(), What: Adoption, Surface: control.Surface, Detail: detail})
	})
	if err != nil {
		return "", fmt.Errorf("nothing was adopted: %w", err)
	}
	return fmt.Sprintf("adopted: entry %d, signed by %s, now vouches for what wasn't signed, up to the head %s", check.chain.Head().Seq+1, config.PublicKey(key), check.unsigned), nil
}
