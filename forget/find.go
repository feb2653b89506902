package forget

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
	"github.com/usherbot/usher/store/cargo"
)

// ties are which ids and addresses stand for the same person wherever something is kept, and what they are called there.
type ties struct {
	people    map[string][]approvals.PersonID
	addresses map[approvals.PersonID][]string
	names     map[string][]string
}

func newTies() *ties {
	return &ties{people: map[string][]approvals.PersonID{}, addresses: map[approvals.PersonID][]string{}, names: map[string][]string{}}
}

// tied goes through all that is kept for whom it ties to which address.
func tied(ctx context.Context, s Kept) (*ties, error) {
	t := newTies()
	return t, s.Unload(ctx, func(i cargo.Item) error {
		if i.Kind != cargo.Request && i.Kind != cargo.Shelf && i.Kind != cargo.Promise || len(i.Line) == 0 || !isJSON(i.Line) {
			return nil
		}
		trees, err := parsed(i.Line)
		if err != nil {
			return nil // what can't be read says of nobody who they are
		}
		for _, n := range trees {
			n.each(t.object)
		}
		return nil
	})
}

// object takes in what an object says of one person.
func (t *ties) object(n *node) {
	if n.kind != '{' {
		return
	}
	var addresses []string
	for _, key := range []string{"email", "also", "addresses"} {
		for _, a := range n.of(key).texts() {
			if strings.Contains(a, "@") {
				addresses = append(addresses, approvals.FoldEmail(a))
			}
		}
	}
	var id approvals.PersonID
	if all := n.of("person").texts(); len(all) == 1 {
		id = approvals.PersonID(all[0])
	}
	name := strings.TrimSpace(strings.Join(slices.Concat(n.of("first_name").texts(), n.of("last_name").texts()), " "))
	if all := n.of("name").texts(); name == "" && len(all) == 1 {
		name = strings.TrimSpace(all[0])
	}
	if strings.HasPrefix(name, "forgotten-") { // they are another by now
		name = ""
	}
	for _, a := range addresses {
		if id != "" {
			t.people[a], t.addresses[id] = added(t.people[a], id), added(t.addresses[id], a)
		}
		if name != "" {
			t.names[a] = added(t.names[a], name)
		}
	}
	if id != "" && name != "" {
		t.names[string(id)] = added(t.names[string(id)], name)
	}
}

func added[T comparable](all []T, one T) []T {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// person is whom a word of the command line means. An address that is somebody's alone means all that is theirs; one that several share
// means itself, and goes with none of them: shared says so.
func (t *ties) person(who string) (p Person, shared []string) {
	if strings.Contains(who, "@") {
		a := approvals.FoldEmail(who)
		p.Addresses = []string{a}
		if ids := t.people[a]; len(ids) == 1 {
			p.IDs = ids
		}
	} else {
		p.IDs = []approvals.PersonID{approvals.PersonID(who)}
	}
	for _, id := range p.IDs {
		for _, a := range t.addresses[id] {
			if len(t.people[a]) == 1 {
				p.Addresses = added(p.Addresses, a)
			} else if !slices.Contains(p.Addresses, a) {
				shared = append(shared, a)
			}
		}
	}
	for _, a := range p.Addresses {
		for _, name := range t.names[a] {
			p.Names = added(p.Names, name)
		}
	}
	for _, id := range p.IDs {
		for _, name := range t.names[string(id)] {
			p.Names = added(p.Names, name)
		}
	}
	return p, shared
}

// against is what speaks against forgetting somebody, by what is kept: what is open, who is listed, and what is still looked after. alone says
// that nobody else is asked what they hold.
func (p *Person) against(ctx context.Context, s Kept, alone bool) (no []string, err error) {
	given := map[string]approvals.Request{}
	err = s.Unload(ctx, func(i cargo.Item) error {
		say := ""
		switch {
		case i.Kind == cargo.Request:
			var r approvals.Request
			if err := json.Unmarshal(i.Line, &r); err != nil {
				return fmt.Errorf("decode request #%d: %w", i.N, err)
			}
			say = p.open(r)
			if p.about(r) && r.State == approvals.Done {
				given[r.App.ID+"/"+approvals.FoldEmail(r.Change.Email)] = r
			}
		case i.Kind == cargo.Shelf && strings.HasPrefix(i.Name, "leavers/"):
			say = p.leaves(i.Line)
		case i.Kind == cargo.Shelf && strings.HasPrefix(i.Name, "register/"):
			say = p.listed(strings.TrimPrefix(i.Name, "register/"), i.Line)
		}
		if say != "" {
			no = append(no, say)
		}
		return nil
	})
	for _, key := range slices.Sorted(maps.Keys(given)) {
		// What an action does is known to who has the configuration; that the last one took the account away, by its name.
		if r := given[key]; alone && r.Action != catalog.Delete && !r.Live() {
			no = append(no, fmt.Sprintf("#%d was carried out, so they may still have something in %s: start Usher, which can tell, and say it again", r.Number, r.App.Name))
		}
	}
	return no, err
}

// about reports whether a request is about them.
func (p *Person) about(r approvals.Request) bool {
	return p.is(r.Change.Email) || p.is(string(r.Change.Person))
}

// open says that a request of theirs is open; "": it isn't, or isn't theirs.
func (p *Person) open(r approvals.Request) string {
	if !r.Live() || !p.about(r) && !p.is(string(r.Requester)) {
		return ""
	}
	return fmt.Sprintf("#%d is %s", r.Number, standing(r))
}

// standing is how an open request stands, in words.
func standing(r approvals.Request) string {
	if r.Lent() {
		return "given for a time, and not over"
	}
	return string(r.State)
}

// leaves says that somebody's leaving is still looked after; "": it isn't.
func (p *Person) leaves(line []byte) string {
	var l leavers.Leaving
	if bytes.HasPrefix(line, []byte(`{"number"`)) && json.Unmarshal(line, &l) == nil && p.is(string(l.Person)) && !l.State.Over() {
		return "what they leave behind is still looked after"
	}
	return ""
}

// listed says that the last list of an app has them; "": it doesn't.
func (p *Person) listed(app string, line []byte) string {
	var k register.Kept
	if json.Unmarshal(line, &k) != nil {
		return ""
	}
	for _, m := range k.Members {
		if p.address(m.Email) >= 0 && m.Status != list.Off {
			return fmt.Sprintf("the last list of %s has %s", app, m.Email)
		}
	}
	return ""
}
