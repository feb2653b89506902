package talks

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

func TestMain(m *testing.M) { world.Main(m) }

var onlyTalk = flag.String("talk", "", "run only the talks whose name contains this")

// TestTalks plays each conversation in testdata/talks. A talk is a text archive: the comment on top
// says what it shows and may be followed by the file usher.yml (another configuration than the
// demo's) and the file lives (which lives of former programs it goes on from, see lives_test.go); the
// file talk holds one line an act:
//
//	alice types /access …              she sends a slash command in #general ("alice types in dm …", "… in C0REPORTS …"); ⏎ begins a line
//	alice sees "words" …               the next private answer to her holds these words
//	alice is told "words" … · nothing  one of the direct messages to her that nobody has expected yet does; there is none
//	bob is asked "words" … · nothing   the next one that asks him to decide does; each is held to what is so anyway
//	alice clicks Approve on card 1     a button of a card; "on her message" is the last direct message to her
//	carol clicks "Try again" on her message of 3       the last of these about that request
//	bob double-clicks Ask on card 1    twice at once
//	alice clicks "Leave it" on her answer     a button of the last private answer to her; "on her form" of the form that is open
//	alice clicks Approve on old card 1 the button as it was before the card changed (a phone that lags)
//	bob chooses Done of step 2 on task 1     from the menu beside it; "of request 1": where his phone still shows one
//	alice clicks "Take it" on task 1   a button of the message that shows a task where the cards are
//	bob clicks "Mend one of them…" on the report     a button of the first report in its channel
//	alice garbles                      her form arrives with its fields as an empty list, as PHP writes an empty map
//	alice reads "words" …              the form that is open says these words, under its fields too; "reads nothing": none is
//	alice fills "Who is it for?" "Colleagues"     she fills in what has that label, with text (⏎ begins a line) or an option's; "Colleagues" "bob" "dave"
//	erin adds "Member list" "members.csv" "Email⏎…"      a file, for a field that takes one; "11 MB": one so large
//	alice searches "Websites" "acme" finds "words" … · nothing     what a menu offers as she types
//	alice picks "Websites" "acme" ["Acme UK"]      she searches, and picks the first so called, beside what is picked there
//	alice sends · sends twice · sends from version 9       the form as it is filled in; twice at once; as another program drew it
//	alice uses "Ask for access" · "Ask for their access" on bob's message     a shortcut; on his last message in #general
//	dave writes under card 1 "text" · to all "text"      in its thread, and also to the channel
//	dave rewrites "text" as "text" · dave deletes "text"     what he wrote there
//	alice opens the form               by the button of the last private answer to her
//	erin opens home                    she opens Usher's Home
//	erin's home says "words" …         what stands on it now; "erin has no home"
//	erin's home offers "Ask for access" Approve Deny Edit Ask       its buttons, exactly; "offers nothing"
//	erin clicks Approve on home of 3   its button about that request; without "of 3" the first of that label
//	erin clicks "End now" on old home of 3     a button that her Home had when it was last held to what it offers
//	erin's home is lost                Slack forgets what was published there
//	alice leaves · alice returns       her account in Slack is deactivated, or activated again
//	bob sets his status ":palm_tree:" "Vacationing" ["2h"]      beside his name in Slack
//	alice submits "text"               she fills in the form that is open
//	carol has "words" … offers nothing     her latest direct message as it stands by now, and its buttons
//	card 1 says "words" …              the card of request 1, as it stands now
//	card 1 asks "words" before Approve its button asks back with these words; "asks nothing before Deny"
//	card 1 offers Approve Deny Edit Ask     its buttons, exactly, in quotes where one has spaces; "offers nothing"
//	task 1 says "words" … · task 1 offers "Put back" …     so it is with the message of a task; "task 1 lacks": there is none
//	channel C0REPORTS says "words" …   the next message there
//	digest says "words" …              the next digest: it lists exactly the accounts blocked at the vendor's
//	alice follows 1 "words" …          the one message that shows her how far the task is; "alice follows 1 nothing": there is none
//	request 1 is done                  its state
//	vendor has jane@acme.example 101 102     an account with exactly these sites shared; "vendor lacks ADDRESS"
//	vendor adds ADDRESS [user] [owns N] [101 102] · vendor fails OP KIND [before|after] [times N] · vendor heals
//	vendor grants ADDRESS add_website        an account with exactly these permissions; "vendor drops CODE": it never takes that one
//	vendor takes integer-adds                how it takes shares; also integer-replaces, object, array
//	okta has ADDRESS … · okta off|on|deletes ADDRESS · okta renames ADDRESS ADDRESS     a directory beside Slack, where usher.yml names one
//	okta tells nobody|half|twice · okta fails 401 · okta heals     how it answers
//	files "weekly.xlsx" …              what was added to its thread last, by name; "files" alone: nothing; "files bob …": to his last report
//	vendor digest 250 17               so many accounts, of them so many blocked; "vendor removes|blocks|unblocks ADDRESS"
//	vendor replaces ADDRESS · vendor retypes ADDRESS user · vendor rehosts 103 other.example     what changes hands
//	vendor hands 106 ADDRESS · vendor hands 106 over     a website is an account's own now, or the main account's
//	vendor sets ADDRESS audit_website,add_website 20 week      its permissions and its money limit
//	vendor closes 106                        a website is deleted
//	vendor effects create 1            how often that operation changed anything
//	vendor units 48000 · vendor units "<html>"        the unit balance, or what is answered in its place
//	vendor seats 9                     how many seats may exist
//	alice clicks Approve on lost card 1      the card of the request that had this number before "lose data"
//	lose data                                the data folder is gone, and the next life begins with a fresh one
//	slack recycles|cuts [every 2s]           both connections, once or until "slack stops"; "slack off|on" is Socket Mode
//	slack fails METHOD KIND [before|after] [times N] · slack delays METHOD 20s      it takes the call in late
//	slack empties S0LEADS              nobody is in that user group any more; "slack joins S0LEADS bob erin": these are
//	slack disbands S0LEADS             that user group is turned off: Slack has none by that id any more
//	slack field Xf1 user Manager [protected]         profiles have that field, of people or "text"; "slack drops Xf1"
//	slack names Xf1 of alice bob             what her profile holds there; also "words", or nobody
//	slack loses the next ack           it never hears that something was received
//	slack hires jane Jane Doe jane@acme.example [guest|bot]      somebody new in the workspace
//	slack kicks C0GENERAL              the bot is taken out of that channel
//	slack archives C0REPORTS           "slack moves dave Asia/Tokyo": his profile has another zone
//	slack is org-wide|grid|terse|fileless       installed for an organization, in a workspace of one, or answering with the least there is, or taking no files
//	root approves 1 "words" …     at the machine, which answers with these words
//	root imports seranking "Email⏎…"  a member list, compared at the machine
//	root forgets jane@acme.example ["words" …]       which the machine refuses with these words; "root lacks forgotten "words" …": they're kept nowhere
//	wait 72h · stop · start · crash · configure "was" "is" (usher.yml, read again) · log "words" (an error line that is expected)
//
// "!words" means that the words must not be there. Three laws hold at the end of every talk: a message
// nobody expected fails it, an error in the log nobody announced fails it, and the database is checked.
func TestTalks(t *testing.T) {
	files, err := filepath.Glob("testdata/talks/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if !strings.Contains(name, *onlyTalk) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			config, lines, lives := demo.Config, []string(nil), []string{""}
			for _, f := range txtar.Parse(raw).Files {
				switch f.Name {
				case "usher.yml":
					config = string(f.Data)
				case "lives":
					lives = strings.Fields(string(f.Data))
				case "talk":
					lines = strings.Split(string(f.Data), "\n")
				}
			}
			require.NotEmpty(t, lines, "the archive has no file called talk")
			pace.Lives(t, lived(t, lines))
			for _, life := range lives {
				inLife(t, config, life, func(k *talk) {
					k.play(lines)
					k.traced(life == "" && !slices.Contains(lines, "crash"))
				})
			}
		})
	}
}

// talk is one conversation being played.
type talk struct {
	*world.World
	line string
	// seen are the messages somebody expected, by channel and ts.
	seen map[string]bool
	// old is each card as it stood when it was last looked at.
	old map[int64]slacksim.Message
	// oldHomes are people's Homes as they were when their buttons were last looked at.
	oldHomes map[string]slacksim.View
	// lost is what old was when the data folder was lost.
	lost map[int64]slacksim.Message
	// troubling ends what Slack does every so often; nil: nothing.
	troubling chan struct{}
	// blocked are the addresses of the accounts that are blocked by limits, as the talk has seeded them.
	blocked []string
}

var words = regexp.MustCompile(`"([^"]*)"|(\S+)`)

func (k *talk) play(lines []string) {
	k.T.Helper()
	if len(k.N.Vendor.Accounts()) == 0 {
		vendorsim.SeedDemo(k.N.Vendor)
	}
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k.line = fmt.Sprintf("line %d: %s", i+1, line)
		if k.App == nil && !slices.Contains([]string{"start", "wait", "vendor", "okta", "slack"}, strings.Fields(line)[0]) && !strings.HasSuffix(line, " leaves") {
			k.Start()
		}
		k.act(line)
	}
	k.laws()
}

// laws are what holds at the end of every talk.
func (k *talk) laws() {
	k.T.Helper()
	k.Check()
	for _, c := range k.N.Slack.Channels() {
		for _, m := range k.N.Slack.Messages(c.ID) {
			k.questions(m)
			if m.User == slacksim.BotUser && !k.seen[m.Channel+m.TS] && !k.asking(m) && !k.following(m) && !k.filed(m) {
				k.T.Errorf("nobody expected this message in %s:\n%s", c.ID, slacksim.PlainText(m))
			}
		}
	}
	for _, u := range k.N.Slack.Users() {
		for _, m := range k.N.Slack.Ephemerals(u.ID) {
			if !k.seen[m.Channel+m.TS] {
				k.T.Errorf("nobody expected this private answer to %s:\n%s", u.ID, slacksim.PlainText(m))
			}
		}
	}
	require.Empty(k.T, k.Logs.Take(), "errors that nobody announced")
}

// act does one line.
func (k *talk) act(line string) {
	k.T.Helper()
	f := strings.Fields(line)
	switch f[0] {
	case "wait":
		d, err := config.ParseDuration(f[1])
		require.NoError(k.T, err, k.line)
		k.Pass(d)
	case "start", "stop", "crash", "configure":
		k.lives(f[0], line)
	case "lose":
		k.Lose()
		k.lost, k.old = k.old, map[int64]slacksim.Message{}
	case "log":
		got := strings.Join(k.Logs.Take(), "\n")
		k.holds(got, line[len("log"):])
	case "card":
		k.card(k.number(f[1]), f[2], line)
	case "task":
		k.task(k.number(f[1]), f[2], line)
	case "channel":
		k.next(k.N.Slack.Messages(f[1]), line[strings.Index(line, "says")+4:])
	case "files":
		k.files(f, quoted(line[strings.Index(line+`"`, `"`):]))
	case "digest":
		k.digest(after(line, " says "))
	case "request":
		r, err := k.App.Desk.Request(context.Background(), k.number(f[1]))
		require.NoError(k.T, err, k.line)
		require.Equal(k.T, approvals.State(strings.Join(f[3:], " ")), r.State, k.line)
	case "vendor":
		k.vendor(f[1:])
	case "okta":
		k.okta(f[1:])
	case "slack":
		k.slack(f[1:])
	case "root":
		k.root(f[1:], quoted(after(line, f[2])))
	default:
		if !k.home(f, line) {
			k.person(person(f[0]), f[1:], line)
		}
	}
}

// person finds a member by the name they have in talks.
func person(name string) string {
	if name == "carol" {
		return "U0ADMIN"
	}
	return "U0" + strings.ToUpper(name)
}

func (k *talk) person(id string, f []string, line string) {
	k.T.Helper()
	_, known := k.N.Slack.User(id)
	require.True(k.T, known, "%s: there is no %s", k.line, id)
	switch {
	case f[0] == "types":
		k.types(id, f, line)
	case f[0] == "sees":
		k.next(k.N.Slack.Ephemerals(id), after(line, " sees "))
	case f[0] == "follows":
		k.follows(id, after(line, " follows "))
	case f[0] == "has":
		k.has(id, after(line, " has "))
	case f[0] == "is" && f[1] == "asked" && f[2] == "nothing":
		k.Pass(10 * time.Second)
		for _, m := range world.ToApprover(k.N.Slack.DM(id), true) {
			require.True(k.T, k.seen[m.Channel+m.TS], "%s: they are: %s", k.line, m.Text)
		}
	case f[0] == "is" && f[2] == "nothing":
		k.Pass(10 * time.Second)
		for _, m := range k.direct(id) {
			require.True(k.T, k.seen[m.Channel+m.TS] || m.User != slacksim.BotUser, "%s: they are: %s", k.line, m.Text)
		}
	case f[0] == "is" && f[1] == "asked":
		k.next(world.ToApprover(k.N.Slack.DM(id), true), after(line, " asked "))
	case f[0] == "is":
		k.told(k.direct(id), after(line, " told "))
	case f[0] == "writes", f[0] == "rewrites", f[0] == "deletes":
		k.thread(id, f, quoted(line[strings.Index(line, `"`):]))
	case f[0] == "sets":
		k.setsStatus(id, quoted(line[strings.Index(line, `"`):]))
	case f[0] == "leaves", f[0] == "returns":
		k.N.Slack.Deactivate(id, f[0] == "leaves")
	case f[0] == "clicks":
		k.pressed(k.presses(id, after(line, " clicks ")))
	case f[0] == "chooses":
		k.chooses(id, after(line, " chooses "))
	case f[0] == "double-clicks":
		twice := k.presses(id, after(line, " double-clicks "))
		k.pressed(k.presses(id, after(line, " double-clicks ")))
		k.pressed(twice)
	case f[0] == "garbles":
		k.N.Slack.Garbled(id, "", func(p map[string]any) { p["view"].(map[string]any)["state"] = map[string]any{"values": []any{}} }).Wait()
	case f[0] == "reads" && f[1] == "nothing":
		require.Empty(k.T, k.N.Slack.Views(id), k.line)
	case f[0] == "reads":
		v := k.form(id)
		k.holds(slacksim.ViewText(v)+fmt.Sprint(v.Errors)+filledIn(v), after(line, " reads "))
	case formActs[f[0]] != nil:
		formActs[f[0]](k, id, f[1:], line)
	case f[0] == "submits":
		k.submits(id, after(line, " submits "))
	default:
		k.T.Fatalf("%s: nobody can do that", k.line)
	}
	k.Pass(10 * time.Second)
}

func after(line, mark string) string { return line[strings.Index(line, mark)+len(mark):] }

// holds checks the quoted words of a line against a text.
func (k *talk) holds(text, line string) {
	k.T.Helper()
	for _, m := range words.FindAllStringSubmatch(line, -1) {
		if not, yes := strings.CutPrefix(m[1], "!"); yes {
			require.NotContains(k.T, text, not, k.line)
		} else {
			require.Contains(k.T, text, m[1], k.line)
		}
	}
}

// next is the first message from the bot that nobody has expected yet; it holds the words of the line.
func (k *talk) next(list []slacksim.Message, line string) slacksim.Message {
	k.T.Helper()
	for _, m := range list {
		if m.User == slacksim.BotUser && !k.seen[m.Channel+m.TS] && !m.Deleted && !world.Filed(m) {
			k.seen[m.Channel+m.TS] = true
			k.holds(slacksim.PlainText(m), line)
			return m
		}
	}
	k.T.Fatalf("%s: there is no such message", k.line)
	return slacksim.Message{}
}

// cardOf is the card of a request, found by its metadata; where the database knows none of that number, the
// card of whoever had it.
func (k *talk) cardOf(n int64) slacksim.Message {
	k.T.Helper()
	r, err := k.App.Desk.Request(context.Background(), n)
	var found []slacksim.Message
	for _, m := range k.N.Slack.Messages("C0APPROVE") {
		if world.KeyOf(m) == approvals.CardKey(n) && (err != nil || world.OfOf(m) == r.Nonce) && !m.Deleted {
			found = append(found, m)
		}
	}
	require.Len(k.T, found, 1, "%s: cards of #%d", k.line, n)
	k.seen[found[0].Channel+found[0].TS] = true
	return found[0]
}

func (k *talk) card(n int64, verb, line string) {
	k.T.Helper()
	m := k.cardOf(n)
	if verb == "says" {
		k.holds(slacksim.PlainText(m), after(line, " says "))
		if len(world.Buttons(m)) > 0 {
			k.old[n] = m
		}
		return
	}
	if verb == "asks" {
		k.asksBack(m, after(line, " before "), line)
		return
	}
	k.offers(m, line)
}

// offers holds a message to its buttons, exactly.
func (k *talk) offers(m slacksim.Message, line string) {
	k.T.Helper()
	var want []string
	for _, w := range words.FindAllStringSubmatch(after(line, " offers "), -1) {
		want = append(want, w[1]+w[2])
	}
	if want[0] == "nothing" {
		want = nil
	}
	require.Equal(k.T, want, world.Buttons(m), k.line)
}
