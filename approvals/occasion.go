package approvals

import (
	"slices"
	"time"
)

// Some things Usher asks by itself: somebody left, joined or changed teams, and what they hold or would need is put before
// people. These are requests as any are (policy, votes, deed, task, doubt, audit), asked in one go, and nobody is their
// requester. What sets them apart is kept with each of them: the occasion.
//
// Nothing of it is ever approved by itself, nothing of it is lost because no policy foresaw it, and whom it is about decides
// none of it (occasion_rule.go). One card shows it all, in the channel and by direct message (occasion_told.go).

// Occasion is why Usher asks.
type Occasion struct {
	Kind OccasionKind `json:"kind"`
	// ID tells it from every other: of one occasion things are asked once.
	ID string `json:"id"`
	// Person is whom it is about, by their id, name and address.
	Person PersonID `json:"person,omitempty"`
	Name   string   `json:"name,omitempty"`
	Email  string   `json:"email,omitempty"`
	// At is since when it is so, and Source how that is known, as part of a sentence: "deactivated in Slack".
	At     time.Time `json:"at"`
	Source string    `json:"source,omitempty"`
	// By is who said it, and decides none of it as little as any requester; "": nobody had to.
	By Actor `json:"by,omitempty"`
	// Told are those who have the card by direct message, and hear once what came of all of it.
	Told []PersonID `json:"told,omitempty"`
	// Into and From are the user groups that somebody joined and left; "": it isn't about one.
	Into GroupID `json:"into,omitempty"`
	From GroupID `json:"from,omitempty"`
	// Notes are what the card says beside the requests, a line each.
	Notes []Text `json:"notes,omitempty"`
	// Skipped is what wasn't asked, and why; it is kept with the first request alone.
	Skipped []Skipped `json:"skipped,omitempty"`
	// As is as whose wish policies take it: the manager of whom it is about; "": they have none.
	As PersonID `json:"as,omitempty"`
	// First and Of are which requests stand on one card; Card is which of the occasion's cards that is, and Cards how many it has.
	First int64 `json:"first"`
	Of    int   `json:"of"`
	Card  int   `json:"card"`
	Cards int   `json:"cards"`
	// Every is how long an undecided request waits before it is asked again, and Round how often it was; 0: it expires instead.
	Every time.Duration `json:"every,omitempty"`
	Round int           `json:"round,omitempty"`
}

// OccasionKind is what happened.
type OccasionKind string

// The kinds of occasion.
const (
	OccasionLeft   OccasionKind = "left"
	OccasionJoined OccasionKind = "joined"
	OccasionMoved  OccasionKind = "moved"
)

// Skipped is what was not asked on an occasion.
type Skipped struct {
	// Place is its place among what was to be asked, counted from 0.
	Place  int    `json:"place"`
	App    App    `json:"app"`
	Action Action `json:"action"`
	Email  string `json:"email"`
	Why    Text   `json:"why"`
	// Beside is the open request that asks for it already; 0: none does.
	Beside int64 `json:"beside,omitempty"`
	// SeesTo is who sees to it instead; "": nobody is named.
	SeesTo PersonID `json:"sees_to,omitempty"`
}

// Who names whom an occasion is about.
func (o Occasion) Who() Text {
	if o.Person != "" {
		return Sayf("%v", o.Person)
	}
	return Sayf("%v", o.Called())
}

// Called is what somebody is called where a mention would say less: in a title and in a notification.
func (o Occasion) Called() string {
	if o.Name != "" {
		return o.Name
	}
	return o.Email
}

// Because says what happened, as part of a sentence: "@Jane left (deactivated in Slack 3 Nov)".
func (o Occasion) Because() Text {
	what := Sayf("%v left", o.Who())
	switch {
	case o.Kind == OccasionJoined && o.Into != "":
		what = Sayf("%v joined %v", o.Who(), o.Into)
	case o.Kind == OccasionJoined:
		what = Sayf("%v joined the workspace", o.Who())
	case o.Kind == OccasionMoved:
		what = Sayf("%v went from %v to %v", o.Who(), o.From, o.Into)
	}
	switch {
	case o.By != "":
		return Sayf("%v (%v said so; %v)", what, o.By.Text(), o.At)
	case o.Source != "":
		return Sayf("%v (%v %v)", what, o.Source, o.At)
	}
	return Sayf("%v (%v)", what, o.At)
}

// ByUsher reports whether Usher asked for a request by itself, and nobody did.
func (r Request) ByUsher() bool { return r.Requester == "" && r.Occasion != nil }

// Asker names who asked for a request.
func (r Request) Asker() Text { return r.AskedBy().Text() }

// AskedBy is who asked for a request.
func (r Request) AskedBy() Actor {
	if r.Requester == "" {
		return Usher
	}
	return Actor(r.Requester)
}

// HearsOf says who is told what comes of a request, to put behind "I'll tell".
func (r Request) HearsOf() Text {
	if !r.ByUsher() {
		return Sayf("%v", r.Requester)
	}
	var names []Text
	for _, id := range r.Occasion.Told {
		names = append(names, Sayf("%v", id))
	}
	if len(names) == 0 {
		return Sayf("the admins")
	}
	return Join(names, ", ")
}

// CanAskAgain says, behind another sentence, who can ask for a request again; nil where nobody asked.
func (r Request) CanAskAgain() Text {
	if r.ByUsher() {
		return nil
	}
	return Sayf(" %v can ask again.", r.Requester)
}

// stillNeeded says who can ask for a request again that came to nothing, or who sees to it where nobody asked.
func (r Request) stillNeeded() Text {
	if r.ByUsher() {
		return Sayf(" Still to be done? An admin sees to it.")
	}
	return Sayf(" Still needed? %v can ask again.", r.Requester)
}

// subjects are those a request is about who decide none of it: whom it is for and, of what Usher asks, whom its occasion is about.
func (r Request) subjects() (out []PersonID) {
	out = []PersonID{r.Change.Person}
	if r.Occasion != nil {
		out = append(out, r.Occasion.Person)
	}
	return present(out...)
}

// askersSay names who asked for a request, or gave Usher cause to.
func (r Request) askersSay() Text {
	if r.ByUsher() {
		return r.Occasion.By.Text()
	}
	return Sayf("%v", r.Requester)
}

// present are those of some ids that name somebody, each once.
func present(ids ...PersonID) (out []PersonID) {
	for _, id := range ids {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// clone copies an occasion; nil stays nil.
func (o *Occasion) clone() *Occasion {
	if o == nil {
		return nil
	}
	c := *o
	return &c
}
