package forget

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/cargo"
)

// searched is what was found of somebody.
type searched struct {
	all    []cargo.Rewritten
	sealed Sealed
	unread []string
	// about are the requests about them, and theirs those that they asked.
	about, theirs map[int64]bool
	// shown are the keys of messages that show one of these and are drawn anew.
	shown map[string]bool
}

// counts is how many things there are to rewrite, by what they are.
func (s *searched) counts() map[cargo.Kind]int {
	out := map[cargo.Kind]int{}
	for _, r := range s.all {
		out[r.Was.Kind]++
	}
	return out
}

// drawn are the kinds of messages that show a request as it is, whenever they are owed anew.
var drawn = []string{approvals.KindCard, approvals.KindAdmins, approvals.KindApprover}

// unlike stands in a receipt in the place of the hash of what was shown, from which words could be tried.
const unlike = "forgotten"

// search goes through everything that is kept, and finds what is somebody's. Requests come before all that is about them.
func (f *Forgetter) search(ctx context.Context, p Person) (*searched, error) {
	s := &searched{about: map[int64]bool{}, theirs: map[int64]bool{}, shown: map[string]bool{}}
	if err := f.Store.Unload(ctx, func(i cargo.Item) error { return s.item(&p, i) }); err != nil {
		return s, fmt.Errorf("look for what is kept of somebody: %w", err)
	}
	var err error
	s.sealed, err = p.entries(ctx, f.Store, s.about, func(r cargo.Rewritten) { s.all = append(s.all, r) })
	if err != nil {
		return s, fmt.Errorf("look for what the audit log has of somebody: %w", err)
	}
	return s, nil
}

// item looks into one thing.
func (s *searched) item(p *Person, i cargo.Item) error {
	if is := p.text(i.Name, false); is != i.Name {
		return fmt.Errorf("%s %q is called by an address, and nothing is called otherwise", i.Kind, is)
	}
	if !cargo.Rewritable(i.Kind) || i.Kind == cargo.Beside || i.Kind == cargo.Meta && i.Name == noted {
		return nil
	}
	out, some, err := s.line(p, i)
	if errors.Is(err, errUnread) {
		s.unread = append(s.unread, fmt.Sprintf("%s %s", i.Kind, i.Name))
		return nil
	}
	if err == nil && some {
		i.Line = bytes.Clone(i.Line)
		s.all = append(s.all, cargo.Rewritten{Was: i, Line: out})
	}
	return err
}

// line is a thing without what is theirs.
func (s *searched) line(p *Person, i cargo.Item) (out []byte, some bool, err error) {
	switch i.Kind {
	case cargo.Request:
		return s.request(p, i)
	case cargo.Receipt:
		return s.receipt(p, i)
	case cargo.Shelf:
		if trees, err := parsed(i.Line); err == nil && len(trees) == 1 && trees[0].of("told") != nil && !strings.Contains(i.Name, "/") {
			return p.report(trees[0])
		}
	}
	return p.line(i.Line, place{})
}

// request is about them where it is for an address of theirs, or for them.
func (s *searched) request(p *Person, i cargo.Item) (out []byte, some bool, err error) {
	var r approvals.Request
	if err := json.Unmarshal(i.Line, &r); err != nil {
		return nil, false, fmt.Errorf("decode request #%d: %w", i.N, err)
	}
	about := p.about(r)
	s.about[i.N], s.theirs[i.N] = about, p.is(string(r.Requester))
	if !about {
		delete(s.about, i.N)
	}
	if about || s.theirs[i.N] {
		s.shown[approvals.CardKeyOf(r)] = true
	}
	return p.line(i.Line, place{about: about})
}

// receipt of what told of a request about them keeps no hash of it.
func (s *searched) receipt(p *Person, i cargo.Item) (out []byte, some bool, err error) {
	n := approvals.NumberOf(i.Name)
	kind, _, _ := strings.Cut(i.Name, "/")
	theirs := (s.about[n] || s.theirs[n]) && slices.Contains(approvals.Traces(n), fmt.Sprintf("%s/%d", kind, n)) || s.shown[i.Name]
	if theirs && slices.Contains(drawn, kind) {
		s.shown[i.Name] = true
	}
	trees, err := parsed(i.Line)
	if err != nil || len(trees) != 1 {
		return nil, false, fmt.Errorf("decode receipt %s: %w", i.Name, errors.Join(err, errUnread))
	}
	some = p.redact(trees[0], place{})
	if digest := trees[0].of("digest"); theirs && digest != nil && digest.kind == '"' && len(digest.text) > len(unlike) && !strings.Contains(digest.text, " ") {
		digest.text, some = unlike, true
	}
	var raw bytes.Buffer
	trees[0].write(&raw)
	return raw.Bytes(), some, nil
}

// report is what a report showed last. It has hashes of what its sections told, from which an address could be tried: where it had something
// of theirs they go too, and the next one is told whatever it comes to.
func (p *Person) report(n *node) (out []byte, some bool, err error) {
	some = p.redact(n, place{})
	if told := n.of("told"); len(told.keys) > 0 && some {
		told.keys, told.kids = nil, nil
	}
	var raw bytes.Buffer
	n.write(&raw)
	return raw.Bytes(), some, nil
}
