package bugs

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports"
)

// Reading are mistakes about reports and what is pressed on them. Only test/simulation looks for them.
var Reading = []Bug{
	{Name: "a reader is told twice", Put: tellsTwice, Says: "report/.* stands there twice"},
	{Name: "another's people are told of", Put: onLists(mixedUp), Says: "reads of U0ALICE, who is none of theirs"},
	{Name: "what was decided is told to wait", Put: stillPending, Says: "waits, and it waited no more since"},
	{Name: "what was missed is made up for all the same", Put: claimed("report/skipped/", func(in *outbox.Intent) { in.Tries = max(in.Tries, 1) }), Says: "was missed, and was made up for"},
	{Name: "no news is told", Put: claimed("report/changed/", func(in *outbox.Intent) { in.Claimed = time.Unix(1, 0) }), Says: "was posted though nothing changed"},
	{Name: "news is kept back", Put: keptBack, Says: "the last change wasn't said"},
	{Name: "an account between two pages is lost", Put: lost("many100@acme.example"), Says: "accounts, and there were"},
	{Name: "an old answer is taken for a new one", Put: oldAnswers, Says: "as blocked, which it wasn't|lacks .*, which was blocked|as if it had been read"},
	{Name: "what is well is offered to be mended", Put: atHouse(mending{well: true}), Says: "to be mended, and is well"},
	{Name: "a stranger is shown what ails an account", Put: atHouse(mending{as: "U0ADMIN"}), Says: "may see nothing of"},
	{Name: "a holder is asked again and again", Put: onShelf(shelf{keep: func(k register.Kept) register.Kept { k.Asked = nil; return k }}), Says: "twice in two weeks"},
	{Name: "what is over is offered for longer", Put: extendsAll, Says: "is offered for longer to"},
}

// twice forgets that a reader was told.
type twice struct{ outbox.Box }

func (b twice) Finish(ctx context.Context, in outbox.Intent, r outbox.Result, now time.Time) error {
	if strings.HasPrefix(in.Key, "report/needs/") && strings.Count(in.Key, "/") == 3 && r.Receipt() != nil {
		r = outbox.Done()
	}
	return b.Box.Finish(ctx, in, r, now)
}

func tellsTwice(s *app.Surroundings) {
	s.Between.Box = also(s.Between.Box, func(b outbox.Box) outbox.Box { return twice{b} })
}

// lists lets a bug replace what a list of requests has.
type lists struct {
	approvals.Book
	change func(f approvals.Filter, limit int, list []approvals.Request) []approvals.Request
}

func (b lists) Requests(ctx context.Context, f approvals.Filter, limit int) ([]approvals.Request, error) {
	list, err := b.Book.Requests(ctx, f, limit)
	if err != nil {
		return nil, err
	}
	return b.change(f, limit, list), nil
}

func onLists(change func(f approvals.Filter, limit int, list []approvals.Request) []approvals.Request) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.Between.Book = also(s.Between.Book, func(b approvals.Book) approvals.Book { return lists{b, change} })
	}
}

// mixedUp takes what Alice asked for Dave's, in lists of all there is.
func mixedUp(f approvals.Filter, _ int, list []approvals.Request) []approvals.Request {
	for i := range list {
		if f.All && list[i].State == approvals.Pending && list[i].Requester == "U0ALICE" {
			list[i].Requester = "U0DAVE"
		}
	}
	return list
}

// stillPending remembers what waited, and lists it for ever.
func stillPending(s *app.Surroundings) {
	var mu sync.Mutex
	waited := map[int64]approvals.Request{}
	onLists(func(f approvals.Filter, limit int, list []approvals.Request) []approvals.Request {
		if f.State != approvals.Pending {
			return list
		}
		mu.Lock()
		defer mu.Unlock()
		for _, r := range list {
			waited[r.Number] = r
		}
		list = nil
		for n, r := range waited {
			if f.Below == 0 || n < f.Below {
				list = append(list, r)
			}
		}
		slices.SortFunc(list, func(a, b approvals.Request) int { return cmp.Compare(b.Number, a.Number) })
		return list[:min(len(list), limit)]
	})(s)
}

// claimed lets a bug change promises of a kind as they are claimed.
func claimed(prefix string, change func(*outbox.Intent)) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.Between.Box = also(s.Between.Box, func(b outbox.Box) outbox.Box {
			return boxWith{Box: b, claim: func(in outbox.Intent) outbox.Intent {
				if strings.HasPrefix(in.Key, prefix) {
					change(&in)
				}
				return in
			}}
		})
	}
}

// keptBack finds nothing new, ever.
func keptBack(s *app.Surroundings) {
	s.Between.Doer = func(kind string, d outbox.Doer) outbox.Doer {
		if kind != reports.Kind {
			return d
		}
		return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
			if strings.HasPrefix(job.Key, "report/changed/") && len(job.Note) == 0 && !job.Retaken {
				return outbox.DoneWith(outbox.Receipt{Digest: "nothing has changed"})
			}
			return d.Do(ctx, job)
		})
	}
}

// answering lets a bug replace the pages that a vendor answers with; body is nil where there was no answer that is one, and what is
// returned too where it's to stay as it is.
type answering struct {
	http.RoundTripper
	page func(url string, body []byte) []byte
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := a.RoundTripper.RoundTrip(r)
	if r.URL.Query().Get("offset") == "" {
		return resp, err
	}
	var body []byte
	if err == nil && resp.StatusCode == http.StatusOK {
		var lost error
		if body, lost = io.ReadAll(resp.Body); errors.Join(lost, resp.Body.Close()) != nil {
			return nil, lost
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
	}
	if !json.Valid(body) {
		body = nil
	}
	is := a.page(r.URL.String(), body)
	if is == nil {
		return resp, err
	}
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(is)), ContentLength: int64(len(is)), Request: r}, nil
}

// lost overlooks one account on its page.
func lost(email string) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.VendorHTTP.Transport = answering{s.VendorHTTP.Transport, func(_ string, body []byte) []byte {
			var page map[string]any
			if json.Unmarshal(body, &page) != nil {
				return nil
			}
			list, _ := page["list"].([]any)
			page["list"] = slices.DeleteFunc(list, func(a any) bool { return strings.Contains(string(raw(a)), email) })
			return raw(page)
		}}
	}
}

func raw(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// oldAnswers has the first answer stand in for each one after it.
func oldAnswers(s *app.Surroundings) {
	var mu sync.Mutex
	had := map[string][]byte{}
	s.VendorHTTP.Transport = answering{s.VendorHTTP.Transport, func(url string, body []byte) []byte {
		mu.Lock()
		defer mu.Unlock()
		if had[url] == nil {
			had[url] = body
		}
		return had[url]
	}}
}

// mending lets a bug change what can be done about an account that a report names.
type mending struct {
	bot.House
	well bool
	as   approvals.PersonID
}

func (h mending) Remedy(ctx context.Context, id approvals.PersonID, a commands.Ailing, now time.Time) (commands.Remedy, error) {
	if h.as != "" {
		id = h.as
	}
	r, err := h.House.Remedy(ctx, id, a, now)
	if h.well && approvals.CodeOf(err) == approvals.Conflict {
		return commands.Remedy{Of: a, Lines: []approvals.Text{approvals.Sayf("%v is blocked by limits", a.Email)}, Ways: []commands.Way{commands.RaiseIt}}, nil
	}
	return r, err
}

func atHouse(bug mending) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.Between.House = also(s.Between.House, func(h bot.House) bot.House { bug := bug; bug.House = h; return bug })
	}
}

// endless lets everything be had for longer by everybody.
type endless struct {
	bot.Desk
	book *approvals.Book
}

func (d endless) MayExtend(ctx context.Context, n int64, _ approvals.Actor, _ time.Time) (approvals.Request, error) {
	return (*d.book).Request(ctx, n)
}

func extendsAll(s *app.Surroundings) {
	var book approvals.Book
	s.Between.Book = also(s.Between.Book, func(b approvals.Book) approvals.Book { book = b; return b })
	s.Between.Desk = also(s.Between.Desk, func(d bot.Desk) bot.Desk { return endless{d, &book} })
}
