package reports

import (
	"cmp"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// addRequests says which requests wait, for what somebody is at work, what ends soon, and what went wrong.
func (r *Report) addRequests(f Facts, now time.Time) {
	waiting := oldestFirst(f.Pending)
	r.Waiting = waiting[:min(len(waiting), mostWaiting)]
	r.WaitingMore = len(waiting) - len(r.Waiting)
	r.Tasks = tasks(f)
	r.Late = late(f, now)
	doubt := slices.DeleteFunc(slices.Clone(f.InDoubt), approvals.Request.Late)
	r.Stuck = oldestFirst(append(doubt, recent(f.Failed, now)...))
	r.Ending = slices.SortedFunc(slices.Values(f.EndsSoon), func(a, b approvals.Request) int {
		return cmp.Or(a.EndsAt.Compare(b.EndsAt), cmp.Compare(a.Number, b.Number))
	})
}

// tasks are what people carry out now: what is due first on top, and what has no time at the end.
func tasks(f Facts) []approvals.Request {
	var out []approvals.Request
	for _, q := range slices.Concat(f.Running, f.Ending) {
		if q.Working() {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b approvals.Request) int {
		return cmp.Or(due(a).Compare(due(b)), cmp.Compare(a.Number, b.Number))
	})
	return out
}

// due is when a task should be done; one without a time comes last.
func due(q approvals.Request) time.Time {
	if q.Task.Due.IsZero() {
		return time.Unix(1<<40, 0)
	}
	return q.Task.Due
}

// late picks what is past its end and not gone.
func late(f Facts, now time.Time) []approvals.Request {
	var out []approvals.Request
	for _, r := range slices.Concat(f.Ending, f.InDoubt) {
		if r.Overstays(now) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b approvals.Request) int {
		return cmp.Or(a.End.At.Compare(b.End.At), cmp.Compare(a.Number, b.Number))
	})
	return out
}

// recent picks what failed not too long ago, and can be tried again still.
func recent(failed []approvals.Request, now time.Time) []approvals.Request {
	var out []approvals.Request
	for _, r := range failed {
		at := r.Decided
		if r.Outcome != nil {
			at = r.Outcome.At
		}
		if now.Sub(at) <= failedFor && !r.Lapsed {
			out = append(out, r)
		}
	}
	return out
}

func oldestFirst(list []approvals.Request) []approvals.Request {
	return slices.SortedFunc(slices.Values(list), func(a, b approvals.Request) int { return cmp.Compare(a.Number, b.Number) })
}
