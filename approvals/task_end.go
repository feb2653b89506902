package approvals

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// What a person gave for a time a person takes away, by a second task of the same request:
//
//	done ──(its time is up, or somebody ends it)──► ending: somebody's task ──(its last step)──► ended
//	                                                  └─(could not be done)──► ending: somebody's task again a day later
//
// Its steps are pinned by the approval too, because whoever approved it approved how it ends. It takes the place of the task
// that gave it when that is over, and "end/12" is to it what "deed/12" is to the other: whoever carries that out finds whose
// turn it is, and it stays owed until it has ended. So a crash between the end and the turn leaves the end owed, and one
// after it a task that is somebody's.

// pinRemoval keeps how what is given for a time is taken away.
func (r *Request) pinRemoval(form catalog.Action) {
	if r.Term == nil {
		return
	}
	undo, ok := r.App.Entry.Action(form.Undo)
	if !ok || !undo.ByHand() { // it had some when it was asked, and it ends all the same
		undo = catalog.Action{Key: catalog.Delete, Steps: []catalog.Step{{Key: "remove", Do: "Take away what {who} has by {n}.", Marks: catalog.AccessRemoved}}}
	}
	r.Removal = r.taskOf(undo)
	r.Removal.Action = undo.Key
}

// Removing reports whether the task of a request takes away what another one of it gave.
func (r Request) Removing() bool { return r.Task != nil && r.Task.Action != "" }

// Manual reports whether a person carries a request out, whether or not it is approved yet: then a person takes it away, too.
func (r Request) Manual() bool { return r.Task != nil || r.Given().Form().ByHand() }

// GivesIt and Removes are the two tasks that a request can have, as a menu bears them: so a click on the first one that comes late
// is none on the second.
const (
	GivesIt = "gives"
	Removes = "removes"
)

// TaskIs is which task of a request is the present one.
func (r Request) TaskIs() string {
	if r.Removing() {
		return Removes
	}
	return GivesIt
}

// meansTask refuses what is meant for the task before.
func (r Request) meansTask(task string) error {
	if task == "" || task == r.TaskIs() {
		return nil
	}
	return Refuse(Conflict, "That step belongs to the task that gave this. What's to be done now is on the newer card of #%v. Nothing was changed.", r.Number)
}

// Giving is a request as it was when a person had given what it asks, also where that is being taken away by now, or went with its
// account; one that isn't over so is as it is.
func (r Request) Giving() Request {
	switch {
	case r.Removing():
		r.Task, r.Gave = r.Gave, nil
	case r.Task == nil || r.End == nil:
		return r
	}
	r.State, r.End, r.Pool = Done, nil, nil
	return r
}

// remove puts the task that takes it away in the place of the one that gave it.
func (r *Request) remove() {
	if r.Removal == nil {
		return
	}
	past := 0
	if r.Task != nil {
		past = r.Task.Past + r.Task.Rounds
	}
	r.Gave, r.Task, r.Removal = r.Task, r.Removal, nil
	r.Task.Past = past
}

// startable reports whether it is time to make a request somebody's task.
func (r Request) startable(now time.Time) bool {
	switch {
	case r.Lent():
		return r.Removal != nil && !now.Before(r.EndsAt)
	case r.State == Ending:
		return r.Removing() && !r.End.Working
	}
	return r.Task != nil && r.State == Approved
}

// startRemoval begins the taking away, or begins it again.
func (r *Request) startRemoval(now time.Time) (out []outbox.Change) {
	if r.Lent() {
		out = r.unwarned(now)
		r.State, r.End = Ending, &End{By: Usher, At: r.EndsAt}
		r.remove()
	} else if r.End.Attempt > 0 {
		r.Task.anew()
	}
	r.End.Working, r.End.Began, r.End.Failed = true, now, nil
	r.End.Attempt++
	return out
}

// anew makes a task nobody's, for which there is its whole time again. What was ticked stays so.
func (t *Task) anew() {
	t.Past, t.Rounds = t.Past+t.Rounds, 0
	t.Owner, t.Stand, t.Due, t.Free = "", false, time.Time{}, time.Time{}
}

// taskForm is what the app's entry says of what a task does.
func (r Request) taskForm() catalog.Action {
	if !r.Removing() {
		return r.Form()
	}
	form, _ := r.App.Entry.Action(r.Task.Action)
	return form
}

// chosen are the ids that were chosen for a field: of one that only the taking away has, what is usual.
func (r Request) chosen(key string) []string {
	if f, ok := r.taskForm().Field(key); ok && r.Removing() && !r.Change.Values.Has(key) && f.Default != "" {
		return []string{f.Default}
	}
	return r.Change.Values.IDs(key)
}

// seenToBy is the key of the promise that sees to it that a task is somebody's.
func (r Request) seenToBy() string {
	if r.Removing() {
		return EndKey(r.Number)
	}
	return DeedKey(r.Number)
}

// taskKeys are the keys of what shows a task: where the cards are, and to whom it is or was.
func (r Request) taskKeys() []string {
	if r.Removing() {
		keys := []string{RemovalKey(r.Number)}
		for _, who := range r.Task.Had {
			keys = append(keys, RemovalOfKey(r.Number, who))
		}
		return keys
	}
	keys := []string{TaskKey(r.Number)}
	for _, who := range r.Task.Had {
		keys = append(keys, TaskOfKey(r.Number, who))
	}
	return keys
}

// finish ends what a task was for, with its last step.
func (r *Request) finish(last Tick, now time.Time) []outbox.Change {
	o := Outcome{At: now, Text: r.handmade(last), AccountID: r.Change.Account}
	if r.Removing() {
		return r.backEnds(o, now)
	}
	return r.end(Done, o)
}

// giveUp is that a task could not be done: what was to be given failed, and what is to be taken away is somebody else's turn a
// day later.
func (r *Request) giveUp(e GaveUp, now time.Time) []outbox.Change {
	o := Outcome{At: now, Text: couldNot(e.By, e.Reason)}
	if r.Removing() {
		r.Task.Put = r.Task.Owner
		return r.backFails(o, now)
	}
	r.Escalated = true
	return append(r.end(Failed, o), r.lapses(now)...)
}

// putBackBy reports whether somebody gave the present task back.
func (r Request) putBackBy(id PersonID) bool { return !r.Lent() && r.Task.Put == id }

// openTasks are the tasks that are to be done, whosever they are.
func (d *Desk) openTasks(ctx context.Context) (all []Request, err error) {
	for _, s := range []State{Running, Ending} {
		in, err := d.Every(ctx, Filter{State: s})
		if err != nil {
			return nil, err
		}
		all = append(all, in...)
	}
	return slices.DeleteFunc(all, func(r Request) bool { return !r.Working() }), nil
}
