package view

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// mostEdits is how many edits of a request are shown, and mostAltered how many fields of each.
const (
	mostEdits   = 3
	mostAltered = 12
	longestSaid = 300 // of one value
)

// edits shows what was changed in a request before it is decided, the last ones: by whom, why, how it was and how it is, and
// whose yes counts no more.
func edits(p *page, r approvals.Request) {
	shown := r.Edits[max(len(r.Edits)-mostEdits, 0):]
	if earlier := len(r.Edits) - len(shown); earlier > 0 {
		p.small("", say("%v earlier: `/access status %v`", count(earlier, "change was made", "changes were made"), r.Number))
	}
	for i, e := range shown {
		lines := append([]approvals.Text{say("*Edited* by %v %v: %v", e.By.Text(), e.At, quoted(e.Why))}, alterations(e)...)
		if void := voided(e); void != nil {
			lines = append(lines, void)
		}
		if i == len(shown)-1 && r.Rule.ByHand {
			lines = append(lines, say("The policy “%v” would approve it by itself. It was edited, so it takes a click.", clip(r.Rule.Policy, nameLength)))
		}
		p.section(lines...)
	}
}

// alterations are what an edit changed, a line each.
func alterations(e approvals.Edit) (lines []approvals.Text) {
	for _, a := range e.Changed[:min(len(e.Changed), mostAltered)] {
		lines = append(lines, say("• *%v* %v → %v", clip(a.Label, nameLength), dated(a.Was, a.WasUntil), dated(a.Is, a.IsUntil)))
	}
	if rest := len(e.Changed) - len(lines); rest > 0 {
		lines = append(lines, say("and %v more", rest))
	}
	return lines
}

// dated is a value of a field, or the date that it speaks of as each reader has it.
func dated(value string, until time.Time) approvals.Text {
	if until.IsZero() {
		return say("%v", clip(value, longestSaid))
	}
	return approvals.Term{Until: until}.Text()
}

// voided says whose yes was given to what was asked before; nil: nobody's.
func voided(e approvals.Edit) approvals.Text {
	var who []approvals.Actor
	for _, v := range e.Votes {
		if v.Yes {
			who = append(who, v.By)
		}
	}
	if len(who) == 0 {
		return nil
	}
	return say("%v said yes before that, so it doesn't count any more.", namingAs(who, someNames, approvals.Actor.Text))
}

// Edited is what who asked hears of an edit, counted from 1, and no more of the vendor than they may know.
func Edited(r approvals.Request, edit int) Message {
	r = r.Heard()
	e := r.Edits[edit-1]
	p := newPage()
	p.section(append([]approvals.Text{say("%v — %v changed it:", title(r), e.By.Text())}, alterations(e)...)...)
	p.words(e.Why)
	if e.Bounded() && r.Term != nil {
		p.small("", say("Once you have it you can ask for longer: `/access extend %v for=30d because …`", r.Number))
	}
	switch {
	case r.State != approvals.Pending:
		p.small("", approvals.Standing(r))
	case edit < r.Edition():
		p.small("", say("It was changed again since; that comes next. `/access status %v`", r.Number))
	default:
		p.small("", say("It isn't decided yet. I'll message you. Not what you need? `/access cancel %v`, then ask again.", r.Number))
	}
	return p.message()
}

// Saved is what whoever edited a request hears: that nothing is decided by it, and who can.
func Saved(r approvals.Request) Message {
	p := newPage()
	if r.State != approvals.Pending {
		p.section(approvals.Standing(r))
		return p.message()
	}
	p.section(say("You changed #%v, and I'm telling %v. It isn't approved by that.", r.Number, r.Asker()))
	p.small("", who(r))
	return p.message()
}

// EditForm is the form of a request with what it asks, for somebody who may decide it. Whom it is for can't be changed in it.
func EditForm(r approvals.Request, s commands.Sheet, channel string) slack.ModalViewRequest {
	return EditFormAgain(r, s, Borne{Channel: channel, App: s.App.ID, Of: ButtonValue(r.Name()), Edition: r.Edition(), Kept: map[string][]string{
		FieldAction: {string(s.Action.Key)}, FieldFor: {string(s.Draft.For)}}})
}

// EditFormAgain is that form with what is filled in by now. It stays the form of what was shown when it was opened.
func EditFormAgain(r approvals.Request, s commands.Sheet, b Borne) slack.ModalViewRequest {
	head := newPage()
	head.section(title(r), say("%v asks: %v", r.Asker(), quoted(r.Reason)))
	if yes := r.Yes(); len(yes) > 0 {
		head.section(say("*If you change it, %v must say yes again.*", namingAs(yes, someNames, r.Voter)))
	}
	f := &requestForm{sheet: s, still: true, kept: b.Kept, inTurn: b.inTurn, blocks: head.blocks}
	for _, n := range filled(s.Notes) {
		f.add(sectionOf(markup(mrkdwn(1000, n))))
	}
	f.fields()
	f.long()
	f.text(FieldReason, "Why the change", s.Draft.Reason, multiline, reasonLength,
		hinted("Whoever asked reads this, and so does everyone who sees the card. Saving decides nothing: approve it with a click of its own."))
	b.Kept = f.left()
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: CallbackEdit, PrivateMetadata: b.String(),
		Title: typed(plain(24, say("Edit #%v", r.Number).Plain())), Submit: typed("Save changes"), Close: typed("Go back"),
		Blocks: slack.Blocks{BlockSet: f.blocks},
	}
}

func reasonLength(b *slack.InputBlock) {
	b.Element.(*slack.PlainTextInputBlockElement).MaxLength = approvals.MostWords
}
