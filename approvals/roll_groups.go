package approvals

import (
	"context"
	"errors"
	"slices"
)

// Groups are the user groups of which it must be known who is in them before anybody asks or clicks: those whose members
// decide, and those of which policies ask whether who asks is in them.
func (d *Desk) Groups() []GroupID {
	all := d.Approvers().Groups()
	for _, p := range d.Policies {
		all = append(all, p.When.Groups()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// callGroups tells the admins of each policy that asks who is in a user group which isn't in Slack any more: until that
// is put right, what hangs on it can't be asked. false: Slack couldn't say of every group.
func (l *Roll) callGroups(ctx context.Context) (sure bool) {
	sure = true
	for _, p := range l.Desk.Policies {
		var gone []Text
		for _, g := range p.When.Groups() {
			_, err := l.Desk.Directory.Group(ctx, g)
			switch {
			case errors.Is(err, ErrNoGroup):
				gone = append(gone, Sayf("%v", string(g)))
			case err != nil && ctx.Err() == nil:
				l.Log.DebugContext(ctx, "whether a user group that a policy asks about is there could not be found out", "group", g, "err", err)
				sure = false
			}
		}
		if len(gone) > 0 {
			l.Log.WarnContext(ctx, "a policy asks who is in a user group that Slack does not have", "policy", p.Name)
			l.Alarm(ctx, "groups of "+p.Name, vanished(p, gone))
		}
	}
	return sure
}

// vanished tells an admin what becomes of requests under a policy, and what to do.
func vanished(p Policy, gone []Text) Text {
	return Sayf("Policy “%v” depends on who's in the user group %v, and that isn't in Slack any more. I refuse what hangs on it until you put it right: turn the group on again in Slack, or name another one under requester_in in usher.yml, then restart me or send me a SIGHUP.",
		p.Name, Join(gone, " and "))
}
