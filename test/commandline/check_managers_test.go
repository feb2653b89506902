package commandline

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
)

// TestCheckLooksAtManagers whom the configuration names: who has none, and whose can't decide.
func TestCheckLooksAtManagers(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]managersRow{
		"by the configuration": {"people:\n  managers: {U0BOB: U0ADMIN, U0ERIN: U0BOB, U0FRED: U0BOB}\n", nil, terminal.ExitDone,
			[]string{"ok managers 3 of 4 people looked at have a manager; nobody is named for Carol Chen, so others decide what they ask (escalate_to, else the admins)"}},
		"managers who can't": {"people:\n  managers: {U0BOB: U0GONE, U0ERIN: U0GUEST}\n", nil, terminal.ExitFailed,
			[]string{"failed manager U0GONE Hal Hart is deactivated", "failed manager U0GUEST Gina Guest is a guest",
				"warning managers 2 of 3 people looked at have a manager", "Hal Hart, the manager of Bob Baker, is deactivated; Gina Guest, the manager of Erin Ek, is a guest"}},
		"nobody Slack knows": {"people:\n  managers: {U0BOB: U0NOBODY}\n", nil, terminal.ExitFailed, []string{"failed manager U0NOBODY Slack doesn't know anybody with this id"}},
	} {
		t.Run(name, row.check)
	}
}

// TestCheckLooksAtTheProfileField that names managers: it must be one, hold people, and not be for everybody to set.
func TestCheckLooksAtTheProfileField(t *testing.T) {
	t.Parallel()
	const field = "people:\n  manager_field: Manager\n"
	people := slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user", Protected: true}
	open := slacksim.ProfileField{ID: "Xf1", Label: "manager ", Type: "user"}
	for name, row := range map[string]managersRow{
		"no such field": {field, func(w *outset) {
			w.slack.AddProfileField(slacksim.ProfileField{ID: "Xf2", Label: "Reports to", Type: "user"})
		}, terminal.ExitFailed, []string{`failed profile field Manager no profile field has this label; fields that hold people: "Reports to"`}},
		"a field of words": {field, func(w *outset) {
			w.slack.AddProfileField(slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "text", Protected: true})
		}, terminal.ExitFailed,
			[]string{"failed profile field Manager holds text and not a person, so nobody's manager is known by it", "warning managers 0 of 3 people looked at have a manager"}},
		"two of them": {field, func(w *outset) {
			w.slack.AddProfileField(people)
			w.slack.AddProfileField(slacksim.ProfileField{ID: "Xf2", Label: "Manager", Type: "user"})
		}, terminal.ExitFailed, []string{"failed profile field Manager 2 profile fields have this label"}},
		"a field that members set": {field, func(w *outset) { w.slack.AddProfileField(open) }, terminal.ExitFailed,
			[]string{"failed profile field Manager members can set it themselves, and so choose who decides their requests; Usher doesn't use it like that", "manager_field_editable: accepted"}},
		"as the documentation has it": {field, func(w *outset) { w.slack.AddProfileField(open); w.slack.Behave(slacksim.Manners{OldFields: true}) }, terminal.ExitFailed,
			[]string{"failed profile field Manager members can set it themselves"}},
		"protected, as the documentation has it": {field, func(w *outset) {
			w.slack.AddProfileField(people)
			w.slack.SetProfile("U0BOB", "Xf1", "U0ADMIN")
			w.slack.Behave(slacksim.Manners{OldFields: true})
		}, terminal.ExitDone, []string{"ok profile field Manager names people, and members can't set it themselves (Xf1)"}},
		"accepted": {field + "  manager_field_editable: accepted\n", func(w *outset) { w.slack.AddProfileField(open); w.slack.SetProfile("U0BOB", "Xf1", "U0ADMIN") }, terminal.ExitDone,
			[]string{"warning profile field Manager members can set it themselves, and so choose who decides their requests, which the configuration accepts", "ok managers 1 of 3 people looked at has a manager"}},
		"from the directory": {field, func(w *outset) {
			w.slack.AddProfileField(slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user", SCIM: true})
			w.slack.SetProfile("U0BOB", "Xf1", "U0ADMIN")
			w.slack.SetProfile("U0ERIN", "Xf1", "Bob Baker")
		}, terminal.ExitDone, []string{"ok profile field Manager", "warning managers 1 of 3 people looked at has a manager", "Erin Ek's profile holds something else than one person"}},
		"a loop over both": {"people:\n  managers: {U0BOB: U0ERIN}\n  manager_field: Manager\n", func(w *outset) {
			w.slack.AddProfileField(people)
			w.slack.SetProfile("U0ERIN", "Xf1", "U0BOB")
			w.slack.SetProfile("U0ADMIN", "Xf1", "U0ADMIN")
		}, terminal.ExitDone, []string{"warning managers 3 of 3 people looked at have a manager: Carol Chen is their own manager; a loop: Bob Baker → Erin Ek → Bob Baker"}},
		"Slack doesn't say": {field, func(w *outset) { w.slack.FailNext("team.profile.get", slacksim.BeforeEffect, slacksim.Status500) }, terminal.ExitFailed,
			[]string{"failed profile field Manager call team.profile.get: HTTP 500"}},
		"nor of a person": {field, func(w *outset) {
			w.slack.AddProfileField(people)
			w.slack.FailNext("users.profile.get", slacksim.BeforeEffect, slacksim.Status500)
		}, terminal.ExitDone, []string{"warning managers not all could be looked at: call users.profile.get: HTTP 500"}},
	} {
		t.Run(name, row.check)
	}
}

// managersRow is a configuration, what is so in Slack, and rows of the table.
type managersRow struct {
	people string
	so     func(w *outset)
	code   int
	rows   []string
}

func (row managersRow) check(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: web.Scopes()})
	w.config = strings.Replace(w.config, "apps:\n", row.people+"apps:\n", 1)
	w.config = strings.Replace(w.config, "[U0BOB, S0LEADS]", "[manager, U0BOB, S0LEADS]", 1)
	if row.so != nil {
		row.so(w)
	}
	w.shows(t, row.code, row.rows)
}

// TestTheScopeForProfilesIsNeededForThem alone: an app that was made before goes on without it.
func TestTheScopeForProfilesIsNeededForThem(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{Scopes: slices.DeleteFunc(web.Scopes(), func(s string) bool { return s == web.ScopeProfiles })})
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Contains(t, table, "ok scope users.profile:read not granted, and not needed")
	w.config = strings.Replace(w.config, "apps:\n", "people: {manager_field: Manager}\napps:\n", 1)
	code, table = w.check(t)
	require.Equal(t, terminal.ExitFailed, code)
	require.Contains(t, table, "failed scope users.profile:read not granted")
	require.Contains(t, table, "warning profile field Manager not looked at, because the scope users.profile:read is missing")
}
