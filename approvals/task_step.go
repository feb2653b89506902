package approvals

import (
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// The events of a task.
type (
	// Assigned: it is somebody's now. Stand says that it went to an admin because no owner of the app can do it; To "": there
	// is nobody, and whoever may tick may take it.
	Assigned struct {
		To    PersonID
		Stand bool
	}
	// Ticked: a step, counted from 0, is done or does not apply. Unticked: it is to be done after all.
	Ticked struct {
		Step int
		Tick Tick
	}
	Unticked struct {
		Step int
		Note Remnant
	}
	// Noted: somebody noted something beside a step.
	Noted struct {
		Step int
		Note Remnant
	}
	// Handed: somebody gave it to another, or took it (To is By).
	Handed struct {
		By Actor
		To PersonID
	}
	// PutBack: whoever had it gives it back to all.
	PutBack struct{ By Actor }
	// GaveUp: it could not be done.
	GaveUp struct {
		By     Actor
		Reason string
	}
	// Pressed: its time is up; so many reminders are past now, and Who are those who hear of it.
	Pressed struct {
		Rounds int
		Who    []string
	}
)

func (Assigned) what() string { return "task given" }
func (e Ticked) what() string {
	if e.Tick.Skipped {
		return "step does not apply"
	}
	return "step ticked"
}
func (Unticked) what() string { return "step undone" }
func (Noted) what() string    { return "step noted" }
func (e Handed) what() string {
	if e.By.Person() == e.To {
		return "task taken"
	}
	return "task handed over"
}
func (PutBack) what() string { return "task put back" }
func (GaveUp) what() string  { return "task could not be done" }
func (Pressed) what() string { return "task reminded of" }

// putBackWaits is how long a task that was put back stays nobody's, before it is somebody's turn again.
const putBackWaits = 2 * time.Hour

// work takes what happens to a task; false: it is past that.
func (r *Request) work(e Event, now time.Time) (out []outbox.Change, taken bool) {
	if e, ok := e.(Assigned); ok {
		return r.assign(e, now)
	}
	if !r.Working() {
		return nil, false
	}
	switch e := e.(type) {
	case Ticked:
		return r.tick(e, now)
	case Unticked:
		return nil, r.untick(e)
	case Noted:
		return nil, r.noteStep(e.Step, e.Note)
	case Handed:
		if r.Task.Owner == e.To || e.To == "" {
			return nil, false
		}
		r.give(e.To, now)
		r.Task.Stand = false
	case PutBack:
		if r.Task.Owner == "" {
			return nil, false
		}
		r.Task.Put, r.Task.Free, r.Task.Owner, r.Task.Stand = r.Task.Owner, now, "", false
		out = append(out, outbox.Forget(r.seenToBy()), outbox.Promise(r.seenToBy(), now.Add(putBackWaits)))
	case GaveUp:
		out = r.giveUp(e, now)
	case Pressed:
		if e.Rounds <= r.Task.Rounds {
			return nil, false
		}
		r.Task.Rounds = e.Rounds
		for _, who := range e.Who {
			out = append(out, r.atOnce(OverdueKey(r.Number, r.Task.Round(), who), now).ButOnce())
		}
	}
	return out, true
}

// assign begins the task or gives it to another; false: it is past that.
func (r *Request) assign(e Assigned, now time.Time) (out []outbox.Change, taken bool) {
	switch {
	case r.State == Approved && r.Task != nil && !r.waitsForSeat() && !r.OnHold():
		r.State, r.Attempt, r.Started = Running, 1, now
	case r.State != Approved && r.startable(now):
		out = r.startRemoval(now)
	case !r.Working() || e.To == "" || r.Task.Owner == e.To:
		return nil, false
	}
	if r.Task.Due.IsZero() {
		r.Task.Span = orDefault(r.App.Due, DefaultDue)
		r.Task.Due, r.Task.Rounds = now.Add(r.Task.Span), 0
	}
	r.give(e.To, now)
	r.Task.Stand = e.Stand
	return out, true
}

// give makes it somebody's.
func (r *Request) give(to PersonID, now time.Time) {
	r.Task.Owner, r.Task.Since, r.Task.Free = to, now, time.Time{}
	if to != "" && !slices.Contains(r.Task.Had, to) {
		r.Task.Had = append(r.Task.Had, to)
	}
}

// tick keeps what became of a step. The one with which nothing is left ends the request; the last one waits for all others.
func (r *Request) tick(e Ticked, now time.Time) (out []outbox.Change, taken bool) {
	if e.Step < 0 || e.Step >= len(r.Task.Steps) || r.Task.Steps[e.Step].Tick != nil || r.Applies(e.Step) != Holds {
		return nil, false
	}
	tick := e.Tick
	r.Task.Steps[e.Step].Tick = &tick
	left := r.left()
	switch {
	case len(left) > 0 && left[len(left)-1] < e.Step && r.last() == e.Step:
		return nil, false
	case len(left) > 0:
		return r.second(left, now), true
	case !r.anyDone():
		return nil, false
	}
	return r.finish(tick, now), true
}

// last is the last step that applies, as far as is known.
func (r Request) last() int {
	for i := len(r.Task.Steps) - 1; i > 0; i-- {
		if r.Applies(i) != Fails {
			return i
		}
	}
	return 0
}

// anyDone reports whether anything was done, and not everything left out.
func (r Request) anyDone() bool {
	return slices.ContainsFunc(r.Task.Steps, func(s TaskStep) bool { return s.Tick != nil && !s.Tick.Skipped })
}

// second gives the task to another once nothing is left but to confirm what whoever has it took away.
func (r *Request) second(left []int, now time.Time) []outbox.Change {
	if len(left) > 1 || !r.Task.Steps[left[0]].Confirms || !r.first(Actor(r.Task.Owner)) {
		return nil
	}
	r.Task.Put, r.Task.Free, r.Task.Owner = r.Task.Owner, now, ""
	return []outbox.Change{outbox.Forget(r.seenToBy()), r.atOnce(r.seenToBy(), now)}
}

// first reports whether somebody took away what a second person is to confirm.
func (r Request) first(a Actor) bool {
	return slices.ContainsFunc(r.Task.Steps, func(s TaskStep) bool {
		return s.Marks != "" && s.Tick != nil && !s.Tick.Skipped && s.Tick.By == a
	})
}

// barred reports whether all that is left of the task is what somebody may not do: to confirm their own work.
func (r Request) barred(id PersonID) bool {
	left := r.left()
	return len(left) == 1 && r.Task.Steps[left[0]].Confirms && r.first(Actor(id))
}

// handmade says what came of it.
func (r Request) handmade(last Tick) Text {
	done := 0
	for _, s := range r.Task.Steps {
		if s.Tick != nil && !s.Tick.Skipped {
			done++
		}
	}
	if done == 1 {
		return Sayf("%v did it by hand.", last.By.Text())
	}
	return Sayf("Done by hand, in %v steps; %v ticked the last one.", done, last.By.Text())
}

// untick has a step done anew; what was given with the tick stays with the note that undid it.
func (r *Request) untick(e Unticked) bool {
	if e.Step < 0 || e.Step >= len(r.Task.Steps) || r.Task.Steps[e.Step].Tick == nil {
		return false
	}
	e.Note.Undid = true
	r.Task.Steps[e.Step].Tick = nil
	r.addNote(e.Step, e.Note)
	return true
}

// MostNotes is how many notes one step can have.
const MostNotes = 20

func (r *Request) noteStep(i int, n Remnant) bool {
	if i < 0 || i >= len(r.Task.Steps) || len(r.Task.Steps[i].Notes) >= MostNotes {
		return false
	}
	r.addNote(i, n)
	return true
}

func (r *Request) addNote(i int, n Remnant) {
	notes := append(slices.Clone(r.Task.Steps[i].Notes), n)
	r.Task.Steps[i].Notes = notes[max(len(notes)-MostNotes, 0):]
}

// tasks owes what shows the task: one message where the cards are, and that of each whose it is or was.
func (r *Request) tasks(now time.Time) []outbox.Change {
	if r.Task == nil || r.State == Approved || r.State == Pending || r.Attempt == 0 || r.Removing() && r.End.Attempt == 0 {
		return nil
	}
	var out []outbox.Change
	for _, key := range r.taskKeys() {
		out = append(out, r.atOnce(key, now))
	}
	return out
}

// worked is what of a task's event its audit row keeps; nil: it is none.
func worked(is Request, e Event) any {
	type row struct {
		Step   string   `json:"step,omitempty"`
		Answer string   `json:"answer,omitempty"`
		To     PersonID `json:"to,omitempty"`
		Stand  bool     `json:"stand,omitempty"`
		Evidence
		Reason string   `json:"reason,omitempty"`
		Who    []string `json:"who,omitempty"`
		Round  int      `json:"round,omitempty"`
	}
	switch e := e.(type) {
	case Assigned:
		return row{To: e.To, Stand: e.Stand}
	case Ticked:
		return row{Step: is.Task.Steps[e.Step].Key, Answer: e.Tick.Answer, Evidence: e.Tick.Evidence}
	case Unticked:
		return row{Step: is.Task.Steps[e.Step].Key, Evidence: e.Note.Evidence}
	case Noted:
		return row{Step: is.Task.Steps[e.Step].Key, Evidence: e.Note.Evidence}
	case Handed:
		return row{To: e.To}
	case GaveUp:
		return row{Reason: e.Reason}
	case Pressed:
		return row{Who: e.Who, Round: is.Task.Round()}
	}
	return nil
}
