package forget

import (
	"slices"
	"strings"
)

// How words are told: an object that has an address, or an id, under one of these keys is about whom that is, and so is all in it but what
// is about somebody else.
var aboutKeys = []string{"email", "also", "addresses", "former", "person", "e", "i", "id"}

// The same of whoever wrote what is in it.
var writerKeys = []string{"requester", "by", "said_by", "ended_by"}

// nameKeys are what somebody is called, but where the key around it says that it is what something is called.
var (
	nameKeys   = []string{"first_name", "last_name", "name"}
	thingsName = []string{"app", "items", "held", "owned", "limits", "together", "apps", "skipped"}
)

// writtenKeys are what somebody wrote; of a "why" only under these: elsewhere it is one of the program's own.
var (
	writtenKeys = []string{"reason", "words", "note", "link", "why", "file"}
	whyIn       = []string{"", "edits", "later", "left"}
)

// ofThemKeys are, of what is about somebody, what else was written about them; changedKeys those of what was changed in it, and typed is what
// was typed into a field, where that is more than a word: a word is a choice, or a number.
var (
	ofThemKeys  = []string{"refusal", "override"}
	changedKeys = []string{"was", "is", "heard"}
)

const (
	changed = "changed"
	typed   = "typed"
)

// place is where in a tree something stands: what it is about, who wrote it, under which key, and under which the object around it does.
type place struct {
	about, theirs bool
	key, outer    string
}

// redact takes what is theirs out of a tree, and reports whether there was anything.
func (p *Person) redact(n *node, at place) (some bool) {
	switch n.kind {
	case '"':
		is := p.word(n.text, at)
		some, n.text = is != n.text, is
	case '[':
		for _, kid := range n.kids {
			some = p.redact(kid, at) || some
		}
	case '{':
		inside := p.around(n, at)
		decided := p.mine(n.of("decided_by").texts())
		for i, kid := range n.kids {
			is := p.text(n.keys[i], false)
			some, n.keys[i] = some || is != n.keys[i], is
			under := inside
			under.key = n.keys[i]
			if decided && slices.Contains(ofThemKeys, under.key) {
				under.about = true
			}
			some = p.redact(kid, under) || some
		}
	}
	return some
}

// around is what an object is about and who wrote what is in it, where it says so itself; else that is as it was around it.
func (p *Person) around(n *node, at place) place {
	in := place{about: at.about, theirs: at.theirs, outer: at.key}
	if about, says := p.says(n, aboutKeys); says {
		in.about = about
	}
	if theirs, says := p.says(n, writerKeys); says {
		in.theirs = theirs
	}
	return in
}

// says reports whether what stands under some keys of an object is theirs, or somebody's at all. An id alone may be that of a thing.
func (p *Person) says(n *node, keys []string) (theirs, says bool) {
	for i, key := range n.keys {
		if !slices.Contains(keys, key) {
			continue
		}
		all := n.kids[i].texts()
		if p.mine(all) {
			return true, true
		}
		says = says || key != "id" && key != "i" && len(all) > 0 && all[0] != ""
	}
	return false, says
}

func (p *Person) mine(values []string) bool { return slices.ContainsFunc(values, p.is) }

// word is a text where it stands, with what is theirs taken out.
func (p *Person) word(s string, at place) string {
	if s == "" || forgotten.MatchString(s) {
		return s
	}
	if inner, packed := p.packed(s); packed {
		return inner
	}
	if p.whole(s, at) {
		return p.Called
	}
	return p.text(s, at.about)
}

// whole reports whether all of a text is theirs.
func (p *Person) whole(s string, at place) bool {
	switch {
	case p.address(s) >= 0:
		return false // it becomes the pseudonym of that address
	case at.written():
		return at.about || at.theirs
	case !at.about:
		return false
	case slices.Contains(nameKeys, at.key):
		return at.key != "name" || !slices.Contains(thingsName, at.outer)
	case at.outer == changed:
		return slices.Contains(changedKeys, at.key)
	}
	return slices.Contains(ofThemKeys, at.key) || at.key == typed && strings.Contains(s, " ")
}

// written reports whether somebody wrote what stands there.
func (at place) written() bool {
	switch {
	case at.outer == "set_aside": // where the reason is a rule's
		return false
	case at.key == "why":
		return slices.Contains(whyIn, at.outer)
	}
	return slices.Contains(writtenKeys, at.key)
}
