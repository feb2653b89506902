package register

import (
	"context"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// What stays too long: what is past its end, what is nobody's, and what nobody uses.

const (
	// overFor is how long something may be past its end: taking it back takes its time, and what people carry out takes more.
	overFor = 3 * 24 * time.Hour
	// idleFor is how long an account may be there before anybody minds that it sees nothing, and unusedFor since when nobody may
	// have used it.
	idleFor   = 14 * 24 * time.Hour
	unusedFor = 60 * 24 * time.Hour
	// mostTold is how many of each kind a digest names.
	mostTold = 5
)

// over reports whether what was given for a time is past its end.
func (c comparing) over(e Entry) bool {
	return !e.Until.IsZero() && c.seen.At.Sub(e.Until) >= overFor
}

// unasked is what somebody is whom no request gave what they have; "": nothing to speak of. Without the directory nobody is known to
// be nobody's. That a colleague has what nobody asked Usher for is told of a list that somebody imported, to see just that; an app
// that is read each day had its people before Usher came.
func (c comparing) unasked(who approvals.Person, key string) Kind {
	switch {
	case len(c.people.ByID) > 0 && who.ID == "" && !c.people.there(key):
		return Orphan
	case c.seen.How == ByAPI:
		return ""
	}
	return NeverApproved
}

// idle reports whether nobody uses an account: it sees nothing though it could, or was last used long ago. A new one is left alone.
func (c comparing) idle(m list.Member, e Entry) bool {
	if !e.Since.IsZero() && c.seen.At.Sub(e.Since) < idleFor {
		return false
	}
	used := m.LastUsed()
	return c.seen.Idle[approvals.FoldEmail(m.Email)] || !used.IsZero() && c.seen.At.Sub(used) > unusedFor
}

// lacking is what an account sees none of that sees nothing.
func (c comparing) lacking() string {
	if held, ok := c.app.Entry.Held(); ok {
		return held.Noun.One
	}
	return "thing"
}

// Stayed is what stays in an app too long, for the digest: what that shows by itself, as who is past their end, isn't told twice.
func (g *Register) Stayed(ctx context.Context, app approvals.App) (out approvals.Stayed, err error) {
	k, err := g.Book.Register(ctx, app.ID)
	if err != nil {
		return out, fmt.Errorf("read what is kept of %s: %w", app.ID, err)
	}
	out.Looked = k.compared()
	if len(k.Findings)+len(k.Members) == 0 {
		return out, nil
	}
	done, err := g.done(ctx, app.ID)
	if err != nil {
		return out, err
	}
	out.Idle = k.idle(app, done, g.now())
	many, who, now := map[Kind]int{}, map[Kind][]string{}, g.now()
	for _, f := range k.Open(app, done, k.looked()) {
		switch {
		case f.Off(now):
		case f.Kind == Orphan:
			out.Orphans = append(out.Orphans, approvals.Orphan{Email: f.Email, As: f.Listed, Since: f.First})
		default:
			if many[f.Kind]++; many[f.Kind] <= mostTold {
				who[f.Kind] = append(who[f.Kind], f.Email)
			}
		}
	}
	for _, kind := range Kinds {
		if many[kind] > 0 && !kind.inDigest(app) {
			out.Others = append(out.Others, approvals.KindCount{Of: string(kind), Many: many[kind], Who: who[kind], Idle: kind.idle()})
		}
	}
	return out, nil
}

// inDigest reports whether a digest shows a kind by itself.
func (k Kind) inDigest(app approvals.App) bool {
	return k == PastEnd || k == StillCounted || k == NobodyUses && app.Entry != nil && app.Entry.Reads.Holds
}
