package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/sim/slacksim"
)

// patience is how long anything is waited for that must come.
const patience = time.Minute

// life is one request on its way from the asking to its last word.
type life struct {
	t   *town
	c   *child
	who string
	n   int
	// looks is how often is looked: rarely where much goes on, because a look at Slack's channels copies them.
	looks time.Duration
}

// lives takes a request through its life: it is asked, its card comes, a lead approves after a moment's thought, and whoever asked is
// told that it is done.
func (t *town) lives(c *child, thought time.Duration) error {
	l, err := t.approved(c, thought)
	if err != nil {
		return err
	}
	return l.told()
}

// approved is the first half of it, up to the yes.
func (t *town) approved(c *child, thought time.Duration) (*life, error) {
	n := int(t.next.Add(1))
	l := &life{t: t, c: c, who: person(n % t.people), looks: 20 * time.Millisecond}
	d := t.slack.Type(l.who, "C0GENERAL", fmt.Sprintf("/access create new%07d@acme.example Jordan because of the audit of the spring", n))
	o := d.Wait()
	m := numbered.FindSubmatch(o.Payload)
	if m == nil {
		return nil, fmt.Errorf("it was not kept: %s %s %s", o.Error, o.Payload, c.said)
	}
	l.n, _ = strconv.Atoi(string(m[1])) // digits
	card, err := l.sees("the card", func() []slacksim.Message { return t.slack.Messages("C0APPROVE") })
	if err != nil {
		return nil, err
	}
	time.Sleep(thought)
	if o := t.slack.Click("U0BOB", "C0APPROVE", card.TS, "Approve").Wait(); !o.Acked {
		return nil, fmt.Errorf("the click on #%d: %s", l.n, o.Error)
	}
	return l, nil
}

// told waits for the last word.
func (l *life) told() error {
	_, err := l.sees("who asked is told", func() []slacksim.Message {
		var ready []slacksim.Message
		for _, m := range l.t.slack.DM(l.who) {
			if strings.Contains(slacksim.PlainText(m), "ready") {
				ready = append(ready, m)
			}
		}
		return ready
	})
	return err
}

// sees waits until a message names the request.
func (l *life) sees(what string, among func() []slacksim.Message) (found slacksim.Message, err error) {
	tick := time.NewTicker(l.looks)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; {
		all := among()
		for i := len(all) - 1; i >= 0; i-- {
			if names := numbered.FindStringSubmatch(slacksim.PlainText(all[i])); names != nil && names[1] == strconv.Itoa(l.n) {
				return all[i], nil
			}
		}
		select {
		case <-tick.C:
		case <-l.c.over:
			return found, fmt.Errorf("it ended: %s", l.c.said)
		}
		if time.Now().After(end) {
			return found, fmt.Errorf("waited in vain for %s of #%d: %s", what, l.n, l.c.said)
		}
	}
}
