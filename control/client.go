package control

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"

	"github.com/usherbot/usher/terminal"
)

// Remote is the other end of the socket of a running Usher.
type Remote struct {
	HTTP *http.Client
	Path string
}

// errNotUp says that no Usher answers at the data folder's socket.
var errNotUp = errors.New("no Usher answers")

// remote reaches the Usher that runs on the data folder. Nothing is asked yet.
func (f Folder) remote() *Remote {
	path := f.socket()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	return &Remote{Path: path, HTTP: &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
}

// call asks, and returns an answer with status 200 for the caller to read and close. errNotUp where
// nobody listens; a refusal is an error with the sentence for the person.
func (c *Remote) call(ctx context.Context, method, path string, body any) (*http.Response, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode question: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://usher"+path, bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("ask Usher: %w", err)
	}
	answer, err := c.HTTP.Do(r)
	if err != nil {
		return nil, c.absent(err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer answer.Body.Close()
	var no refused
	if err := json.NewDecoder(answer.Body).Decode(&no); err != nil || no.Say == "" {
		return nil, fmt.Errorf("ask Usher at %s: it answered %s", c.Path, answer.Status)
	}
	return nil, errors.New(no.Say)
}

// absent says why nobody could be asked, and what to do.
func (c *Remote) absent(err error) error {
	switch {
	case len(c.Path) > longestSocket:
		return fmt.Errorf("%w: the path %s is too long for a socket (%d bytes; %d at most), so `usher run` has none there: start it with a shorter --data", errNotUp, c.Path, len(c.Path), longestSocket)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w at %s: start `usher run` with this data folder (--data), or ask on the machine where it runs", errNotUp, c.Path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s is open only to the account that runs Usher, and to root: run this as one of them", c.Path)
	}
	return fmt.Errorf("ask Usher at %s: %w", c.Path, err)
}

// Ask is call for a short answer in JSON.
func (c *Remote) Ask(ctx context.Context, method, path string, body, into any) error {
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

// CopyTo is call for a long answer; the error of one that breaks off says so.
func (c *Remote) CopyTo(ctx context.Context, path string, w io.Writer) error {
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

// Approve brings a yes to the running Usher, as that of one person, and prints what happens next. With override it
// decides past the policy, and reason says why.
func (f Folder) Approve(ctx context.Context, w io.Writer, number, reason string, override bool) error {
	switch {
	case override && strings.TrimSpace(reason) == "":
		return terminal.Wrong("usher: --override needs a reason that others can read later; expected --reason \"…\"")
	case !override && reason != "":
		return terminal.Wrong("usher: --reason says why the policy is overridden; expected --override with it, or neither")
	}
	return f.decide(ctx, w, number, Decision{Yes: true, Reason: reason, Override: override})
}

// Deny is Approve for a no, whose reason the requester reads.
func (f Folder) Deny(ctx context.Context, w io.Writer, number, reason string, override bool) error {
	if strings.TrimSpace(reason) == "" {
		return terminal.Wrong("usher: --reason is empty; expected a sentence that the requester can do something with")
	}
	return f.decide(ctx, w, number, Decision{Reason: reason, Override: override})
}

func (f Folder) decide(ctx context.Context, w io.Writer, number string, d Decision) error {
	n, err := requestNumber(number)
	if err != nil {
		return err
	}
	var out Decided
	err = f.remote().Ask(ctx, http.MethodPost, fmt.Sprintf("/v1/requests/%d/decision", n), d, &out)
	if errors.Is(err, errNotUp) {
		err = cmp.Or(f.closed(ctx), err)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, terminal.Printable(out.Say))
	return err
}

// Requests prints the requests of the running Usher, newest first: a table, or as JSON all there is to know.
func (f Folder) Requests(ctx context.Context, w io.Writer, all, asJSON bool) error {
	path := "/v1/requests"
	if all {
		path += "?all=1"
	}
	var l Listing
	if err := f.remote().Ask(ctx, http.MethodGet, path, nil, &l); err != nil {
		return err
	}
	if asJSON {
		return terminal.PrintJSON(w, l.Requests)
	}
	return l.print(w, all)
}

// Show prints what a request's card shows, or as JSON all there is to know of it.
func (f Folder) Show(ctx context.Context, w io.Writer, number string, asJSON bool) error {
	n, err := requestNumber(number)
	if err != nil {
		return err
	}
	var out cardText
	if err := f.remote().Ask(ctx, http.MethodGet, fmt.Sprintf("/v1/requests/%d", n), nil, &out); err != nil {
		return err
	}
	if asJSON {
		return terminal.PrintJSON(w, out.Request)
	}
	return out.print(w)
}

// Metrics prints the numbers of the running Usher in Prometheus's text format.
func (f Folder) Metrics(ctx context.Context, w io.Writer) error {
	return f.remote().CopyTo(ctx, "/metrics", w)
}

// requestNumber reads a number as people write it.
func requestNumber(number string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(number, "#"), 10, 64)
	if err != nil || n < 1 {
		return 0, terminal.Wrong(fmt.Sprintf("usher: %s isn't a request number; expected one as `usher requests` lists them, such as 12", terminal.Quoted(number)))
	}
	return n, nil
}
