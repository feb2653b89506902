package simulation

import (
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/sim/slacksim"
)

// fillsForm lets somebody ask for a new seat by the form, as far as it opens: now and then as another version drew it, with a
// mistake at first, or with the program dying about then.
func (s *simulation) fillsForm() {
	i := slices.IndexFunc(s.fresh[catalog.Create], func(t seat) bool { return t.extra == "Nora" && !isColleague(t) })
	if i < 0 {
		return
	}
	t, who := s.fresh[catalog.Create][i], pickOf(s, askers)
	s.N.Slack.CloseAllViews(who)
	s.done(s.types(who, "request"))
	s.spend(4 * time.Second)
	if len(s.N.Slack.Views(who)) > 0 {
		s.heard[who]++
		s.done(s.N.Slack.ClickView(who, "", view.FieldFor, string(commands.ForOutside)))
		s.spend(4 * time.Second)
	}
	filled := map[string]any{view.FieldEmail: t.email, "first:" + string(commands.ForOutside): t.extra, view.FieldReason: "by the form"}
	if s.N.Slack.Fill(who, "", filled) != nil {
		s.N.Slack.CloseAllViews(who)
		return // it did not open, or has not changed yet
	}
	s.fresh[catalog.Create] = slices.Delete(s.fresh[catalog.Create], i, i+1)
	asked := target(catalog.Create, t.email, "")
	if s.rng.IntN(4) == 0 {
		s.notTaken("with a mistake", who, asked, s.N.Slack.Submit(who, "", map[string]any{view.FieldEmail: "nobody"}))
	}
	if s.rng.IntN(4) == 0 {
		s.notTaken("as another version drew it", who, asked, s.N.Slack.Garbled(who, "", func(p map[string]any) { p["view"].(map[string]any)["private_metadata"] = `{"v":9}` }))
	}
	if s.rng.IntN(4) == 0 {
		s.aimed()
	}
	s.sends(who, t.email, &wish{who: who, text: strings.TrimSpace("create " + t.email + " Nora because by the form"), target: asked, at: time.Now()})
	s.N.Slack.CloseAllViews(who)
}

// sends lets somebody send the form that is open, and once more if it stays.
func (s *simulation) sends(who, email string, w *wish) {
	s.wishes = append(s.wishes, w)
	s.count("asks: by the form")
	for range 2 {
		s.note("%s sends the form for %s", who, email)
		s.heard[who]++
		d := s.N.Slack.Submit(who, "", map[string]any{view.FieldEmail: email})
		s.last, s.lastBy, s.lastAt = d, who, time.Now()
		if out := s.done(d); out.Acked && len(out.Errors) == 0 && len(out.Payload) == 0 {
			s.sent = append(s.sent, w)
			return
		}
		s.spend(5 * time.Second)
	}
}

// notTaken sends a form that must not be taken as it is.
func (s *simulation) notTaken(how, who, asked string, d *slacksim.Delivery) {
	s.note("%s sends the form %s", who, how)
	s.count("forms: sent " + how)
	s.heard[who]++
	out := s.done(d)
	if out.Acked && len(out.Errors) == 0 && len(out.Payload) == 0 {
		s.Errorf("the form of %s was taken %s", who, how)
	}
	s.spend(time.Second)
	if s.App != nil && !s.Life.Over() && slices.ContainsFunc(s.requests(), func(r approvals.Request) bool { return targetOf(r) == asked }) {
		s.Errorf("the form of %s opened a request %s", who, how)
	}
}

// forms: what was asked by a form that was taken is there.
func (s *simulation) forms(all []approvals.Request) {
	for _, w := range s.sent {
		s.count("forms: taken")
		if !slices.ContainsFunc(all, func(r approvals.Request) bool { return targetOf(r) == w.target && string(r.Requester) == w.who }) {
			s.Errorf("the form of %s was taken, and nothing asks for %s", w.who, w.target)
		}
	}
}
