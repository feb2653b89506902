package years

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/usherbot/usher/sim/roster"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// What a company of two thousand does: each asks for something two or three times a year, an eighth leaves in a year and as many come. Of
// those who come every fifth is in a team that is offered something.
const (
	people = 2000
	// asksADay is on a working day: 260 of them make 5,200 requests a year.
	asksADay   = 20
	leavesADay = 1
	// homesADay open their home tab for the first time, or again: what is kept of it is bounded by how many people there are.
	homesADay = 4
	seats     = 600
	// hadBefore is how many have a seat of SE Ranking's on the first day.
	hadBefore = 300
	sites     = 40
	// talks is one request in so many that somebody asks about before it is decided.
	talks = 5
)

// config has both kinds of app, reports to a channel, to people and as a file, a directory, a bundle for who comes, and closed requests kept so.
func config(kept string) string {
	return strings.Replace(`slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
people:
  managers: {U0DAVE: U0BOB}
  directories:
    - {kind: okta, base_url: "https://acme.okta.com"}
apps:
  seranking: {kind: seranking, name: SE Ranking, base_url: "http://127.0.0.1/v1", dialect: unified, seats: 600, price: {amount: 20, currency: USD}}
  hiring: {kind: manual, template: amazinghiring, seats: 200, owners: [U0BOB, U0DAVE]}
bundles:
  newcomer:
    joiners: [S0SEO]
    items: [{app: seranking, action: create, type: client}]
KEEP
policies:
  - name: seats
    steps: [{approvers: [U0BOB, S0LEADS]}]
    escalate_after: 2d
    escalate_to: [U0DAVE]
reports:
  - {name: weekly, schedule: "0 9 * * MON"}
  - {name: daily, schedule: "0 8 * * MON-FRI", people: [U0BOB, U0DAVE]}
  - {name: finance, schedule: "0 9 1 * *", people: [U0ERIN], sections: [cost, seats, changes], as: xlsx}
`, "KEEP\n", kept, 1)
}

// company is the people of a world, and what they have.
type company struct {
	*world.World
	rng *rand.Rand
	// staff are those who are there, by the number of their name; born is how many there have ever been.
	staff []int
	born  int
	team  []string
	// has are the addresses with a seat, and outside those of them of nobody here.
	has     []string
	outside int
	asked   int
}

func id(n int) string    { return fmt.Sprintf("U0P%05d", n) }
func email(n int) string { return fmt.Sprintf("jordan.p%05d@acme.example", n) }

// newCompany fills a world.
func newCompany(w *world.World) *company {
	c := &company{World: w, rng: rand.New(rand.NewPCG(2000, 730))}
	vendorsim.SeedDigest(w.N.Vendor, hadBefore, 5)
	w.N.Vendor.SetSeats(seats)
	for _, a := range w.N.Vendor.Accounts() {
		c.has = append(c.has, a.Email)
	}
	c.N.Slack.AddGroup(slacksim.Group{ID: "S0SEO", Handle: "seo", Name: "SEO", Users: []string{"U0ERIN"}})
	c.team = []string{"U0ERIN"}
	for range people {
		c.comes()
	}
	return c
}

// comes is one more who works here.
func (c *company) comes() {
	n := c.born
	c.born++
	c.staff = append(c.staff, n)
	c.N.Slack.AddUser(slacksim.User{ID: id(n), Name: fmt.Sprintf("p%05d", n), RealName: fmt.Sprintf("Jordan P%05d", n), Email: email(n), TZ: "UTC"})
	c.Okta().Put(roster.Person{ID: id(n), Email: email(n), Created: time.Now()})
}

// joins is one more of a team.
func (c *company) joins() {
	c.team = append(c.team, id(c.born-1))
	c.N.Slack.AddGroup(slacksim.Group{ID: "S0SEO", Handle: "seo", Name: "SEO", Users: c.team})
}

// leaves is one who works here no more.
func (c *company) leaves() {
	i := c.rng.IntN(len(c.staff))
	n := c.staff[i]
	c.staff = append(c.staff[:i], c.staff[i+1:]...)
	c.N.Slack.Deactivate(id(n), true)
	c.Okta().SwitchOff(id(n))
}

// somebody is one who works here.
func (c *company) somebody() int { return c.staff[c.rng.IntN(len(c.staff))] }
