package simulation

import (
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
)

// decides lets somebody decide, and holds the program to a vote that it acknowledged in good weather and
// without saying otherwise.
func (s *simulation) decides(who string, n int64) {
	before, ok := s.request(n)
	sure := ok && before.State == approvals.Pending && before.Requester != approvals.PersonID(who) && slices.Contains(deciders, who) && idOf(before.Change.Email) == "" &&
		before.Known() && !before.Barred() && !before.Bundled() && s.saysWhatItWouldDo(n) && s.shownAsEdited(before) && len(before.Votes) == 0 && time.Since(s.pressed) > 2*time.Second && s.slackIsFine() && !s.everLeft(who) && s.failing.Load() <= 0
	private, life := len(s.N.Slack.Ephemerals(who)), s.lives
	out := s.done(s.approves(who, n))
	s.spend(10 * time.Second)
	if s.lives != life && s.madeSince(before) {
		sure = false // it may have died before it could say that there is news
	}
	if out.Acked && sure && len(s.N.Slack.Ephemerals(who)) == private {
		s.counted[ballot{n, who, true}] = true
	}
}

// madeSince reports whether the account that a request is to make is there by now: a yes to it is asked for once more.
func (s *simulation) madeSince(r approvals.Request) bool {
	return r.Form().New && slices.ContainsFunc(s.N.Vendor.Accounts(), func(a vendorsim.Account) bool { return a.Email == r.Change.Email })
}
