package view

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// Input is one element of a form as Slack tells it: the block it stands in, and what was filled in or chosen.
type Input struct {
	Block  string
	Values []string
}

// Borne is what the form for asking bears in its private metadata, as JSON, of which nothing ever changes its meaning.
type Borne struct {
	// Version is that of the form; another program's may be read otherwise.
	Version int `json:"v"`
	// Channel is where it was asked for, and App the app it is about, where there is no choice.
	Channel string `json:"c,omitempty"`
	App     string `json:"a,omitempty"`
	// Of is the request that is edited in it, as its buttons name it, and Edition how often it had been edited.
	Of      string `json:"o,omitempty"`
	Edition int    `json:"n,omitempty"`
	// Turned is how often a button in the form has turned it into another.
	Turned int `json:"t,omitempty"`
	// Kept is what was filled into blocks that are not shown now, by their names.
	Kept map[string][]string `json:"k,omitempty"`
}

// Turn makes room for what a button turns the form into: Slack keeps what is chosen in a block of the same name, so what the
// button decides stands in blocks of other names from then on.
func (b *Borne) Turn() {
	delete(b.Kept, b.inTurn(FieldAction))
	delete(b.Kept, b.inTurn(FieldPeople))
	b.Turned++
}

// inTurn is what a block is called that a button decides.
func (b Borne) inTurn(block string) string {
	if b.Turned == 0 {
		return block
	}
	return fmt.Sprintf("%v:%v", block, b.Turned)
}

// anyTurn is what a block was called before any button decided what stands in it.
func anyTurn(block string) string {
	base, turn, _ := strings.Cut(block, ":")
	if _, err := strconv.Atoi(turn); err != nil {
		return block
	}
	return base
}

// formVersion is that of the forms that are drawn here.
const formVersion = 1

// maxBorne is how long private metadata may be, counted as Slack sends it, and a little less.
const maxBorne = 2900

// String is what is borne. What has no room is left out, the longest first.
func (b Borne) String() string {
	b.Version = formVersion
	for {
		raw := string(JSON(b))
		if escaped(raw) <= maxBorne || len(b.Kept) == 0 {
			return raw
		}
		longest, kept := "", map[string][]string{}
		for id, was := range b.Kept {
			kept[id] = was
			if longest == "" || weigh(id, was) > weigh(longest, b.Kept[longest]) || weigh(id, was) == weigh(longest, b.Kept[longest]) && id < longest {
				longest = id
			}
		}
		delete(kept, longest)
		b.Kept = kept
	}
}

func weigh(id string, was []string) int { return len(id) + len(strings.Join(was, `","`)) }

// escaped is how long a text is in plain letters: Slack sends others as six.
func escaped(s string) (n int) {
	for _, r := range s {
		switch {
		case r > 0xFFFF:
			n += 12
		case r > 0x7F:
			n += 6
		default:
			n++
		}
	}
	return n
}

// ParseBorne reads what String wrote. ErrOtherVersion: another version of Usher drew the form.
func ParseBorne(s string) (Borne, error) {
	var b Borne
	if err := json.Unmarshal([]byte(s), &b); err != nil {
		return Borne{}, fmt.Errorf("parse what a form bears %.40q: not one of ours", s)
	}
	if b.Version != formVersion {
		return Borne{}, fmt.Errorf("parse what a form bears %.40q: %w", s, ErrOtherVersion)
	}
	return b, nil
}

// ReadRequest is what has been filled into a form, and what it bears from now on: all of that, by the blocks it stands in.
func ReadRequest(b Borne, inputs []Input) (commands.Draft, Borne) {
	was := map[string][]string{}
	for id, v := range b.Kept {
		if len(v) > 0 {
			was[id] = v
		}
	}
	for _, in := range inputs {
		if was[in.Block] = in.Values; len(in.Values) == 0 {
			delete(was, in.Block)
		}
	}
	b.Kept = was
	first := func(id string) string {
		if len(was[id]) == 0 {
			return ""
		}
		return was[id][0]
	}
	app, whom := first(FieldApp), FieldFor
	bundle, whole := bundleIn(app)
	if whole {
		app = ""
	}
	if slices.ContainsFunc(inputs, func(in Input) bool { return in.Block == FieldForOne }) || first(FieldFor) == "" {
		whom = FieldForOne // it is the newer
	}
	d := commands.Draft{App: cmp.Or(app, b.App), Bundle: bundle, Action: catalog.Verb(first(b.inTurn(FieldAction))), For: commands.For(first(whom)),
		Email: first(FieldEmail), People: first(b.inTurn(FieldPeople)), Reason: first(FieldReason),
		Long: strings.TrimSuffix(first(FieldLong), commands.LongForGood), Until: first(FieldUntil), While: first(FieldWhile),
		Chosen: map[string][]string{}, Typed: map[string]string{}}
	readPeople(&d, was, inputs)
	readFields(&d, was, inputs)
	return d, b
}

// readFields reads the fields of the app that is asked of: what is shown before what was kept of a place that isn't.
func readFields(d *commands.Draft, was map[string][]string, inputs []Input) {
	ids := slices.Sorted(maps.Keys(was))
	shown := func(id string) bool { return slices.ContainsFunc(inputs, func(i Input) bool { return i.Block == id }) }
	slices.SortStableFunc(ids, func(a, b string) int {
		switch {
		case shown(a) == shown(b):
			return 0
		case shown(a):
			return -1
		}
		return 1
	})
	for _, id := range ids {
		key, takes, app := fieldOfBlock(id)
		if takes == takesWay && app == d.App {
			if d.Ways == nil {
				d.Ways = map[string]string{}
			}
			d.Ways[key] = cmp.Or(d.Ways[key], was[id][0])
			continue
		}
		if key == "" || app != d.App || d.Typed[key] != "" || len(d.Chosen[key]) > 0 {
			continue
		}
		switch takes {
		case takesText:
			d.Typed[key] = was[id][0]
		case takesOwn:
			d.Typed[key] = strings.Join(was[id], ", ")
		default:
			d.Chosen[key] = was[id]
		}
	}
}
