package approvals

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// What people say in the thread of a request's card is kept with the request while it waits. It decides nothing. The log
// keeps that somebody said something, and not their words: those are changed and taken back by whoever wrote them, in Slack,
// and a log that is chained can't forget.

// Remark is something somebody said in the thread of a card.
type Remark struct {
	By PersonID  `json:"by"`
	At time.Time `json:"at"`
	// TS names the message in its channel: what comes twice is one remark.
	TS    string `json:"ts"`
	Words string `json:"words,omitempty"`
	// Changed is when it was last changed, and Gone that it was deleted, with its words.
	Changed time.Time `json:"changed,omitzero"`
	Gone    bool      `json:"gone,omitempty"`
}

// How much of the talk about one request is kept, and how much of each remark, in characters.
const (
	MostRemarks = 50
	MostRemark  = 1000
)

// The events of talk.
type (
	// Remarked: somebody said something.
	Remarked struct{ Remark Remark }
	// Reworded: somebody has changed what they said, named by its TS.
	Reworded struct {
		TS    string
		By    PersonID
		Words string
	}
	// Unsaid: what was said was deleted.
	Unsaid struct{ TS string }
)

func (Remarked) what() string { return "said something in the thread" }
func (Reworded) what() string { return "changed what was said in the thread" }
func (Unsaid) what() string   { return "deleted what was said in the thread" }

// talk takes what was said into a request; false: it is there already, it is not theirs, or there is no room.
func (r *Request) talk(e Event, now time.Time) bool {
	at := func(ts string) int { return slices.IndexFunc(r.Talk, func(m Remark) bool { return m.TS == ts }) }
	switch e := e.(type) {
	case Remarked:
		if !r.talks() || len(r.Talk) >= MostRemarks || at(e.Remark.TS) >= 0 {
			return false
		}
		r.Talk = append(r.Talk, e.Remark)
		return true
	case Reworded:
		i := at(e.TS)
		if !r.talks() || i < 0 || r.Talk[i].Gone || r.Talk[i].By != e.By || r.Talk[i].Words == e.Words {
			return false
		}
		r.Talk[i].Words, r.Talk[i].Changed = e.Words, now
		return true
	case Unsaid: // whatever has become of the request
		i := at(e.TS)
		if i < 0 || r.Talk[i].Gone {
			return false
		}
		r.Talk[i].Words, r.Talk[i].Gone = "", true
		return true
	}
	return false
}

// talks reports whether what is said under its card is kept. On a card of several it is kept with the first, while any of
// them waits: whoever asks for that has looked.
func (r *Request) talks() bool { return r.State == Pending || r.Together != nil }

// TalkOf is what was said about a request: under its card, which may be that of several.
func (d *Desk) TalkOf(ctx context.Context, r Request) ([]Remark, error) {
	if r.Shown() == r.Number {
		return r.Talk, nil
	}
	first, err := d.Request(ctx, r.Shown())
	return first.Talk, err
}

// Said takes down what was said in the thread of a card, changed or deleted; news: it was not there. What does not belong
// to the request, or any more, changes nothing and is no error.
func (d *Desk) Said(ctx context.Context, n int64, e Event, surface string, now time.Time) (r Request, news bool, err error) {
	by := Usher
	switch said := e.(type) {
	case Remarked:
		said.Remark.Words = spoken(said.Remark.Words)
		if said.Remark.Words == "" || said.Remark.By == "" {
			return r, false, nil
		}
		e, by = said, Actor(said.Remark.By)
	case Reworded:
		said.Words = spoken(said.Words)
		e, by = said, Actor(said.By)
	}
	var m made
	err = d.update(ctx, func(tx Tx) error {
		news = false
		if r, err = d.load(tx, n); err != nil {
			return err
		}
		if m.is(r) {
			news = true // the first run was kept
			return nil
		}
		next, err := d.act(tx, r, e, by, surface, now)
		if errors.Is(err, ErrNotNow) {
			return nil
		}
		if err != nil {
			return err
		}
		r, news = next, true
		return m.note(next)
	})
	return r, news, err
}

// spoken are the words of a message, without Slack's escapes and not too many.
func spoken(s string) string {
	s = strings.TrimSpace(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s))
	if runes := []rune(s); len(runes) > MostRemark {
		return string(runes[:MostRemark-1]) + "…"
	}
	return s
}

// talkedOf is what the audit keeps of talk: which message, by whom, and how long it is.
func talkedOf(is Request, e Event) any {
	ts := ""
	switch e := e.(type) {
	case Remarked:
		ts = e.Remark.TS
	case Reworded:
		ts = e.TS
	case Unsaid:
		ts = e.TS
	}
	i := slices.IndexFunc(is.Talk, func(m Remark) bool { return m.TS == ts })
	if i < 0 {
		return nil
	}
	return struct {
		Message    string   `json:"message"`
		By         PersonID `json:"by"`
		Characters int      `json:"characters"`
	}{ts, is.Talk[i].By, len([]rune(is.Talk[i].Words))}
}

// verdicts are words that sound like a decision when somebody says little else.
var verdicts = []string{"looks good", "lgtm", "approve", "approved", "ok", "okay", "yes", "yep", "sure", "go ahead", "fine by me", "fine with me", "sounds good",
	"ship it", "+1", "no", "nope", "deny", "denied", "reject", "rejected", "👍", "👎", ":+1:", ":-1:", ":thumbsup:", ":thumbsdown:", ":white_check_mark:", "✅"}

// mostVerdict is how long a message that sounds like a decision is at most, in words.
const mostVerdict = 12

// SoundsDecided reports whether words read as if somebody took them for a decision.
func SoundsDecided(words string) bool {
	fields := strings.FieldsFunc(strings.ToLower(spoken(words)), func(c rune) bool { return strings.ContainsRune(" \t\n,.;!?()“”\"'", c) })
	if len(fields) > mostVerdict {
		return false
	}
	said := " " + strings.Join(fields, " ") + " "
	return slices.ContainsFunc(verdicts, func(v string) bool { return strings.Contains(said, " "+v+" ") })
}
