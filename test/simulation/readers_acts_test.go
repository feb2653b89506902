package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// What people press on a digest, the newest or one of long ago, and what that opens.

// aDigest is one in the channel that has some words: mostly one of the last.
func (s *simulation) aDigest(words string) (slacksim.Message, bool) {
	list := slices.DeleteFunc(s.N.Slack.Messages("C0REPORTS"), func(m slacksim.Message) bool {
		return outbox.Kind(world.KeyOf(m)) != "report" || !strings.Contains(m.Text, words)
	})
	if len(list) == 0 {
		return slacksim.Message{}, false
	}
	if s.rng.IntN(2) == 0 {
		return list[len(list)-1], true
	}
	return pickOf(s, list), true
}

// opens is what somebody sees after they have done something: the window on top, else what was said to them alone since.
func (s *simulation) opens(who string, act func() *slacksim.Delivery) (text string, v *slacksim.View) {
	before := len(s.N.Slack.Ephemerals(who))
	s.heard[who] += 2
	d := act()
	s.last, s.lastBy, s.lastAt = d, who, time.Now()
	s.done(d)
	s.spend(25 * time.Second)
	if views := s.N.Slack.Views(who); len(views) > 0 {
		v = &views[len(views)-1]
		return slacksim.ViewText(*v), v
	}
	for _, m := range s.N.Slack.Ephemerals(who)[before:] {
		text += slacksim.PlainText(m)
	}
	return text, nil
}

// mends presses what stands beside a blocked account in a digest, and goes on: who may, and who may not.
func (s *simulation) mends() {
	m, ok := s.aDigest("• limit")
	if !ok {
		return
	}
	email := pickOf(s, digest{Message: m}.blocked())
	who := pickOf(s, []string{"U0BOB", "U0ERIN", "U0ADMIN", "U0FRED", "U0GUEST"})
	s.note("%s presses Mend… for %s on %s", who, email, world.KeyOf(m))
	s.count("digests: pressed Mend…")
	s.N.Slack.CloseAllViews(who)
	defer s.N.Slack.CloseAllViews(who)
	began := time.Now()
	text, v := s.opens(who, func() *slacksim.Delivery { return s.N.Slack.Click(who, m.Channel, m.TS, "Mend…, "+email) })
	s.fits(who, email, text, began)
	if v == nil {
		return
	}
	buttons := world.ButtonsOf(*v)
	way := pickOf(s, []string{"Ask its holder", "Ask its holder", "Raise the limit…", "Take it away…"})
	if !slices.Contains(buttons, way) {
		return
	}
	s.count("digests: pressed " + way)
	s.note("%s presses %s", who, way)
	began = time.Now()
	text, _ = s.opens(who, func() *slacksim.Delivery { return s.N.Slack.ClickView(who, v.ID, way, nil) })
	s.fits(who, email, text, began)
}

// believed is for how long what was read of an app is believed at a press.
const believed = 3 * time.Minute

// fits: what a press opened about an account fits what was so then, and who pressed. Where it couldn't be looked at, that is said.
func (s *simulation) fits(who, email, text string, began time.Time) {
	s.note("  reads %.160q", text)
	ever, always := s.blockedIn(email, began.Add(-believed), time.Now())
	offers := strings.Contains(text, "blocked by limits") || strings.Contains(text, "Raise the limit") || strings.Contains(text, "Money limit") || strings.Contains(text, "I'm asking")
	mended := strings.Contains(text, "isn't blocked any more")
	switch {
	case (who == "U0FRED" || who == "U0GUEST") && (offers || mended):
		s.Errorf("%s may see nothing of %s, and reads: %s", who, email, text)
	case mended && always:
		s.Errorf("%s is called mended to %s, and is blocked: %s", email, who, text)
	case offers && !ever && !strings.Contains(text, "couldn't look again"):
		s.Errorf("%s is offered to %s to be mended, and is well: %s", email, who, text)
	case mended:
		s.count("digests: what is mended is said to be")
	case offers:
		s.count("digests: a press opened what fits")
	}
}

// answersForTheirs is who holds an account saying what is to become of it, on a question new or old.
func (s *simulation) answersForTheirs() {
	i := s.rng.IntN(len(holders))
	who, email := holders[i], limitless[i]
	asks := slices.DeleteFunc(s.N.Slack.DM(who), func(m slacksim.Message) bool {
		return outbox.Kind(world.KeyOf(m)) != approvals.KindHolder || len(world.Buttons(m)) == 0
	})
	if len(asks) == 0 {
		return
	}
	m := pickOf(s, asks)
	label := pickOf(s, world.Buttons(m))
	s.note("%s answers %s on %s", who, label, world.KeyOf(m))
	s.count("digests: a holder answered " + label)
	s.N.Slack.CloseAllViews(who)
	began := time.Now()
	text, _ := s.opens(who, func() *slacksim.Delivery { return s.N.Slack.Click(who, m.Channel, m.TS, label) })
	s.fits(who, email, text, began)
	s.N.Slack.CloseAllViews(who)
}

// extendsFromDigest presses what a digest has below what ends soon: the one of a channel, or a manager their own.
func (s *simulation) extendsFromDigest() {
	m, ok := s.aDigest("Ends soon")
	manager := pickOf(s, []string{"", "U0BOB", "U0ERIN"})
	if manager != "" {
		own := slices.DeleteFunc(s.N.Slack.DM(manager), func(m slacksim.Message) bool {
			return !strings.HasPrefix(world.KeyOf(m), "report/people/") || len(world.Buttons(m)) == 0
		})
		if ok = len(own) > 0; ok {
			m = pickOf(s, own)
		}
	}
	if !ok {
		return
	}
	labels := slices.DeleteFunc(world.Buttons(m), func(label string) bool { return !strings.HasPrefix(label, "Extend #") })
	if len(labels) == 0 {
		return
	}
	label := pickOf(s, labels)
	var n int64
	if _, err := fmt.Sscanf(label, "Extend #%d…", &n); err != nil {
		s.Errorf("a button says %q: %v", label, err)
		return
	}
	before, known := s.request(n)
	who := pickOf(s, []string{string(before.Requester), string(before.Requester), "U0ADMIN", "U0GUEST"})
	if !known {
		return
	}
	if manager != "" {
		who = manager
		s.count("digests: a manager pressed Extend…")
	}
	s.note("%s presses %s on %s", who, label, world.KeyOf(m))
	s.count("digests: pressed Extend…")
	s.N.Slack.CloseAllViews(who)
	text, v := s.opens(who, func() *slacksim.Delivery { return s.N.Slack.Click(who, m.Channel, m.TS, label) })
	s.note("  reads %.120q", text)
	form := v != nil && strings.Contains(text, "How much longer?")
	switch {
	case form && who == "U0GUEST":
		s.Errorf("#%d is offered for longer to %s, whose it isn't", n, who)
	case form && before.End != nil:
		s.Errorf("#%d is offered for longer to %s, and is over since %v", n, who, before.End.At)
	case form:
		s.count("digests: Extend… opened the form")
	case before.End != nil:
		s.count("digests: Extend… said that it's over")
	}
	s.N.Slack.CloseAllViews(who)
}
