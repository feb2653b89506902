package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/provision/manual"
	"github.com/usherbot/usher/register"
)

// TestWhatMendsIsUnderstood: whatever role a list has somebody with, in an app whose actions know different ones, and whichever was
// given: the line that would mend it is one that can be sent as it stands.
func TestWhatMendsIsUnderstood(t *testing.T) {
	root, r := strict.Read([]byte("it: semrush"), strict.About{})
	require.Empty(t, r.Problems)
	d := manual.Open(root.Object("", "it").Get("it"), "")
	app := approvals.App{ID: "semrush", Name: "Semrush", Entry: d.Entry("semrush", manual.Answers{}, nil)}
	require.Empty(t, d.Problems())
	said := speech{apps: []approvals.App{app}, main: app.ID}
	for _, kind := range register.Kinds {
		for given, want := range map[string]catalog.Verb{"user": catalog.Update, "Admin": catalog.Update, "session": catalog.Delete, "viewer": catalog.Delete, "editor": catalog.Delete, "Owner": catalog.Delete} {
			m, ok := register.Finding{Kind: kind, App: app.ID, Email: "ann@acme.example", Listed: "admin", Given: given, Request: 1}.Mends(app.Entry)
			require.True(t, ok)
			cmd, answer := parse(said, m.Typed()[len("/access "):])
			require.Nil(t, answer, m.Typed())
			if kind != register.RoleDiffers {
				want = catalog.Delete
			}
			require.Equal(t, want, cmd.(asking).action.Key, m.Typed())
		}
	}
}
