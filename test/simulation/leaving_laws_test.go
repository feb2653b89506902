package simulation

import (
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
)

// leavingsHold: what is asked is asked for one leaving, what is closed is gone, or was left by somebody, and nobody loses anything
// without another's yes.
func (s *simulation) leavingsHold(all []approvals.Request) {
	asked := map[int64]int64{}
	for _, l := range s.leavings() {
		s.count("leavers: " + string(l.State))
		for _, i := range l.Items {
			if i.Round > 0 && i.Request > 0 && all[i.Request-1].Occasion != nil && all[i.Request-1].Occasion.ID == l.Key(i.Round) {
				if other, twice := asked[i.Request]; twice && other != l.Number {
					s.Errorf("#%d is asked for leaving %d and for leaving %d", i.Request, other, l.Number)
				}
				asked[i.Request] = l.Number
			}
			if l.State == leavers.Closed && !i.Settled() {
				s.Errorf("leaving %d is closed, and %s in %s is neither gone nor left", l.Number, i.Email, i.App)
			}
		}
	}
	for _, r := range all {
		if r.Occasion == nil || r.Occasion.Kind != approvals.OccasionLeft {
			continue
		}
		if _, of := asked[r.Number]; !of {
			s.Errorf("#%d is asked for no leaving", r.Number)
		}
		if r.State != approvals.Pending && r.State != approvals.Canceled && !slices.ContainsFunc(r.Votes, func(v approvals.Vote) bool { return v.By != approvals.Actor(r.Occasion.Person) }) && r.Override == "" {
			s.Errorf("#%d took something from %s without a yes", r.Number, r.Occasion.Person)
		}
	}
}
