package provision

import (
	"errors"
	"fmt"
	"strings"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// words is what a vendor's failure is called before people: its own words where it had any, else the
// status, else that it did not answer. They are kept short and free of keys by the client.
func words(err error) string {
	var e *apiclient.Error
	switch {
	case !errors.As(err, &e):
		return "no answer in time"
	case e.Words != "" && e.Status != 0:
		return fmt.Sprintf("%d, “%s”", e.Status, e.Words)
	case e.Status != 0:
		return fmt.Sprintf("it answered %d", e.Status)
	}
	return "no answer"
}

// refusal says that the vendor refused, why that usually is, and what to do. What was seen before the asking says
// whether it is the rest of a seat that was refused.
func (a *act) refusal(err error, seen Sight) approvals.Text {
	app, said := a.r.App.Name, words(err)
	if len(a.note.Steps) > 1 || a.r.Form().New && seen.Account != "" {
		return approvals.Sayf("%v did part of it and refused the rest (%v). `/access show %v` shows where it stands. An admin can look there and try again.", app, said, a.r.Change.Email)
	}
	switch KindOf(err) {
	case apiclient.LimitReached:
		return approvals.Sayf("%v refused it (%v). Usually that means no seat is free: free one (`/access accounts` shows who has one) or raise the plan, then an admin can try again. Nothing was done.", app, said)
	case apiclient.NotAllowed:
		return approvals.Sayf("%v didn't accept my key for this (%v). Check the API key and that the plan covers the API (`usher check` tests both), then an admin can try again. Nothing was done.", app, said)
	case apiclient.NotFound:
		return approvals.Sayf("%v says the account isn't there (%v). `/access accounts` shows who has one. Nothing was done.", app, said)
	}
	if a.r.Form().New {
		return approvals.Sayf("%v refused to create the account (%v). If this address has, or once had, an account of its own there (a trial, say), that one has to go first. Then an admin can try again. Nothing was created.", app, said)
	}
	return approvals.Sayf("%v refused it (%v). Nothing was done. An admin can take a look there and try again.", app, said)
}

// doubt says what was tried, and what was seen when looking.
func (a *act) doubt(err error) approvals.Doubt {
	return approvals.Doubt{
		Tried: a.asked(),
		Seen:  approvals.Sayf("I can't read %v (%v).", a.r.App.Name, words(err)),
		Looks: a.note.Looks, Account: a.task().Account(), Had: a.note.Had,
	}
}

// asked says what was tried, and when where that is known.
func (a *act) asked() approvals.Text {
	if a.note.At.IsZero() {
		return approvals.Sayf("I may already have asked %v to %v, and I don't know how that went.", a.r.App.Name, wish(a.r))
	}
	return approvals.Sayf("I asked %v to %v %v and its answer was lost.", a.r.App.Name, wish(a.r), a.note.At)
}

// wish names what a request asks, after "I asked … to".
func wish(r approvals.Request) approvals.Text {
	return approvals.Fill(r.Says().Asks, func(place string) any {
		switch place {
		case catalog.PlaceApp:
			return r.App.Name
		case catalog.PlaceEmail, catalog.PlaceWho:
			return r.Change.Email
		case "verb":
			return string(r.Action)
		}
		return ItemNames(r.Change.Values.Items(strings.TrimRight(place, "+*")))
	})
}

// ItemNames names up to five resources and counts the rest.
func ItemNames(items []catalog.Item) string {
	out := ""
	for n, i := range items {
		switch {
		case n == 5:
			return fmt.Sprintf("%s and %d more", out, len(items)-5)
		case n > 0:
			out += ", "
		}
		out += i.Short()
	}
	return out
}
