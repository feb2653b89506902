package register

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// asked is a shelf with requests that were done, which counts how often all of them are read.
type asked struct {
	*shelf
	past *past
	all  int
}

func (a *asked) Requests(_ context.Context, f approvals.Filter, _ int) (out []approvals.Request, err error) {
	if f.For == "" && f.State == approvals.Done {
		a.all++
	}
	for _, r := range a.past.done {
		if f.About != "" && !(r.Undertaken() && approvals.SameEmail(r.Change.Email, f.About)) {
			continue
		}
		if f.Below == 0 && (f.For == "" || f.For == r.Change.Person) && (f.State == "" || f.State == r.State) {
			out = append(out, r)
		}
	}
	return out, nil
}

func atHome(t *testing.T) (*asked, *Register) {
	var p past
	p.did("invite", "jane@acme.example", "user", "U0JANE")
	p.did("invite", "jane@old.example", "user", "U0JANE")
	p.did("remove", "jane@old.example", "", "U0JANE")
	p.did("invite", "lee@acme.example", "admin", "U0LEE")
	a := &asked{shelf: &shelf{t: t}, past: &p}
	g := a.joined()
	g.Desk.Book, g.Desk.Apps = a, a.Apps()
	return a, g
}

// TestWhatAHomeShowsOfTheRegister: what was asked for somebody, and what the list has under their address, and nobody else's.
func TestWhatAHomeShowsOfTheRegister(t *testing.T) {
	a, g := atHome(t)
	jane, sam := approvals.Person{ID: "U0JANE", Email: "jane@acme.example"}, approvals.Person{ID: "U0SAM", Email: "sam@acme.example"}
	mine, err := g.Mine(t.Context(), jane, noon)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Equal(t, OnlySaid, mine[0].Verified.How)
	g.glances.suspend()() // as an import does
	a.kept = Kept{At: noon, Imported: noon, Members: []list.Member{{Email: "sam@acme.example", Role: "User"}, {Email: "lee@acme.example", Role: "Admin"}}}
	mine, err = g.Mine(t.Context(), jane, noon)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.True(t, mine[0].Missing)
	mine, err = g.Mine(t.Context(), sam, noon)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Equal(t, []any{int64(0), "User", ByList}, []any{mine[0].Request, mine[0].Holds, mine[0].Verified.How})
	require.NotContains(t, mine[0].Holds, "no request", "not all requests were looked through")

	people, more, err := g.People(t.Context(), []approvals.PersonID{"U0JANE", "U0LEE", "U0SAM"}, 1)
	require.NoError(t, err)
	require.Equal(t, []any{1, approvals.PersonID("U0JANE"), 1}, []any{len(people), people[0].Who, more}, "who has nothing isn't one")
	require.Zero(t, a.all, "a Home reads what is about its people alone")
}

// TestFindingsAreCountedOnceAMinute: all requests are read for it where something is open, and not for each Home; another list is
// counted at once.
func TestFindingsAreCountedOnceAMinute(t *testing.T) {
	a, g := atHome(t)
	count := func(at time.Duration, want int) {
		n, err := g.Amiss(t.Context(), "semrush", noon.Add(at))
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	count(0, 0)
	require.Zero(t, a.all)
	_, err := g.Import(t.Context(), Import{App: "semrush", Raw: []byte("Email,Role\nstranger@agency.example,User\nlee@acme.example,Admin\njane@acme.example,User\n")}, "U0DAVE", "slack", noon)
	require.NoError(t, err)
	read := a.all
	count(time.Minute, 1)
	count(time.Minute+59*time.Second, 1)
	require.Equal(t, read+1, a.all)
	a.past.did("invite", "stranger@agency.example", "user", "")
	count(2*time.Minute, 0)
	require.Equal(t, read+2, a.all)
	_, err = g.Import(t.Context(), Import{App: "semrush", Raw: []byte("Email,Role\nother@agency.example,User\n")}, "U0DAVE", "slack", noon.Add(time.Hour))
	require.NoError(t, err)
	count(2*time.Minute, 1)
}

// TestAFindingByItsKey: an open one, one that a request or the vendor mended, and one that nobody remembers.
func TestAFindingByItsKey(t *testing.T) {
	a, g := atHome(t)
	_, err := g.Import(t.Context(), Import{App: "semrush", Raw: []byte("Email,Role\nstranger@agency.example,User\n")}, "U0DAVE", "slack", noon)
	require.NoError(t, err)
	key := a.kept.Findings[0].Key()
	f, open, err := g.Finding(t.Context(), "semrush", key)
	require.NoError(t, err)
	require.True(t, open)
	require.Equal(t, "stranger@agency.example", f.Email)
	a.past.did("invite", "stranger@agency.example", "user", "")
	f, open, err = g.Finding(t.Context(), "semrush", key)
	require.NoError(t, err)
	require.False(t, open)
	require.Equal(t, "stranger@agency.example", f.Email)
	f, _, err = g.Finding(t.Context(), "semrush", "left the company/semrush/nobody@acme.example")
	require.NoError(t, err)
	require.Zero(t, f)
}

// TestAHomeIsShownNoListOfBefore: what was read of a list before or while another was kept isn't remembered after.
func TestAHomeIsShownNoListOfBefore(t *testing.T) {
	a, g := atHome(t)
	app := manual()
	a.kept = Kept{At: noon, Imported: noon, Members: []list.Member{{Email: "old@acme.example"}}}
	sees := func() string {
		l, err := g.glance(t.Context(), app, noon)
		require.NoError(t, err)
		return l.kept.Members[0].Email
	}
	require.Equal(t, "old@acme.example", sees())
	over := g.glances.suspend()
	require.Equal(t, "old@acme.example", sees(), "it may be kept by now, or not yet")
	a.kept.Members = []list.Member{{Email: "new@acme.example"}}
	require.Equal(t, "new@acme.example", sees())
	over()
	require.Equal(t, "new@acme.example", sees())

	was, turn := g.glances.get("else", noon)
	require.Nil(t, was)
	g.glances.suspend()()
	g.glances.put("else", &glance{read: noon}, turn)
	was, _ = g.glances.get("else", noon)
	require.Nil(t, was, "read before a commit, and remembered after it")
}
