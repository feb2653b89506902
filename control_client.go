package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// remote is the other end of the socket of a running Usher.
type remote struct {
	http *http.Client
	path string
}

// errNotUp says that no Usher answers at the data folder's socket.
var errNotUp = errors.New("no Usher answers")

// remote reaches the Usher that runs on the data folder. Nothing is asked yet.
func (s *session) remote() *remote {
	path := filepath.Join(s.dataDir(), socketName)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	return &remote{path: path, http: &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
}

// call asks, and returns an answer with status 200 for the caller to read and close. errNotUp where
// nobody listens; a refusal is an error with the sentence for the person.
func (c *remote) call(ctx context.Context, method, path string, body any) (*http.Response, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode question: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://usher"+path, bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("ask Usher: %w", err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, c.absent(err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer answer.Body.Close()
	var no refused
	if err := json.NewDecoder(answer.Body).Decode(&no); err != nil || no.Say == "" {
		return nil, fmt.Errorf("ask Usher at %s: it answered %s", c.path, answer.Status)
	}
	return nil, errors.New(no.Say)
}

// absent says why nobody could be asked, and what to do.
func (c *remote) absent(err error) error {
	switch {
	case len(c.path) > longestSocket:
		return fmt.Errorf("%w: the path %s is too long for a socket (%d bytes; %d at most), so `usher run` has none there: start it with a shorter --data", errNotUp, c.path, len(c.path), longestSocket)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w at %s: start `usher run` with this data folder (--data), or ask on the machine where it runs", errNotUp, c.path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s is open only to the account that runs Usher, and to root: run this as one of them", c.path)
	}
	return fmt.Errorf("ask Usher at %s: %w", c.path, err)
}

// ask is call for a short answer in JSON.
func (c *remote) ask(ctx context.Context, method, path string, body, into any) error {
	answer, err := c.call(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("read Usher's answer: %w", err)
	}
	return nil
}

// copyTo is call for a long answer; the error of one that breaks off says so.
func (c *remote) copyTo(ctx context.Context, path string, w io.Writer) error {
	answer, err := c.call(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(w, answer.Body); err != nil {
		return fmt.Errorf("read Usher's answer, which broke off: %w", err)
	}
	return nil
}

type approveCmd struct {
	Number   string `arg:"" name:"n" help:"The request's number, as in 12 or '#12'."`
	Override bool   `help:"Decide at once, overriding the policy. The card and the audit log show it, with the reason."`
	Reason   string `help:"Why the policy is overridden." placeholder:"TEXT"`
}

// Run says yes. The policy counts it as the yes of one person.
func (c approveCmd) Run(s *session) error {
	switch {
	case c.Override && strings.TrimSpace(c.Reason) == "":
		return wrong("usher: --override needs a reason that others can read later; expected --reason \"…\"")
	case !c.Override && c.Reason != "":
		return wrong("usher: --reason says why the policy is overridden; expected --override with it, or neither")
	}
	return s.decide(c.Number, decision{Yes: true, Reason: c.Reason, Override: c.Override})
}

type denyCmd struct {
	Number   string `arg:"" name:"n" help:"The request's number, as in 12 or '#12'."`
	Reason   string `help:"Why. The requester reads it." required:"" placeholder:"TEXT"`
	Override bool   `help:"Override the policy. The card and the audit log show it, with the reason."`
}

// Run says no. One no by somebody who may decide is enough.
func (c denyCmd) Run(s *session) error {
	if strings.TrimSpace(c.Reason) == "" {
		return wrong("usher: --reason is empty; expected a sentence that the requester can do something with")
	}
	return s.decide(c.Number, decision{Reason: c.Reason, Override: c.Override})
}

// decide brings a decision to the running Usher and prints what happens next.
func (s *session) decide(number string, d decision) error {
	n, err := requestNumber(number)
	if err != nil {
		return err
	}
	var out decided
	if err := s.remote().ask(s.ctx, http.MethodPost, fmt.Sprintf("/v1/requests/%d/decision", n), d, &out); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.stdout, printable(out.Say))
	return err
}

// requestNumber reads a number as people write it.
func requestNumber(number string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(number, "#"), 10, 64)
	if err != nil || n < 1 {
		return 0, wrong(fmt.Sprintf("usher: %s isn't a request number; expected one as `usher requests` lists them, such as 12", quoted(number)))
	}
	return n, nil
}

type metricsCmd struct{}

// Run prints the numbers of the running Usher in Prometheus's text format.
func (metricsCmd) Run(s *session) error {
	return s.remote().copyTo(s.ctx, "/metrics", s.stdout)
}
