package view

import (
	"fmt"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// How much of what people or vendors named is put into one sentence, in characters.
const (
	emailLength = 254 // the longest an address can be
	nameLength  = 60
	itemLength  = 120
	someNames   = 10 // people named in one sentence
)

func say(format string, args ...any) approvals.Text { return approvals.Sayf(format, args...) }

// title is what a request is about, enough for a notification.
func title(r approvals.Request) approvals.Text { return say("*#%v · %v*", r.Number, subject(r)) }

// subject is the title without the number.
func subject(r approvals.Request) approvals.Text {
	if r.Extends != nil {
		return say("%v for #%v, %v", r.More(), r.Extends.Of, subject(r.Given()))
	}
	return worded(r, r.Says().Title)
}

// worded is a sentence of the app's about a request.
func worded(r approvals.Request, w catalog.Words) approvals.Text {
	return approvals.Fill(w, func(place string) any { return placed(r, place) })
}

// placed is what stands in a place of a sentence about a request.
func placed(r approvals.Request, place string) any {
	switch c := r.Change; place {
	case catalog.PlaceApp:
		return appName(r.App)
	case catalog.PlaceWho, catalog.PlaceEmail:
		return whom(c)
	case catalog.PlaceNumber:
		return fmt.Sprintf("#%d", r.Number)
	case catalog.PlaceFirst:
		return clip(c.FirstName, nameLength)
	case catalog.PlaceHolder:
		return aside(r)
	case catalog.PlaceFields:
		return aspects(r)
	case catalog.PlaceSort:
		return sortGiven(r)
	case catalog.PlaceWhose:
		return accountOf(r)
	case "verb":
		return clip(string(r.Action), nameLength)
	}
	return someItems(r, strings.TrimRight(place, "+*"))
}

func appName(a approvals.App) string {
	if name := clip(a.Name, nameLength); name != "" {
		return name
	}
	return clip(a.ID, nameLength)
}

// aspects names what a change is about.
func aspects(r approvals.Request) string {
	var names []string
	for _, f := range r.Form().Fields {
		if r.Change.Values.Has(f.Key) && f.Of == "" {
			names = append(names, f.Noun.Many)
		}
	}
	switch n := len(names); {
	case n == 0:
		return "nothing"
	case n > 2:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, " and ")
}

// someItems is one resource by name, or how many there are; of another field it is the value, and that there's none where it
// was left out: "no plugins".
func someItems(r approvals.Request, key string) string {
	if said := r.Spoken(key); said != "" {
		return clip(said, nameLength)
	}
	v, _ := r.Change.Values.Get(key)
	f, _ := r.Form().Field(key)
	names := v.Names()
	switch {
	case len(names) == 1:
		return clip(names[0], nameLength)
	case len(names) == 0 && f.Key == "": // its form is gone
		return ""
	case len(names) == 0 && f.Kind == catalog.SomeOf:
		return "no " + f.Noun.Many
	case len(names) == 0:
		return "no " + f.Noun.One
	}
	return f.Noun.Count(len(names))
}

// aside is whom something is for by name, and in brackets what is shown aside.
func aside(r approvals.Request) approvals.Text {
	who := holder(r.Change)
	for _, f := range r.Form().Fields {
		if id := clip(r.Change.Values.ID(f.Key), 8); f.Aside && id != "" {
			who = say("%v (%v: %v)", who, f.Noun.One, id)
		}
	}
	return who
}

// sortGiven says what the sort of a new account lets its holder do. Whoever approves one that sees everything must
// know.
func sortGiven(r approvals.Request) approvals.Text {
	sort, _ := r.Sort()
	given := sort.Given
	if sort.GivenBare != "" && len(r.Names()) == 0 {
		given = sort.GivenBare
	}
	switch {
	case given != "":
		return worded(r, given)
	case sort.Warning != "":
		return say("%v. *It %v.*", oneOf(sort.Words), sort.Warning)
	case sort.Words != "":
		return say("%v.", oneOf(sort.Words))
	case r.App.Entry != nil:
		return say("%v.", oneOf(r.App.Entry.Seat.One))
	}
	return say("a seat.")
}

// oneOf is a noun with its article: "a user", "an editor".
func oneOf(noun string) string { return catalog.Noun{One: noun}.A() }

// accountOf names an account by whose it is: the person, where it is somebody in Slack, else by name or address.
func accountOf(r approvals.Request) approvals.Text {
	c := r.Change
	name, whose := person(c), whom(c)
	switch {
	case c.Person != "" && name != "":
		whose, name = say("%v", c.Person), " ("+name+")"
	case c.Person != "":
		whose = say("%v", c.Person)
	case name != "":
		whose, name = say("%v", name), ""
	}
	if sort, ok := r.Sort(); ok {
		return say("%v's account%v, %v", whose, name, oneOf(sort.Words))
	}
	return say("%v's account%v", whose, name)
}

// whom is whose account a change is about: its address, or a mention where that is all its reader may see.
func whom(c approvals.Change) approvals.Text {
	c.Email = clip(c.Email, emailLength)
	return c.Whom()
}

// count is a number with its noun: "1 account", "3 accounts".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
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

// asManager names somebody who decided, and whose manager they are, where they decided as that.
func asManager(r approvals.Request, m *approvals.Managed) func(approvals.Actor) approvals.Text {
	return func(a approvals.Actor) approvals.Text {
		if m == nil || m.By == "" || a.Person() != m.By {
			return r.Voter(a)
		}
		return say("%v (%v)", a.Text(), m.Whose())
	}
}

// namingAs lists people with at most some of them.
func namingAs(actors []approvals.Actor, most int, as func(approvals.Actor) approvals.Text) approvals.Text {
	var names []approvals.Text
	for _, a := range actors[:min(len(actors), most)] {
		names = append(names, as(a))
	}
	if rest := len(actors) - len(names); rest > 0 {
		return say("%v and %v more", approvals.Join(names, ", "), rest)
	}
	if n := len(names); n > 1 {
		return say("%v and %v", approvals.Join(names[:n-1], ", "), names[n-1])
	}
	return approvals.Join(names, "")
}

// deciders names who may decide a request now, at most someNames of them: never the requester, nor whom it is for.
func deciders(r approvals.Request) approvals.Text {
	if len(r.Eligible().Approvers) == 0 {
		return r.Deciders()
	}
	return decidersOf(r.Eligible().Plain(), someNames)
}

// decidersOf names who may decide a step, at most some of them.
func decidersOf(stage approvals.Stage, most int) approvals.Text {
	rest := len(stage.Approvers) - most
	if rest <= 0 {
		return stage.Text()
	}
	stage.Approvers = stage.Approvers[:most]
	return say("%v, or %v more", stage.Text(), rest)
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
func sentence(t approvals.Text) approvals.Text { return say("%v.", t.Capital()) }
