package commands

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/test/values"
)

// TestAskingPutsExactlyWhatWasTypedOnTheTable: for who sees what vendors hold, websites are found at once, from
// memory; for everybody else they stay the words that were typed. Which account is meant is read afterwards.
func TestAskingPutsExactlyWhatWasTypedOnTheTable(t *testing.T) {
	v := smallCompany(t)
	for typed, want := range map[string]struct {
		action approvals.Action
		change approvals.Change
		words  []string
	}{
		"create jane@acme.example Jane Doe because x": {action: catalog.Create, change: approvals.Change{Email: "jane@acme.example", FirstName: "Jane", LastName: "Doe", Values: values.Of{Type: "client"}.Values()}},
		"create <@U0CAROL|carol> Carol type=user lang=DE access=report_sheduled,REPORT-MANUAL,report_manual amount=0 period=week because x": {action: catalog.Create, change: approvals.Change{Email: "carol@acme.example", Person: "U0CAROL", FirstName: "Carol", Values: values.Of{Type: "user", Lang: "de", Access: []string{"report_scheduled", "report_manual"}, HasAccess: true, Amount: 0, Period: "week", HasLimit: true}.Values()}},
		"create jane@acme.example Jane access=none app=SERANKING because x":                                                                 {action: catalog.Create, change: approvals.Change{Email: "jane@acme.example", FirstName: "Jane", Values: values.Of{Type: "client", HasAccess: true}.Values()}},
		"share ann@ACME.example globex.example, 2024,2024 because x":                                                                        {catalog.Share, approvals.Change{Email: "ann@acme.example", Values: values.Of{Sites: []catalog.Item{v.sites[2], v.sites[5]}}.Values()}, []string{"globex.example", "2024", "2024"}},
		"share ann@acme.example http://rock.example/path?x=1 because x":                                                                     {catalog.Share, approvals.Change{Email: "ann@acme.example", Values: values.Of{Sites: v.sites[4:5]}.Values()}, []string{"http://rock.example/path?x=1"}},
		"unshare ann@acme.example #39 because x":                                                                                            {catalog.Unshare, approvals.Change{Email: "ann@acme.example", Values: values.Of{Sites: v.sites[:1]}.Values()}, []string{"#39"}},
		"update ann@acme.example access=audit_website because x":                                                                            {action: catalog.Update, change: approvals.Change{Email: "ann@acme.example", Values: values.Of{Access: []string{"audit_website"}, HasAccess: true}.Values()}},
		"update ann@acme.example access=none amount=7 period=Day because x":                                                                 {action: catalog.Update, change: approvals.Change{Email: "ann@acme.example", Values: values.Of{HasAccess: true, Amount: 7, Period: "day", HasLimit: true}.Values()}},
		"delete <@U0DAVE|dave> because x":                                                                                                   {action: catalog.Delete, change: approvals.Change{Email: "dave@acme.example", Person: "U0DAVE"}},
	} {
		for _, who := range []approvals.PersonID{"U0CAROL", "U0ALICE"} {
			t.Run(typed+" by "+string(who), func(t *testing.T) {
				w := newWorld(t)
				said := w.says2(who, typed, "T.1")
				require.Contains(t, said, "#1 sent: ")
				require.Contains(t, said, "| @U0BOB or anyone in @S0LEADS can approve it until 2026-11-30 12:00 UTC. I'll message you.")
				require.Contains(t, said, "Changed your mind? /access cancel 1")
				r, change := w.only(), want.change
				if who == "U0ALICE" {
					change.Values = asTyped(change.Values, want.words)
				}
				require.Equal(t, want.action, r.Action)
				require.Equal(t, change, r.Change)
				require.Equal(t, who == "U0ALICE", r.Said.Blind)
				require.Equal(t, want.words, typedSites(r.Said.Typed))
				require.Equal(t, approvals.SeatCount{Used: 3, Of: 25, At: noon.Add(-2 * time.Minute)}, r.Seats)
				require.Equal(t, approvals.Look{Owed: want.action != catalog.Create}, *r.Look)
				require.Equal(t, approvals.Origin{Key: "T.1", Team: "T0", Channel: "C0GENERAL", Surface: "slack"}, r.Origin)
				require.Equal(t, "x", r.Reason)
				require.Equal(t, who, r.Requester)
				require.Equal(t, [2]string{"seranking", "SE Ranking"}, [2]string{r.App.ID, r.App.Name})
				require.Equal(t, 1, w.woken)
				require.Zero(t, w.vendor.read, "no vendor is waited for")
			})
		}
	}
}

// asTyped is v with its websites in the words that were typed.
func asTyped(v catalog.Values, words []string) catalog.Values {
	if words == nil {
		return v
	}
	return v.With(catalog.Value{Key: "sites", Typed: words})
}

// typedSites are the websites that are still the words that were typed.
func typedSites(v catalog.Values) []string {
	value, _ := v.Get("sites")
	return value.Typed
}

// refusals are commands that cannot be carried out, each with what its answer says.
var refusals = map[string]struct {
	typed string
	as    approvals.PersonID // Carol where it is left out, who sees what vendors hold
	set   func(*world)
	want  []string
}{
	"seat exists":            {typed: "create ANN@acme.example Ann because x", want: []string{"ANN@acme.example already has a seat in SE Ranking", "/access share"}},
	"user seat exists":       {typed: "create ulf@acme.example Ulf because x", want: []string{"conflict: ", "user seat in SE Ranking, which sees every website"}},
	"no such account":        {typed: "share jane@acme.example 39 because x", want: []string{"not_found: SE Ranking has no account for jane@acme.example (read 2026-11-23 11:58 UTC), so nothing was sent. /access create jane@acme.example FIRST because … asks for one. /access accounts shows who has one."}},
	"no account to change":   {typed: "update jane@acme.example access=none because x", want: []string{"not_found: SE Ranking has no account for jane@acme.example (read 2026-11-23 11:58 UTC), so nothing was sent. Please check the address."}},
	"no account to remove":   {typed: "delete jane@acme.example because x", as: "U0CAROL", want: []string{"not_found: SE Ranking has no account for jane@acme.example (read 2026-11-23 11:58 UTC), so nothing was sent. Please check the address. /access accounts shows who has one."}},
	"address misspelt":       {typed: "delete anne@acme.example because x", as: "U0ERIN", want: []string{"SE Ranking has no account for anne@acme.example (read 2026-11-23 11:58 UTC), so nothing was sent. Did you mean Ann@acme.example?\n> /access delete Ann@acme.example because x\n"}},
	"address in a share":     {typed: "share anne@acme.example 41 because anne@acme.example audits it", as: "U0CAROL", want: []string{"Did you mean Ann@acme.example?\n| /access create anne@acme.example FIRST because … asks for a new one.\n> /access share Ann@acme.example 41 because anne@acme.example audits it\n"}},
	"address in an unshare":  {typed: "unshare anne@acme.example 39 because x", as: "U0BOB", want: []string{"Did you mean Ann@acme.example?\n> /access unshare Ann@acme.example 39 because x\n"}},
	"shared with a user":     {typed: "share ulf@acme.example 39 because x", want: []string{"conflict: ", "sees every website", "nothing was sent"}},
	"unshared from a user":   {typed: "unshare ulf@acme.example 39 because x", want: []string{"conflict: ", "changes nothing"}},
	"two of one name":        {typed: "share ann@acme.example globex because x", want: []string{"“globex” could be any of 2 websites", "Globex – globex.test (#42) · paused", "> /access share ann@acme.example 41 because x\n> /access share ann@acme.example 42 because x"}},
	"many of one part":       {typed: "share ann@acme.example example because x", want: []string{"could be any of 5 websites", "> /access share ann@acme.example <number> because x"}},
	"page of two websites":   {typed: "share ann@acme.example https://www.globex.test/de?x=1 because x", set: func(w *world) { w.vendor.sites[2].Host = "globex.test" }, want: []string{"“https://www.globex.test/de?x=1” could be any of 2 websites", "> /access share ann@acme.example 41 because x\n> /access share ann@acme.example 42 because x"}},
	"site misspelt":          {typed: "share ann@acme.example 39,globx.test because x", want: []string{"no website “globx.test”", "Did you mean", "> /access share ann@acme.example 39,42 because x"}},
	"site unknown":           {typed: "share ann@acme.example zzzzzz because x", want: []string{"no website “zzzzzz” among its 6"}},
	"site number unknown":    {typed: "share ann@acme.example #77 because x", want: []string{"no website “#77”"}},
	"commas forgotten":       {typed: "share ann@acme.example rock.example globex.test because x", want: []string{"> /access share ann@acme.example rock.example,globex.test because x"}},
	"permission misspelt":    {typed: "update ann@acme.example access=report_manul because x", want: []string{"I don't know the permission report_manul. Did you mean report_manual?", "> /access update ann@acme.example access=report_manual because x"}},
	"permission unknown":     {typed: "update ann@acme.example access=everything_there_is because x", want: []string{"Known permissions: report_manual, report_scheduled, audit_website, hide_search_volume.", "> /access update ann@acme.example access=report_manual because x"}},
	"one of them unknown":    {typed: "update ann@acme.example access=everything_there_is,audit_website,report_schedule because x", want: []string{"I don't know the permission everything_there_is, so", "> /access update ann@acme.example access=audit_website,report_scheduled because x"}},
	"misspelt as in a name":  {typed: "create audit_websit@acme.example Jane access=audit_websit because x", want: []string{"Did you mean audit_website?", "> /access create audit_websit@acme.example Jane access=audit_website because x"}},
	"restriction on a user":  {typed: "update ulf@acme.example access=hide_search_volume because x", want: []string{"invalid: ", "works on client seats"}},
	"restriction on new":     {typed: "create jane@acme.example Jane type=user access=hide_search_volume because x", want: []string{"invalid: "}},
	"app misspelt":           {typed: "create jane@acme.example Jane app=serankin because x", want: []string{"Did you mean seranking?", "> /access create jane@acme.example Jane app=seranking because x"}},
	"app unknown":            {typed: "delete ann@acme.example app=github because x", want: []string{"I don't know the app “github”. I have: seranking."}},
	"no app":                 {typed: "delete ann@acme.example because x", set: func(w *world) { w.vendor.apps = nil }, want: []string{"unavailable: No app is set up"}},
	"seat for who has left":  {typed: "create <@U0GONE> Hal because x", want: []string{"invalid: @U0GONE's Slack account is deactivated", "type the e-mail address instead of the name", "nothing was sent"}},
	"site for who has left":  {typed: "share <@U0GONE> 39 because x", set: hired, want: []string{"invalid: @U0GONE's Slack account is deactivated"}},
	"person without e-mail":  {typed: "create <@U0MUTE> Mute because x", want: []string{"invalid: Slack doesn't show me an e-mail address for @U0MUTE", "Please type the address"}},
	"person with a bad one":  {typed: "create <@U0ODD> Odd because x", want: []string{"invalid: @U0ODD's address in Slack, “not an address”"}},
	"a bot":                  {typed: "create <@U0BOT> Bot because x", want: []string{"invalid: @U0BOT is an app"}},
	"person not found out":   {typed: "create <@U0BOB> Bob because x", set: func(w *world) { w.dir.down = true }, want: []string{"cannot_tell: I couldn't check with Slack who you are"}},
	"requester is a guest":   {typed: "create jane@acme.example Jane because x", as: "U0GUEST", want: []string{"not_allowed: Only full members"}},
	"requester not known":    {typed: "create jane@acme.example Jane because x", set: func(w *world) { w.dir.down = true }, want: []string{"cannot_tell: "}},
	"no policy":              {typed: "create jane@acme.example Jane because x", set: func(w *world) { w.Desk.Policies = nil }, want: []string{"not_allowed: No policy"}},
	"only approver is asker": {typed: "create jane@acme.example Jane because x", as: "U0BOB", set: func(w *world) { w.Desk.Policies[0].Approvers = []string{"U0BOB"} }, want: []string{"not_allowed: You're the only approver for"}},
}

// TestRefusals: each is answered with a sentence, and nothing is on the table afterwards.
func TestRefusals(t *testing.T) {
	for name, row := range refusals {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if row.set != nil {
				row.set(w)
			}
			said := w.says(approvals.PersonID(or(string(row.as), "U0CAROL")), row.typed)
			for _, want := range row.want {
				require.Contains(t, said, want)
			}
			require.Empty(t, w.book.requests)
			require.Zero(t, w.woken)
		})
	}
}

// TestSuggestionsWork types every line that any answer of the tables in testdata offers, and expects it
// to be read. How to write a verb is shown in place of a line only to whoever wrote nothing that could
// stand in one, or too much of it.
func TestSuggestionsWork(t *testing.T) {
	tables, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	tried := 0
	for _, path := range tables {
		table, err := txtar.ParseFile(path)
		require.NoError(t, err)
		for _, row := range table.Files {
			typed, _, _ := strings.Cut(string(row.Data), "\n=>\n")
			cmd, answer := parsed(typedText(t, typed))
			if cmd != nil || strings.HasPrefix(typed, "help") {
				continue
			}
			for _, offered := range answer.Examples {
				if slices.ContainsFunc(words().guides(), func(g guide) bool { return g.usage != "" && offered == g.line() }) {
					require.True(t, len(strings.Fields(typed)) == 1 || len(offered) > 700, "%q is answered with %q", typed, offered)
					continue
				}
				tried++
				cmd, again := parsed(filled(offered))
				require.True(t, cmd != nil || strings.HasPrefix(offered, "/access help"), "%q is answered with %q, and that with %s", typed, offered, told(cmd, again))
			}
		}
	}
	t.Logf("%d lines were offered", tried)
	require.Greater(t, tried, 60)
}

// filled is a line that was offered for copying, with its places filled, as Slack would send it.
func filled(offered string) string {
	line := strings.NewReplacer("<why>", "she asked", "<e-mail address>", "jane@acme.example", "<first name>", "Jane", "<last name>", "Doe",
		"<website>", "acme.example", "<number>", "39").Replace(offered)
	return strings.ReplaceAll(entitiesOf(line), " @jane ", " <@U0JANE|jane> ")
}

// TestRefusalsOfferWhatIsRead types every line that any row of refusals offers.
func TestRefusalsOfferWhatIsRead(t *testing.T) {
	tried := 0
	for name, row := range refusals {
		w := newWorld(t)
		if row.set != nil {
			row.set(w)
		}
		reply, _ := w.Do(t.Context(), Call{Text: row.typed, User: approvals.PersonID(or(string(row.as), "U0CAROL"))}, noon)
		for _, offered := range reply.Examples {
			tried++
			cmd, again := parsed(filled(offered))
			require.NotNil(t, cmd, "%s: %q is answered with %q, and that with %s", name, row.typed, offered, told(cmd, again))
		}
	}
	t.Logf("%d lines were offered", tried)
	require.Greater(t, tried, 12)
}

// TestOfferedOnesAreAccepted types what refusals of the house offer, and expects something to be asked.
func TestOfferedOnesAreAccepted(t *testing.T) {
	for typed, lines := range map[string]int{
		"share ann@acme.example globex because x":                                              2,
		"share ann@acme.example example because x":                                             1,
		"share ann@acme.example 40,globx.test because x":                                       1,
		"share ann@acme.example rock.example globex.test because x":                            1,
		"share ann@acme.example https://www.globex.example/a,glbex.example because x":          1,
		"update ann@acme.example access=report_manul because x":                                1,
		"update ann@acme.example access=everything_there_is because x":                         1,
		"update ann@acme.example report_manual because x":                                      1,
		"update ann@acme.example all of it because x":                                          1,
		"create audit_websit@acme.example Jane access=audit_websit,report_manul,zzz because x": 1,
		"create jane@acme.example Jane app=serankin because x":                                 1,
		"create jane@acme.example Jane type=admin because x":                                   2,
	} {
		w := newWorld(t)
		reply, err := w.Do(t.Context(), Call{Text: typed, User: "U0CAROL"}, noon)
		require.NoError(t, err, typed)
		require.Empty(t, w.book.requests, typed)
		require.Len(t, reply.Examples, lines, "%q: %s", typed, says(reply))
		for _, offered := range reply.Examples {
			require.Contains(t, newWorld(t).says("U0CAROL", strings.ReplaceAll(offered, "<number>", "41")), "#1 sent: ", "%q offers %q", typed, offered)
		}
	}
}

// hired gives somebody who has left the company the account they once had.
func hired(w *world) {
	w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: "4", Email: "hal@acme.example", Sort: "client"})
	w.vendor.shared["4"] = w.vendor.sites[:1]
}

// TestWhoHasLeft: taking away needs no remark; whatever else is asked for them gets one.
func TestWhoHasLeft(t *testing.T) {
	for typed, remark := range map[string]bool{
		"delete <@U0GONE> because x": false, "unshare <@U0GONE> 39 because x": false,
		"update <@U0GONE> access=none because x": true, "update hal@acme.example access=none because x": false,
		"share hal@acme.example 41 because x": false,
	} {
		w := newWorld(t)
		hired(w)
		said := w.says("U0ALICE", typed)
		require.Contains(t, said, "#1 sent: ", typed)
		require.Equal(t, remark, strings.Contains(said, "| @U0GONE's Slack account is deactivated.\n"), "%q: %s", typed, said)
	}
	w := newWorld(t)
	require.Contains(t, w.says("U0ALICE", "create hal@acme.example Hal because he comes back"), "#1 sent: ")
	w = newWorld(t)
	hired(w)
	require.Contains(t, w.says("U0ALICE", "update <@U0GONE> access=report_manual because x"), "account is deactivated, so nothing was sent")
}

// TestAskingWaitsForNoVendor: whatever the vendor does, a request is taken down with what is remembered, and what
// is not known, or old, is read afterwards.
func TestAskingWaitsForNoVendor(t *testing.T) {
	for typed, words := range map[string][]string{
		"create ann@acme.example Ann because x": nil, "share ann@acme.example 39,globex because x": {"39", "globex"}, "unshare nobody@acme.example zzz because x": {"zzz"},
		"update nobody@acme.example access=none because x": nil, "delete nobody@acme.example because x": nil,
	} {
		for _, who := range []approvals.PersonID{"U0CAROL", "U0ALICE"} {
			for name, set := range map[string]func(w *world){
				"nothing is known":  func(w *world) { w.vendor.forgotten = true },
				"the lists are old": func(w *world) { w.vendor.seatsErr, w.vendor.sitesErr = errVague, errVague },
			} {
				w := newWorld(t)
				set(w)
				require.Contains(t, w.says(who, typed), "#1 sent", "%q by %s: %s", typed, who, name)
				r := w.only()
				require.Equal(t, approvals.Look{Owed: true}, *r.Look)
				require.Equal(t, words, typedSites(r.Change.Values))
				require.Equal(t, w.vendor.forgotten, r.Seats.At.IsZero(), "with its age")
				require.Zero(t, w.vendor.read)
				require.True(t, slices.ContainsFunc(w.book.promises, func(c outbox.Change) bool { return c.Put != nil && c.Put.Key == "look/1" }))
			}
		}
	}
}

// TestWhatAListLacksIsReadBehind: who sees what vendors hold is told what a good list says, with its age, and the
// next one is told anew.
func TestWhatAListLacksIsReadBehind(t *testing.T) {
	for _, typed := range []string{"create ann@acme.example Ann because x", "delete nobody@acme.example because x", "share ann@acme.example zzzzz because x"} {
		w := newWorld(t)
		w.says("U0CAROL", typed)
		require.Empty(t, w.book.requests, typed)
		require.Equal(t, 1, w.vendor.renewed, typed)
		require.Zero(t, w.vendor.read, typed)
	}
}

func TestARedeliveryGetsTheSameAnswer(t *testing.T) {
	w := newWorld(t)
	first := w.says2("U0ALICE", "create jane@acme.example Jane because x", "T.1")
	w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: "9", Email: "jane@acme.example"})
	require.Equal(t, first, w.says2("U0ALICE", "create jane@acme.example Jane because x", "T.1"))
	require.Contains(t, w.says2("U0ALICE", "create jane@acme.example Jane because x", "T.2"), "conflict: ")
	w.only()
	r := w.only()
	r.State, r.DecidedBy, r.Decided = approvals.Denied, "U0BOB", noon
	w.book.requests[1] = r
	require.Contains(t, w.says2("U0ALICE", "create jane@acme.example Jane because x", "T.1"), "[#1 denied]")
}

func TestTheRequesterIsNotNamedAmongTheDeciders(t *testing.T) {
	w := newWorld(t)
	w.Desk.Policies[0].Need = 2
	said := w.says("U0BOB", "create jane@acme.example Jane because x")
	require.Contains(t, said, "| Anyone in @S0LEADS can approve it until 2026-11-30 12:00 UTC; 2 of them must say yes.")
	require.NotContains(t, said, "U0BOB")
}

func TestWhichAppIsMeant(t *testing.T) {
	w := newWorld(t)
	w.vendor.apps = []approvals.App{{ID: "other", Name: "Other"}, {ID: "seranking", Name: "SE Ranking"}, {ID: "third", Name: "Third App"}}
	for typed, want := range map[string]string{"": "seranking", "OTHER": "other", "third app": "third"} {
		app, err := w.app(typed, pending{})
		require.NoError(t, err)
		require.Equal(t, want, app.ID, typed)
	}
	w.vendor.apps = w.vendor.apps[:1]
	app, err := w.app("", pending{})
	require.NoError(t, err)
	require.Equal(t, "other", app.ID)
}
