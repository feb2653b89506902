package commandline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
)

func TestCheckWithTheScopesOfTheManifest(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: web.Scopes()})
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	w.slack.AddChannel(slacksim.Channel{ID: "C0REPORTS", Name: "seat-reports", Members: []string{"U0BOB"}})
	code, table = w.check(t)
	require.Equal(t, terminal.ExitFailed, code)
	require.Len(t, troubles(table), 1)
	require.Contains(t, table, "failed channel C0REPORTS #seat-reports: the bot isn't a member and can't post → type /invite @usher in the channel")
}

// TestCheckNamesEachMissingScope: a scope that is not granted has its row, and nothing is asked that needs it.
func TestCheckNamesEachMissingScope(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{"commands", "channels:read", "groups:read", "users:read", "usergroups:read"} {
		w := newOutset(t, slacksim.Options{Scopes: slices.DeleteFunc(web.Scopes(), func(s string) bool { return s == missing })})
		code, table := w.check(t)
		require.Equal(t, terminal.ExitFailed, code)
		rows := troubles(table)
		require.Contains(t, rows[0], "failed scope "+missing+" not granted → add it under")
		for _, row := range rows[1:] {
			require.Regexp(t, "^warning .* not looked at, because the scope "+missing+" is missing → grant it, then check again", row)
		}
	}
}

// TestCheckSaysWhatFilesAreFor: without the scope for files nobody can add a member list, and where people carry out steps nobody can
// add what shows that they did.
func TestCheckSaysWhatFilesAreFor(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: slices.DeleteFunc(web.Scopes(), func(s string) bool { return s == web.ScopeFiles })})
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Equal(t, []string{`warning scope files:read not granted: nobody can add a member list with /access import → leave it, or add it under "OAuth & Permissions" (manifest.yml has them all) and reinstall the app`}, troubles(table))
	w.config = strings.Replace(w.config, "policies:", "  semrush: {kind: manual, template: semrush, owners: [U0BOB]}\npolicies:", 1)
	code, table = w.check(t)
	require.Equal(t, terminal.ExitFailed, code)
	require.Contains(t, table, "failed scope files:read not granted → add it under")
}

// TestCheckCountsWhoCanDecideInAGroup: a group is as good as those of its members who can decide.
func TestCheckCountsWhoCanDecideInAGroup(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	w.config = strings.Replace(w.config, "[U0BOB, S0LEADS]", "[S0LEADS]\n        need: 2", 1)
	w.slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Users: []string{"U0GONE", "U0BOB", "U0GUEST", slacksim.BotUser}})
	code, table := w.check(t)
	require.Equal(t, terminal.ExitFailed, code)
	require.Contains(t, table, "ok group S0LEADS 1 of 4 members can decide: Hal Hart is deactivated; Gina Guest is a guest; Usher is a bot\n")
	require.Equal(t, []string{"failed policy seats 2 must say yes, but only 1 can → name more approvers, or lower need"}, troubles(table))

	var crowd []string
	for i := range 60 {
		crowd = append(crowd, fmt.Sprintf("U0MEMBER%d", i))
		w.slack.AddUser(slacksim.User{ID: crowd[i], Name: crowd[i], RealName: crowd[i], Deleted: i < 4})
	}
	w.slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Users: crowd})
	code, table = w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Contains(t, table, "ok group S0LEADS 26 of the first 30 members can decide, of 60 in all: U0MEMBER0 is deactivated; U0MEMBER1 is deactivated; U0MEMBER2 is deactivated; 1 more\n")
}

func TestCheckWithoutTheScopeForDirectMessages(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: without("im:write")})
	code, table := w.check(t)
	require.Equal(t, terminal.ExitFailed, code)
	require.Contains(t, table, "warning approver U0BOB Bob Baker; whether Usher can message them wasn't looked at, because the scope im:write is missing → grant it, then check again")
	require.Contains(t, table, "ok group S0LEADS 2 of 2 members can decide\n")
}

// TestCheckSaysWhatUploadsAreFor: without that scope a review's report is had at the machine alone.
func TestCheckSaysWhatUploadsAreFor(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: slices.DeleteFunc(web.Scopes(), func(s string) bool { return s == web.ScopeUploads })})
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Equal(t, []string{`warning scope files:write not granted: nobody gets the report of a review in Slack, only at the machine by usher review N --out FILE → leave it, or add it under "OAuth & Permissions" (manifest.yml has them all) and reinstall the app`}, troubles(table))
}
