package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// AskIt asks whoever holds an account what is to become of it.
const AskIt Way = "ask"

// HolderAsk is what somebody is asked about an account, as it is now.
type HolderAsk struct {
	App  string
	N    int
	Whom approvals.PersonID
	By   approvals.PersonID
	Say  approvals.Text
	// Ways are what they can ask for; none: it is over. Heard is what who had them asked is told; nil: nothing yet.
	Ways  []Way
	Heard approvals.Text
}

// holderOf is who is to be asked about an account: whose address it is, else who asked for it; false: nobody is known who is there and
// may ask for anything (a guest mayn't), or it can't be found out now.
func (h *House) holderOf(ctx context.Context, app approvals.App, a Ailing) (approvals.PersonID, bool) {
	p, err := h.Directory.ByEmail(ctx, a.Email)
	if err == nil && p.ID != "" && p.Full() {
		return p.ID, true
	}
	done, lost := h.Desk.Every(ctx, approvals.Filter{State: approvals.Done})
	if err != nil || lost != nil {
		return "", false
	}
	i := slices.IndexFunc(done, func(r approvals.Request) bool {
		return r.App.ID == app.ID && r.Form().New && approvals.SameEmail(r.Change.Email, a.Email)
	})
	if i < 0 {
		return "", false
	}
	who, err := h.Directory.Person(ctx, done[i].Requester)
	return who.ID, err == nil && who.Full()
}

// offersAsking adds to what can be done about an account that its holder is asked, unless they were, or it's for them to answer who look.
func (h *House) offersAsking(ctx context.Context, id approvals.PersonID, app approvals.App, r Remedy, now time.Time) Remedy {
	if h.Register == nil {
		return r
	}
	asks, err := h.Register.Asks(ctx, app.ID)
	if err != nil {
		h.Desk.Log.WarnContext(ctx, "cannot tell whether the holder of an account was asked", "app", app.ID, "err", err)
		return r
	}
	if i := slices.IndexFunc(asks, func(o register.Asked) bool { return o.About(r.Of.ID, r.Of.Email, string(r.Of.Wrong), now) }); i >= 0 {
		r.Lines = append(r.Lines, askedSaid(asks[i]))
		return r
	}
	if who, ok := h.holderOf(ctx, app, r.Of); ok && who != id {
		r.Ways, r.Holder = append(r.Ways, AskIt), who
	}
	return r
}

func askedSaid(a register.Asked) approvals.Text {
	if !a.Left.IsZero() {
		return approvals.Sayf("%v was asked, and said %v to leave it as it is.", a.Whom, a.Left)
	}
	return approvals.Sayf("%v was asked %v, and hasn't answered yet.", a.Whom, a.At)
}

// AskHolder has the holder of an account asked, by somebody who may do something about it. The account is looked at again.
func (h *House) AskHolder(ctx context.Context, id approvals.PersonID, a Ailing, now time.Time, surface string) (Reply, error) {
	app, err := h.mayMend(ctx, id, a)
	if err != nil {
		return Reply{}, err
	}
	seat, _, err := h.ails(ctx, app, a)
	if err != nil {
		return Reply{}, err
	}
	a.ID, a.Email = seat.ID, seat.Email
	who, ok := h.holderOf(ctx, app, a)
	if !ok || h.Register == nil || a.Email == "" {
		return Reply{}, approvals.Refuse(approvals.Unavailable, "I can't find anybody to ask about %v.", or(a.Email, "that account"))
	}
	is, news, err := h.Register.AskHolder(ctx, app.ID, register.Asked{ID: a.ID, Email: a.Email, Wrong: string(a.Wrong), Day: a.Day, Whom: who, By: id, At: now.UTC()}, surface)
	switch {
	case err != nil:
		return Reply{}, err
	case !news:
		return Reply{}, &approvals.Error{Code: approvals.Conflict, Say: askedSaid(is)}
	}
	return Reply{Head: approvals.Sayf("I'm asking %v what's to become of %v. What they ask for comes as a request; if they'd rather leave it, I'll message you.", who, a.Email)}, nil
}

// Holder is what was asked about an account, for the message about it; false: nobody knows of it.
func (h *House) Holder(ctx context.Context, appID string, n int) (HolderAsk, bool, error) {
	app, ok := h.speech().named(appID)
	if !ok || h.Register == nil {
		return HolderAsk{}, false, nil
	}
	asks, err := h.Register.Asks(ctx, app.ID)
	if err != nil {
		return HolderAsk{}, false, fmt.Errorf("read what was asked about an account: %w", err)
	}
	i := slices.IndexFunc(asks, func(o register.Asked) bool { return o.N == n })
	if i < 0 {
		return HolderAsk{}, false, nil
	}
	a := asks[i]
	out := HolderAsk{App: app.ID, N: n, Whom: a.Whom, By: a.By}
	what := approvals.Sayf("has reached its limits, and is blocked by them")
	if Wrong(a.Wrong) == IsIdle {
		what = approvals.Sayf("looks unused")
	}
	if !a.Left.IsZero() {
		out.Say = approvals.Sayf("*%v* in %v stays as it is, as you said %v. %v has been told.", a.Email, app.Name, a.Left, a.By)
		out.Heard = approvals.Sayf("%v says to leave *%v* in %v as it is. Nothing was changed.", a.Whom, a.Email, app.Name)
		return out, true, nil
	}
	out.Say = approvals.Sayf("*%v* in %v %v. %v asks what's to become of it: what you choose here is approved as usual, so nothing changes at once.", a.Email, app.Name, what, a.By)
	for _, w := range []Way{RaiseIt, TakeIt} {
		if _, ok := w.action(app, Wrong(a.Wrong)); ok {
			out.Ways = append(out.Ways, w)
		}
	}
	return out, true, nil
}

// HolderMend is the form for one way, filled in, for who was asked about an account. It is looked at again.
func (h *House) HolderMend(ctx context.Context, id approvals.PersonID, appID string, n int, w Way) (Draft, error) {
	app, a, err := h.askedOf(ctx, id, appID, n)
	if err != nil {
		return Draft{}, err
	}
	return h.mendIn(ctx, app, Ailing{App: app.ID, ID: a.ID, Email: a.Email, Wrong: Wrong(a.Wrong), Day: a.Day}, w)
}

// LeaveIt keeps that who was asked about an account says to leave it as it is.
func (h *House) LeaveIt(ctx context.Context, id approvals.PersonID, appID string, n int, now time.Time, surface string) error {
	app, _, err := h.askedOf(ctx, id, appID, n)
	if err != nil {
		return err
	}
	if _, err := h.Register.AnswerHolder(ctx, app.ID, n, id, now.UTC(), surface); err != nil {
		return fmt.Errorf("keep what was said of an account: %w", err)
	}
	return nil
}

// askedOf is what somebody was asked, and its app.
func (h *House) askedOf(ctx context.Context, id approvals.PersonID, appID string, n int) (approvals.App, register.Asked, error) {
	old := approvals.Refuse(approvals.Conflict, "That question is an old one: there's nothing left to answer.")
	app, ok := h.speech().named(appID)
	if !ok || h.Register == nil {
		return app, register.Asked{}, old
	}
	asks, err := h.Register.Asks(ctx, app.ID)
	if err != nil {
		return app, register.Asked{}, err
	}
	i := slices.IndexFunc(asks, func(o register.Asked) bool { return o.N == n && o.Whom == id })
	if i < 0 {
		return app, register.Asked{}, old
	}
	return app, asks[i], nil
}
