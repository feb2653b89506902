package approvals

import (
	"errors"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// undoWithin is how long after a tick a click undoes it; later it takes a few words.
const undoWithin = time.Minute

// MostFile is how large a file may be that somebody gives as evidence.
const MostFile = 25 << 20

func (r Request) stepAt(i int) (s TaskStep, ok bool) {
	if r.Task == nil || i < 0 || i >= len(r.Task.Steps) {
		return s, false
	}
	return r.Task.Steps[i], true
}

func noStep(r Request) error {
	return Refuse(NotFound, "#%v has no such step: they are numbered from 1 to %v. Nothing was changed.", r.Number, len(r.Task.Steps))
}

// tickable is every reason, apart from who it is, why a step cannot be ticked so.
func (r Request) tickable(i int, t Tick) error {
	s, ok := r.stepAt(i)
	if !ok {
		return noStep(r)
	}
	say := func(format string, args ...any) error {
		return Refuse(Conflict, "Step %v of #%v %v", i+1, r.Number, Sayf(format, args...))
	}
	switch {
	case s.Tick != nil && s.Tick.Skipped:
		return say("was marked as not applicable by %v, %v. Nothing was changed; it can be undone there.", s.Tick.By.Text(), s.Tick.At)
	case s.Tick != nil:
		return say("was ticked by %v, %v. Nothing was changed.", s.Tick.By.Text(), s.Tick.At)
	case r.Applies(i) == Fails:
		return say("doesn't apply here, so there's nothing to tick.")
	case r.Applies(i) == Unknown:
		return say("hangs on an earlier one, which isn't answered yet. Answer that first.")
	case s.Confirms && t.Skipped:
		return say("can't be left out: somebody has to look whether it's gone.")
	case s.Confirms && r.first(t.By):
		return Refuse(NotAllowed, "You took it away yourself, so somebody else must confirm it: another owner of %v or an admin.", r.App.Name)
	}
	if err := r.finishable(i, t); err != nil {
		return err
	}
	return s.proven(t)
}

// finishable refuses the last step while others are open, and the end of a task of which nothing was done.
func (r Request) finishable(i int, t Tick) error {
	after := r
	after.Task = r.Task.clone()
	after.Task.Steps[i].Tick = &t
	left := after.left()
	if len(left) > 0 && after.last() == i {
		return Refuse(Invalid, "Step %v ends #%v, and step %v is still open. Tick that first, or mark it as not applicable.", i+1, r.Number, left[0]+1)
	}
	if len(left) == 0 && !after.anyDone() {
		return Refuse(Conflict, "That would leave nothing of #%v done. Couldn't it be done? Press *Could not be done* and say why.", r.Number)
	}
	return nil
}

// proven refuses a tick without what the step asks for.
func (s TaskStep) proven(t Tick) error {
	if t.Skipped {
		return nil
	}
	switch {
	case s.Asks != "" && t.Answer != "yes" && t.Answer != "no":
		return Refuse(Invalid, "That step is a question, so please answer it with yes or no.")
	case s.Asks == "" && t.Answer != "":
		return Refuse(Invalid, "That step isn't a question, so it takes no yes or no.")
	case s.Proof == "note" && t.Note == "":
		return Refuse(Invalid, "That step needs a note: please write a few words.")
	case s.Proof == "link" && t.Link == "":
		return Refuse(Invalid, "That step needs a link: please paste one.").Because(ErrLink)
	case s.Proof == "file" && t.File == nil:
		return Refuse(Invalid, "That step needs a file: please add one. Use *Done* in its menu in Slack.").Because(ErrFile)
	}
	return nil
}

// ErrLink and ErrFile are inside each refusal that is about the link or the file of a tick.
var (
	ErrLink = errors.New("the link is none")
	ErrFile = errors.New("the file is none")
)

// Fresh reports whether a step was ticked a moment ago, so that a click undoes it.
func (s TaskStep) Fresh(now time.Time) bool { return s.Tick != nil && now.Sub(s.Tick.At) < undoWithin }

func (s TaskStep) undoneBy(a Actor) bool {
	return len(s.Notes) > 0 && s.Notes[len(s.Notes)-1].Undid && s.Notes[len(s.Notes)-1].By == a
}

// Empty reports whether there is no evidence.
func (e Evidence) Empty() bool { return e.Note == "" && e.Link == "" && e.File == nil }

func (e Evidence) same(o Evidence) bool {
	id := func(f *Attached) string {
		if f == nil {
			return ""
		}
		return f.ID
	}
	return e.Note == o.Note && e.Link == o.Link && id(e.File) == id(o.File)
}

// check refuses evidence that is none: too long, too large, a link to nowhere.
func (e *Evidence) check() error {
	e.Note, e.Link = strings.TrimSpace(e.Note), strings.TrimSpace(e.Link)
	if n := utf8.RuneCountInString(e.Note); n > MostWords {
		return Refuse(Invalid, "That's %v characters, and %v is the most I keep as a note. Please shorten it.", n, MostWords)
	}
	if e.Link != "" {
		u, err := url.Parse(e.Link)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || len(e.Link) > MostLink {
			return Refuse(Invalid, "That link leads nowhere: it needs to begin with https:// and name a place on the web. Please check it.").Because(ErrLink)
		}
	}
	if e.File != nil && e.File.Size > MostFile {
		return Refuse(Invalid, "“%v” is larger than %v MB, the most I take as evidence. Please give a smaller one, or a link to it.", clip(e.File.Name), MostFile>>20).Because(ErrFile)
	}
	return nil
}

// MostLink is how long a link may be.
const MostLink = 2000

// couldNot is what came of a task that could not be done.
func couldNot(by Actor, reason string) Text {
	return Sayf("%v couldn't do it: “%v”", by.Text(), reason)
}
