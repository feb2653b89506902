package telling

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// Count is what stories promised against what came of it, by the vendor's own books and by what people see.
type Count struct {
	Promised int // what was approved to the end
	Done     int // of these, what was done
	Doubled  int // how often one was done once more than that
	Lost     int // what was promised and wasn't done
	Unasked  int // what the vendor was asked for though nobody had promised it
}

// String is the last line of what is told.
func (c Count) String() string {
	s := fmt.Sprintf("promised %d · done %d · doubled %d · lost %d", c.Promised, c.Done, c.Doubled, c.Lost)
	if c.Unasked > 0 {
		s += fmt.Sprintf(" · unasked %d", c.Unasked)
	}
	return s
}

// Book is what the stories have promised, and how much the vendor's journal had before them.
type Book struct {
	deeds []stories.Deed
	had   int
}

// Open opens a book: what the vendor has done by now is none of it.
func Open(v *vendorsim.Vendor) *Book { return &Book{had: len(v.Effects())} }

// Promised notes what was promised.
func (b *Book) Promised(deeds []stories.Deed) { b.deeds = append(b.deeds, deeds...) }

// Count holds each deed against what the vendor's journal and the cards say. Each effect is one promise's at most.
func (b *Book) Count(stage Stage) (c Count) {
	effects := stage.Vendor.Effects()[b.had:]
	for _, d := range b.deeds {
		c.Promised++
		times := 0
		if d.Op == stories.ByHand {
			times = carried(stage.Slack, d)
		} else {
			effects = slices.DeleteFunc(effects, func(e vendorsim.Call) bool {
				its := isFor(stage.Vendor, e, d)
				if its {
					times++
				}
				return its
			})
		}
		switch {
		case times == 0:
			c.Lost++
		default:
			c.Done++
			c.Doubled += times - 1
		}
	}
	c.Unasked = len(effects)
	return c
}

// isFor reports whether a change at the vendor is what a deed asks for: it names the account by its address, or one that is still there by its id.
func isFor(v *vendorsim.Vendor, e vendorsim.Call, d stories.Deed) bool {
	return string(e.Op) == d.Op && slices.ContainsFunc(d.Of, func(email string) bool {
		a, there := v.Account(email)
		return strings.HasSuffix(e.Effect, " "+email) || there && a.ID == e.UserID
	})
}

// numbered is how a message names its request.
var numbered = regexp.MustCompile(`#\d+`)

// carried counts the requests of which a message says that somebody has carried them out.
func carried(slack *slacksim.Server, d stories.Deed) int {
	which := map[string]bool{}
	for _, m := range slack.Messages("C0APPROVE") {
		if holds(m, []string{"Done by hand", d.Of[0]}) {
			which[numbered.FindString(m.Text)] = true
		}
	}
	return len(which)
}
