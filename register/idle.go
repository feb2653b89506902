package register

import (
	"cmp"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// idle are the accounts of an imported list that nobody uses: who was invited a while ago and never joined, and who hasn't used it for
// long, whatever else is found of them. Whose access was taken away is told of by that, and what somebody put off isn't told. An app
// that is read itself shows in its own way what nobody uses.
func (k Kept) idle(app approvals.App, done []approvals.Request, now time.Time) (out []approvals.IdleAccount) {
	if app.Entry != nil && app.Entry.Reads.Used || k.How == ByAPI {
		return nil
	}
	c := compare(app, done, k.Seen(), NewDirectory(nil), k.Waiting, k.looked())
	told := map[string]bool{}
	for _, f := range k.Findings {
		if f.Kind.idle() && f.Off(now) {
			told[approvals.FoldEmail(f.Email)] = true
		}
	}
	for _, m := range k.Members {
		key := approvals.FoldEmail(m.Email)
		if _, taken := c.taken[key]; taken || told[key] {
			continue
		}
		if a, ok := c.dormant(m, c.held[key]); ok {
			told[key], out = true, append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b approvals.IdleAccount) int {
		return cmp.Compare(approvals.FoldEmail(a.Email), approvals.FoldEmail(b.Email))
	})
	return out
}

// dormant is a member as one who never joined or who hasn't used it for long; false: neither shows.
func (c comparing) dormant(m list.Member, e Entry) (approvals.IdleAccount, bool) {
	a := approvals.IdleAccount{Email: m.Email, Never: m.Status == list.Invited, Since: m.LastUsed()}
	switch {
	case m.Unpaid:
		return a, false
	case a.Never:
		a.Since = c.invited(m, e)
		return a, c.now.Sub(a.Since) >= joinsWithin
	case m.Status == list.Off:
		return a, false
	}
	return a, c.idle(m, e)
}

// idle reports whether a kind is about accounts that nobody uses.
func (k Kind) idle() bool { return k == NeverJoined || k == NobodyUses }
