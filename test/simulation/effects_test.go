package simulation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/world"
)

// onceEach: what is done had its effect at the vendor's exactly once, and nothing else had any.
func (s *simulation) onceEach(all []approvals.Request) {
	effects := s.effects()
	for target, n := range effects {
		verb, _, _ := strings.Cut(target, " ")
		s.figures["effects: "+verb] += n
	}
	done, maybe, most := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, r := range s.ever(all) {
		done[targetOf(r)] = done[targetOf(r)] || r.State == approvals.Done
		maybe[targetOf(r)] = maybe[targetOf(r)] || begun(r) // and lost since: nobody knows how far it came
		if s.changed(r) {                                   // done on each account that had the address in its turn, or lost and not to be seen any more
			most[targetOf(r)] += world.One(r.State == approvals.Done || begun(r) || r.Outcome != nil && r.Outcome.Tried)
		}
	}
	for target := range done {
		if n, changed := most[target]; changed {
			if effects[target] > n {
				s.Errorf("%s: %d effects, and there should be at most %d", target, effects[target], n)
			}
		} else if want := world.One(done[target]); effects[target] != want && (want > 0 || effects[target] > world.One(maybe[target])) {
			s.Errorf("%s: %d effects, and there should be %d", target, effects[target], want)
		}
		delete(effects, target)
	}
	for target, n := range effects {
		s.Errorf("%s: %d effects, and nobody asked for it", target, n)
	}
}

var (
	madeFor   = regexp.MustCompile(`^created \w+ account (\d+) for (\S+)$`)
	goneFrom  = regexp.MustCompile(`^deleted account (\d+) of (\S+)$`)
	changedOn = regexp.MustCompile(`^updated account (\d+): `)
	sharedOn  = regexp.MustCompile(`^shared sites of account (\d+): \[(.*)\], before \[(.*)\]$`)
)

// effects counts what changed at the vendor's, under the names of targetOf.
func (s *simulation) effects() map[string]int {
	emails, out := s.addresses(), map[string]int{}
	for _, c := range s.N.Vendor.Effects() {
		out[s.effectOf(c.Effect, emails)]++
	}
	return out
}

// effectOf is what a write changed, under the name of targetOf; emails are the accounts' addresses, and learn of new ones.
func (s *simulation) effectOf(e string, emails map[string]string) string {
	switch {
	case madeFor.MatchString(e):
		m := madeFor.FindStringSubmatch(e)
		emails[m[1]] = m[2]
		return "create " + m[2]
	case goneFrom.MatchString(e):
		return "delete " + goneFrom.FindStringSubmatch(e)[2]
	case changedOn.MatchString(e):
		return "update " + emails[changedOn.FindStringSubmatch(e)[1]]
	case sharedOn.MatchString(e):
		m := sharedOn.FindStringSubmatch(e)
		return sharing(emails[m[1]], strings.Fields(m[2]), strings.Fields(m[3]))
	}
	return e
}

// sharing names a change of an account's websites.
func sharing(email string, after, before []string) string {
	without := func(list, other []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(other, id) }), ",")
	}
	added, removed := without(after, before), without(before, after)
	switch {
	case removed == "":
		return target(catalog.Share, email, added)
	case added == "":
		return target(catalog.Unshare, email, removed)
	}
	return fmt.Sprintf("share %s and unshare %s of %s", added, removed, email)
}
