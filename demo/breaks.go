package demo

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// Way is one way to break the demo, with what is said of it beside its button.
type Way struct {
	// Name is how it's called for, as in POST /break/kill.
	Name string `json:"name"`
	// Label is on the button, Says what happens at once, and Expect what Usher makes of it.
	Label  string `json:"label"`
	Says   string `json:"says"`
	Expect string `json:"expect"`
	do     func(*Stage) error
}

// limited is for how long Slack and the vendor turn callers away.
const limited = 20 * time.Second

// errNoBot is what comes of breaking a bot that isn't there.
var errNoBot = errors.New("the bot isn't there at the moment: it's being started again")

// ways are all of them, in the order in which a page shows them.
var ways = []Way{
	{"kill", "Kill the bot", "Ends the bot's process this instant (SIGKILL), in the middle of whatever it does. It's started again after a moment.",
		"Nothing that was acknowledged is lost or done twice: it goes on where it was. What you do in between isn't heard, and Slack says so.", killed},
	{"cut", "Cut Slack", "Cuts every connection that the bot has to Slack, without a word.",
		"The bot connects again within seconds. What's typed meanwhile fails, and Slack says so.", func(s *Stage) error { s.Slack.DropAll(); return nil }},
	{"ghost", "Ghost the connections", "Leaves each connection half-open: Slack believes in it and sends half of all there is into nowhere.",
		"The bot misses Slack's pings, and connects anew within a minute. Slack tells people who weren't heard.", ghosted},
	{"limit", "Rate-limit", "Slack and the vendor answer the next call with 429, and say to come back in 20 seconds.",
		"The bot waits as long as it was told to. Cards and messages come later, each once.", rateLimited},
	{"vendor-before", "Lose a call", "The vendor's connection breaks at the next change, before it took effect. The bot can't tell.",
		"The bot looks first: it sees that nothing happened, and asks again.", func(s *Stage) error { return s.vendorCuts(vendorsim.Before, 1) }},
	{"vendor-after", "Lose an answer", "The vendor makes the next change, and its answer is lost. The bot can't tell.",
		"The bot looks first: it sees that it happened, and doesn't ask again.", func(s *Stage) error { return s.vendorCuts(vendorsim.After, 1) }},
	{"vendor-down", "Vendor down", "Every change at the vendor breaks off before it took effect, until you mend everything.",
		"What's approved stays owed, and is done once the vendor is back.", func(s *Stage) error { s.down.Store(true); return s.vendorCuts(vendorsim.Before, -1) }},
	{"disk", "Fill the disk", "From now on the system refuses every write to the bot's files (a limit on their size, which a full disk looks like to it), until you mend everything.",
		"Nothing can be kept, so nothing is acknowledged or begun: people are told so. Nothing is lost.", func(s *Stage) error { return s.fill(true) }},
	{"mend", "Mend everything", "Takes back all of the above.",
		"What's owed is done within a minute or so; what people do by hand waits for them.", (*Stage).Mend},
}

// cutOff is in the place of the full disk where the bots have a database: nothing of theirs is on this machine's disk then.
var cutOff = Way{"database", "Cut the database", "Has PostgreSQL end every connection of the bots, in the middle of whatever they do.",
	"They connect again at once. What was decided is asked after, and kept once; people who can't be told so are told that nothing was saved.", (*Stage).cutsDatabase}

// waysHere are those that there are in this demo.
func (s *Stage) waysHere() []Way {
	if s.database == "" {
		return ways
	}
	list := slices.Clone(ways)
	for i, w := range list {
		switch w.Name {
		case "kill":
			list[i].Label = "Kill them all"
			list[i].Says = "Ends the process of every bot this instant (SIGKILL), in the middle of whatever they do. They're started again after a moment."
		case "disk":
			list[i] = cutOff
		}
	}
	return list
}

// Break does one of the ways.
func (s *Stage) Break(name string) error {
	for _, w := range s.waysHere() {
		if w.Name == name {
			return w.do(s)
		}
	}
	return fmt.Errorf("there's no way %q to break it", name)
}

func killed(s *Stage) error {
	if !s.Kill() {
		return errNoBot
	}
	return nil
}

// Mend takes back whatever is broken.
func (s *Stage) Mend() error {
	s.Slack.ClearFaults()
	s.Slack.BuryGhosts()
	s.Vendor.Heal()
	s.down.Store(false)
	for _, k := range s.bots {
		k.up()
	}
	return s.fill(false)
}

func ghosted(s *Stage) error {
	for s.Slack.Ghost() { // the next healthy one
	}
	return nil
}

func rateLimited(s *Stage) error {
	s.Slack.Plan(slacksim.Fault{Method: "chat.*", Kind: slacksim.RetryAfter, Delay: limited})
	return s.Vendor.Plan(vendorsim.Fault{Kind: vendorsim.RateLimited, RetryAfter: strconv.Itoa(int(limited / time.Second))})
}

// vendorCuts has the vendor break off the next changes, on one side of the effect.
func (s *Stage) vendorCuts(when vendorsim.When, times int) error {
	return s.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Writes: true, Times: times}, Kind: vendorsim.Cut, When: when})
}

// fill has every write of the bot's fail, or no more.
func (s *Stage) fill(full bool) error {
	return s.bots.each(func(k *keeper) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		if err := k.room(full); err != nil {
			return err
		}
		k.full = full
		return nil
	})
}
