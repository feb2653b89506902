package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// theirs is what somebody has by Usher, or asked for, as it may be named to them.
type theirs struct {
	who approvals.PersonID
	// reads says that they may read what vendors hold, and so whose address is whose.
	reads bool
	// gave are the requests that gave it, and leaving those whose taking back is under way.
	gave, leaving []approvals.Request
}

// theirs finds what somebody has or asked for. Where it can't be found out whether they may read what vendors hold, they
// may not.
func (h *House) theirs(ctx context.Context, who approvals.PersonID) (mine theirs, err error) {
	mine = theirs{who: who, reads: h.approver(ctx, who) == approvals.May}
	if mine.gave, err = h.Desk.Gave(ctx, who); err != nil {
		return mine, err
	}
	mine.leaving, err = h.Desk.Leaving(ctx, who)
	return mine, err
}

// named is how whoever a request gave something is named to them.
func (t theirs) named(r approvals.Request) approvals.Holder {
	if t.reads {
		return approvals.ByAddress(r)
	}
	return approvals.AsSaidTo(t.who)(r)
}

func (t theirs) held() []approvals.Holding { return approvals.Holdings(t.gave, t.named) }

// only is the part of it that is about some app and somebody.
func (t theirs) only(is func(approvals.App, approvals.Holder) bool) theirs {
	other := func(r approvals.Request) bool { return !is(r.App, t.named(r)) }
	t.gave = slices.DeleteFunc(slices.Clone(t.gave), other)
	t.leaving = slices.DeleteFunc(slices.Clone(t.leaving), other)
	return t
}

// meaning is the part of it that is about whom they typed, and about an app if they named one. Who named a person by mention
// and may not read is compared with what they said by mention alone: else an answer would tell whose an address is.
func (h *House) meaning(ctx context.Context, mine theirs, w whom, app string) (theirs, error) {
	email := w.email
	if email == "" && (mine.reads || w.person == mine.who) {
		var err error
		if email, _, err = h.email(ctx, w, mine.reads, knownEmail); err != nil {
			return mine, err
		}
	}
	return mine.only(func(a approvals.App, o approvals.Holder) bool {
		named := app == "" || strings.EqualFold(app, a.ID) || strings.EqualFold(app, a.Name)
		return named && (email != "" && approvals.SameEmail(o.Email, email) || w.person != "" && o.Person == w.person)
	}), nil
}

// removing says of each thing that is on its way out since when, and by which request it came.
func (t theirs) removing() (lines []approvals.Text) {
	for _, r := range t.leaving {
		if r.State == approvals.InDoubt || r.End.Failed != nil {
			lines = append(lines, approvals.Sayf("What *#%v* gave %v should be gone since %v. I couldn't remove it so far; the admins have been told.", r.Number, t.named(r).Text(), r.End.At))
			continue
		}
		if r.Manual() {
			lines = append(lines, approvals.Sayf("Somebody is removing by hand what *#%v* gave %v, since %v.", r.Number, t.named(r).Text(), r.End.At))
			continue
		}
		lines = append(lines, approvals.Sayf("I'm removing what *#%v* gave %v, since %v.", r.Number, t.named(r).Text(), r.End.At))
	}
	return lines
}

// besides is an answer about the rest, with what is being removed whatever the rest comes to.
func (t theirs) besides(reply Reply, err error) (Reply, error) {
	var answered *stop
	var no *approvals.Error
	switch {
	case len(t.leaving) == 0:
	case err == nil:
		reply.Lines = append(reply.Lines, t.removing()...)
	case errors.As(err, &answered):
		return t.besides(answered.reply, nil)
	case errors.As(err, &no):
		both := *no
		both.Say = approvals.Sayf("%v As for the rest: %v", approvals.Join(t.removing(), " "), no.Say)
		return Reply{}, &both
	}
	return reply, err
}

// leavingBeside is an answer about an app and somebody, with what is being removed there.
func (t theirs) leavingBeside(reply Reply, app approvals.App, whose approvals.Holder) Reply {
	reply, _ = t.only(func(a approvals.App, o approvals.Holder) bool { return a.ID == app.ID && o.Same(whose) }).besides(reply, nil)
	return reply
}

// text names whom, as they were named.
func (w whom) text() approvals.Text {
	return approvals.Holder{Email: w.email, Person: w.person}.Text()
}

// whomOf is somebody as one would type them: a person by the name that Slack has, where it can be asked.
func (h *House) whomOf(ctx context.Context, w approvals.Holder) whom {
	if w.Email != "" {
		return whom{email: w.Email}
	}
	named := whom{person: w.Person}
	if p, err := h.Directory.Person(ctx, w.Person); err == nil {
		named.label = p.Name
	}
	return named
}

// whomIs is somebody whose thing is given back: named as they may be, and meant by the address under which it was given.
func whomIs(o approvals.Holding) whom {
	if o.Holder.Email != "" {
		return whom{email: o.Holder.Email, stands: o.Email}
	}
	return whom{person: o.Holder.Person, stands: o.Email}
}

// numbers names requests by their numbers.
func numbers(list []approvals.Request) approvals.Text {
	var out []approvals.Text
	for _, r := range list {
		out = append(out, approvals.Sayf("*#%v*", r.Number))
	}
	return approvals.Join(out, ", ")
}
