package process

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// delivered is what the control API says of something on its way to Usher.
type delivered struct {
	ID      int              `json:"id"`
	Done    bool             `json:"done"`
	Outcome slacksim.Outcome `json:"outcome"`
}

type obj = map[string]any

// acts sends something a person does to Slack and waits until Usher has acknowledged it.
func (w *processWorld) acts(kind string, body obj) slacksim.Outcome {
	w.t.Helper()
	return order[delivered](w, w.slack+"/sim/"+kind, body).Outcome
}

// types is a slash command in #general, typed until Usher takes it.
func (w *processWorld) types(user, text string) {
	w.t.Helper()
	w.typesIn("C0GENERAL", user, text)
}

// typesIn is types in another channel.
func (w *processWorld) typesIn(channel, user, text string) {
	w.t.Helper()
	told := w.noTimeFor(user)
	typed := func() {
		var out slacksim.Outcome
		require.True(w.t, world.Waited(world.Patience, func() bool {
			out = w.acts("type", obj{"user": user, "channel": channel, "text": text})
			return out.Acked && !noTime(string(out.Payload))
		}), "%s: %+v", text, out)
	}
	typed()
	w.again = func() {
		if now := w.noTimeFor(user); now > told {
			told = now
			typed()
		}
	}
}

// clicks presses a button of a request's card, and again whenever Usher says that it had no time for that.
func (w *processWorld) clicks(user string, n int, button string) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("card %d can be decided", n), func() bool { return w.decidable(n) })
	press := func() {
		require.True(w.t, world.Waited(world.Patience, func() bool { return w.acts("click", w.button(user, n, button)).Acked }), "%s on #%d", button, n)
	}
	told := w.noTimeFor(user)
	press()
	w.again = func() {
		if now := w.noTimeFor(user); now > told && w.decidable(n) {
			told = now
			press()
		}
	}
}

// noTime reports whether Usher said that it took nothing down, or that it cannot tell whether it did, because
// its neighbours or its disk were slow. What was kept all the same is found when it is asked again.
func noTime(said string) bool {
	return strings.Contains(said, "Please try again") || strings.Contains(said, "I can't tell whether it was saved") ||
		strings.Contains(said, "I can't tell whether this was saved")
}

// noTimeFor counts the private answers of that kind to a person.
func (w *processWorld) noTimeFor(user string) (n int) {
	for _, m := range ask[[]slacksim.Message](w, w.slack+"/sim/ephemerals?user="+user) {
		if noTime(slacksim.PlainText(m)) {
			n++
		}
	}
	return n
}

func (w *processWorld) button(user string, n int, button string) obj {
	return obj{"user": user, "channel": "C0APPROVE", "ts": w.cards(n)[0].TS, "button": button}
}

func (w *processWorld) connections() int { return ask[int](w, w.slack+"/sim/connections") }

// calls are those that came after so many.
func (w *processWorld) calls(after int) []slacksim.Call {
	return ask[[]slacksim.Call](w, fmt.Sprintf("%s/sim/calls?after=%d", w.slack, after))
}
func (w *processWorld) dm(user string) []slacksim.Message {
	return fromUsher(ask[[]slacksim.Message](w, w.slack+"/sim/dm?user="+user))
}
func (w *processWorld) posted(channel string) []slacksim.Message {
	return fromUsher(ask[[]slacksim.Message](w, w.slack+"/sim/messages?channel="+channel))
}
func (w *processWorld) views(user string) []slacksim.View {
	return ask[[]slacksim.View](w, w.slack+"/sim/views?user="+user)
}

// asked are what the vendor was asked after so many.
func (w *processWorld) asked(after int) []vendorsim.Call {
	return ask[[]vendorsim.Call](w, fmt.Sprintf("%s/sim/calls?after=%d", w.vendor, after))
}

// fromUsher are the messages Usher wrote.
func fromUsher(all []slacksim.Message) (out []slacksim.Message) {
	for _, m := range all {
		if m.User == slacksim.BotUser {
			out = append(out, m)
		}
	}
	return out
}

// keyed picks the messages that bear an intent's key, whole or up to a slash.
func keyed(all []slacksim.Message, key string) (out []slacksim.Message) {
	for _, m := range all {
		var p struct{ Key string }
		if m.Metadata != nil && json.Unmarshal(m.Metadata.Payload, &p) == nil && (p.Key == key || strings.HasPrefix(p.Key, key+"/")) {
			out = append(out, m)
		}
	}
	return out
}

func (w *processWorld) cards(n int) []slacksim.Message {
	return keyed(w.posted("C0APPROVE"), fmt.Sprintf("card/%d", n))
}

func (w *processWorld) tells(user string, n int) []slacksim.Message {
	return keyed(w.dm(user), fmt.Sprintf("tell/%d", n))
}

// offers waits until a request's card has exactly these buttons.
func (w *processWorld) offers(n int, want ...string) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("card %d offers %v", n, want), func() bool { return w.offering(n, want...) })
}

func (w *processWorld) offering(n int, want ...string) bool {
	found := w.cards(n)
	return len(found) > 0 && strings.Join(world.Buttons(found[0]), " ") == strings.Join(want, " ")
}

// decidable reports whether a card has the buttons to decide by. There is nothing to edit in a deletion, and nothing to ask on
// the card of a bundle.
func (w *processWorld) decidable(n int) bool {
	return w.offering(n, "Approve", "Deny") || w.offering(n, "Approve", "Deny", "Edit", "Ask") || w.offering(n, "Approve", "Deny", "Ask")
}

// shows waits until a request's one card says all this and offers nothing.
func (w *processWorld) shows(n int, say ...string) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("card %d is settled and says %q", n, say), func() bool { return w.offering(n) && says(w.cards(n), say...) })
	require.Len(w.t, w.cards(n), 1)
}

// hears waits until a person has one message about a request and it says all this.
func (w *processWorld) hears(user string, n int, say ...string) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("%s hears of #%d %q", user, n, say), func() bool { return says(w.tells(user, n), say...) })
	require.Len(w.t, w.tells(user, n), 1)
}

// sees waits until the latest private answer to a person says all this.
func (w *processWorld) sees(user string, say ...string) {
	w.t.Helper()
	var last []slacksim.Message
	if !w.waits(func() bool {
		all := ask[[]slacksim.Message](w, w.slack+"/sim/ephemerals?user="+user)
		last = all[max(0, len(all)-1):]
		return says(last, say...)
	}) {
		w.t.Fatalf("%s does not see %q but %+v", user, say, last)
	}
}

// says reports whether the first of some messages bears all these words.
func says(list []slacksim.Message, say ...string) bool {
	if len(list) == 0 {
		return false
	}
	text := slacksim.PlainText(list[0])
	for _, s := range say {
		if !strings.Contains(text, s) {
			return false
		}
	}
	return true
}

// account is one account at the vendor's.
func (w *processWorld) account(email string) (vendorsim.Account, bool) {
	for _, a := range ask[vendorsim.State](w, w.vendor+"/sim/state").Accounts {
		if a.Email == email {
			return a, true
		}
	}
	return vendorsim.Account{}, false
}

// effects is how often an operation has changed anything at the vendor's; "" counts all.
func (w *processWorld) effects(op vendorsim.Op) (n int) {
	for _, c := range ask[[]vendorsim.Call](w, w.vendor+"/sim/effects") {
		if op == "" || c.Op == op {
			n++
		}
	}
	return n
}

// everythingSaid is every word that Usher left in Slack: messages, private answers, forms, and whatever
// else its calls bore.
func (w *processWorld) everythingSaid() string {
	w.t.Helper()
	var all strings.Builder
	for _, c := range ask[[]slacksim.Channel](w, w.slack+"/sim/channels") {
		fmt.Fprintf(&all, "%+v\n", ask[any](w, w.slack+"/sim/messages?channel="+url.QueryEscape(c.ID)))
	}
	for _, u := range ask[[]slacksim.User](w, w.slack+"/sim/users") {
		for _, what := range []string{"dm", "ephemerals", "views"} {
			fmt.Fprintf(&all, "%+v\n", ask[any](w, w.slack+"/sim/"+what+"?user="+u.ID))
		}
	}
	fmt.Fprintf(&all, "%+v\n", ask[any](w, w.slack+"/sim/calls"))
	return all.String()
}
