package approvals

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// projects is an app whose projects nobody can list.
func projects() App {
	project := catalog.Field{Key: "project", Kind: catalog.Text, Required: true}
	role := catalog.Field{Key: "role", Kind: catalog.OneOf, Choices: []catalog.Choice{{ID: "viewer", Words: "Viewer"}, {ID: "editor", Words: "Editor"}}}
	by := []catalog.Step{{Key: "do", Do: "Do it."}}
	return App{ID: "planner", Entry: &catalog.Entry{Kind: "manual", Actions: []catalog.Action{
		{Key: catalog.Create, Effect: catalog.Gives, New: true, Undo: catalog.Delete, Steps: by},
		{Key: catalog.Share, Effect: catalog.Gives, Undo: catalog.Unshare, Fields: []catalog.Field{{Key: "ticket", Kind: catalog.Text, Required: true}, project, role}, Steps: by},
		{Key: catalog.Unshare, Effect: catalog.Takes, Fields: []catalog.Field{project}, Steps: by},
		{Key: catalog.Delete, Effect: catalog.Takes, Ends: true, Steps: by},
		{Key: "clear", Effect: catalog.Takes, Steps: by},
	}}}
}

// TestThings: what nobody can list is held by its name, as what it was given, until it is taken by that name, however that is
// written; it is an address's, so an account that is made later doesn't end it, and one that is deleted does.
func TestThings(t *testing.T) {
	did := func(a Action, project, role string) Request {
		r := Request{App: projects(), Action: a, State: Done, Change: Change{Email: "ann@acme.example", Values: catalog.Values{{Key: "ticket", Items: []catalog.Item{{ID: "T-1"}}}}}}
		for key, v := range map[string]string{"project": project, "role": role} {
			if v != "" {
				r.Change.Values = append(r.Change.Values, catalog.Value{Key: key, Items: []catalog.Item{{ID: v}}})
			}
		}
		return r
	}
	blog, shop := did(catalog.Share, "Blog", "viewer"), did(catalog.Share, "Shop", "editor")
	noBlog, seat, gone := did(catalog.Unshare, " bLOG", ""), did(catalog.Create, "", ""), did(catalog.Delete, "", "")
	for name, c := range map[string]struct {
		done []Request
		want []string
	}{
		"two":                      {[]Request{blog, shop}, []string{"share: Blog (Viewer) Shop (Editor)"}},
		"one is taken":             {[]Request{blog, shop, noBlog}, []string{"share: Shop (Editor)"}},
		"the last is taken":        {[]Request{blog, noBlog}, nil},
		"given as something else":  {[]Request{blog, did(catalog.Share, "blog", "editor")}, []string{"share: blog (Editor)"}},
		"an account comes later":   {[]Request{blog, seat}, []string{"seat: Blog (Viewer)"}},
		"a second account":         {[]Request{blog, seat, seat}, []string{"seat:"}},
		"the account goes":         {[]Request{seat, blog, gone}, nil},
		"all is taken, by no name": {[]Request{blog, shop, did("clear", "", "")}, nil},
		"an account stays":         {[]Request{seat, blog, noBlog}, []string{"seat:"}},
	} {
		for i := range c.done {
			c.done[i].Number, c.done[i].Outcome = int64(i+1), &Outcome{At: time.Unix(int64(i+1)*60, 0)}
		}
		var got []string
		for _, h := range Holdings(c.done, ByAddress) {
			line := map[bool]string{true: "seat:", false: "share:"}[h.Seat]
			for _, i := range h.Items {
				line += " " + i.Held()
			}
			got = append(got, strings.TrimSpace(line))
		}
		require.Equal(t, c.want, got, name)
	}
}

// doneBook is a book that has only what was done.
type doneBook struct {
	Book
	done []Request
}

func (s doneBook) Requests(_ context.Context, f Filter, _ int) ([]Request, error) {
	if f.State != Done || f.Below != 0 {
		return nil, nil
	}
	return s.done, nil
}

// TestARemovalByHandNamesWhatWasGiven: while it matters, what the account has by request, each thing with the last request that gave
// it; and what others have, or what is no removal, doesn't.
func TestARemovalByHandNamesWhatWasGiven(t *testing.T) {
	share := func(n int64, email, project, role string) Request {
		return Request{Number: n, App: projects(), Action: catalog.Share, State: Done, Outcome: &Outcome{At: time.Unix(n*60, 0)}, Change: Change{Email: email,
			Values: catalog.Values{{Key: "project", Items: []catalog.Item{{ID: project}}}, {Key: "role", Items: []catalog.Item{{ID: role}}}}}}
	}
	d := &Desk{Apps: []App{projects()}, Book: doneBook{done: []Request{share(4, "ann@acme.example", "blog", "viewer"), share(3, "lee@acme.example", "Wiki", "viewer"),
		share(2, "Ann@acme.example", "Shop", "editor"), share(1, "ann@acme.example", "Blog", "viewer")}}}
	for state, want := range map[State][]string{Pending: {"Shop (Editor) #2", "blog (Viewer) #4"}, Running: {"Shop (Editor) #2", "blog (Viewer) #4"}, Done: nil, Denied: nil} {
		r, err := d.beside(t.Context(), Request{Number: 9, App: projects(), Action: catalog.Delete, State: state, Change: Change{Email: "ann@acme.example"}})
		require.NoError(t, err)
		var got []string
		for _, s := range r.Shared {
			got = append(got, fmt.Sprintf("%s #%d", s.Held(), s.Number))
		}
		require.Equal(t, want, got, state)
	}
	r, err := d.beside(t.Context(), Request{App: projects(), Action: catalog.Unshare, State: Pending, Change: Change{Email: "ann@acme.example"}})
	require.NoError(t, err)
	require.Empty(t, r.Shared)
}
