package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// readership is a company that reads its reports: one that comes only with news, one that makes up for nothing, one for managers and one of
// what needs people. Their app is read by pages, is away for days, and what a digest has buttons for is pressed long after.
var readership = plot{
	config: readershipConfig, furnish: (*simulation).subscribes, calm: (*simulation).calmReadership, laws: (*simulation).readershipLaws,
	observe: func(*simulation, []approvals.Request) {}, happenings: reading, pings: 6 * time.Hour,
}

// reading are all kinds of things that happen there, and how often.
var reading = []happening{
	{12, (*simulation).reachesLimit},
	{8, (*simulation).asksForTheirs},
	{14, func(s *simulation) { s.asksForTheirs(); s.decideSoon(func(approvals.Request) bool { return true }) }},
	{2, func(s *simulation) { s.denies(pickOf(s, deciders), s.number()) }},
	{3, (*simulation).takesBack},
	{10, (*simulation).comesToASlot},
	{6, func(s *simulation) { s.comesToASlot(); s.aimed(); s.spend(12 * time.Minute) }},
	{5, func(s *simulation) { s.aimed(); s.comesToASlot() }},
	{5, (*simulation).daysPass},
	{4, (*simulation).appIsAway},
	{6, (*simulation).pagesFail},
	{30, (*simulation).mends},
	{12, (*simulation).answersForTheirs},
	{16, (*simulation).extendsFromDigest},
	{4, (*simulation).slackFault},
	{2, (*simulation).slackAway},
	{3, (*simulation).recycles},
	{4, (*simulation).struck},
	{2, (*simulation).stopped},
	{2, func(s *simulation) { s.diskFails(); s.comesToASlot() }},
}

// The minute of the hour is the seed's; these are the hours.
const (
	hourChanged = 0
	hourSkipped = 6
	hourPeople  = 7
	hourNeeds   = 9
)

// readersManagers are whose people are whose there.
var readersManagers = map[string]string{"U0ALICE": "U0BOB", "U0DAVE": "U0ERIN", "U0FRED": "U0ERIN"}

func readershipConfig(s setting) string {
	return fmt.Sprintf(`slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
people: {managers: {U0ALICE: U0BOB, U0DAVE: U0ERIN, U0FRED: U0ERIN}}
apps:
  seranking: {kind: seranking, name: SE Ranking, base_url: "http://127.0.0.1/v1", seats: %d, owners: [U0ERIN]}
policies:
  - name: all
    expires_after: 5d
    remind_after: 0
    steps: [{approvers: [U0BOB, U0ERIN]}]
reports:
  - {name: changed, schedule: "%[2]d %[3]d * * *", only_if_changed: true, sections: [blocked]}
  - {name: skipped, schedule: "%[2]d %[4]d * * *", missed: skip}
  - {name: people, schedule: "%[2]d %[5]d * * *", timezone: reader, people: [managers]}
  - {name: needs, schedule: "%[2]d %[6]d * * *", timezone: reader, people: [needed]}
`, places4all, s.Slot, hourChanged, hourSkipped, hourPeople, hourNeeds)
}

// places4all is how many seats are bought there, and pageful how many accounts stand on a page.
const places4all, pageful = 400, 40

// limitless are the accounts that reach their limits and get over it; who holds the first two is known.
var limitless = []string{"limit0@acme.example", "limit1@acme.example", "limit2@acme.example", "limit3@acme.example", "limit4@acme.example"}

// holders are who holds an account of those, and may be asked.
var holders = []string{"U0MARCO", "U0MONA"}

// digested is what the test remembers of what digests are about.
type digested struct {
	// flips are when each account of limitless reached its limits and got over it, by turns.
	flips map[string][]time.Time
	// filled is how many accounts there were at first.
	filled int
	// away are when the app couldn't be read at all.
	away []stretch
	// shaken are the moments at which something was done to the program or its neighbours by which a try may come to nothing.
	shaken []time.Time
	// healed is when that was over for good.
	healed time.Time
}

// subscribes fills the app with some hundred accounts.
func (s *simulation) subscribes() {
	s.memory = memory{fresh: map[approvals.Action][]seat{}, furnished: map[string][]string{}, heard: map[string]int{}, dealings: newDealings(), misfortunes: newMisfortunes()}
	s.errands = newErrands()
	s.digested = digested{flips: map[string][]time.Time{}}
	s.setting.Acts += 8
	s.N.Slack.SeedDemo()
	for i, id := range holders {
		s.N.Slack.AddUser(slacksim.User{ID: id, Name: strings.ToLower(id[2:]), RealName: id[2:], Email: limitless[i], TZ: "Europe/London"})
	}
	vendorsim.SeedDemo(s.N.Vendor)
	s.N.Vendor.SetSeats(places4all)
	s.N.Vendor.SetQuirks(vendorsim.Quirks{ShareForm: s.setting.Form, MaxPage: pageful})
	for i := range 140 {
		s.N.Vendor.AddAccount(vendorsim.Account{Email: fmt.Sprintf("many%03d@acme.example", i), FirstName: "M", SharedSites: []int64{101}})
		if i%30 == 7 {
			s.N.Vendor.AddAccount(vendorsim.Account{Email: limitless[i/30], FirstName: "L", SharedSites: []int64{101}})
		}
	}
	s.filled = len(s.N.Vendor.Accounts())
}

// reachesLimit has an account reach its limits, or get over it.
func (s *simulation) reachesLimit() {
	email := pickOf(s, limitless)
	s.turnsTo(email, len(s.flips[email])%2 == 0)
}

func (s *simulation) turnsTo(email string, blocked bool) {
	s.note("%s is blocked: %v", email, blocked)
	s.count("digests: an account turned")
	require.True(s.T, s.N.Vendor.SetBlocked(email, blocked))
	s.flips[email] = append(s.flips[email], time.Now())
}

// blockedIn reports whether an account was blocked at any time in a stretch, and whether it was all the time.
func (s *simulation) blockedIn(email string, from, to time.Time) (ever, always bool) {
	blocked := func(at time.Time) bool {
		n := 0
		for _, turn := range s.flips[email] {
			n += world.One(!turn.After(at))
		}
		return n%2 == 1
	}
	turned := slices.ContainsFunc(s.flips[email], func(at time.Time) bool { return at.After(from) && !at.After(to) })
	return blocked(from) || turned, blocked(from) && !turned
}

// asksForTheirs is somebody asking for a seat: the first time for themselves, where they have an address; many for a time.
func (s *simulation) asksForTheirs() {
	s.done(s.wants(pickOf(s, []string{"U0ALICE", "U0DAVE", "U0FRED"})))
}

func (s *simulation) wants(who string) *slacksim.Delivery {
	name, n := strings.ToLower(who[2:]), 0
	for _, w := range s.wishes {
		n += world.One(w.who == who)
	}
	email := fmt.Sprintf("%s%02d@acme.example", name, n)
	if n == 0 && who != "U0FRED" {
		email = name + "@acme.example"
	}
	w := &wish{who: who, text: fmt.Sprintf("create %s Pat%s because number %d", email, pickOf(s, []string{"", " for=2d", " for=9d"}), len(s.wishes)), target: target(catalog.Create, email, ""), at: time.Now()}
	s.wishes = append(s.wishes, w)
	s.count("asks: create")
	return s.types(who, w.text)
}

// comesToASlot lets time pass until one of the reports comes; in every third case the program is down until a little before.
func (s *simulation) comesToASlot() {
	hour := pickOf(s, []int{hourChanged, hourSkipped, hourPeople - 1, hourPeople, hourNeeds - 1, hourNeeds}) // an hour earlier is Erin's, in Stockholm
	now := time.Now().UTC()
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, s.setting.Slot, 0, 0, time.UTC).Add(-30 * time.Second)
	for at.Before(now) {
		at = at.Add(24 * time.Hour)
	}
	if wait := at.Sub(now) - 2*time.Minute; wait > time.Hour && !s.Points.Aimed() && s.rng.IntN(3) == 0 {
		s.note("it is down for %v, until shortly before a report", wait)
		s.isDownFor(wait)
	}
	s.spend(time.Until(at))
	s.note("a report is due")
	s.spend(3 * time.Minute)
}

// isDownFor has the program killed, and started again after a while.
func (s *simulation) isDownFor(d time.Duration) {
	s.Points.Aim(0)
	s.Crash()
	s.asleep()
	s.onTheDot()
	s.count("crashes: for days")
	s.Pass(d)
	s.wake()
	s.Pass(time.Second)
}

// appIsAway lets nothing be read of the app for hours or days.
func (s *simulation) appIsAway() {
	s.shakes()
	d := time.Duration(1+s.rng.IntN(70)) * time.Hour
	s.note("the app is away for %v", d)
	s.count("digests: the app was away")
	require.NoError(s.T, s.N.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Times: -1}, Kind: pickOf(s, []vendorsim.Kind{vendorsim.Cut, vendorsim.Status, vendorsim.HTML})}))
	began := time.Now()
	if s.rng.IntN(2) == 0 {
		s.isDownFor(d * 2 / 3)
	}
	s.spend(d - time.Since(began))
	s.N.Vendor.Heal()
	s.away = append(s.away, stretch{from: began, to: time.Now()})
}

// pagesFail has some of the next pages fail, or take long.
func (s *simulation) pagesFail() {
	s.shakes()
	f := vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.List, Nth: 1 + s.rng.IntN(5), Times: 1 + s.rng.IntN(4)},
		Kind: pickOf(s, []vendorsim.Kind{vendorsim.Cut, vendorsim.Status, vendorsim.Slow, vendorsim.RateLimited, vendorsim.Truncated})}
	switch f.Kind {
	case vendorsim.Status:
		f.Status = 503
	case vendorsim.Slow:
		f.Delay = time.Duration(1+s.rng.IntN(20)) * time.Second
	case vendorsim.RateLimited:
		f.RetryAfter = pickOf(s, []string{"", "3", "30"})
	case vendorsim.Truncated:
		f.When = vendorsim.After
	}
	s.note("the app's pages: %+v", f)
	s.count("digests: a page failed")
	require.NoError(s.T, s.N.Vendor.Plan(f))
	s.comesToASlot()
}

// calmReadership heals everything, has somebody ask, an account turn, and lets two days pass in which each report must come that is due.
func (s *simulation) calmReadership() {
	s.heals()
	s.clearsUp()
	s.foul = time.Now().Add(10 * time.Minute)
	s.spend(20 * time.Minute)
	s.healed = time.Now()
	s.done(s.wants("U0ALICE"))
	s.spend(26 * time.Hour)
	s.reachesLimit()
	s.spend(25 * time.Hour)
}

// slotOf is the moment of a report's slot for who reads it.
func (s *simulation) slotOf(name, slot, reader string) (time.Time, bool) {
	zone := time.UTC
	if reader != "" {
		u, _ := s.N.Slack.User(reader)
		var err error
		if zone, err = time.LoadLocation(u.TZ); err != nil {
			return time.Time{}, false
		}
	}
	hour, known := map[string]int{"changed": hourChanged, "skipped": hourSkipped, "people": hourPeople, "needs": hourNeeds}[name]
	at, err := time.ParseInLocation(reports.SlotLayout, slot, zone)
	return at, known && err == nil && at.Hour() == hour && at.Minute() == s.setting.Slot
}
