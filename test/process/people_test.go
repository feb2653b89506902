package process

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// crowd is people who ask, decide and press what they shouldn't, all at once, while processes come and go.
type crowd struct {
	*fleet
	rand  *rand.Rand
	asked []*asking
	// content: they have nothing new to ask for.
	content bool
	sent    []*sending
	old     []obj             // buttons that stood on cards, to be pressed once these are decided
	tried   map[int]time.Time // when each request was decided about last
	// strictly: every process hears, or another does, so that nothing may stay without an ack. unheard counts what did, and
	// heard what was acknowledged.
	strictly             bool
	unheard, heard, late int
	asksAt, looksAt      time.Time
}

// asking is what one person wants, asked until they hear under which number it stands.
type asking struct {
	by, email     string
	flying, taken bool
	// tries is how often it was typed. A process that was paused hears what Slack has shown as failed long before when it goes on, so
	// there may be as many requests.
	tries int
}

// sending is what is on its way.
type sending struct {
	id       int
	what     string
	strictly bool
	done     func(ok bool)
}

// sends lets a person do something, and goes on.
func (c *crowd) sends(what, kind string, body obj, done func(ok bool)) {
	c.t.Helper()
	body["wait"] = false
	d := order[delivered](c.processWorld, c.slack+"/sim/"+kind, body)
	c.sent = append(c.sent, &sending{d.ID, what, c.strictly, done})
}

// moment is a little of what people do: they see what became of what they did, ask, decide, and press old buttons.
func (c *crowd) moment() {
	c.t.Helper()
	c.sent = slices.DeleteFunc(c.sent, c.arrived)
	if now := time.Now(); now.After(c.asksAt) {
		c.asksAt = now.Add(500*time.Millisecond + time.Duration(c.rand.Int64N(int64(time.Second))))
		c.asks()
	}
	if now := time.Now(); now.After(c.looksAt) {
		c.looksAt = now.Add(300 * time.Millisecond)
		c.decides()
	}
}

func (c *crowd) arrived(s *sending) bool {
	c.t.Helper()
	d := ask[delivered](c.processWorld, fmt.Sprintf("%s/sim/outcome?id=%d", c.slack, s.id))
	if !d.Done {
		return false
	}
	switch {
	case d.Outcome.Acked:
		c.heard++
	case s.strictly && d.Outcome.Error != "no_such_element":
		c.unheard++
		c.t.Logf("not acknowledged, though somebody heard: %s: %+v", s.what, d.Outcome)
	}
	if s.done != nil {
		s.done(d.Outcome.Acked && strings.Contains(string(d.Outcome.Payload), "#"))
	}
	return true
}

// asks types a command: what nobody has taken yet once more, else a new one.
func (c *crowd) asks() {
	i := slices.IndexFunc(c.asked, func(a *asking) bool { return !a.taken && !a.flying })
	if i < 0 {
		if c.content {
			return
		}
		i = len(c.asked)
		c.asked = append(c.asked, &asking{by: []string{"U0ALICE", "U0DAVE"}[i%2], email: fmt.Sprintf("pat%d@acme.example", i)})
	}
	a := c.asked[i]
	a.flying, a.tries = true, a.tries+1
	text := fmt.Sprintf("/access create %s Pat%d Smith because of project %d", a.email, i, i)
	c.sends(text, "type", obj{"user": a.by, "channel": "C0GENERAL", "text": text}, func(ok bool) { a.flying, a.taken = false, a.taken || ok })
}

// decides looks at every card: whoever may decide presses a button, some two at once, and some cancel what they asked for.
func (c *crowd) decides() {
	c.t.Helper()
	for _, m := range c.posted("C0APPROVE") {
		n := number(m)
		if n == 0 {
			continue
		}
		for _, a := range c.asked {
			a.taken = a.taken || says([]slacksim.Message{m}, a.email+"\n") // they see that it is asked
		}
		if len(world.Buttons(m)) == 0 || time.Since(c.tried[n]) < 4*time.Second {
			continue
		}
		c.tried[n] = time.Now()
		if !open(m) || c.rand.IntN(6) == 0 {
			c.cancels(n, m)
			continue
		}
		c.remember(m)
		by := []string{"U0BOB", "U0ERIN"}
		for _, user := range by[c.rand.IntN(2) : 1+c.rand.IntN(2)] {
			c.sends(fmt.Sprintf("%s approves #%d", user, n), "click", obj{"user": user, "channel": m.Channel, "ts": m.TS, "button": "Approve"}, nil)
		}
	}
	if len(c.old) > 0 && c.rand.IntN(4) == 0 {
		press := c.old[c.rand.IntN(len(c.old))]
		c.late++
		c.sends("an old button", "forge", press, nil)
	}
}

// cancels has whoever asked take it back.
func (c *crowd) cancels(n int, m slacksim.Message) {
	for _, a := range c.asked {
		if says([]slacksim.Message{m}, a.email+"\n") {
			c.sends(fmt.Sprintf("cancel %d", n), "type", obj{"user": a.by, "channel": "C0GENERAL", "text": fmt.Sprintf("/access cancel %d", n)}, nil)
		}
	}
}

// open reports whether a card can be decided.
func open(m slacksim.Message) bool { return slices.Contains(world.Buttons(m), "Approve") }

// over reports whether a card says how it ended, and offers nothing.
func over(m slacksim.Message) bool {
	list, ends := []slacksim.Message{m}, []approvals.State{approvals.Done, approvals.Canceled, approvals.Failed}
	return len(world.Buttons(m)) == 0 && slices.ContainsFunc(ends, func(s approvals.State) bool { return says(list, "— "+string(s)) })
}

// number is the request that a card is of; 0: it is no card.
func number(m slacksim.Message) (n int) {
	var p struct{ Key string }
	if m.Metadata == nil || json.Unmarshal(m.Metadata.Payload, &p) != nil {
		return 0
	}
	if _, err := fmt.Sscanf(p.Key, "card/%d", &n); err != nil {
		return 0
	}
	return n
}

// remember keeps the button of a card by which it's approved, to be pressed when there is none any more.
func (c *crowd) remember(m slacksim.Message) {
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			button, _ := e.(map[string]any)
			text, _ := button["text"].(map[string]any)
			if text["text"] == "Approve" {
				c.old = append(c.old, obj{"user": "U0ERIN", "channel": m.Channel, "ts": m.TS,
					"action_id": button["action_id"], "block_id": b["block_id"], "value": button["value"]})
			}
		}
	}
}

// settled reports whether everybody has what they asked for, and nothing waits for anybody.
func (c *crowd) settled() bool {
	c.t.Helper()
	if !c.content || len(c.sent) > 0 || slices.ContainsFunc(c.asked, func(a *asking) bool { return !a.taken }) {
		return false
	}
	for _, m := range c.posted("C0APPROVE") {
		if number(m) > 0 && !over(m) {
			return false
		}
	}
	return !slices.ContainsFunc(c.requests(), approvals.Request.Live)
}
