package approvals

import (
	"time"

	"github.com/usherbot/usher/outbox"
)

// Whoever asked sees how far a task is, on one message that follows it. It is owed when the task begins, and drawn anew a moment
// after a tick: several ticks in a row are one drawing. What comes of it at last is an outcome of its own, as of every request.

// progressWaits is how long after a tick it is drawn anew.
const progressWaits = 20 * time.Second

// progress owes that message where what it says has changed.
func (r *Request) progress(was Request, now time.Time) []outbox.Change {
	key := ProgressKey(r.Number)
	switch {
	case r.Removing() || !r.Working() && !was.Working():
		return nil
	case r.Working() != was.Working():
		return []outbox.Change{r.atOnce(key, now)}
	case r.Task.far(*r) == was.Task.far(was):
		return nil
	}
	return []outbox.Change{outbox.Promise(key, now.Add(progressWaits))}
}

// far is what of a task its message to whoever asked says.
func (t Task) far(r Request) [3]any {
	done, of := r.Progress()
	return [3]any{t.Owner, done, of}
}

// Progressing reports whether whoever asked is shown how far the task is: they don't do it themselves.
func (r Request) Progressing() bool {
	return r.Working() && !r.Removing() && r.Requester != "" && r.Task.Owner != r.Requester
}
