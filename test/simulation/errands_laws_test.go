package simulation

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// entrusted: where all is well, each open task is somebody's who can act: who is there, isn't away, and isn't who it is for or who
// took away what is only to be confirmed. Nobody's is one only for as long as it was put back.
func (s *simulation) entrusted(all []approvals.Request) {
	if !s.isWell() || time.Since(time.Unix(0, s.reborn.Load())) < seenGone || s.hiding["users.info"] {
		return
	}
	for _, r := range all {
		if !r.Working() || time.Since(workedSince(r)) < seenGone || len(s.mayWork(r)) == 0 {
			continue
		}
		s.count("tasks: held to be somebody's")
		switch who := string(r.Task.Owner); {
		case who == "" && time.Since(r.Task.Free) > 2*time.Hour+seenGone:
			s.Errorf("the task of #%d is nobody's: %+v", r.Number, r.Task)
		case who == "":
		case time.Since(r.Task.Since) < time.Minute:
		case s.awayFor(who, time.Now()) > seenGone:
			s.Errorf("the task of #%d is with %s, who left %v ago", r.Number, who, s.awayFor(who, time.Now()))
		case s.sureAway(who):
			s.Errorf("the task of #%d is with %s, who is away", r.Number, who)
		case who == string(r.Change.Person):
			s.Errorf("the task of #%d is with %s, whom it is for", r.Number, who)
		case confirmsOwn(r, who):
			s.Errorf("the task of #%d is with %s, who took away what is left to be confirmed", r.Number, who)
		}
	}
}

func (s *simulation) sureAway(who string) bool { _, is := s.isAway(who); return is }

// mayWork are those who can surely do a task: owners and admins who have been there for a while, can't be
// away, have nothing of it, and took nothing away.
func (s *simulation) mayWork(r approvals.Request) []string {
	return slices.DeleteFunc(slices.Concat(owners, helpers), func(who string) bool {
		gone := s.gone[who]
		unsettled := len(gone) > 0 && (len(gone)%2 == 1 || time.Since(gone[len(gone)-1]) < seenGone)
		mayBeAway := slices.ContainsFunc(s.absences, func(a absent) bool {
			return a.who == who && time.Since(a.until) < seenGone && time.Since(a.typed) < 4*24*time.Hour
		})
		return mayBeAway || unsettled || who == idOf(r.Change.Email) || tookAway(r, who)
	})
}

// tookAway reports whether somebody ticked what was taken away.
func tookAway(r approvals.Request, who string) bool {
	return slices.ContainsFunc(r.Task.Steps, func(st approvals.TaskStep) bool {
		return st.Marks != "" && st.Tick != nil && !st.Tick.Skipped && string(st.Tick.By) == who
	})
}

// confirmsOwn reports whether all that is left is that somebody confirms what they took away themselves.
func confirmsOwn(r approvals.Request, who string) bool {
	for i, st := range r.Task.Steps {
		if st.Tick == nil && r.Applies(i) != approvals.Fails && !st.Confirms {
			return false
		}
	}
	return r.Task.Steps[len(r.Task.Steps)-1].Confirms && tookAway(r, who)
}

// said is what an entry of the log says of a task.
type said struct {
	Step, Answer, Note string
	To                 string
	Who                []string
	Round              int
}

// history is what the log says of one task so far.
type history struct {
	ticked map[string]approvals.Entry
	owner  string
	round  int // of this attempt, and past how many there were before
	past   int
	ended  bool
}

// worked: what the log says of each task is a history that can be, and what is kept is what comes of it.
func (s *simulation) worked(all []approvals.Request) {
	past := map[duty]*history{}
	for _, e := range s.Entries() {
		if e.Request == 0 {
			continue
		}
		r, of := dutyOf(all[e.Request-1], e)
		h := past[of]
		if h == nil {
			h = &history{ticked: map[string]approvals.Entry{}}
			past[of] = h
		}
		var d said
		if len(e.Detail) > 0 {
			_ = json.Unmarshal(e.Detail, &d) // other entries have other details
		}
		s.happenedTo(r, h, e, d)
	}
	for _, r := range all {
		s.cameOf(r.Giving(), past[duty{r.Number, false}])
		if r.Removing() && r.End.Attempt > 0 {
			s.cameOf(r, past[duty{r.Number, true}])
		}
	}
	s.keptWord()
}

// happenedTo takes one entry into a task's history, and holds it to what may follow what was.
func (s *simulation) happenedTo(r approvals.Request, h *history, e approvals.Entry, d said) {
	if over(e) && e.What != "step ticked" && e.What != "step does not apply" {
		s.Errorf("#%d was done by %q", r.Number, e.What)
	}
	switch e.What {
	case "step ticked", "step does not apply":
		s.tickedOnce(r, h, e, d)
	case "step undone":
		was, ticked := h.ticked[d.Step]
		switch {
		case !ticked:
			s.Errorf("#%d: step %s was undone, which wasn't ticked", r.Number, d.Step)
		case e.At.Sub(was.At) > time.Minute && d.Note == "":
			s.Errorf("#%d: step %s was undone %v later without a word", r.Number, d.Step, e.At.Sub(was.At))
		case !s.tried[stepped{e.Request, d.Step, string(e.Actor), view.OpUndo}]:
			s.Errorf("#%d: %s never undid step %s", r.Number, e.Actor, d.Step)
		}
		delete(h.ticked, d.Step)
		s.mayHave(r, e)
	case "step noted", "task put back", "task could not be done":
		s.mayHave(r, e)
		h.owner = map[bool]string{true: "", false: h.owner}[e.What == "task put back"]
	case "task given", "task handed over", "task taken":
		if d.To == h.owner && d.To != "" {
			s.Errorf("#%d was given to %s, who had it", r.Number, d.To)
		}
		if s.awayFor(d.To, e.At) > 6*time.Minute {
			s.Errorf("#%d was given to %s, who had left", r.Number, d.To)
		}
		h.owner = d.To
		if e.What != "task given" {
			s.mayHave(r, e)
		}
	case "deed started again":
		h.owner, h.past, h.round = "", h.past+h.round, 0
	case "task reminded of":
		s.count("tasks: reminded of")
		if e.Before != worksIn(r) || d.Round <= h.round {
			s.Errorf("#%d was reminded of for the %d. time after the %d. time", r.Number, d.Round, h.round)
		}
		h.round = d.Round
		for _, who := range d.Who {
			if before, twice := s.called[approvals.OverdueKey(r.Number, h.past+d.Round, who)]; twice {
				s.Errorf("#%d: the reminder of %s bears the key of the one of %v", r.Number, who, before.at)
			}
			s.remembers(approvals.OverdueKey(r.Number, h.past+d.Round, who), e.At)
		}
	}
	h.ended = h.ended || over(e)
}

// tickedOnce holds a tick to be the first of its step, of somebody who did that, and the last step to end the request.
func (s *simulation) tickedOnce(r approvals.Request, h *history, e approvals.Entry, d said) {
	op := view.OpDone
	switch {
	case e.What == "step does not apply":
		op = view.OpSkip
	case d.Answer != "":
		op = view.Op(d.Answer)
	}
	if was, twice := h.ticked[d.Step]; twice {
		s.Errorf("#%d: step %s was ticked by %s, and again by %s", r.Number, d.Step, was.Actor, e.Actor)
	}
	if !s.tried[stepped{e.Request, d.Step, string(e.Actor), op}] {
		s.Errorf("#%d: %s never did %s with step %s", r.Number, e.Actor, op, d.Step)
	}
	if e.Before != worksIn(r) || h.ended {
		s.Errorf("#%d was %s when step %s was ticked", r.Number, e.Before, d.Step)
	}
	h.ticked[d.Step] = e
	i := slices.IndexFunc(r.Task.Steps, func(st approvals.TaskStep) bool { return st.Key == d.Step })
	if over(e) && i != lastOf(r) {
		s.Errorf("#%d was done with step %s, which is not its last", r.Number, d.Step)
	}
	if st := r.Task.Steps[i]; st.Confirms {
		for _, o := range r.Task.Steps {
			if was, ok := h.ticked[o.Key]; ok && o.Marks != "" && was.Actor == e.Actor && was.What == "step ticked" {
				s.Errorf("#%d: %s confirmed what they took away", r.Number, e.Actor)
			}
		}
		s.count("tasks: confirmed by a second person")
	}
	s.mayHave(r, e)
}

// lastOf is the last step of a task that applies.
func lastOf(r approvals.Request) int {
	for i := len(r.Task.Steps) - 1; i > 0; i-- {
		if r.Applies(i) == approvals.Holds {
			return i
		}
	}
	return 0
}

// mayHave holds what somebody did about a task to who may: an owner, an admin, whoever had it, and whoever sits at the machine; nobody
// for themselves while another could, and nobody who had left.
func (s *simulation) mayHave(r approvals.Request, e approvals.Entry) {
	who := string(e.Actor)
	switch {
	case who == atMachine:
	case !slices.Contains(owners, who) && !slices.Contains(helpers, who) && !slices.Contains(r.Task.Had, approvals.PersonID(who)):
		s.Errorf("#%d: %s did it, who is a stranger: %s", r.Number, who, e.What)
	case who == idOf(r.Change.Email) && s.another(r, e):
		s.Errorf("#%d: %s did it for themselves: %s", r.Number, who, e.What)
	case s.awayFor(who, e.At) > 6*time.Minute:
		s.Errorf("#%d: %s did it, who had left: %s", r.Number, who, e.What)
	}
}

// another reports whether somebody else could surely have done what whoever it is for did: an admin always can, but for confirming
// what they took away.
func (s *simulation) another(r approvals.Request, e approvals.Entry) bool {
	return slices.ContainsFunc(helpers, func(who string) bool { return !tookAway(r, who) }) || slices.ContainsFunc(owners, func(who string) bool {
		return who != string(e.Actor) && s.awayFor(who, e.At) == 0 && !tookAway(r, who) && !slices.ContainsFunc(s.absences, func(a absent) bool { return a.who == who })
	})
}

// cameOf holds what is kept of a task to what the log says.
func (s *simulation) cameOf(r approvals.Request, h *history) {
	if r.Task == nil {
		return
	}
	for i, st := range r.Task.Steps {
		e, ticked := h.ticked[st.Key]
		switch {
		case ticked != (st.Tick != nil):
			s.Errorf("#%d: step %s is ticked by the log: %v", r.Number, st.Key, ticked)
		case ticked && e.Actor != st.Tick.By:
			s.Errorf("#%d: step %s is ticked by %s, and by the log by %s", r.Number, st.Key, st.Tick.By, e.Actor)
		case (r.State == approvals.Done || r.State == approvals.Ended && r.End.With == 0) && !ticked && r.Applies(i) != approvals.Fails:
			s.Errorf("#%d is done, and its step %s is open", r.Number, st.Key)
		case ticked && st.Proof != "" && !st.Tick.Skipped && st.Tick.Evidence.Empty():
			s.Errorf("#%d: step %s is ticked without its %s", r.Number, st.Key, st.Proof)
		}
	}
	if string(r.Task.Owner) != h.owner && r.Working() && r.Task.Put == "" {
		s.Errorf("#%d is %s's, and by the log %s's", r.Number, r.Task.Owner, h.owner)
	}
}

// keptWord: what was acknowledged is in the log.
func (s *simulation) keptWord() {
	there := map[stepped]bool{}
	for _, e := range s.Entries() {
		var d said
		if len(e.Detail) == 0 {
			continue
		}
		_ = json.Unmarshal(e.Detail, &d) // other entries have other details
		op := map[string]view.Op{"step ticked": view.OpDone, "step does not apply": view.OpSkip, "step undone": view.OpUndo, "step noted": view.OpNote}[e.What]
		if op == view.OpDone && d.Answer != "" {
			op = view.Op(d.Answer)
		}
		there[stepped{e.Request, d.Step, string(e.Actor), op}] = true
	}
	for _, did := range s.sure {
		s.count("tasks: acknowledged")
		if !there[did] {
			s.Errorf("#%d: that %s did %s with step %s was acknowledged, and is not there", did.n, did.who, did.op, did.step)
		}
	}
}

// taskMessages are those of a task: one where the cards are, one to each whose it ever was, and they show what is so.
func (s *simulation) taskMessages(r approvals.Request, expect func(string, expectation)) {
	if r.Task == nil || r.Attempt == 0 {
		return
	}
	if r.Removing() && r.End.Attempt > 0 {
		s.dutyMessages(s.pooled(r), approvals.RemovalKey(r.Number), approvals.RemovalOfKey, expect)
	}
	r = r.Giving()
	progress, left := view.Progress(r.Heard()), s.everLeft(string(r.Requester))
	far := expectation{must: r.Progressing() && !left, in: string(r.Requester)}
	if !left {
		far.show = &progress
	}
	expect(approvals.ProgressKey(r.Number), far)
	s.dutyMessages(s.pooled(r).Giving(), approvals.TaskKey(r.Number), approvals.TaskOfKey, expect)
}

// dutyMessages are those of one task of a request.
func (s *simulation) dutyMessages(r approvals.Request, key string, of func(int64, approvals.PersonID) string, expect func(string, expectation)) {
	card := view.TaskCard(r)
	expect(key, expectation{must: true, in: "C0APPROVE", show: &card})
	for _, who := range r.Task.Had {
		own, left := view.TaskOf(r, who), s.everLeft(string(who))
		e := expectation{must: !left && r.Working() && r.Task.Owner == who, in: string(who)} // to who has it no more before it was said it isn't
		if !left {
			e.show = &own
		}
		expect(of(r.Number, who), e)
		s.count("tasks: shown to whose it is or was")
	}
}
