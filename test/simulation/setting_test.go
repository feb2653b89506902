package simulation

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/usherbot/usher/sim/vendorsim"
)

// setting is what a seed chooses before anything happens.
type setting struct {
	Need    int
	Expires time.Duration
	Dialect vendorsim.Dialect
	Seats   int
	Slot    int // the minute after midnight at which the daily report is due
	Acts    int
	Long    bool // days instead of an hour or two
	// Form is how the vendor takes shares; "": as its documents say.
	Form string
	// Managers lets somebody's manager decide too.
	Managers bool
	// Rules says that policies with conditions stand before the others: one approves by itself, one refuses.
	Rules bool
	// Units has the unit balance watched.
	Units bool
}

// The forms of a share that take one website a request; what it does to those shared before is in the name.
const integerAdds, integerReplaces = "integer-adds", "integer-replaces"

func settingOf(rng *rand.Rand) setting {
	s := setting{Need: 1 + rng.IntN(5)/4, Expires: 40 * time.Minute, Dialect: vendorsim.Unified, Seats: 40,
		Slot: 5 + rng.IntN(40), Acts: 10 + rng.IntN(18)}
	if rng.IntN(4) == 0 {
		s.Dialect = vendorsim.Legacy
	}
	if rng.IntN(8) == 0 {
		s.Seats = scarce // 20 are there at the start
	}
	if rng.IntN(100) == 0 {
		s.Long, s.Expires = true, 2*24*time.Hour
	}
	switch rng.IntN(6) {
	case 0:
		s.Form = integerAdds
	case 1:
		s.Form = integerReplaces
	}
	s.Rules = rng.IntN(5) == 0
	return s
}

// conditional are the policies that decide by themselves: while more than two thirds of the seats that are free at first
// are left, and of what is never given.
func (s setting) conditional() string {
	if !s.Rules {
		return ""
	}
	return fmt.Sprintf(`
  - name: never
    actions: [create]
    when: {type: [user], for: external}
    refuse: "No user seat is given outside."
  - name: plenty
    actions: [create, share]
    when: {seats_left_over: %d}
    expires_after: %v
    approve: auto`, (s.Seats-20)*2/3, s.Expires)
}

func (s setting) config() string {
	base, dialect := "http://127.0.0.1/v1", "unified"
	if s.Dialect == vendorsim.Legacy {
		base, dialect = "http://127.0.0.1/legacy", "legacy"
	}
	return s.rationed(s.quiet(s.managed(fmt.Sprintf(`slack:
  approvals_channel: C0APPROVE
  reports_channel: C0REPORTS
  admins: [U0ADMIN]
apps:
  seranking: {kind: seranking, name: SE Ranking, base_url: %q, dialect: %s, seats: %d}
bundles:
  starter:
    name: Starter
    items:
      - {app: seranking, action: create}
      - {app: seranking, action: share, sites: [%s]}
policies:%s
  - name: websites
    actions: [share]
    expires_after: %v
    escalate_after: %v
    escalate_to: [U0DAVE, U0FRED]
    remind_after: %v
    steps:
      - approvers: [U0BOB, S0LEADS]
      - approvers: [S0LEADS]
  - name: seats
    expires_after: %v
    escalate_after: %v
    escalate_to: [U0DAVE, U0FRED]
    remind_after: %v
    queue: %s
    steps:
      - approvers: [U0BOB, S0LEADS]
        need: %d
reports:
  - {name: daily, schedule: "%d 0 * * *"}
  - {name: theirs, schedule: "%d 0 * * *", timezone: reader, people: [U0BOB, U0DAVE]}
`, base, dialect, s.Seats, bundled, s.conditional(), s.Expires, s.Expires/4, s.reminds(), s.Expires, s.Expires/4, s.reminds(), s.queue(), s.Need, s.Slot, s.Slot))))
}
