package view

import (
	"fmt"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// How much of what people or vendors named is put into one sentence, in characters.
const (
	emailLength = 254 // the longest an address can be
	nameLength  = 60
	siteLength  = 120
	someNames   = 10 // people named in one sentence
)

func say(format string, args ...any) approvals.Text { return approvals.Sayf(format, args...) }

// title is what a request is about, enough for a notification: "#12 · SE Ranking seat for jane@acme.example".
func title(r approvals.Request) approvals.Text { return say("*#%v · %v*", r.Number, subject(r)) }

// subject is the title without the number.
func subject(r approvals.Request) approvals.Text {
	email, app, c := whom(r.Change), appName(r.App), r.Change
	switch r.Action {
	case approvals.Create:
		return say("%v seat for %v", app, email)
	case approvals.Share:
		return say("Share %v with %v · %v", someSites(c), email, app)
	case approvals.Unshare:
		return say("Stop sharing %v with %v · %v", someSites(c), email, app)
	case approvals.Update:
		return say("Change %v of %v · %v", aspects(c), email, app)
	case approvals.Delete:
		return say("Delete the %v seat of %v", app, email)
	}
	return say("%v for %v · %v", clip(string(r.Action), nameLength), email, app)
}

func appName(a approvals.App) string {
	if name := clip(a.Name, nameLength); name != "" {
		return name
	}
	return clip(a.ID, nameLength)
}

// aspects names what an update is about.
func aspects(c approvals.Change) string {
	switch {
	case c.HasAccess && c.HasLimit:
		return "permissions and money limit"
	case c.HasAccess:
		return "permissions"
	case c.HasLimit:
		return "money limit"
	}
	return "nothing"
}

func someSites(c approvals.Change) string {
	names := c.SiteNames()
	if len(names) == 1 {
		return clip(names[0], nameLength)
	}
	return count(len(names), "website", "websites")
}

// whom is whose account a change is about: its address, or a mention where that is all its reader may see.
func whom(c approvals.Change) approvals.Text {
	c.Email = clip(c.Email, emailLength)
	return c.Whom()
}

// count is a number with its noun: "1 website", "3 websites".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// holder is the person a seat is for, as people call them.
func holder(c approvals.Change) approvals.Text {
	if name := person(c); name != "" {
		return say("%v", name)
	}
	return whom(c)
}

// person is the name that an account bears, or "".
func person(c approvals.Change) string {
	return strings.TrimSpace(clip(c.FirstName, nameLength) + " " + clip(c.LastName, nameLength))
}

// naming lists people with at most someNames of them.
func naming(actors []approvals.Actor) approvals.Text {
	var names []approvals.Text
	for _, a := range actors[:min(len(actors), someNames)] {
		names = append(names, a.Text())
	}
	if rest := len(actors) - len(names); rest > 0 {
		return say("%v and %v more", approvals.Join(names, ", "), rest)
	}
	if n := len(names); n > 1 {
		return say("%v and %v", approvals.Join(names[:n-1], ", "), names[n-1])
	}
	return approvals.Join(names, "")
}

// deciders names who may decide, at most someNames of them: never the requester, nor whom it is for.
func deciders(r approvals.Request) approvals.Text {
	rule := r.Eligible()
	rest := len(rule.Approvers) - someNames
	if rest <= 0 {
		return rule.Text()
	}
	rule.Approvers = rule.Approvers[:someNames]
	return say("%v, or %v more", rule.Text(), rest)
}

// setAside lists those whose vote does not count, at most someNames of them, each with the reason.
func setAside(list []approvals.Discard) approvals.Text {
	var names []approvals.Text
	for _, d := range list[:min(len(list), someNames)] {
		names = append(names, d.Text())
	}
	if rest := len(list) - len(names); rest > 0 {
		names = append(names, say("%v more", rest))
	}
	return approvals.Join(names, ", ")
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }
