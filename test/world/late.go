package world

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// changedHands gives the address to another account while the request waits.
func changedHands(p *Played) {
	p.N.Vendor.ReplaceAccount("dale@globex.example")
	Approve(p)
	p.Live(time.Minute)
	require.Empty(p.T, p.N.Vendor.Effects(), "no account was touched that was not on the card")
}

// tooLate leaves a failed deed until it cannot be tried again any more.
func tooLate(p *Played) {
	p.N.Vendor.SetSeats(8)
	Approve(p)
	p.Live(time.Hour)
	if r, _ := p.request(); !r.Lapsed {
		p.T.Errorf("it can still be tried again: %s", r.State)
	}
}

// retry has no seat free at first; an admin frees one and tries again.
func retry(p *Played) {
	p.N.Vendor.SetSeats(8)
	Approve(p)
	p.Live(2 * time.Minute)
	r, _ := p.request()
	for range 20 {
		if r.State != approvals.Running {
			break
		}
		p.Live(30 * time.Second)
		r, _ = p.request()
	}
	button := "Try again"
	if r.State == approvals.InDoubt {
		// Struck between the asking and the refusal: the asking may still arrive, so nobody is told a failure.
		button = "It did not – try again"
		p.Scenario.Tells--
	}
	p.N.Vendor.SetSeats(25)
	p.presses(button, func() bool { r, _ := p.request(); return r.Attempt == 2 })
}
