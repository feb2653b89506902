package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Glance is what is kept just now, in short: each request and each promise. Looking at it counts as nobody's reading, so that who asks
// for it again and again takes nothing from whoever decides.
type Glance struct {
	Now      time.Time  `json:"now"`
	Requests []Glanced  `json:"requests"` // newest first, the newest 1,000
	Promises []Promised `json:"promises"` // what is due first comes first; the first 1,000
	// Owed is how many promises there are in all.
	Owed int            `json:"owed"`
	Head approvals.Head `json:"head"`
}

// Glanced is a request in short.
type Glanced struct {
	Number    int64              `json:"number"`
	State     approvals.State    `json:"state"`
	What      string             `json:"what"`
	For       string             `json:"for,omitempty"`
	Requester approvals.PersonID `json:"requester,omitempty"`
	Asked     time.Time          `json:"asked"`
}

// Promised is a promise in short: without what it bears.
type Promised struct {
	Key string `json:"key"`
	// Due is the moment before which it sleeps; zero: it waits for nothing.
	Due time.Time `json:"due,omitzero"`
	// Claimed is when somebody began to keep it; zero: nobody has.
	Claimed time.Time `json:"claimed,omitzero"`
	Tries   int       `json:"tries,omitempty"`
	Why     string    `json:"why,omitempty"`
}

// glance is the answer to a question for one.
func (c *Server) glance(r *http.Request) (any, error) {
	list, err := c.Desk.Requests(r.Context(), approvals.Filter{All: true}, most)
	if err != nil {
		return nil, err
	}
	owed, err := c.Store.Intents(r.Context(), "")
	head, headErr := c.Store.Head(r.Context())
	if err := errors.Join(err, headErr); err != nil {
		return nil, fmt.Errorf("read what is promised: %w", err)
	}
	g := Glance{Now: c.Now().UTC(), Requests: []Glanced{}, Promises: []Promised{}, Owed: len(owed), Head: head}
	for _, one := range list {
		g.Requests = append(g.Requests, Glanced{Number: one.Number, State: one.State, What: whatOf(one), For: one.Change.Email, Requester: one.Requester, Asked: one.Asked})
	}
	slices.SortStableFunc(owed, func(a, b outbox.Intent) int { return a.Due.Compare(b.Due) })
	for _, i := range owed[:min(most, len(owed))] {
		p := Promised{Key: i.Key, Due: i.Due.UTC(), Claimed: i.Claimed, Tries: i.Tries, Why: i.Why}
		if outbox.IsAtOnce(i.Due) {
			p.Due = time.Time{}
		}
		g.Promises = append(g.Promises, p)
	}
	return g, nil
}

// Glance is what the Usher that runs on the folder keeps just now.
func (f Folder) Glance(ctx context.Context) (g Glance, err error) {
	err = f.remote().Ask(ctx, http.MethodGet, "/v1/glance", nil, &g)
	return g, err
}

// AuditLinesFrom reads the audit log of the Usher that runs on the folder, from sequence number from on.
func (f Folder) AuditLinesFrom(ctx context.Context, from int64, fn func(line []byte) error) error {
	answer, err := f.remote().call(ctx, http.MethodGet, fmt.Sprintf("/v1/audit?from=%d", from), nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return EachLine(ctx, "the audit log of the running Usher", answer.Body, fn)
}
