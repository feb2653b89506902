package vendorsim

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxBody is how much of a request's body is read; no documented request comes near it.
const maxBody = 1 << 20

// landing is where the Redirect fault points. A write that arrives there was redirected and followed.
const landing = "/redirected"

// ask is one request on its way through the rooms: what was asked, and its row of the journal.
type ask struct {
	route
	dialect     Dialect
	query       url.Values
	key         string // from the header, or else from the query
	keyInQuery  bool
	contentType string
	body        []byte
	row         *Call
	arrived     time.Time
}

// serve is the whole life of a request. The journal's row is complete before the first byte of the answer is written,
// so a client that has its answer finds its request in the journal.
func (v *Vendor) serve(w http.ResponseWriter, r *http.Request, d Dialect, path string) {
	if r.URL.Path == landing {
		v.land(w, r)
		return
	}
	a, err := v.hear(r, d, path)
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away while it was still speaking
	}
	rep, refused := v.refuse(a)
	if !refused {
		rep = v.perform(r.Context(), a)
	}
	v.finish(a, rep)
	rep.write(w)
}

func (v *Vendor) hear(r *http.Request, d Dialect, path string) (*ask, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	a := &ask{
		route: find(d, r.Method, path, r.URL.Query()), dialect: d, query: r.URL.Query(), body: body,
		contentType: r.Header.Get("Content-Type"), arrived: v.now(),
	}
	a.key, a.keyInQuery = keyOf(r, d, path)
	a.row = &Call{
		At: a.arrived, Dialect: d, Method: r.Method, Op: a.op, Path: strings.ReplaceAll(path, a.pathKey(), "KEY"), UserID: a.id,
	}
	v.change(func() { v.begin(a.row) })
	v.policeSemrush(a, r.Host, r.TLS == nil)
	return a, nil
}

// refuse answers what never reaches an account: a wrong key, too fast, no such thing, a body that may not be there.
func (v *Vendor) refuse(a *ask) (reply, bool) {
	if a.dialect == Semrush {
		return v.refuseSemrush(a)
	}
	if rep, refused := v.refuseKey(a); refused {
		return rep, true
	}
	switch {
	case a.lost:
		v.violate(a, "%s %s without a valid account id: this would be a call on the whole collection", a.row.Method, a.row.Path)
		return v.fail(a, http.StatusBadRequest, "User id is required"), true
	case a.op == "" && a.allow == "":
		return v.fail(a, http.StatusNotFound, "Not found"), true
	case a.op == "":
		rep := v.fail(a, http.StatusMethodNotAllowed, "Method not allowed")
		rep.header.Set("Allow", a.allow)
		return rep, true
	}
	return v.refuseBody(a)
}

// refuseBody holds requests to JSON where there is something to say and to nothing at all where there is not: the live
// API rejects forms, and `{}` where no body belongs.
func (v *Vendor) refuseBody(a *ask) (reply, bool) {
	if !a.op.hasBody() {
		if len(a.body) > 0 || a.contentType != "" {
			return v.fail(a, http.StatusBadRequest, "Unexpected request body"), true
		}
		return reply{}, false
	}
	media, _, err := mime.ParseMediaType(a.contentType)
	if err != nil || media != "application/json" {
		return v.fail(a, http.StatusBadRequest, "Request body must be JSON"), true
	}
	return reply{}, false
}

// perform carries the request out under the fault that is planned for it, if any.
func (v *Vendor) perform(ctx context.Context, a *ask) reply {
	f, planned := v.pick(a)
	if !planned {
		return v.apply(a)
	}
	if f.before() {
		switch f.Kind {
		case Slow:
			if !wait(ctx, f.Delay) {
				return reply{cut: true}
			}
			return v.apply(a)
		case Late:
			wait(context.WithoutCancel(ctx), f.Delay)
			return v.apply(a)
		}
		return v.spoil(a, f, reply{})
	}
	rep := v.apply(a)
	if f.Kind == Slow {
		wait(ctx, f.Delay)
		return rep
	}
	return v.spoil(a, f, rep)
}

// apply changes the state and returns the true answer, in one step under the lock.
func (v *Vendor) apply(a *ask) reply {
	var broken []string
	v.mu.Lock()
	rep := operations[a.op](v, a, func(rule string) { broken = append(broken, rule) })
	v.mu.Unlock()
	for _, rule := range broken {
		v.violate(a, "%s", rule)
	}
	return rep
}

// land answers whoever followed a redirect. Go turns a redirected POST into a GET, so the Location tells what it was.
func (v *Vendor) land(w http.ResponseWriter, r *http.Request) {
	if from := r.URL.Query().Get("from"); from != http.MethodGet || r.Method != http.MethodGet {
		v.violate(nil, "the redirect of a %s was followed", from)
	}
	page(http.StatusNotFound).write(w)
}

// wait reports whether d passed before ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
