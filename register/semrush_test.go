package register

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	byhand "github.com/usherbot/usher/provision/manual"
	"github.com/usherbot/usher/register/list"
)

// builtIn is Semrush as it is built in: its accounts are of three sorts, of which two can be changed into each other, and its projects
// are shared in two further roles.
func builtIn(t *testing.T) approvals.App {
	root, r := strict.Read([]byte("it: semrush"), strict.About{})
	require.Empty(t, r.Problems)
	d := byhand.Open(root.Object("", "it").Get("it"), "")
	e := d.Entry("semrush", byhand.Answers{}, nil)
	require.Empty(t, d.Problems())
	return approvals.App{ID: "semrush", Name: "Semrush", Entry: e}
}

// TestWhoHasAnAccountThatNobodyApproved: a project that was shared is no account, and as what it was shared is no role of one. A list
// that has whom projects are shared with has them as what they were given.
func TestWhoHasAnAccountThatNobodyApproved(t *testing.T) {
	app := builtIn(t)
	for name, c := range map[string]struct {
		action       catalog.Verb
		gave, listed string
		kind         Kind
		typed        string
		number       int64
		project      string
	}{
		"an account beside a project":   {catalog.Share, "editor", "Admin", NeverApproved, "/access delete ann@acme.example app=semrush because nobody approved it", 0, "Blog"},
		"a project, and no role listed": {catalog.Share, "editor", "", NeverApproved, "/access delete ann@acme.example app=semrush because nobody approved it", 0, "Blog"},
		"a guest":                       {catalog.Share, "editor", "Editor", "", "", 0, "Blog"},
		"a session that is a user":      {catalog.Create, "session", "User", RoleDiffers, "/access delete ann@acme.example app=semrush because the role isn't the one that was approved", 1, ""},
		"a user that is an admin":       {catalog.Create, "user", "Admin", RoleDiffers, "/access update ann@acme.example app=semrush role=user because the role isn't the one that was approved", 1, ""},
		"a user as given":               {catalog.Create, "user", "User", "", "", 0, ""},
	} {
		var p past
		r := p.did(c.action, "ann@acme.example", c.gave, "")
		r.App = app
		if form, _ := app.Entry.Action(c.action); r.Change.Values.Has("role") {
			f, _ := form.Field("role")
			r.Change.Values[0].Items = f.ItemsOf([]string{c.gave})
		}
		if c.project != "" {
			r.Change.Values = append(r.Change.Values, catalog.Value{Key: "project", Items: []catalog.Item{{ID: c.project}}})
		}
		got := Find(app, p.done, Seen{At: noon, Members: []list.Member{{Email: "Ann@acme.example", Role: c.listed, Rows: []int{2}}}}, NewDirectory(nil), nil, noon)
		if c.kind == "" {
			require.Empty(t, got, name)
			continue
		}
		require.Len(t, got, 1, name)
		require.Equal(t, []any{c.kind, c.number}, []any{got[0].Kind, got[0].Request}, name)
		got[0].Email = "ann@acme.example"
		m, ok := got[0].Mends(app.Entry)
		require.True(t, ok, name)
		require.Equal(t, c.typed, m.Typed(), name)
	}
}
