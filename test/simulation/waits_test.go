package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// What happens to a request by itself while it waits.

// stepsIn lets somebody to whom a request was escalated approve it; where there is none, a stranger tries.
func (s *simulation) stepsIn() *slacksim.Delivery {
	if s.App == nil || s.Life.Over() {
		return nil
	}
	for _, r := range s.requests() {
		if m := r.Managed(); m != nil && m.By != "" && !slices.Contains(deciders, string(m.By)) && r.State == approvals.Pending && r.Known() && s.rng.IntN(2) == 0 {
			return s.approves(string(m.By), r.Number)
		}
		if to := r.Rule.EscalateTo; r.State == approvals.Pending && len(r.Raised) > 0 && r.Known() && s.rng.IntN(2) == 0 {
			return s.approves(pickOf(s, to), r.Number)
		}
	}
	return s.approves(pickOf(s, strangers), s.number())
}

// reminds is after how long the policies remind.
func (s setting) reminds() time.Duration { return s.Expires / 5 }

// nudges lets somebody have those reminded whom a request waits for, mostly who asked.
func (s *simulation) nudges() {
	who, n := pickOf(s, askers), s.number()
	if r, ok := s.request(n); ok && s.rng.IntN(4) > 0 {
		who = string(r.Requester)
	}
	out := s.done(s.types(who, fmt.Sprintf("nudge %d", n)))
	if strings.Contains(string(out.Payload), "I'm reminding ") {
		s.count("acts: nudged")
		s.nudged[n] = true
	}
}

// reminder is one message of which the log says that it was promised: where it is to stand, and since when.
type reminder struct {
	in string
	at time.Time
}

// reminders: each occasion was taken once, of what waited, by who could; what was acknowledged is there.
func (s *simulation) reminders(all []approvals.Request) {
	last, nudged := map[string]time.Time{}, map[int64]time.Time{}
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		var d struct{ To, Who, Messages []string }
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if !slices.Contains([]string{"escalated", "reminded", "nudged", "looked up who can't decide any more"}, e.What) {
			return nil
		}
		if err := json.Unmarshal(e.Detail, &d); err != nil || e.What[0] == 'l' && len(d.Messages) == 0 { // nothing was handed on, or a card tells of it
			return err
		}
		if e.Before != approvals.Pending || e.After != approvals.Pending {
			s.Errorf("#%d was %s when somebody was reminded", e.Request, e.Before)
		}
		for _, key := range d.Messages {
			s.remembers(key, e.At)
		}
		switch e.What {
		case "nudged":
			if before := nudged[e.Request]; !before.IsZero() && e.At.Sub(before) < approvals.NudgeEvery {
				s.Errorf("#%d was nudged again after %v", e.Request, e.At.Sub(before))
			}
			if by := all[e.Request-1].Requester; e.Actor != approvals.Actor(by) {
				s.Errorf("#%d was nudged by %s", e.Request, e.Actor)
			}
			nudged[e.Request] = e.At
		case "reminded":
			at := fmt.Sprint(e.Request, d.Who)
			before, asked := last[at], all[e.Request-1].Asked
			late := slices.ContainsFunc(d.Who, func(who string) bool { // who was gone is reminded when they are back, and a group late, once all who were named are gone
				return len(s.gone[who]) > 0 || approvals.IsGroup(who) && len(s.gone) > 0 && before.Sub(asked) > s.setting.reminds()*3/2
			})
			if !late && !before.IsZero() && e.At.Sub(before) < s.setting.reminds()/2 {
				s.Errorf("#%d: %v were reminded again after %v", e.Request, d.Who, e.At.Sub(before))
			}
			if r := all[e.Request-1]; slices.Contains(d.Who, string(r.Requester)) || slices.Contains(d.Who, string(r.Change.Person)) {
				s.Errorf("#%d: %v were reminded, who never decide it", e.Request, d.Who)
			}
			last[at] = e.At
		}
		return nil
	}))
	for n := range s.nudged {
		if nudged[n].IsZero() {
			s.Errorf("#%d: a nudge was acknowledged, and is not there", n)
		}
	}
}

// remembers notes a message that was promised.
func (s *simulation) remembers(key string, at time.Time) {
	in := approvals.WhoOf(key)
	if approvals.IsGroup(in) {
		in = "C0APPROVE"
	}
	if _, twice := s.called[key]; !twice {
		s.called[key] = reminder{in, at}
	}
}

// namesRequest is a request by its number, and aboutEarlier how the title of one for longer names what it is about.
var (
	namesRequest = regexp.MustCompile(`#(\d+)`)
	aboutEarlier = regexp.MustCompile(` for #\d+,`)
)

// lateAtMost is how long Slack takes at most to take in what it was given.
const lateAtMost = 10 * time.Minute

// timely: a reminder names nothing that had been decided when it was sent.
func (s *simulation) timely(m slacksim.Message) {
	kind := outbox.Kind(world.KeyOf(m))
	if kind != approvals.KindReminder && kind != approvals.KindNudge {
		return
	}
	s.count("reminders: said")
	sent := time.Unix(web.Seconds(m.TS), 0)
	for _, found := range namesRequest.FindAllStringSubmatch(aboutEarlier.ReplaceAllString(strings.SplitN(slacksim.PlainText(m), "“", 2)[0], ""), -1) {
		n, err := strconv.ParseInt(found[1], 10, 64)
		require.NoError(s.T, err)
		r, ok := s.request(n)
		if ok && !r.Decided.IsZero() && sent.Sub(r.Decided) > lateAtMost+2*app.Tolerance {
			s.Errorf("#%d was decided at %v, and %s names it at %v", n, r.Decided, world.KeyOf(m), sent)
		}
	}
}

// escalatedTo reports whether a vote is one of somebody to whom a step was escalated before they voted.
func (s *simulation) escalatedTo(r approvals.Request, vote approvals.Entry) bool {
	if slices.ContainsFunc(r.Raised, func(e approvals.Raise) bool {
		return slices.Contains(e.To, string(vote.Actor)) && !vote.At.Before(e.At)
	}) {
		return true
	}
	if !slices.Contains(r.Rule.EscalateTo, string(vote.Actor)) {
		return false
	}
	v, _ := r.VoteOf(vote.Actor)
	at, raised := r.RaisedOn(v.Step)
	if raised {
		s.count("escalations: decided by whom it went to")
	}
	return raised && !vote.At.Before(at) || vote.What == "voted no" && len(r.Raised) > 0
}

// escalations: each step was escalated at most once, while it was the one to be decided, and not before its time.
func (s *simulation) escalations(all []approvals.Request) {
	raised, asked, lasting := map[int64][]int{}, map[int64]time.Time{}, map[int64]int{}
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		switch e.What {
		case "asked":
			asked[e.Request] = e.At
		case "edited": // it is asked anew
			asked[e.Request], raised[e.Request] = e.At, nil
		case "expired":
			if e.After == approvals.Pending { // what somebody has who left is asked about again, and of others too
				lasting[e.Request]++
			}
		case "escalated":
			s.count("escalations: happened")
			var d struct{ Step int }
			if err := json.Unmarshal(e.Detail, &d); err != nil {
				return err
			}
			if slices.Contains(raised[e.Request], d.Step) || e.Before != approvals.Pending || e.After != approvals.Pending {
				s.Errorf("#%d: step %d was escalated again, or is past that: %s → %s", e.Request, d.Step, e.Before, e.After)
			}
			if early := s.setting.Expires/4 - e.At.Sub(asked[e.Request]); early > 2*app.Tolerance && !all[e.Request-1].Several() {
				s.Errorf("#%d: step %d was escalated %v too early", e.Request, d.Step, early)
			}
			raised[e.Request] = append(raised[e.Request], d.Step)
		}
		return nil
	}))
	for _, r := range all {
		byTime := slices.DeleteFunc(slices.Clone(r.Raised), func(e approvals.Raise) bool { return len(e.Gone)+len(e.To) > 0 })
		require.Len(s.T, raised[r.Number], len(byTime), "#%d: escalations in the log", r.Number)
		again := slices.DeleteFunc(slices.Clone(r.Raised), func(e approvals.Raise) bool { return len(e.Gone) > 0 || len(e.To) == 0 })
		require.LessOrEqual(s.T, len(again), lasting[r.Number], "#%d: how often it was asked again", r.Number)
	}
}
