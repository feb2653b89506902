package commandline

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// outset is a simulated Slack and a simulated vendor over TCP, and what it takes to check against them.
type outset struct {
	slack  *slacksim.Server
	vendor *vendorsim.Vendor
	env    map[string]string
	config string // its text; tests change it
	data   string
}

// checkKey is a key for the audit log, and checkKeyPublic its public part.
const (
	checkKey       = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"
	checkKeyPublic = "0d7550754e0800a5d237eef5826035766b9b3e5a15868a940ab289958788e3b0"
)

func newOutset(t *testing.T, opts slacksim.Options) *outset {
	opts.BotToken, opts.AppToken, opts.Violation = "xoxb-check-token", "xapp-check-token", func(s string) { t.Error("Slack: " + s) }
	slack := slacksim.New(opts)
	slack.SeedDemo()
	t.Cleanup(slack.Close)
	vendor := vendorsim.New(vendorsim.Options{Violation: func(s string) { t.Error("vendor: " + s) }})
	vendorsim.SeedDemo(vendor)
	slackURL, vendorURL := serve(t, slack), serve(t, vendor)
	return &outset{
		slack: slack, vendor: vendor, data: private(t),
		env: map[string]string{"SLACK_BOT_TOKEN": opts.BotToken, "SLACK_APP_TOKEN": opts.AppToken,
			"SERANKING_API_KEY": vendor.Key(vendorsim.Unified), "SLACK_API_URL": slackURL + "/api/", config.AuditKeyName: checkKey},
		config: strings.NewReplacer("VENDOR", vendorURL).Replace(`slack:
  approvals_channel: "#access-approvals"
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  seranking:
    kind: seranking
    base_url: VENDOR/v1
    seats: 25
policies:
  - name: seats
    steps:
      - approvers: [U0BOB, S0LEADS]
reports:
  - {name: weekly, schedule: "0 9 * * MON"}
`)}
}

// private is a data folder that is closed to others, whatever the umask is.
func private(t *testing.T) string {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o700))
	return dir
}

func serve(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// check runs `usher check` and returns its exit code and table, a row a line, with single spaces.
func (w *outset) check(t *testing.T) (int, string) {
	t.Helper()
	a := world.Usher(t, w.env, "check", "--config", world.WriteConfig(t, w.config), "--data", w.data, "--log-level", "error")
	for line := range strings.Lines(a.Out) {
		if !strings.Contains(line, os.TempDir()) && !strings.Contains(line, checkKeyPublic) { // what is to be copied is not broken
			require.LessOrEqual(t, utf8.RuneCountInString(line), 98, line)
		}
	}
	for _, name := range config.SecretNames {
		if w.env[name] != "" {
			require.NotContains(t, a.Out+a.Errors, w.env[name])
		}
	}
	if a.Code == terminal.ExitFailed {
		require.Regexp(t, `^usher: \d+ checks? failed; the table says what to do about each\n$`, a.Errors)
	}
	folded := regexp.MustCompile(`\n {9,}`).ReplaceAllString(a.Out, " ")
	return a.Code, regexp.MustCompile(` {2,}`).ReplaceAllString(folded, " ")
}

// troubles are the rows that are not ok.
func troubles(table string) (out []string) {
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "warning ") || strings.HasPrefix(line, "failed ") {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

func TestCheckOfAWorldInOrder(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Empty(t, troubles(table), table)
	for _, row := range []string{
		"ok configuration usher.yml: 1 app, 1 policy, 1 report\n",
		"ok bot token Acme, as @usher\n",
		"ok app token can open Socket Mode connections\n",
		"ok Socket Mode on: Slack took a connection\n",
		"ok connections 0 of the 10 that Slack allows are open; an Usher opens 2 of its own\n",
		"ok clock within ",
		"ok scope chat:write granted\n",
		"ok home tab on; if it stays empty, add app_home_opened under \"event subscriptions\"\n",
		"ok channel #access-approvals #access-approvals: the bot can post\n",
		"ok channel C0REPORTS #seat-reports: the bot can post\n",
		"ok admin U0ADMIN Carol Chen; Usher can message them\n",
		"ok approver U0BOB Bob Baker; Usher can message them\n",
		"ok group S0LEADS 2 of 2 members can decide\n",
		"ok key of seranking works; it sees 10 websites\n",
		"ok dialect of seranking unified, found by asking\n",
		"ok audit key signs the log; its public part is " + checkKeyPublic + "\n",
		"ok database none yet; the first start makes it\n",
	} {
		require.Contains(t, strings.ToLower(table), strings.ToLower(row))
	}
	require.Regexp(t, `(?m)^ok report weekly next: (Mon \d+ \w{3}( 20\d\d)? 09:00, ){5}in UTC$`, table)
	require.Regexp(t, `(?m)^ok seats of seranking \d+ of 25 used$`, table)
	require.NotRegexp(t, `conversations\.create|chat\.`, methods(w.slack), "check only reads")
	require.Empty(t, w.vendor.Effects(), "check only reads")
	for _, c := range w.slack.Channels() {
		require.Empty(t, w.slack.Messages(c.ID), "check says nothing to anybody")
	}
	for _, u := range w.slack.Users() {
		_, has := w.slack.Home(u.ID)
		require.Equal(t, u.ID == slacksim.BotUser, has, "check shows nobody anything: %s", u.ID)
	}
	entries, err := os.ReadDir(w.data)
	require.NoError(t, err)
	require.Empty(t, entries, "check leaves nothing in the data folder")
	require.Zero(t, w.slack.Connections(), "nor a connection")
}

// TestCheckOfAnOrganization: on a Grid nothing is taken for another workspace's, and people whose home is
// another workspace of the organization decide like others.
func TestCheckOfAnOrganization(t *testing.T) {
	t.Parallel()
	for says, m := range map[string]slacksim.Manners{"ok bot token Acme, as @usher\n": {Grid: true}, "ok bot token Acme, as @usher, for the whole organization\n": {OrgWide: true}} {
		w := newOutset(t, slacksim.Options{Scopes: web.Scopes()})
		w.slack.Behave(m)
		w.slack.AddUser(slacksim.User{ID: "U0BOB", Name: "bob", RealName: "Bob Baker", Home: "T0HOME"})
		if m.OrgWide { // then the lists are each workspace's own, and the second one is asked too
			w.slack.AddChannel(slacksim.Channel{ID: "C0APPROVE", Name: "access-approvals", Team: "T0FAR", Members: []string{slacksim.BotUser}})
			w.slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Team: "T0FAR", Users: []string{"U0BOB", "U0ERIN"}})
		}
		code, table := w.check(t)
		require.Equal(t, terminal.ExitDone, code, table)
		require.Empty(t, troubles(table), table)
		require.Contains(t, table, says)
		require.Contains(t, table, "ok group S0LEADS 2 of 2 members can decide\n")
		require.Contains(t, table, "ok approver U0BOB Bob Baker; Usher can message them\n")
	}
}

func methods(s *slacksim.Server) string {
	var out []string
	for _, c := range s.Calls() {
		out = append(out, c.Method)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

func TestCheckSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(w *outset)
		code   int
		says   []string // the rows that are not ok, each by a pattern
	}{
		"bot token refused": {func(w *outset) { w.env["SLACK_BOT_TOKEN"] = "xoxb-another-token" }, terminal.ExitFailed,
			[]string{`^failed bot token Slack says invalid_auth → copy the "Bot User OAuth Token"`}},
		"app token refused": {func(w *outset) { w.env["SLACK_APP_TOKEN"] = "xapp-another-token" }, terminal.ExitFailed,
			[]string{`^failed app token Slack says invalid_auth → switch "Socket Mode" on`}},
		"Socket Mode switched off": {func(w *outset) { w.slack.SocketMode(false) }, terminal.ExitFailed,
			[]string{`^failed Socket Mode switched off in the app's settings → switch it on under "Socket Mode" at api.slack.com/apps`}},
		"Home tab switched off": {func(w *outset) { w.slack.DisableHome(true) }, terminal.ExitDone,
			[]string{`^warning Home tab off: .* → switch "Home Tab" on under "App Home" at api.slack.com/apps`}},
		"Home tab not found out": {func(w *outset) { w.slack.Plan(slacksim.Fault{Method: "views.publish", Kind: slacksim.Status500}) }, terminal.ExitDone,
			[]string{`^warning Home tab not found out: .* → see whether Slack can be reached`}},
		"no WebSocket gets through": {func(w *outset) { w.slack.Plan(slacksim.Fault{Method: "link", Kind: slacksim.Status500}) }, terminal.ExitFailed,
			[]string{`^failed Socket Mode open a WebSocket: HTTP 500 → see whether WebSockets`}},
		"no such channel": {func(w *outset) { w.config = strings.Replace(w.config, `"#access-approvals"`, `"#nowhere"`, 1) }, terminal.ExitFailed,
			[]string{`^failed channel #nowhere .*→`}},
		"no such channel id": {func(w *outset) { w.config = strings.Replace(w.config, `C0REPORTS`, `C0NOWHERE`, 1) }, terminal.ExitFailed,
			[]string{`^failed channel C0NOWHERE the bot can't see this channel → if it's private, type /invite @usher`}},
		"channel archived": {func(w *outset) {
			w.slack.AddChannel(slacksim.Channel{ID: "C0REPORTS", Name: "seat-reports", Archived: true, Members: []string{slacksim.BotUser}})
		}, terminal.ExitFailed, []string{`^failed channel C0REPORTS #seat-reports is archived → unarchive it`}},
		"public, not a member, may post": {func(w *outset) {
			w.slack.AddChannel(slacksim.Channel{ID: "C0REPORTS", Name: "seat-reports", Members: []string{"U0BOB"}})
		}, terminal.ExitDone, []string{`^warning channel C0REPORTS #seat-reports: the bot can post, but it isn't a member and .* → type /invite @usher`}},
		"private and not in it": {func(w *outset) {
			w.slack.AddChannel(slacksim.Channel{ID: "C0REPORTS", Name: "seat-reports", Private: true, Members: []string{"U0BOB"}})
		}, terminal.ExitFailed, []string{`^failed channel C0REPORTS .* → if it's private, type /invite`}},
		"shared with another company": {func(w *outset) {
			w.slack.AddChannel(slacksim.Channel{ID: "C0APPROVE", Name: "access-approvals", Members: []string{slacksim.BotUser}, ExtShared: true})
		}, terminal.ExitDone, []string{`^warning channel #access-approvals #access-approvals is shared with another company, whose people can read what Usher posts there: .* → name a channel of your own company`}},
		"another company is invited to the reports": {func(w *outset) {
			w.slack.AddChannel(slacksim.Channel{ID: "C0REPORTS", Name: "seat-reports", Members: []string{slacksim.BotUser}, PendingExtShared: true})
		}, terminal.ExitDone, []string{`^warning channel C0REPORTS #seat-reports: another company has been invited; once it accepts, its people can read .* → name a channel of your own company`}},
		"a channel's name in two workspaces": {func(w *outset) {
			w.slack.Behave(slacksim.Manners{OrgWide: true})
			w.slack.AddChannel(slacksim.Channel{ID: "C0TWIN", Name: "access-approvals", Team: "T0FAR", Members: []string{slacksim.BotUser}})
		}, terminal.ExitFailed, []string{`^failed channel #access-approvals more than one workspace of the organization has a channel of this name → put the id of the right one`}},
		"an organization's app that is in no workspace": {func(w *outset) { w.slack.Behave(slacksim.Manners{OrgWide: true, Nowhere: true}) }, terminal.ExitFailed,
			[]string{`^failed channel #access-approvals the app hasn't been added to any workspace of the organization → add it to a workspace`,
				`^failed group S0LEADS the app hasn't been added to any workspace of the organization → add it to a workspace`}},
		"Slack says nothing of scopes": {func(w *outset) { w.slack.Behave(slacksim.Manners{NoScopes: true}) }, terminal.ExitDone,
			[]string{`^warning scopes Slack didn't say which ones the bot token has → compare them with manifest.yml`}},
		"the scopes could not be asked for": {func(w *outset) {
			w.slack.Plan(slacksim.Fault{Method: "auth.test", Kind: slacksim.Status500, Skip: 2}) // after the two that say who the bot is
		}, terminal.ExitDone, []string{`^warning scopes call auth.test: HTTP 500 → see whether Slack can be reached`}},
		"admin unknown":     {func(w *outset) { w.config = strings.Replace(w.config, "U0ADMIN", "U0NOBODY", 1) }, terminal.ExitFailed, []string{`^failed admin U0NOBODY Slack doesn't know anybody`}},
		"admin deactivated": {func(w *outset) { w.config = strings.Replace(w.config, "U0ADMIN", "U0GONE", 1) }, terminal.ExitFailed, []string{`^failed admin U0GONE Hal Hart is deactivated → name somebody else`}},
		"admin is guest": {func(w *outset) { w.config = strings.Replace(w.config, "U0ADMIN", "U0GUEST", 1) }, terminal.ExitFailed,
			[]string{`^failed admin U0GUEST Gina Guest is a guest or from another workspace, and only members of this one can decide → name somebody else`}},
		"no admin is left": {func(w *outset) { w.config = strings.Replace(w.config, "[U0ADMIN]", "[U0GONE, U0GUEST]", 1) }, terminal.ExitFailed,
			[]string{`^failed admin U0GONE Hal Hart is deactivated`, `^failed admin U0GUEST Gina Guest is a guest`, `^failed admins none of them is an active member`}},
		"approver is guest": {func(w *outset) { w.config = strings.Replace(w.config, "U0BOB", "U0GUEST", 1) }, terminal.ExitFailed, []string{`^failed approver U0GUEST Gina Guest is a guest`}},
		"approver is bot": {func(w *outset) { w.config = strings.Replace(w.config, "U0BOB", slacksim.BotUser, 1) }, terminal.ExitFailed,
			[]string{`^failed approver ` + slacksim.BotUser + ` .* is a bot, and only people can decide`}},
		"group unknown": {func(w *outset) { w.config = strings.Replace(w.config, "S0LEADS", "S0NOBODY", 1) }, terminal.ExitFailed, []string{`^failed group S0NOBODY Slack doesn't know a user group`}},
		"a group that a policy asks about": {func(w *outset) {
			w.slack.AddGroup(slacksim.Group{ID: "S0IDLE", Handle: "idle"})
			w.slack.AddGroup(slacksim.Group{ID: "S0STAFF", Handle: "staff", Users: []string{"U0ALICE"}})
			w.config = strings.Replace(w.config, "policies:\n", "policies:\n  - name: staff\n    when: {requester_in: [S0STAFF, S0IDLE, S0LOST]}\n    refuse: \"No\"\n", 1)
		}, terminal.ExitFailed, []string{`^warning group S0IDLE has no members, so requester_in of policy "staff" holds for nobody in it`,
			`^failed group S0LOST Slack doesn't know a user group with this id, so what hangs on requester_in of policy "staff" is refused → correct it`}},
		"a group whose new members are offered a bundle": {func(w *outset) {
			w.slack.AddGroup(slacksim.Group{ID: "S0STAFF", Handle: "staff", Users: []string{"U0ALICE"}})
			w.config = strings.Replace(w.config, "policies:\n", "bundles:\n  starter:\n    joiners: [S0STAFF, S0LOST, workspace]\n    items: [{app: seranking, action: create, type: client}]\npolicies:\n", 1)
		}, terminal.ExitFailed, []string{`^failed group S0LOST Slack doesn't know a user group with this id, so nobody who joins it is offered bundle starter → correct it`}},
		"group empty": {func(w *outset) { w.slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads"}) }, terminal.ExitFailed,
			[]string{`^failed group S0LEADS has no members`, `^warning policy seats just as many can say yes as must \(1\), so nothing can be decided that one of them asks, or while one is away → name one more approver`}},
		"an approver who is alone, but it escalates": {func(w *outset) {
			w.slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads"})
			w.config = strings.Replace(w.config, "reports:", "    escalate_after: 3d\n    escalate_to: [U0ERIN]\nreports:", 1)
		}, terminal.ExitFailed, []string{`^failed group S0LEADS has no members`}},
		"nobody in a group can decide": {func(w *outset) {
			w.slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Users: []string{"U0GONE", "U0GUEST"}})
			w.config = strings.Replace(w.config, "[U0BOB, S0LEADS]", "[S0LEADS]", 1)
		}, terminal.ExitFailed, []string{`^failed group S0LEADS none of 2 members can decide: Hal Hart is deactivated; Gina Guest is a guest.* → add members of the workspace to it`,
			`^failed policy seats 1 must say yes, but nobody can`}},
		"a member nobody knows about": {func(w *outset) {
			w.slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Skip: 2}) // after the admin and the approver, who is in the group too
		}, terminal.ExitDone, []string{`^warning group S0LEADS at least 1 of 2 members can decide; not all could be looked at: call users.info: HTTP 500 → see whether Slack can be reached`}},
		"admin cannot be written to": {func(w *outset) {
			w.slack.AddUser(slacksim.User{ID: "U0ADMIN", Name: "carol", RealName: "Carol Chen", Unreachable: true})
		}, terminal.ExitDone, []string{`^warning admin U0ADMIN Carol Chen, but Usher can't open a direct message to them: Slack says user_not_visible → see in Slack`}},
		"approver cannot be written to": {func(w *outset) {
			w.slack.AddUser(slacksim.User{ID: "U0BOB", Name: "bob", RealName: "Bob Baker", Unreachable: true})
		}, terminal.ExitDone, []string{`^warning approver U0BOB Bob Baker, but Usher can't open a direct message to them: Slack says user_not_visible → see in Slack`}},
		"too few can decide": {func(w *outset) {
			w.config = strings.Replace(w.config, "[U0BOB, S0LEADS]", "[S0LEADS]\n        need: 3", 1)
		}, terminal.ExitFailed, []string{`^failed policy seats 3 must say yes, but only 2 can → name more approvers`}},
		"a second step that nobody can decide": {func(w *outset) {
			w.config = strings.Replace(strings.Replace(w.config, "[U0BOB, S0LEADS]", "[U0BOB, S0LEADS]\n      - approvers: [owners]", 1), "kind: seranking", "kind: seranking\n    owners: [U0GONE]", 1)
		}, terminal.ExitFailed, []string{`^warning configuration .*policy "seats" needs a yes from everybody its step 2 names \(U0GONE\)`, `^failed approver U0GONE Hal Hart is deactivated`, `^failed policy seats, step 2 1 must say yes, but nobody can → name more approvers`}},
		"nobody to escalate to can decide": {func(w *outset) {
			w.config = strings.Replace(w.config, "reports:", "    escalate_after: 3d\n    escalate_to: [U0GUEST]\nreports:", 1)
		}, terminal.ExitFailed, []string{`^failed approver U0GUEST Gina Guest is a guest`, `^failed policy seats, escalated 1 must say yes, but nobody can → name more approvers`}},
		"policy shadowed": {func(w *outset) {
			w.config = strings.Replace(w.config, "reports:", "  - {name: never, steps: [{approvers: [S0LEADS]}]}\nreports:", 1)
		}, terminal.ExitDone, []string{`^warning configuration usher.yml:14:5: policy "never" never gets a turn`}},
		"a post every minute": {func(w *outset) { w.config = strings.Replace(w.config, "0 9 * * MON", "* 9 * * MON", 1) }, terminal.ExitDone,
			[]string{`^warning configuration usher.yml:15:30: schedule is "\* 9 \* \* MON": the minute \* means 60 times an hour; write 0 for once, on the hour → change it`}},
		"a day and a weekday": {func(w *outset) { w.config = strings.Replace(w.config, "0 9 * * MON", "0 9 1-7 * MON", 1) }, terminal.ExitDone,
			[]string{`^warning configuration usher.yml:15:30: schedule is .*: with both a day of the month \(1-7\) and a weekday \(MON\) .* about 10 posts a month`}},
		"no policies": {func(w *outset) {
			w.config = w.config[:strings.Index(w.config, "policies:")] + w.config[strings.Index(w.config, "reports:"):]
		}, terminal.ExitDone, []string{`^warning configuration usher.yml:1:1: there are no policies`}},
		"vendor's key refused": {func(w *outset) { w.env["SERANKING_API_KEY"] = "00000000-0000-4000-8000-000000000000" }, terminal.ExitFailed,
			[]string{`^failed key of seranking .*not allowed.* → put a valid key into SERANKING_API_KEY`}},
		"log not signed": {func(w *outset) { delete(w.env, config.AuditKeyName) }, terminal.ExitDone,
			[]string{"^warning audit key the log isn't signed, only chained by hashes → `usher audit key --new` makes a key; put it in USHER_AUDIT_KEY$"}},
		"seats all used":    {func(w *outset) { w.config = strings.Replace(w.config, "seats: 25", "seats: 2", 1) }, terminal.ExitDone, []string{`^warning seats of seranking \d+ of 2 used → the next request for a seat will fail`}},
		"data is a file":    {func(w *outset) { w.data = filepath.Join(w.data, "f"); _ = os.WriteFile(w.data, nil, 0o600) }, terminal.ExitFailed, []string{`^failed data folder .*is not a folder → `}},
		"data below a file": {func(w *outset) { _ = os.WriteFile(w.data+"/f", nil, 0o600); w.data += "/f/data" }, terminal.ExitFailed, []string{`^failed data folder .*not a (folder|directory).* → `}},
		"database damaged": {func(w *outset) {
			_ = os.WriteFile(filepath.Join(w.data, bolt.File), []byte(strings.Repeat("x", 8192)), 0o600)
		}, terminal.ExitFailed, []string{`^failed database .* → restore a backup`}},
		"others may write": {func(w *outset) { _ = os.Chmod(w.data, 0o777) }, terminal.ExitFailed,
			[]string{`^failed data folder \S+ has mode 0777, so other accounts on this machine can change what's in it → chmod 700 \S+, then see with .usher audit verify.`}},
		"others may read": {func(w *outset) { _ = os.Chmod(w.data, 0o750) }, terminal.ExitDone,
			[]string{`^warning data folder \S+ can be written to, and has mode 0750, so other accounts on this machine can look into it → chmod 700 \S+$`}},
		"everything at once": {func(w *outset) {
			w.config = strings.Replace(strings.Replace(w.config, "U0ADMIN", "U0GONE", 1), "S0LEADS", "S0NOBODY", 1)
			w.env["SERANKING_API_KEY"] = "wrong-key"
		}, terminal.ExitFailed, []string{`admin U0GONE`, `group S0NOBODY`, `key of seranking`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // the client of the vendor keeps its real pace
			w := newOutset(t, slacksim.Options{})
			row.change(w)
			code, table := w.check(t)
			require.Equal(t, row.code, code, table)
			rows := troubles(table)
			require.Len(t, rows, len(row.says), table)
			for i, says := range row.says {
				require.Regexp(t, says, rows[i])
				require.Contains(t, rows[i], "→", "every row that is not ok says what to do")
			}
		})
	}
}

func TestCheckWhenNobodyAnswers(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	w.env["SLACK_API_URL"] = gone.URL + "/api/"
	code, table := w.check(t)
	require.Equal(t, terminal.ExitFailed, code)
	require.Regexp(t, `failed bot token .*cannot connect.* → see whether Slack can be reached`, table)
	require.Regexp(t, `failed app token .* → see whether Slack can be reached`, table)
	require.Contains(t, table, "ok key of seranking", "the vendor is asked all the same")
}

func TestCheckLegacyDialect(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	w.config = strings.Replace(w.config, "/v1", "/legacy\n    dialect: legacy", 1)
	w.env["SERANKING_API_KEY"] = w.vendor.Key(vendorsim.Legacy)
	code, table := w.check(t)
	require.Equal(t, terminal.ExitDone, code, table)
	require.Contains(t, table, "ok dialect of seranking legacy, as configured")
}

func TestCheckBesideARunningBot(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	db, err := bolt.Open(w.data, bolt.Options{LockWait: time.Second})
	require.NoError(t, err)
	code, table := w.check(t)
	require.NoError(t, db.Close())
	require.Equal(t, terminal.ExitDone, code)
	require.Equal(t, 1, len(troubles(table)))
	require.Contains(t, table, "warning database in use by another process, so it wasn't looked at → if that's `usher run`, all is well: `usher backup` proves what it keeps.")
	code, table = w.check(t)
	require.Equal(t, terminal.ExitDone, code)
	require.Contains(t, table, "ok database whole: every page, 0 requests, 0 promises, 0 audit entries")
}

// TestCheckWarnsOfALoopOfDeputies, of whom nobody decides: only a file that was put together otherwise has one.
func TestCheckWarnsOfALoopOfDeputies(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	away := func(who, deputy approvals.PersonID) approvals.Absence {
		return approvals.Absence{Person: who, Deputy: deputy, Since: time.Now(), Until: time.Now().Add(24 * time.Hour)}
	}
	for _, last := range []approvals.PersonID{"U0ERIN", "U0BOB"} {
		db, err := bolt.Open(w.data, bolt.Options{LockWait: time.Second})
		require.NoError(t, err)
		require.NoError(t, db.Update(context.Background(), func(tx approvals.Tx) error {
			return tx.KeepAbsences([]approvals.Absence{away("U0BOB", "U0DAVE"), away("U0DAVE", last)})
		}))
		require.NoError(t, db.Close())
		code, table := w.check(t)
		require.Equal(t, terminal.ExitDone, code, table)
		if last == "U0ERIN" {
			require.Empty(t, troubles(table))
			continue
		}
		require.Len(t, troubles(table), 1)
		require.Contains(t, table, "warning absences a loop of deputies, of whom nobody decides: U0BOB → U0DAVE → U0BOB → have one of them type `/access back`, or `/access away` with another deputy")
	}
}
