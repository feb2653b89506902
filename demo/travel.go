package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Jump is somewhere in time to go.
type Jump struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Says  string `json:"says"`
	to    func(*Stage, context.Context) (time.Time, error)
}

// zone is where the demo's company works, and its digest is due.
const zone = "Europe/London"

// jumps are all of them, in the order in which a page shows them.
var jumps = []Jump{
	{"monday", "Monday, 09:00", "The next Monday at 09:00 in London, when the weekly digest is due in #seat-reports.",
		func(s *Stage, _ context.Context) (time.Time, error) { return monday(s.clock.Now()) }},
	{"look", "Usher's next look", "When Usher has read by itself once more who is in SE Ranking, and how many units Semrush has left: a day from now at most.",
		(*Stage).nextLook},
	{"week", "Next week", "Seven days from now. What nobody has decided by then expires; reminders come before.",
		func(s *Stage, _ context.Context) (time.Time, error) {
			return s.clock.Now().Add(7 * 24 * time.Hour), nil
		}},
	{"end", "The next seat to expire", "When the next seat ends that was given for a time (ask with for=30d). Usher takes back what it gave.",
		(*Stage).nextEnd},
	{"clocks", "Past a change of clocks", "The first Monday, 09:00, after London's clocks have changed. The digest comes at 09:00 there, as ever.",
		func(s *Stage, _ context.Context) (time.Time, error) { return pastChange(s.clock.Now()) }},
}

// errNoEnd is what comes of jumping to an end where there's none.
var errNoEnd = errors.New("nobody has been given anything for a time yet: ask with for=30d, approve it, and jump again")

// Jump goes to one of them.
func (s *Stage) Jump(ctx context.Context, name string) error {
	for _, j := range jumps {
		if j.Name == name {
			to, err := j.to(s, ctx)
			if err != nil {
				return err
			}
			return s.JumpTo(ctx, to)
		}
	}
	return fmt.Errorf("there's no jump %q", name)
}

// JumpTo moves every clock of the demo forward to a moment. Each bot ends in order before, and begins again after it: whatever it
// waits for it finds due. They hear again once this returns.
func (s *Stage) JumpTo(ctx context.Context, to time.Time) error {
	s.jumping.Lock()
	defer s.jumping.Unlock()
	if ahead := time.Until(to); ahead < s.clock.Ahead() {
		return errors.New("time goes forward alone")
	}
	release := s.bots.hold()
	s.Slack.DropAll() // what is left of connections is nobody's
	s.Slack.BuryGhosts()
	ahead := max(time.Until(to), s.clock.Ahead())
	s.clock.ahead.Store(int64(ahead))
	release(func(b *Birth) { b.Ahead = ahead })
	return s.hears(ctx)
}

// monday is the next Monday, 09:00, in the company's zone.
func monday(now time.Time) (time.Time, error) {
	there, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("look up the zone of the digest: %w", err)
	}
	local := now.In(there)
	for days := 0; ; days++ {
		at := time.Date(local.Year(), local.Month(), local.Day()+days, 9, 0, 0, 0, there)
		if at.Weekday() == time.Monday && at.After(now) {
			return at, nil
		}
	}
}

// pastChange is the first such Monday after the clocks there have changed.
func pastChange(now time.Time) (time.Time, error) {
	at, err := monday(now)
	if err != nil {
		return at, err
	}
	_, was := now.In(at.Location()).Zone()
	for {
		if _, is := at.Zone(); is != was {
			return at, nil
		}
		at = time.Date(at.Year(), at.Month(), at.Day()+7, 9, 0, 0, 0, at.Location())
	}
}

// nextEnd is when the next thing ends that was given for a time.
func (s *Stage) nextEnd(ctx context.Context) (at time.Time, err error) {
	all, err := s.requests(ctx)
	if err != nil {
		return at, err
	}
	for _, r := range all {
		if r.State == approvals.Done && r.EndsAt.After(s.clock.Now()) && (at.IsZero() || r.EndsAt.Before(at)) {
			at = r.EndsAt
		}
	}
	if at.IsZero() {
		return at, errNoEnd
	}
	return at, nil
}

// requests are what the bot knows of, asked as an operator asks it.
func (s *Stage) requests(ctx context.Context) (all []approvals.Request, err error) {
	folder := s.answers()
	var raw bytes.Buffer
	if !folder.Running() {
		return nil, errNoBot
	}
	if err := folder.Requests(ctx, &raw, true, true); err != nil {
		return nil, fmt.Errorf("ask the bot for its requests: %w", err)
	}
	if err := json.Unmarshal(raw.Bytes(), &all); err != nil {
		return nil, fmt.Errorf("read the bot's requests: %w", err)
	}
	return all, nil
}
