package simulation

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// What happens to a request by itself while it waits.

// stepsIn lets somebody to whom a request was escalated approve it; where there is none, a stranger tries.
func (s *simulation) stepsIn() *slacksim.Delivery {
	if s.App == nil || s.Life.Over() {
		return nil
	}
	for _, r := range s.requests() {
		if m := r.Managed(); m != nil && m.By != "" && !slices.Contains(deciders, string(m.By)) && r.State == approvals.Pending && r.Known() && s.rng.IntN(2) == 0 {
			return s.approves(string(m.By), r.Number)
		}
		if to := r.Rule.EscalateTo; r.State == approvals.Pending && len(r.Raised) > 0 && r.Known() && s.rng.IntN(2) == 0 {
			return s.approves(pickOf(s, to), r.Number)
		}
	}
	return s.approves(pickOf(s, strangers), s.number())
}

// escalatedTo reports whether a vote is one of somebody to whom a step was escalated before they voted.
func (s *simulation) escalatedTo(r approvals.Request, vote approvals.Entry) bool {
	if !slices.Contains(r.Rule.EscalateTo, string(vote.Actor)) {
		return false
	}
	v, _ := r.VoteOf(vote.Actor)
	at, raised := r.RaisedOn(v.Step)
	if raised {
		s.count("escalations: decided by whom it went to")
	}
	return raised && !vote.At.Before(at) || vote.What == "voted no" && len(r.Raised) > 0
}

// escalations: each step was escalated at most once, while it was the one to be decided, and not before its time.
func (s *simulation) escalations(all []approvals.Request) {
	raised, asked := map[int64][]int{}, map[int64]time.Time{}
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		switch e.What {
		case "asked":
			asked[e.Request] = e.At
		case "escalated":
			s.count("escalations: happened")
			var d struct{ Step int }
			if err := json.Unmarshal(e.Detail, &d); err != nil {
				return err
			}
			if slices.Contains(raised[e.Request], d.Step) || e.Before != approvals.Pending || e.After != approvals.Pending {
				s.Errorf("#%d: step %d was escalated again, or is past that: %s → %s", e.Request, d.Step, e.Before, e.After)
			}
			if early := s.setting.Expires/4 - e.At.Sub(asked[e.Request]); early > 2*app.Tolerance && !all[e.Request-1].Several() {
				s.Errorf("#%d: step %d was escalated %v too early", e.Request, d.Step, early)
			}
			raised[e.Request] = append(raised[e.Request], d.Step)
		}
		return nil
	}))
	for _, r := range all {
		require.Len(s.T, raised[r.Number], len(r.Raised), "#%d: escalations in the log", r.Number)
	}
}
