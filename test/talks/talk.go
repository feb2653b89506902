package talks

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// talk is one conversation being played.
type talk struct {
	*world.World
	line string
	// before is how many lines stand before the talk in its file, and plays hears of each line that came out; nil: nobody does.
	before int
	plays  func(line string)
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
		k.line = fmt.Sprintf("line %d: %s", k.before+i+1, line)
		if k.App == nil && !slices.Contains([]string{"start", "wait", "vendor", "okta", "slack"}, strings.Fields(line)[0]) && !strings.HasSuffix(line, " leaves") {
			k.Start()
		}
		k.act(line)
		if k.plays != nil {
			k.plays(line)
		}
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
		says, _, offers := strings.Cut(after(line, " says "), " offers ")
		k.holds(slacksim.PlainText(m), says)
		if offers {
			k.offers(m, line)
		}
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
