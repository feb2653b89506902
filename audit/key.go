package audit

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/terminal"
)

// PrintKey prints the public part of the key in the environment, which is what a stranger needs to verify
// an export.
func PrintKey(out io.Writer, env config.Lookup) error {
	key, _, _, problem := config.ReadAuditKey(env)
	if problem == "" && key == nil {
		problem = config.AuditKeyName + " is not set in the environment; `usher audit key --new` makes a key"
	}
	if problem != "" {
		return terminal.Wrong(problem)
	}
	_, err := fmt.Fprintln(out, config.PublicKey(key))
	return err
}

// NewKey makes a key, and prints it with its public part.
func NewKey(w io.Writer, random io.Reader) error {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	_, err := fmt.Fprintf(w, "%s=%s\npublic key: %s\nKeep the first line where Usher's other secrets are, and the second with whoever audits.\n",
		config.AuditKeyName, hex.EncodeToString(seed), config.PublicKey(ed25519.NewKeyFromSeed(seed)))
	return err
}

// KeyFits refuses to go on under another key than the log is signed with, or under none: the next
// entry would break the chain for everybody who verifies it. Under a key it also refuses to go on after an
// entry that bears no signature: whoever can write the file could have written all of it, and the next
// signature would vouch for that. What fits is then verified: a line that only says that our key signed it
// was not signed by it yet.
func KeyFits(ctx context.Context, s store.Store, key ed25519.PrivateKey) error {
	last, err := lastEntry(ctx, s)
	if err != nil {
		return err
	}
	switch {
	case last.Seq == 0, last.Key == "" && key == nil:
	case last.Key == "":
		return terminal.Wrong(fmt.Sprintf("%s is set, but the last entry of the audit log (number %d) isn't signed; expected a log that is signed or adopted. If the key is new, `usher audit adopt` signs what's there so far. "+
			"If it isn't, somebody without the key has rewritten the log: `usher audit verify --head` compares it with the head from a digest", config.AuditKeyName, last.Seq))
	case key == nil:
		return terminal.Wrong(fmt.Sprintf("%s is not set, but the audit log is signed with the key whose public part is %s; expected that key", config.AuditKeyName, last.Key))
	case last.Key != config.PublicKey(key):
		return terminal.Wrong(fmt.Sprintf("%s isn't the key that signed the audit log (public part %s); expected that one, or that one in %s for the log to go over to another", config.AuditKeyName, last.Key, config.AuditKeyOldName))
	}
	return whole(ctx, s)
}

// whole refuses a log that is not as it was written.
func whole(ctx context.Context, s store.Store) error {
	err := s.VerifyLog(ctx)
	if errors.Is(err, store.ErrLog) {
		return fmt.Errorf("%w. Nothing was started, because the next entry would vouch for it: see what `usher audit verify` says, and restore an earlier backup (`usher restore`)", err)
	}
	return err
}

// lastEntry is the end of the log; its zero value that of an empty one.
func lastEntry(ctx context.Context, s store.Store) (last approvals.Entry, err error) {
	head, err := s.Head(ctx)
	if err != nil || head.Seq == 0 {
		return last, err
	}
	if err := s.AuditLines(ctx, head.Seq, func(_ int64, line []byte) error { return json.Unmarshal(line, &last) }); err != nil {
		return last, fmt.Errorf("read the last audit entry: %w", err)
	}
	return last, nil
}
