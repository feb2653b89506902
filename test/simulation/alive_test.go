package simulation

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// seenGone is how long after somebody has left what waits for them may still be as it was: as long as Slack may be asked
// in vain, and a reading of a user group takes.
const seenGone = 20 * time.Minute

// abandoned: no request waits for people alone who have left, while the program lives and Slack answers.
func (s *simulation) abandoned(r approvals.Request) {
	if r.State != approvals.Pending || r.Rule.Itself() || s.failing.Load() > 0 || !s.slackIsFine() || time.Since(time.Unix(0, s.reborn.Load())) < seenGone || time.Since(r.Since()) < seenGone {
		return
	}
	for _, who := range r.Stages()[r.Present()].Approvers {
		if s.maySay(who, r) {
			return
		}
	}
	s.Errorf("#%d waits for nobody but %v, who have left", r.Number, r.Stage().Approvers)
}

// maySay reports whether somebody, or anybody of a user group, can decide or has not been gone for long.
func (s *simulation) maySay(who string, r approvals.Request) bool {
	if approvals.IsGroup(who) {
		return slices.ContainsFunc(deciders, func(m string) bool { return s.maySay(m, r) })
	}
	return who != string(r.Requester) && who != string(r.Change.Person) && s.awayFor(who, time.Now()) < seenGone
}

// handedOn: a step is handed on once to whom it was handed on, while it waits, because of somebody who had left.
func (s *simulation) handedOn(all []approvals.Request) {
	logged := map[int64]int{}
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		var d struct {
			HandedTo []string `json:"handed_to"`
		}
		if err := json.Unmarshal(line, &e); err != nil || e.What != "looked up who can't decide any more" {
			return err
		}
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			return err
		}
		if e.Before != approvals.Pending || e.After != approvals.Pending {
			s.Errorf("#%d was %s when it was handed on", e.Request, e.Before)
		}
		logged[e.Request] += len(d.HandedTo)
		return nil
	}))
	for _, r := range all {
		kept := 0
		for _, e := range r.Raised {
			if len(e.Gone) == 0 {
				continue
			}
			s.count("approvers: handed on")
			kept += len(e.To)
			if e.To == nil {
				kept += len(r.Rule.EscalateTo)
			}
			for _, who := range e.Gone {
				if !approvals.IsGroup(who) && len(s.gone[who]) == 0 {
					s.Errorf("#%d was handed on because of %s, who never left", r.Number, who)
				}
			}
		}
		require.Equal(s.T, kept, logged[r.Number], "#%d: those whom it was handed on to, in the log", r.Number)
	}
}
