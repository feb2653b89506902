package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/sim/slacksim"
)

// The demo's company beside Alice, Bob and Carol: those who have an account in SE Ranking, two of whom have a seat in Semrush too.
// Carol can deactivate them on the page, and then Usher asks what becomes of what they hold. Who comes into @seo is offered a bundle.

// settles is how long Usher waits here after somebody was deactivated, or came: as long as it takes to see it on the page.
const settles = 3 * time.Second

// company is what the demo runs with: Offered, with whose people they are, for whom the bundle is, how many units Semrush has, and who decides
// about limits.
func company() string {
	return strings.NewReplacer("apps:\n", managed+"apps:\n", "policies:\n", "policies:\n"+limits, "    name: SEO starter\n", "    name: SEO starter\n    joiners: [S0SEO]\n",
		"    seats: 25\n", "    seats: 25\n    price: {amount: 20, currency: USD, per: month}\n",
		"    seats: 5\n", "    seats: 5\n    units: {schedule: \"0 */6 * * *\", base_url: \"http://127.0.0.1\"}\n").Replace(Offered())
}

const managed = `people:
  managers: {U0DAVE: U0BOB, U0PRIYA: U0BOB, U0TOMAS: U0BOB, U0INGRID: U0ERIN, U0MARCO: U0BOB, U0WEI: U0BOB, U0AMIRA: U0ERIN}
`

// limits are what somebody may use up: two decide about more of that, one after the other.
const limits = `  - name: limits
    apps: [seranking]
    actions: [update]
    steps:
      - approvers: [U0BOB]
      - approvers: [U0ADMIN, U0ERIN]
`

// staff are they: with Dave more than may leave within an hour without an admin's word.
var staff = []slacksim.User{
	{ID: "U0PRIYA", Name: "priya", RealName: "Priya Nair", Title: "SEO writer", Email: "priya.nair@acme.example", TZ: "Europe/London"},
	{ID: "U0TOMAS", Name: "tomas", RealName: "Tomas Lind", Title: "Content analyst", Email: "tomas.lind@acme.example", TZ: "Europe/Stockholm"},
	{ID: "U0INGRID", Name: "ingrid", RealName: "Ingrid Solberg", Title: "Analytics", Email: "ingrid.solberg@acme.example", TZ: "Europe/Oslo"},
	{ID: "U0MARCO", Name: "marco", RealName: "Marco Bianchi", Title: "Shop manager", Email: "marco.bianchi@acme.example", TZ: "Europe/Rome"},
	{ID: "U0WEI", Name: "wei", RealName: "Wei Chen", Title: "Editor", Email: "wei.chen@acme.example", TZ: "Europe/London"},
	{ID: "U0AMIRA", Name: "amira", RealName: "Amira Haddad", Title: "Growth analyst", Email: "amira.haddad@acme.example", TZ: "Europe/Paris"},
}

// moveIn has them in the workspace, two of them in @seo. It returns whom Carol manages: them, and Dave.
func moveIn(slack *slacksim.Server) (ids []string) {
	ids = []string{"U0DAVE"}
	for _, u := range staff {
		slack.AddUser(u)
		slack.Invite("C0GENERAL", u.ID)
		ids = append(ids, u.ID)
	}
	slack.AddGroup(slacksim.Group{ID: "S0SEO", Handle: "seo", Name: "Search", Users: []string{"U0PRIYA", "U0TOMAS"}})
	return ids
}

// members is Semrush's own list of who is in it, as somebody exports it.
const members = `Email,Name,Role
priya.nair@acme.example,Priya Nair,User
tomas.lind@acme.example,Tomas Lind,User
`

// imported has Usher know who is in the apps that it can't read.
func imported(ctx context.Context, a *app.App) error {
	im := register.Import{App: "semrush", File: "semrush-members.csv", Raw: []byte(members)}
	if _, err := a.Register.Import(ctx, im, "U0ADMIN", "usher", a.Clock.Now()); err != nil {
		return fmt.Errorf("import who is in Semrush: %w", err)
	}
	return nil
}
