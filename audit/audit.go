// Package audit is `usher audit`: whether a log is whole, who signed it, and the log as JSON lines.
//
// What an entry is, and how it is chained and signed, is approvals' (audit.go there); here a written log is followed
// from its first entry (follow.go), also where its database went on from a copy that lacked its end (gaps.go), held to a head
// that a digest posted and to a key (Against), vouched for by somebody who has the key (adopt.go), taken over by another key with
// an entry that both sign (change.go), and kept from being continued under another one without that (key.go). app asks both
// at every start.
package audit

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/terminal"
)

// Against is what a log is held to, as it was put at the command line.
type Against struct {
	// Export is the file that is checked instead of the data folder, and Details that of what is kept beside its entries; "": not given.
	Export, Details string
	// Head is an entry that the log must hold, as every digest posts it: SEQ:HASH.
	Head string
	// Key is the public key (hex) that must have signed or adopted every entry; "": the one in the environment,
	// for the data folder's own log.
	Key string
}

// Verify checks a log entry by entry from the first, and prints what it found. An empty log is whole.
func Verify(ctx context.Context, out io.Writer, data control.Folder, env config.Lookup, a Against) error {
	check, err := a.check(env)
	if err != nil {
		return err
	}
	lines, beside := data.AuditLines, data.AuditBeside
	if a.Export != "" {
		lines, beside = inFile(a.Export), inFile(a.Details)
	}
	err = lines(ctx, check.next)
	if err == nil {
		err = check.end()
	}
	if err == nil && (a.Export == "" || a.Details != "") {
		err = check.details(func(fn func(line []byte) error) error { return beside(ctx, fn) })
	}
	if err != nil {
		return err
	}
	head := check.chain.Head()
	if head.Seq == 0 {
		_, err = fmt.Fprintln(out, "ok: 0 entries, the log is empty")
		return err
	}
	signed := ""
	if key := check.chain.Signer(); key != "" {
		signed = ", signed by " + key
	}
	_, err = fmt.Fprintf(out, "ok: %s, head %s%s%s\n", terminal.Plural(int(head.Seq), "entry", "entries"), head, signed, check.sayUnsigned()+check.sayChanges()+check.sayGaps()+check.sayDetails())
	return err
}

// Export prints the lines exactly as they were sealed, so that their hashes can be computed from the export alone; with details, what is
// kept beside them instead.
func Export(ctx context.Context, out io.Writer, data control.Folder, details bool) error {
	w := bufio.NewWriter(out)
	lines := data.AuditLines
	if details {
		lines = data.AuditBeside
	}
	err := lines(ctx, func(line []byte) error {
		if _, err := w.Write(line); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
		return w.WriteByte('\n')
	})
	return errors.Join(err, w.Flush())
}

// check reads what was put, and what the environment says of the log of this machine.
func (a Against) check(env config.Lookup) (*follower, error) {
	out := &follower{}
	if a.Details != "" && a.Export == "" {
		return nil, terminal.Wrong("usher: --details goes with --export; the data folder's own are looked at anyway")
	}
	if a.Head != "" {
		head, err := ParseHead(a.Head)
		if err != nil {
			return nil, err
		}
		out.anchor = &head
	}
	if a.Key != "" {
		raw, err := hex.DecodeString(a.Key)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return nil, terminal.Wrong(fmt.Sprintf("usher: --key isn't a public key; expected %d hexadecimal digits", 2*ed25519.PublicKeySize))
		}
		out.own, out.ownFrom, out.strict = hex.EncodeToString(raw), "--key", true
	} else if a.Export == "" {
		key, _, _, problem := config.ReadAuditKey(env)
		if problem != "" {
			return nil, terminal.Wrong(problem)
		}
		if key != nil {
			out.own, out.ownFrom = config.PublicKey(key), config.AuditKeyName
		}
		old, _, _, problem := config.ReadAuditKeyOld(env)
		if problem != "" {
			return nil, terminal.Wrong(problem)
		}
		if old != nil {
			out.until = config.PublicKey(old)
		}
	}
	return out, nil
}

// leastHead is how many bytes of an entry's hash a head has at least: as many as a digest shows, beyond guessing.
const leastHead = 16

// ParseHead reads an entry's number and hash, as digests post them: SEQ:HASH. Of the hash its beginning is enough.
func ParseHead(s string) (approvals.Head, error) {
	seq, hash, ok := strings.Cut(s, ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	raw, bad := hex.DecodeString(hash)
	if !ok || err != nil || bad != nil || n < 0 || (n > 0) != (len(raw) >= leastHead && len(raw) <= 32) || n == 0 && hash != "" {
		return approvals.Head{}, terminal.Wrong(fmt.Sprintf("usher: --head is %s; expected an entry's number and its hash, the 32 hexadecimal digits that a digest shows or all 64, as in 412:9f3c…", terminal.Quoted(s)))
	}
	return approvals.Head{Seq: n, Hash: strings.ToLower(hash)}, nil
}

// inFile reads the lines of an export.
func inFile(path string) func(ctx context.Context, fn func(line []byte) error) error {
	return func(ctx context.Context, fn func(line []byte) error) error { return exportLines(ctx, path, fn) }
}

// exportLines reads a file of JSON lines. Its last line may lack the line break.
func exportLines(ctx context.Context, path string, fn func(line []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return terminal.Wrong(fmt.Sprintf("%s: can't be opened (%v); expected a file made by `usher audit export`", path, terminal.Cause(err)))
	}
	defer f.Close()
	return control.EachLine(ctx, "export "+path, f, fn)
}
