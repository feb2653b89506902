package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/bolt"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check the audit log of the data folder, or an export; name the first bad entry."`
	Export auditExportCmd `cmd:"" help:"Print the audit log as JSON lines."`
	Adopt  auditAdoptCmd  `cmd:"" help:"Sign what was written before there was a key, while the bot isn't running."`
	Key    auditKeyCmd    `cmd:"" help:"Print the public part of the key that signs the log, or make a key."`
}

type auditVerifyCmd struct {
	Export string `help:"Check this file, made by \"usher audit export\", instead of the data folder." placeholder:"FILE"`
	Head   string `help:"An entry that the log must hold, as every digest posts it; shows a cut tail." placeholder:"SEQ:HASH"`
	Key    string `help:"The public key (hex) that must have signed or adopted every entry. The data folder's log is held to the key in USHER_AUDIT_KEY without it." placeholder:"HEX"`
}

// Run checks entry by entry from the first. An empty log is whole.
func (c auditVerifyCmd) Run(s *session) error {
	check, err := c.check(s.env)
	if err != nil {
		return err
	}
	if c.Export != "" {
		err = exportLines(s.ctx, c.Export, check.next)
	} else {
		err = s.auditLines(check.next)
	}
	if err == nil {
		err = check.end()
	}
	if err != nil {
		return err
	}
	head := check.chain.Head()
	if head.Seq == 0 {
		_, err = fmt.Fprintln(s.stdout, "ok: 0 entries, the log is empty")
		return err
	}
	signed := ""
	if key := check.chain.Signer(); key != "" {
		signed = ", signed by " + key
	}
	_, err = fmt.Fprintf(s.stdout, "ok: %s, head %s%s%s\n", plural(int(head.Seq), "entry", "entries"), head, signed, check.sayUnsigned())
	return err
}

// check reads the flags, and what the environment says of the log of this machine.
func (c auditVerifyCmd) check(env Lookup) (*auditCheck, error) {
	out := &auditCheck{}
	if c.Head != "" {
		head, err := parseHead(c.Head)
		if err != nil {
			return nil, err
		}
		out.anchor = &head
	}
	if c.Key != "" {
		raw, err := hex.DecodeString(c.Key)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return nil, wrong(fmt.Sprintf("usher: --key isn't a public key; expected %d hexadecimal digits", 2*ed25519.PublicKeySize))
		}
		out.own, out.ownFrom, out.strict = hex.EncodeToString(raw), "--key", true
	} else if c.Export == "" {
		key, _, _, problem := readAuditKey(env)
		if problem != "" {
			return nil, wrong(problem)
		}
		if key != nil {
			out.own, out.ownFrom = publicKey(key), auditKeyName
		}
	}
	return out, nil
}

func parseHead(s string) (approvals.Head, error) {
	seq, hash, ok := strings.Cut(s, ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	raw, bad := hex.DecodeString(hash)
	if !ok || err != nil || bad != nil || n < 0 || (n > 0) != (len(raw) == 32) || n == 0 && hash != "" {
		return approvals.Head{}, wrong(fmt.Sprintf("usher: --head is %s; expected an entry's number and its hash of 64 hexadecimal digits, as in 412:9f3c…", quoted(s)))
	}
	return approvals.Head{Seq: n, Hash: strings.ToLower(hash)}, nil
}

type auditExportCmd struct{}

// Run prints the lines exactly as they were sealed, so that their hashes can be computed from the export alone.
func (auditExportCmd) Run(s *session) error {
	w := bufio.NewWriter(s.stdout)
	err := s.auditLines(func(line []byte) error {
		if _, err := w.Write(line); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
		return w.WriteByte('\n')
	})
	if err := errors.Join(err, w.Flush()); err != nil {
		return err
	}
	return nil
}

// auditLines reads the log of the data folder, through the Usher that runs on it or from the file.
func (s *session) auditLines(fn func(line []byte) error) error {
	answer, err := s.remote().call(s.ctx, http.MethodGet, "/v1/audit", nil)
	if errors.Is(err, errNotUp) {
		return s.atRest(func(db *bolt.Store) error {
			return db.AuditLines(s.ctx, 1, func(_ int64, line []byte) error { return fn(line) })
		})
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return eachLine(s.ctx, "the audit log of the running Usher", answer.Body, fn)
}

// longestLine bounds what one line of an export may take in memory. The log's own lines are far shorter.
const longestLine = 16 << 20

// exportLines reads a file of JSON lines. Its last line may lack the line break.
func exportLines(ctx context.Context, path string, fn func(line []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return wrong(fmt.Sprintf("%s: can't be opened (%v); expected a file made by `usher audit export`", path, cause(err)))
	}
	defer f.Close()
	return eachLine(ctx, "export "+path, f, fn)
}

// eachLine calls fn with each line; a last one may lack its line break. what names r in errors.
func eachLine(ctx context.Context, what string, r io.Reader, fn func(line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	lines.Split(splitLines)
	for lines.Scan() {
		if err := errors.Join(ctx.Err(), fn(lines.Bytes())); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// splitLines cuts at line feeds and nowhere else: bufio.ScanLines would forgive a carriage return,
// and a log must be byte for byte what was sealed.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
