package world

import (
	"strings"
	"time"

	"github.com/usherbot/usher/demo"
)

// ExpiresAfter is when Config closes undecided requests.
const ExpiresAfter = 50 * time.Minute

// Config closes undecided requests after 50 minutes, posts one report in the first hours, and takes one yes.
var Config = strings.Replace(strings.Replace(strings.Replace(demo.Config, `schedule: "0 9 * * MON"`, `schedule: "15 0 1 1 *"`, 1),
	"  - name: seats\n", "  - name: seats\n    expires_after: 50m\n", 1), demo.Removals, "", 1)

// twoSteps is Config with a second step: Dave, after Bob or one of the leads.
var twoSteps = strings.Replace(strings.Replace(Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB, S0LEADS]\n      - approvers: [owners]\n", 1),
	"kind: seranking\n", "kind: seranking\n    owners: [U0DAVE]\n", 1)

// managerFirst is twoSteps with the manager of who asks, by their profile, on the first.
var managerFirst = strings.Replace(strings.Replace(twoSteps, "approvers: [U0BOB, S0LEADS]\n", "approvers: [manager]\n", 1), "apps:\n", "people: {manager_field: Manager}\napps:\n", 1)

// The configurations under which a policy decides by itself, before all others: at once, or once it was read how many
// seats are left.
var (
	byItself       = strings.Replace(Config, "policies:\n", "policies:\n  - {name: outside, actions: [create], when: {for: external}, approve: auto}\n", 1)
	bySeats        = strings.Replace(Config, "policies:\n", "policies:\n  - {name: plenty, actions: [create], when: {seats_left_over: 1}, approve: auto}\n", 1)
	bySeatsRefused = strings.Replace(Config, "policies:\n", "policies:\n  - {name: full, actions: [create], when: {seats_left_under: 100}, refuse: \"No seat is given this month.\"}\n", 1)
)

// forgotten is a vendor that cannot be read for so long that what was read of it is not good any more.
func forgotten(w *World) {
	unreadable(w)
	w.Pass(10 * time.Minute)
}

// nobody has to decide it.
func nobody(p *Played) { p.until("the policy's yes", func() bool { return false }, p.decided) }

// onceRead is decided by its policy once the vendor can be read again, and not before.
func onceRead(p *Played) {
	p.Live(time.Minute)
	if p.decided() {
		p.T.Errorf("it was decided by what nobody had read")
	}
	p.N.Vendor.Heal()
	p.until("the policy's word", func() bool { p.Live(2 * time.Minute); return false }, p.decided)
}
