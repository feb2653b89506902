package slacksim

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/usherbot/usher/sim/door"
)

// PageStories are what the page leads through beside the round, one at a time. It knows nothing of what they are about: somebody else says
// what is done by now and what comes next.
type PageStories struct {
	Look  func() PageTelling      // how it stands
	Begin func(name string) error // "" leaves the one that is told
	// Do has the thing happen that comes next, where no person does it; one whose step is over already has.
	Do func(ctx context.Context, step int) error
}

// PageTelling is which stories there are, and how far the one has come that is told; nil: none is.
type PageTelling struct {
	All []PageStory   `json:"all"`
	Now *PageStoryNow `json:"now"`
}

// PageStory is one to choose.
type PageStory struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Why   string `json:"why"`  // what it shows
	Told  int    `json:"told"` // how often it came to its end
	Not   string `json:"not"`  // why it can't be told now; "": it can
}

// PageStoryNow is the story that is told.
type PageStoryNow struct {
	PageStory
	At    int             `json:"at"` // the step that one is at; past the last one: it's over
	Steps []PageStoryStep `json:"steps"`
	Next  *PageStoryNext  `json:"next"`
	Count string          `json:"count"` // what came of it, where it's over
	Left  string          `json:"left"`  // and what is still to be done, and by whom
}

// PageStoryStep is one step, and what is seen then.
type PageStoryStep struct {
	Say  string           `json:"say"`
	You  string           `json:"you"` // the same to whoever does it; "": nobody of the workspace does
	Sees []PageStorySight `json:"sees"`
}

// PageStorySight is something that is seen, and whether it was.
type PageStorySight struct {
	Say  string `json:"say"`
	Seen bool   `json:"seen"`
}

// PageStoryNext is what somebody does next; empty fields are no part of it.
type PageStoryNext struct {
	As      string            `json:"as"`      // who, by user id
	Channel string            `json:"channel"` // where, by its id
	Type    string            `json:"type"`    // what they type
	TS      string            `json:"ts"`      // the message that has what they press
	Press   string            `json:"press"`   // the label of the button
	Block   string            `json:"block"`   // or the block that has the menu
	Pick    string            `json:"pick"`    // in which they choose this
	Fill    map[string]string `json:"fill"`    // the form that opens then, by its labels
	Does    string            `json:"does"`    // what the button says that has it happen
	Whom    string            `json:"whom"`    // whom that is about, by user id
	Waits   string            `json:"waits"`   // what is still to be seen, where it has been done
	Late    bool              `json:"late"`    // it's too late for it
}

func (p *Page) stories() *PageTelling {
	if p.opts.Stories == nil {
		return nil
	}
	telling := p.opts.Stories.Look()
	return &telling
}

// serveStory begins a story, leaves it, or has the thing happen that comes next: {"begin": NAME}, {"begin": ""}, {"do": STEP}.
func (p *Page) serveStory(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Begin string `json:"begin"`
		Do    *int   `json:"do"`
	}
	stories := p.opts.Stories
	switch {
	case stories == nil:
		pageRefuse(w, http.StatusNotFound, "There are no stories here.")
		return
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		pageRefuse(w, http.StatusUnsupportedMediaType, "This takes JSON.")
		return
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPageInput)).Decode(&in); err != nil {
		pageRefuse(w, http.StatusBadRequest, "This cannot be read: %v", err)
		return
	}
	act := func() error { return stories.Begin(in.Begin) }
	if in.Do != nil {
		act = func() error { return stories.Do(r.Context(), *in.Do) }
	}
	err := act()
	p.tick()
	if err != nil {
		pageRefuse(w, http.StatusConflict, "%s", upper(err.Error())+".")
		return
	}
	door.Answer(w, http.StatusOK, struct{}{})
}

// upper is a sentence that begins as one.
func upper(say string) string { return strings.ToUpper(say[:1]) + say[1:] }
