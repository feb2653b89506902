package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// PuttingOff is a finding that somebody wants to see no more for a while.
type PuttingOff struct {
	App, Key string
	// Days is for how long, and Why the reason.
	Days int
	Why  string
	// Surface is where it was said.
	Surface string
}

// PutOffFor is for how many days a finding can be put off.
var PutOffFor = []int{30, 90, 180}

// longestWhy is how much of a reason is kept.
const longestWhy = 500

// MayPutOff is the finding that somebody may put off who looks after its app, as it is now.
func (h *House) MayPutOff(ctx context.Context, id approvals.PersonID, appID, key string) (Finding, error) {
	app, err := h.lookedAfter(ctx, id, appID)
	if err != nil {
		return Finding{}, err
	}
	f, err := h.openFinding(ctx, app, key)
	if err != nil {
		return Finding{}, err
	}
	return h.shown(app, []register.Finding{f})[0], nil
}

// PutOff keeps that a finding is put off, by somebody who looks after its app.
func (h *House) PutOff(ctx context.Context, id approvals.PersonID, p PuttingOff, now time.Time) (Reply, error) {
	app, err := h.lookedAfter(ctx, id, p.App)
	if err != nil {
		return Reply{}, err
	}
	why := strings.Join(strings.Fields(p.Why), " ")
	switch {
	case why == "" || len(why) > longestWhy*4:
		return Reply{}, approvals.Refuse(approvals.Invalid, "Please say in a few words why it can wait: whoever looks after the app sees that.")
	case !slices.Contains(PutOffFor, p.Days):
		return Reply{}, approvals.Refuse(approvals.Invalid, "Please choose for how long.")
	}
	until := now.AddDate(0, 0, p.Days)
	f, err := h.Register.PutOff(ctx, app.ID, p.Key, register.Later{Until: until, At: now, By: approvals.Actor(id), Why: why}, p.Surface)
	if err != nil {
		return Reply{}, fmt.Errorf("put a finding off: %w", err)
	}
	return Reply{Head: approvals.Sayf("%v is put off until %v. I'll show it again then, unless it's mended by then.", f.Email, until)}, nil
}

// putOff are the findings of an app that were put off, from one of them on, with until when and why.
func (h *House) putOff(app approvals.App, all []register.Finding, from int) Reply {
	if len(all) == 0 {
		return Reply{Head: approvals.Sayf("*%v* · nothing is put off any more.", app.Name)}
	}
	if from < 0 || from >= len(all) {
		from = 0
	}
	to := min(from+mostFindings, len(all))
	reply := Reply{Head: approvals.Sayf("*%v* · put off, %v to %v of %v:", app.Name, from+1, to, len(all)), Findings: h.shown(app, all[from:to])}
	for i, f := range all[from:to] {
		if l := f.Later; l != nil {
			reply.Findings[i].Off = true
			reply.Findings[i].Say = approvals.Sayf("%v Put off until %v by %v: “%v”", reply.Findings[i].Say, l.Until, l.By.Text(), l.Why)
		}
	}
	if len(all) > to {
		reply.More = &More{App: app.ID, From: to, Left: len(all) - to, Off: true}
	}
	return reply
}
