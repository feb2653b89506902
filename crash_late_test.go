package main

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// changedHands gives the address to another account while the request waits.
func changedHands(p *played) {
	p.n.Vendor.ReplaceAccount("dale@globex.example")
	approve(p)
	p.live(time.Minute)
	require.Empty(p.t, p.n.Vendor.Effects(), "no account was touched that was not on the card")
}

// tooLate leaves a failed deed until it cannot be tried again any more.
func tooLate(p *played) {
	p.n.Vendor.SetSeats(8)
	approve(p)
	p.live(time.Hour)
	if r, _ := p.request(); !r.Lapsed {
		p.t.Errorf("it can still be tried again: %s", r.State)
	}
}

// retry has no seat free at first; an admin frees one and tries again.
func retry(p *played) {
	p.n.Vendor.SetSeats(8)
	approve(p)
	p.live(2 * time.Minute)
	r, _ := p.request()
	for range 20 {
		if r.State != approvals.Running {
			break
		}
		p.live(30 * time.Second)
		r, _ = p.request()
	}
	button := "Try again"
	if r.State == approvals.InDoubt {
		// Struck between the asking and the refusal: the asking may still arrive, so nobody is told a failure.
		button = "It did not – try again"
		p.scenario.tells--
	}
	p.n.Vendor.SetSeats(25)
	p.presses(button, func() bool { r, _ := p.request(); return r.Attempt == 2 })
}
