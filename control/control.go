// Package control is the second way to decide, and to look: a Unix socket in the data folder of a running Usher,
// and its other end, which the command line holds.
//
//	door.go      the socket: who may come in, and how it goes at the end
//	control.go   what is answered behind it (Server)
//	client.go    the questions that commands ask (Folder, Remote)
//	folder.go    a data folder, whether an Usher runs on it or its file has to be read
//	private.go   who else may look into that folder
//	register.go  who holds what, and a vendor's member list compared with it (register_print.go)
//	review.go    a review's report, for an auditor
//	report.go    a report as a file, as it would be
//	tasks.go     what people do by hand, and its ticks
//	health.go    whether it lives, and is ready
//	pools.go     what is handed out of an app's limits
//	forget.go    a person taken out of everything that is kept
//	glance.go    requests and promises in short, for who watches
//	log.go       the audit log, line by line
//	show.go, table.go, names.go, sights.go: what is printed, and what was shown to whom
//
// It calls the same Desk as Slack's buttons, so policy, audit, cards and messages are the same; only the actor is
// "os:NAME".
package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/forget"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
)

// Server is what answers behind the socket: HTTP and JSON over a Unix socket in the data folder
// (door.go), for the account that runs Usher, and for root. It calls the same Desk as Slack's
// buttons do, so that policy, audit, cards and messages are the same; only the actor is "os:NAME".
//
//	GET  /v1/requests[?all=1]          Listing
//	GET  /v1/requests/{n}              cardText
//	POST /v1/requests/{n}/decision     Decision → Decided
//	GET  /v1/who?app=…|who=…           held
//	GET  /v1/reviews/{n}               reviews.Report
//	GET  /v1/reports/{name}?as=…&at=…  a report as it would be, as a file
//	POST /v1/import                    register.Import → imported
//	GET  /v1/tasks                     Tasks
//	GET  /v1/pools/{app}               approvals.Shares: what is handed out and promised of its limits
//	POST /v1/requests/{n}/steps        Ticking → Decided
//	POST /v1/forget                    oblivion → forget.Found
//	GET  /v1/glance                    Glance
//	GET  /v1/audit[?from=…]            the audit log as JSON lines, from an entry on
//	GET  /v1/audit/beside              what is kept beside its entries
//	GET  /v1/backup                    a sealed copy of the database
//	GET  /v1/health                    Health
//	GET  /metrics                      Prometheus's text format
//
// A refusal is a refused with a status of 4xx; its sentence is for the person at the terminal.
type Server struct {
	Desk  *approvals.Desk
	Store store.Store
	// Dir is the data folder; a backup is first copied there.
	Dir     string
	Metrics func(ctx context.Context, w io.Writer) error
	// Unready says in words what isn't as it has to be.
	Unready func(ctx context.Context) []string
	Now     func() time.Time
	// Doubted tells whether nothing is carried out yet, because Slack has not confirmed the time; nil: no.
	Doubted func() bool
	Log     *slog.Logger
	shown   sights
	// Groups names user groups; nil: nobody can.
	Groups groupNames
	// Register is who holds what.
	Register *register.Register
	// Reviews have what was answered whether it is still needed.
	Reviews *reviews.Reviews
	// Reports builds reports as they would be.
	Reports *reports.Runner
	// Forgetter forgets people.
	Forgetter *forget.Forgetter
	// Who tells who is at the other end; false: nobody who may come in.
	Who func(*http.Request) (approvals.Actor, bool)
}

// Surface is how the audit names this way in.
const Surface = "command line"

// Listing is the answer to a question for requests, newest first.
type Listing struct {
	Now      time.Time           `json:"now"`
	Requests []approvals.Request `json:"requests"`
	// What is what each asks, by number, in a few words.
	What map[int64]string `json:"what"`
	names
}

// Decision is what somebody at the machine says about a request.
type Decision struct {
	Yes    bool   `json:"yes"`
	Reason string `json:"reason,omitempty"`
	// Override decides past the policy; Reason is required then.
	Override bool `json:"override,omitempty"`
}

// Decided is what became of it, and what happens next.
type Decided struct {
	State approvals.State `json:"state"`
	Say   string          `json:"say"`
}

// refused is why nothing was done.
type refused struct {
	Code string `json:"code"`
	Say  string `json:"say"`
}

// longestReason is as long as the field of Slack's form takes, in characters.
const longestReason = 500

// most is how many requests a listing holds.
const most = 1000

// Handler is what is served at the socket.
func (c *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/requests", c.answer(c.list))
	mux.HandleFunc("GET /v1/requests/{n}", c.answer(c.show))
	mux.HandleFunc("POST /v1/requests/{n}/decision", c.answer(c.decide))
	mux.HandleFunc("GET /v1/who", c.answer(c.who))
	mux.HandleFunc("GET /v1/reviews/{n}", c.answer(c.review))
	mux.HandleFunc("GET /v1/reports/{name}", c.stream(c.report))
	mux.HandleFunc("POST /v1/import", c.answer(c.compare))
	mux.HandleFunc("GET /v1/tasks", c.answer(c.tasks))
	mux.HandleFunc("GET /v1/pools/{app}", c.answer(c.taken))
	mux.HandleFunc("POST /v1/requests/{n}/steps", c.answer(c.tick))
	mux.HandleFunc("POST /v1/forget", c.answer(c.forget))
	mux.HandleFunc("GET /v1/glance", c.answer(c.glance))
	mux.HandleFunc("GET /v1/audit", c.stream(c.audit))
	mux.HandleFunc("GET /v1/audit/beside", c.stream(c.auditBeside))
	mux.HandleFunc("GET /v1/backup", c.stream(c.backup))
	mux.HandleFunc("GET /v1/health", c.answer(func(r *http.Request) (any, error) { return Health{c.Unready(r.Context())}, nil }))
	mux.HandleFunc("GET /metrics", c.stream(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", string(MetricsFormat))
		return c.Metrics(r.Context(), w)
	}))
	return mux
}

// stream lets in who may come in, and turns an error into a refusal where nothing was written yet.
// Where something was, the connection is cut, so that half an answer never looks like a whole one.
func (c *Server) stream(do func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, ok := c.Who(r); !ok {
			c.say(w, http.StatusForbidden, refused{string(approvals.NotAllowed), "only root and the account that runs Usher can use this socket"})
			return
		}
		out := &writing{ResponseWriter: w}
		err := do(out, r)
		if err == nil {
			return
		}
		if out.begun {
			c.Log.ErrorContext(r.Context(), "an answer at the socket broke off", "path", r.URL.Path, "err", err)
			panic(http.ErrAbortHandler)
		}
		c.fail(w, r, err)
	}
}

// writing knows whether anything was written.
type writing struct {
	http.ResponseWriter
	begun bool
}

func (w *writing) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// answer is stream for what is answered whole, in JSON.
func (c *Server) answer(do func(*http.Request) (any, error)) http.HandlerFunc {
	return c.stream(func(w http.ResponseWriter, r *http.Request) error {
		v, err := do(r)
		if err != nil {
			return err
		}
		c.say(w, http.StatusOK, v)
		return nil
	})
}

func (c *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := errors.AsType[*approvals.Error](err)
	if !ok && errors.Is(err, approvals.ErrAway) {
		e, ok = approvals.Away(err), true
	}
	if !ok {
		c.Log.ErrorContext(r.Context(), "something went wrong at the socket", "path", r.URL.Path, "err", err)
		c.say(w, http.StatusInternalServerError, refused{"internal", "something went wrong inside Usher; its log says what"})
		return
	}
	status := http.StatusConflict
	switch e.Code {
	case approvals.Invalid:
		status = http.StatusBadRequest
	case approvals.NotFound:
		status = http.StatusNotFound
	}
	c.say(w, status, refused{string(e.Code), c.Plain(r.Context(), e.Say)})
}

func (c *Server) say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		c.Log.Warn("an answer at the socket did not arrive", "err", err)
	}
}

func (c *Server) list(r *http.Request) (any, error) {
	list, err := c.Desk.Requests(r.Context(), approvals.Filter{All: r.FormValue("all") != ""}, most)
	if err != nil {
		return nil, err
	}
	if list == nil {
		list = []approvals.Request{}
	}
	by, _ := c.Who(r)
	if r.FormValue("all") == "" {
		c.shown.sawAll(by, list)
	}
	var about []approvals.Text
	what := map[int64]string{}
	for _, one := range list {
		c.shown.saw(by, one)
		about = append(about, one.Asker(), one.Eligible().Text())
		what[one.Number] = whatOf(one)
	}
	return Listing{Now: c.Now().UTC(), Requests: list, What: what, names: c.named(r.Context(), about...)}, nil
}

func (c *Server) decide(r *http.Request) (any, error) {
	n, err := numberIn(r)
	if err != nil {
		return nil, err
	}
	var d Decision
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&d); err != nil {
		return nil, approvals.Refuse(approvals.Invalid, "I can't read that decision.").Because(err)
	}
	d.Reason = strings.TrimSpace(d.Reason)
	switch {
	case d.Reason == "" && !d.Yes:
		return nil, approvals.Refuse(approvals.Invalid, "Denying needs a reason: the requester will read it.")
	case len([]rune(d.Reason)) > longestReason:
		return nil, approvals.Refuse(approvals.Invalid, "That reason is longer than %v characters.", longestReason)
	}
	by, _ := c.Who(r)
	out, err := c.Vote(r.Context(), n, by, d)
	return out, noSuch(err, n)
}

// Vote brings a decision to the desk; an override does not ask the policy.
func (c *Server) Vote(ctx context.Context, n int64, by approvals.Actor, d Decision) (Decided, error) {
	r, err := c.Desk.Request(ctx, n)
	if err != nil {
		return Decided{}, err
	}
	unread, edition, line := c.shown.unread(by, r), c.shown.edited(by, n), c.shown.lined(by, r)
	if d.Override {
		r, err := c.Desk.Override(ctx, n, approvals.Overridden{By: by, Yes: d.Yes, Reason: d.Reason, Unread: unread, Edition: edition, News: r.News, InLine: line}, Surface, c.Now())
		return c.counted(ctx, approvals.Ballot{Request: r}, c.again(by, n, err))
	}
	now := c.Now()
	b, err := c.Desk.Vote(ctx, n, approvals.Vote{By: by, Yes: d.Yes, At: now, Surface: Surface, Reason: d.Reason, Step: r.Present(), Unread: unread, Edition: edition, News: r.News, InLine: line}, now)
	return c.counted(ctx, b, c.again(by, n, err))
}

// counted is what a vote came to, in words.
func (c *Server) counted(ctx context.Context, b approvals.Ballot, err error) (Decided, error) {
	if err != nil {
		return Decided{}, err
	}
	return Decided{b.Request.State, c.Plain(ctx, c.verdict(b))}, nil
}

// verdict says what a vote came to and what happens next.
func (c *Server) verdict(b approvals.Ballot) approvals.Text {
	r := b.Request
	past := ""
	if r.Override != "" {
		past = " past its policy, which its card and the audit log show"
	}
	switch {
	case r.State == approvals.Pending:
		return b.Counts()
	case b.Repeat:
		return approvals.Sayf("You already said so. %v", approvals.Standing(r))
	case r.State == approvals.Denied:
		return approvals.Sayf("#%v is denied%v. I'll tell %v, with your reason.", r.Number, past, r.HearsOf())
	}
	next := r.Doing()
	if c.Doubted != nil && c.Doubted() {
		next = approvals.Sayf("it goes ahead as soon as I can reach Slack, whose clock I go by")
	}
	if r.InLine() {
		next = approvals.Sayf("no seat in %v is free, so it's %v in line", r.App.Name, approvals.Ordinal(r.Line.Place))
	}
	if holding := r.Holding(); holding != nil {
		next = holding
	}
	if left := r.LeftSay(); len(left) > 0 {
		return approvals.Sayf("#%v is approved%v; %v. %v", r.Number, past, next, left)
	}
	return approvals.Sayf("#%v is approved%v; %v. I'll tell %v how it goes.", r.Number, past, next, r.HearsOf())
}

// backup copies the database to a file in the data folder first, which loses its name at once: a
// transaction that waited for the other side would hold up every writer. A crash between the two leaves
// a file that the next start removes.
func (c *Server) backup(w http.ResponseWriter, r *http.Request) error {
	f, err := bolt.NewFile(filepath.Join(c.Dir, bolt.File), bolt.MarkCopy)
	if err != nil {
		return fmt.Errorf("make backup: %w", err)
	}
	defer f.Close()
	if os.Remove(f.Name()) != nil {
		defer os.Remove(f.Name()) // a system where an open file keeps its name
	}
	if err := c.Store.Backup(r.Context(), f); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("make backup: %w", err)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	if _, err := io.Copy(w, f); err != nil {
		return fmt.Errorf("send backup: %w", err)
	}
	return nil
}

// MetricsFormat is the format of Prometheus in which they are written, and its content type.
const MetricsFormat = expfmt.FmtText
