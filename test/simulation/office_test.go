package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/slacksim"
)

// office is a company in which people carry out what was approved, step by step, and compare who is there with lists.
var office = plot{
	byHand: true, config: officeConfig, furnish: (*simulation).opensOffice, calm: (*simulation).calmOffice, laws: (*simulation).officeLaws,
	observe: (*simulation).entrusted, happenings: handiwork,
}

// handiwork are all kinds of things that happen there, and how often.
var handiwork = []happening{
	{12, func(s *simulation) { s.done(s.asksOffice()) }},
	{18, (*simulation).getsOffice},
	{16, func(s *simulation) { s.done(s.approves(pickOf(s, deciders), s.number())) }},
	{4, func(s *simulation) { s.denies(pickOf(s, deciders), s.number()) }},
	{4, (*simulation).takesBack},
	{5, (*simulation).endsOffice},
	{34, (*simulation).works},
	{12, (*simulation).worksThrough},
	{14, (*simulation).meddles},
	{8, (*simulation).worksAtOnce},
	{6, (*simulation).worksAtMachine},
	{6, (*simulation).undoes},
	{4, (*simulation).handsOver},
	{4, (*simulation).takesTask},
	{4, (*simulation).putsBack},
	{3, (*simulation).givesUp},
	{4, func(s *simulation) { s.settles(pickOf(s, []string{"U0ADMIN", "U0ADMIN", "U0BOB"})) }},
	{4, (*simulation).sitsOut},
	{6, (*simulation).comparesList},
	{4, func(s *simulation) { s.aimed(); s.comparesList() }},
	{3, (*simulation).opensHome},
	{3, (*simulation).goesAway},
	{2, (*simulation).comesBack},
	{3, (*simulation).leaves},
	{2, (*simulation).again},
	{8, (*simulation).slackFault},
	{2, (*simulation).slackAway},
	{3, (*simulation).connections},
	{1, (*simulation).isShownReport},
	{5, func(s *simulation) { s.aimed() }},
	{10, func(s *simulation) { s.aimed(); s.works() }},
	{5, func(s *simulation) { s.aimed(); s.done(s.approves(pickOf(s, deciders), s.number())) }},
	{3, (*simulation).struck},
	{2, (*simulation).stopped},
	{2, (*simulation).clockSet},
	{4, func(s *simulation) { s.diskFails(); s.works() }},
	{2, func(s *simulation) { s.diskFails(); s.comparesList() }},
}

// owners are those who own the office, and helpers the others who may tick.
var owners, helpers = []string{"U0DAVE", "U0BOB", "U0ERIN"}, []string{"U0ADMIN"}

func officeConfig(s setting) string {
	return fmt.Sprintf(`slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  office: {kind: manual, template: testdata/office.yml, owners: [U0DAVE, S0LEADS], due: %v, confirm_removals: true, pool: {boxes: %d}}
policies:
  - name: seats
    expires_after: %v
    escalate_after: %v
    escalate_to: [U0DAVE, U0FRED]
    remind_after: %v
    steps:
      - approvers: [U0BOB, S0LEADS]
        need: %d
reports:
  - {name: daily, schedule: "%d 0 * * *"}
`, s.due(), boxes, s.Expires, s.Expires/4, s.reminds(), s.Need, s.Slot)
}

// due is how long a task may take.
func (s setting) due() time.Duration { return s.Expires / 2 }

// opensOffice makes up who may be let in or seen out.
func (s *simulation) opensOffice() {
	s.memory = memory{fresh: map[approvals.Action][]seat{}, furnished: map[string][]string{}, heard: map[string]int{}, dealings: newDealings(), misfortunes: newMisfortunes()}
	s.errands = newErrands()
	s.setting.Acts += 20 // a task takes more than a yes
	s.N.Slack.SeedDemo()
	in, out := []seat{}, []seat{}
	for i := range 40 {
		in = append(in, seat{fmt.Sprintf("new%02d@acme.example", i), boxed([]string{"Nora", "Nora North", "Nora floor=vault"}[i%3], i)})
		out = append(out, seat{fmt.Sprintf("old%02d@acme.example", i), ""})
	}
	in, out = append(in, colleagues[0], seat{"erin@acme.example", "Erin"}, colleagues[2]), append(out, seat{"dave@acme.example", ""}, seat{"erin@acme.example", ""}, seat{"bob@acme.example", ""})
	for verb, list := range map[approvals.Action][]seat{catalog.Create: in, catalog.Delete: out} {
		slices.Reverse(list) // colleagues are few, and come early more often than by chance
		s.fresh[verb] = list
	}
}

// asksOffice types a wish: somebody is to be let in, or seen out.
func (s *simulation) asksOffice() *slacksim.Delivery {
	verb := pickOf(s, []approvals.Action{catalog.Create, catalog.Delete})
	if len(s.fresh[verb]) == 0 {
		return nil
	}
	i := s.rng.IntN(min(8, len(s.fresh[verb])))
	t := s.fresh[verb][i]
	s.fresh[verb] = slices.Delete(s.fresh[verb], i, i+1)
	text := strings.TrimSpace(fmt.Sprintf("%s %s %s", verb, t.email, t.extra)) + s.forATime(verb) + fmt.Sprintf(" app=office because number %d", len(s.wishes))
	return s.wishFor(verb, text, target(verb, t.email, ""))
}

// getsOffice is a wish that is approved at once.
func (s *simulation) getsOffice() {
	s.done(s.asksOffice())
	s.spend(8 * time.Second)
	if r, ok := s.request(int64(len(s.wishes))); ok && r.State == approvals.Pending {
		for _, who := range deciders {
			s.done(s.approves(who, r.Number))
			s.spend(3 * time.Second)
		}
	}
}

// sitsOut lets so much time pass that tasks become late.
func (s *simulation) sitsOut() {
	d := s.setting.due() * time.Duration(1+s.rng.IntN(4)) / 2
	s.note("nobody does anything for %v", d)
	s.spend(d)
}

// calmOffice heals everything, and lets about half of what is open be worked off by whoever has it.
func (s *simulation) calmOffice() {
	s.heals()
	s.clearsUp()
	s.foul = time.Now().Add(10 * time.Minute)
	s.spend(max(s.setting.Expires, 15*time.Minute) + 3*time.Minute)
	s.settles("U0ADMIN")
	s.spend(time.Minute)
	for _, r := range s.requests() {
		if r.Working() && s.rng.IntN(2) == 0 {
			s.worksOff(r.Number)
		}
	}
	s.seesOut()
	s.spend(10 * time.Minute)
}

// officeLaws are what holds in the end.
func (s *simulation) officeLaws() {
	all := s.whole()
	for _, r := range all {
		if !r.State.Terminal() && !r.Working() && r.State != approvals.Ending {
			s.Errorf("#%d is still %s", r.Number, r.State)
		}
	}
	s.asked(all)
	s.acknowledged(all)
	s.voted(all)
	s.replayed(all)
	s.escalations(all)
	s.handedOn(all)
	s.reminders(all)
	s.worked(all)
	s.leftOffice(all)
	s.entrusted(all)
	s.shared(all)
	s.compared()
	s.messages(all)
	s.homes()
	s.whispers()
	s.unpanicked()
}
