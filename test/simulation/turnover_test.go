package simulation

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// turnover is a company in which people leave, come back, are said to leave, join teams and change them, for weeks.
var turnover = plot{
	config: turnoverConfig, furnish: (*simulation).staffs, begin: func(s *simulation) { s.countsBadges() }, calm: (*simulation).calmTurnover, laws: (*simulation).turnoverLaws,
	observe: func(*simulation, []approvals.Request) {}, happenings: comingAndGoing, pings: 6 * time.Hour,
}

// comingAndGoing are all kinds of things that happen there, and how often.
var comingAndGoing = []happening{
	{12, (*simulation).somebodyLeaves},
	{3, (*simulation).manyLeave},
	{6, (*simulation).somebodyReturns},
	{2, (*simulation).allReturn},
	{9, (*simulation).saysSomebodyLeaves},
	{22, (*simulation).decidesWhatUsherAsks},
	{8, (*simulation).takesAllBack},
	{6, (*simulation).saysWhetherTheyLeft},
	{6, (*simulation).saysItIsGone},
	{6, (*simulation).works},
	{14, (*simulation).worksThrough},
	{5, func(s *simulation) { s.countsBadges() }},
	{10, (*simulation).joinsTeam},
	{6, (*simulation).changesTeam},
	{8, (*simulation).daysPass},
	{6, (*simulation).cutsList},
	{5, (*simulation).slackFault},
	{2, (*simulation).slackAway},
	{3, (*simulation).recycles},
	{4, (*simulation).vendorFault},
	{3, (*simulation).vendorAway},
	{4, func(s *simulation) { s.settles("U0ADMIN") }},
	{5, func(s *simulation) { s.aimed(); s.somebodyLeaves(); s.spend(5 * time.Minute) }},
	{6, func(s *simulation) { s.aimed(); s.decidesWhatUsherAsks() }},
	{5, (*simulation).struck},
	{2, (*simulation).stopped},
	{3, func(s *simulation) { s.diskFails(); s.somebodyLeaves(); s.spend(5 * time.Minute) }},
	{3, func(s *simulation) { s.diskFails(); s.decidesWhatUsherAsks() }},
}

// colleague is somebody who may leave.
type colleague struct {
	id, email, handle, manager string
}

// staff are those who may leave; the last of them has nobody as manager.
var staff = []colleague{
	{"U0SAM0", "sam0@acme.example", "sam0", "U0BOB"},
	{"U0SAM1", "sam1@acme.example", "sam1", "U0BOB"},
	{"U0SAM2", "sam2@acme.example", "sam2", "U0BOB"},
	{"U0SAM3", "sam3@acme.example", "sam3", "U0ERIN"},
	{"U0SAM4", "sam4@acme.example", "sam4", "U0ERIN"},
	{"U0SAM5", "sam5@acme.example", "sam5", "U0ERIN"},
	{"U0SAM6", "sam6@acme.example", "sam6", "U0DAVE"},
	{"U0SAM7", "sam7@acme.example", "sam7", "U0DAVE"},
	{"U0SAM8", "sam8@acme.example", "sam8", "U0DAVE"},
	{"U0SAM9", "sam9@acme.example", "sam9", ""},
}

// turnoverAdmins are Usher's admins there, and teams the user groups whose members are offered a bundle.
var turnoverAdmins, teams = []string{"U0ADMIN", "U0ALICE"}, []string{"S0SEO", "S0ADS"}

func turnoverConfig(s setting) string {
	var managers []string
	for _, c := range staff {
		if c.manager != "" {
			managers = append(managers, c.id+": "+c.manager)
		}
	}
	decide := `escalate_after: 1d
    escalate_to: [U0FRED]
    remind_after: 1d
    steps: [{approvers: [manager]}]`
	if s.Rules {
		decide = "approve: auto"
	}
	return fmt.Sprintf(`slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [%s]
people: {managers: {%s}}
leavers: {breaker: 3}
apps:
  seranking: {kind: seranking, name: SE Ranking, base_url: "http://127.0.0.1/v1", seats: 40, owners: [U0ERIN]}
  office: {kind: manual, template: testdata/office.yml, owners: [U0DAVE, U0BOB], due: 1d, confirm_removals: %v}
bundles:
  seo: {name: SEO, joiners: [S0SEO], items: [{app: seranking, action: create}, {app: seranking, action: share, sites: [103]}]}
  ads: {name: Ads, joiners: [S0ADS], items: [{app: seranking, action: create}, {app: seranking, action: share, sites: [101]}]}
policies:
  - name: all
    expires_after: 3d
    %s
reports:
  - {name: daily, schedule: "%d 0 * * *"}
`, strings.Join(turnoverAdmins, ", "), strings.Join(managers, ", "), s.Slot%2 == 0, decide, s.Slot)
}

// turning is what the test remembers of who comes and goes.
type turning struct {
	// said is when somebody who may said that a person leaves.
	said map[string][]time.Time
	// joined is how often somebody joined a team, by both, and members who is in each.
	joined  map[string]int
	members map[string][]string
	// cuts is how many of the next answers about everybody are cut, and how much is left of them, in tenths.
	cuts, tenths atomic.Int64
	// accounts are the addresses of those who had an account at first, by its number.
	accounts map[string]string
	// badges are the addresses that had one in the first list.
	badges []string
}

// staffs fills the company with people, and gives them what they have: all but every third an account, all but every fourth a badge,
// and one a website of their own.
func (s *simulation) staffs() {
	s.memory = memory{fresh: map[approvals.Action][]seat{}, furnished: map[string][]string{}, heard: map[string]int{}, dealings: newDealings(), misfortunes: newMisfortunes()}
	s.errands = newErrands()
	s.turning = turning{said: map[string][]time.Time{}, joined: map[string]int{}, members: map[string][]string{}, accounts: map[string]string{}}
	s.setting.Long = s.seed/16%16 == 7 // weeks in which it is up cost much
	s.setting.Acts += 16
	s.N.Slack.SeedDemo()
	vendorsim.SeedDemo(s.N.Vendor)
	for i, c := range staff {
		s.N.Slack.AddUser(slacksim.User{ID: c.id, Name: c.handle, RealName: "Sam Number" + string(rune('A'+i)), Email: c.email, TZ: "Europe/London"})
		if i%3 != 2 {
			a := vendorsim.Account{Email: c.email, FirstName: "Sam", SharedSites: []int64{102, 105}[:i%3]}
			if i == 7 {
				a.OwnedSites = []int64{109}
			}
			s.accounts[fmt.Sprint(s.N.Vendor.AddAccount(a))] = c.email
		}
		if i%4 != 3 {
			s.badges = append(s.badges, c.email)
		}
	}
	for _, g := range teams {
		s.regroup(g, "U0FRED")
	}
}

// surroundTurnover has connections pinged rarely, so that weeks cost little, and answers about everybody cut short.
func (s *simulation) surroundTurnover(w *app.Surroundings) {
	w.Between.Ear = func(c *bot.Config) { c.PingEvery = s.plot.pings }
	w.SlackHTTP.Transport = cutting{w.SlackHTTP.Transport, s}
}

// countsBadges imports who has a badge: those who had one at first, but for those whose was taken.
func (s *simulation) countsBadges() {
	if s.App == nil || s.Life.Over() {
		return
	}
	list := slices.Clone(s.badges)
	for _, r := range s.requests() {
		if r.App.ID == "office" && r.Action == catalog.Delete && r.State == approvals.Done {
			list = slices.DeleteFunc(list, func(email string) bool { return email == r.Change.Email })
		}
	}
	s.note("a list of %d badges is imported", len(list))
	raw := "Email,Status\n" + strings.Join(append(list, "porter@acme.example"), ",active\n") + ",active\n"
	if _, err := s.App.Register.Import(s.atMachine(), register.Import{App: "office", File: "badges.csv", Raw: []byte(raw)}, approvals.OSUser("root"), "command line", time.Now()); err != nil {
		s.note("  it failed: %v", err)
	}
	s.Pass(0)
}

// daysPass lets nothing happen for a day or, now and then, for more than two weeks; mostly the program is down then.
func (s *simulation) daysPass() {
	d := 25 * time.Hour
	if s.setting.Long {
		d += time.Duration(s.rng.IntN(4)) * 24 * time.Hour
	}
	if s.rng.IntN(4) > 0 {
		s.Points.Aim(0)
		s.Crash()
		s.asleep()
		s.onTheDot()
		d = pickOf(s, []time.Duration{d, 5 * d, 16 * d})
		s.note("it is down for %v", d)
		s.count("crashes: for days")
		s.Pass(d)
		s.wake()
		d = time.Minute
	}
	s.note("nothing happens for %v", d)
	s.spend(d)
}

// recycles ends connections, one way or another.
func (s *simulation) recycles() {
	s.shakes()
	s.count("faults: slack's connections end")
	if s.rng.IntN(2) == 0 {
		s.N.Slack.RefreshAll()
		return
	}
	s.N.Slack.Drop()
}

// calmTurnover heals everything, lets a day pass, and has some of what is asked decided and worked off.
func (s *simulation) calmTurnover() {
	s.heals()
	s.clearsUp()
	s.cuts.Store(0)
	s.foul = time.Now().Add(10 * time.Minute)
	s.spend(26 * time.Hour)
	s.settles("U0ADMIN")
	s.saysWhetherTheyLeft()
	s.spend(10 * time.Minute)
	for range 4 {
		s.decidesWhatUsherAsks()
	}
	s.spend(10 * time.Minute)
	for _, r := range s.requests() {
		if r.Working() && s.rng.IntN(3) > 0 {
			s.worksOff(r.Number)
		}
	}
	s.countsBadges()
	s.spend(2 * time.Hour)
}
