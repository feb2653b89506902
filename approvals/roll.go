package approvals

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Roll keeps whoever decides alive: at the start, daily, and when Slack says that somebody has changed, it has those looked
// up who are named in what waits (alive.go), and looks itself at what the policies name. It remembers nothing: whatever
// crashes, the next start calls the roll again.
type Roll struct {
	Desk *Desk
	Now  func() time.Time
	Log  *slog.Logger
	// Alarm tells the admins of something only they can mend, once a day and topic.
	Alarm func(ctx context.Context, topic string, say Text)
	anew  chan struct{}
}

// NewRoll makes the roll of a desk.
func NewRoll(d *Desk, now func() time.Time, alarm func(ctx context.Context, topic string, say Text)) *Roll {
	return &Roll{Desk: d, Now: now, Log: d.Log, Alarm: alarm, anew: make(chan struct{}, 1)}
}

// rollAgain is when policies are looked at again where Slack couldn't say everything.
const rollAgain = time.Minute

// Changed hears that a person or user group has changed. What waits for them is promised to be looked at before it returns; an error
// says that it isn't, and whoever told of it is to say so again.
func (l *Roll) Changed(ctx context.Context, who string) error {
	if err := l.Desk.Watch(ctx, who, l.Now()); err != nil {
		return fmt.Errorf("promise to look up who decides what waits for %s: %w", who, err)
	}
	if !slices.Contains(l.Desk.Approvers().Approvers, who) && !slices.Contains(l.Desk.Groups(), GroupID(who)) {
		return nil
	}
	select {
	case l.anew <- struct{}{}:
	default: // it is called again already
	}
	return nil
}

// Run calls the roll at once, and then daily and when something has changed, until ctx ends.
func (l *Roll) Run(ctx context.Context) {
	if err := l.Desk.Watch(ctx, "", l.Now()); err != nil && ctx.Err() == nil {
		l.Log.WarnContext(ctx, "cannot look up now who decides what waits; it is looked up again within a day", "err", err)
	}
	for ctx.Err() == nil {
		again := watchEvery
		if !l.call(ctx) {
			again = rollAgain
		}
		next := time.NewTimer(again)
		select {
		case <-ctx.Done():
		case <-l.anew:
		case <-next.C:
		}
		next.Stop()
	}
}

// call tells the admins of each policy that too few can decide, or whose conditions name a user group that is gone;
// false: Slack couldn't say everything.
func (l *Roll) call(ctx context.Context) bool {
	list, err := l.Desk.Unreached(ctx)
	if ctx.Err() != nil {
		return true
	}
	if err != nil {
		l.Log.DebugContext(ctx, "not everybody whom a policy names could be looked up", "err", err)
	}
	for _, u := range list {
		l.Log.WarnContext(ctx, "too few of those whom a policy names can decide", "policy", u.Policy, "step", u.Step+1)
		l.Alarm(ctx, "approvers of "+u.Policy, u.Text())
	}
	sure := l.callGroups(ctx)
	return err == nil && sure
}

// Unreached is a step of a policy that too few of those whom it names can decide.
type Unreached struct {
	Policy string
	// Step is counted from 0, Of how many there are, and App for which app it was looked at.
	Step, Of int
	App      string
	// Gone are those it names who can't decide, and Left how many can of the Need that must say yes.
	Gone       []string
	Left, Need int
	// Escalates: whom the policy escalates to could fill it.
	Escalates bool
}

// Unreached finds the steps of policies that too few can decide, one a policy. An error means that it could not be found
// out of all of them; those it returns are certain.
func (d *Desk) Unreached(ctx context.Context) (list []Unreached, unsure error) {
	for _, p := range d.Policies {
		for _, app := range p.forApps(d.Apps) {
			u, found, err := d.unreached(ctx, p, app)
			unsure = errors.Join(unsure, err)
			if found {
				list = append(list, u)
				break
			}
		}
	}
	return list, unsure
}

// forApps are the apps that a policy rules.
func (p Policy) forApps(all []App) (ids []string) {
	for _, a := range all {
		if len(p.Apps) == 0 || slices.Contains(p.Apps, a.ID) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func (d *Desk) unreached(ctx context.Context, p Policy, app string) (u Unreached, found bool, unsure error) {
	rule := d.ruleOf(p, app)
	if rule.Itself() || p.Refusal != "" {
		return u, false, nil
	}
	steps := rule.Stages()
	for i, s := range steps {
		left, gone, err := d.left(ctx, s.Approvers, s.Need)
		if unsure = errors.Join(unsure, err); err != nil || left >= s.Need {
			continue
		}
		more, _, err := d.left(ctx, rule.EscalateTo, s.Need-left)
		if err != nil {
			unsure = errors.Join(unsure, err)
			continue
		}
		return Unreached{Policy: p.Name, Step: i, Of: len(steps), App: app, Gone: gone, Left: left, Need: s.Need, Escalates: left+more >= s.Need}, true, unsure
	}
	return u, false, unsure
}

// left is how many of some can decide, as far as so many are needed, and who can't; a group that can counts as enough, and
// so does a manager, who is another person for each request.
func (d *Desk) left(ctx context.Context, who []string, need int) (left int, gone []string, err error) {
	for _, a := range who {
		if left >= need {
			return left, gone, nil
		}
		if a == Manager {
			left++
			continue
		}
		able, lost := d.able(ctx, a, Request{})
		switch {
		case lost != nil:
			err = errors.Join(err, lost)
		case !able:
			gone = append(gone, a)
		case IsGroup(a):
			return need, gone, nil
		default:
			left++
		}
	}
	if left >= need {
		err = nil
	}
	return left, gone, err
}

// Who says of each of those who can't decide why, for whoever reads a mention.
func (u Unreached) Who() Text {
	var all []Text
	for _, a := range u.Gone {
		if IsGroup(a) {
			all = append(all, Sayf("nobody in %v is an active member", GroupID(a)))
		} else {
			all = append(all, Sayf("%v isn't an active member", PersonID(a)))
		}
	}
	return Join(all, ", ")
}

// Text tells an admin what becomes of requests under the policy, and what to do.
func (u Unreached) Text() Text {
	where := Sayf("policy “%v”", u.Policy)
	if u.Of > 1 {
		where = Sayf("step %v of policy “%v”", u.Step+1, u.Policy)
	}
	short := Sayf("Nobody named in %v can approve any more", where)
	if u.Left > 0 {
		short = Sayf("%v people named in %v must say yes, and only %v still can", u.Need, where, u.Left)
	}
	stead := "the admins decide"
	if u.Escalates {
		stead = "who it escalates to decides"
	}
	return Sayf("%v: %v. Until that's put right %v what waits there. Name somebody else in usher.yml, then restart me or send me a SIGHUP; `usher check` shows everybody.",
		short, u.Who(), stead)
}
