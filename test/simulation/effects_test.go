package simulation

import (
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
		for _, target := range parts(r) {
			done[target] = done[target] || r.State == approvals.Done && !untaken(r)
			maybe[target] = maybe[target] || begun(r) || s.partly(r) || untaken(r) // lost since, and nobody knows how far it came, or stopped on the way
			if s.changed(r) {                                                      // done on each account that had the address in its turn, or lost and not to be seen any more
				most[target] += world.One(r.State == approvals.Done || begun(r) || asked(r))
			}
		}
	}
	s.swept(effects)
	for target := range effects {
		if _, what, _ := strings.Cut(target, " "); isLent(what) {
			delete(effects, target) // endings_test.go
		}
	}
	for target := range done {
		if _, what, _ := strings.Cut(target, " "); isLent(what) {
			continue
		}
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

// effects counts what changed at the vendor's, under the names of parts.
func (s *simulation) effects() map[string]int {
	emails, out := s.addresses(), map[string]int{}
	for _, c := range s.N.Vendor.Effects() {
		for _, part := range s.effectOf(c.Effect, emails) {
			out[part]++
		}
	}
	return out
}

// untaken reports whether all that was asked is what the vendor, by its answers, took without a word and did not keep: what it
// answered was garbage, and read back nothing had changed, which its card says.
func untaken(r approvals.Request) bool {
	return r.State == approvals.Done && r.Action == catalog.Update && strings.Contains(r.Outcome.Text.Plain(), "didn't take these permissions") && len(r.Change.Values) == 1
}

// effectOf is what a write changed, under the names of parts; emails are the accounts' addresses, and learn of new ones.
func (s *simulation) effectOf(e string, emails map[string]string) []string {
	switch {
	case madeFor.MatchString(e):
		m := madeFor.FindStringSubmatch(e)
		emails[m[1]] = m[2]
		return []string{target(catalog.Create, m[2], "")}
	case goneFrom.MatchString(e):
		return []string{target(catalog.Delete, goneFrom.FindStringSubmatch(e)[2], "")}
	case changedOn.MatchString(e):
		return []string{target(catalog.Update, emails[changedOn.FindStringSubmatch(e)[1]], "")}
	case sharedOn.MatchString(e):
		m := sharedOn.FindStringSubmatch(e)
		return sharing(emails[m[1]], strings.Fields(m[2]), strings.Fields(m[3]))
	}
	return []string{e}
}

// sharing names a change of an account's websites, one by one.
func sharing(email string, after, before []string) (parts []string) {
	for _, id := range after {
		if !slices.Contains(before, id) {
			parts = append(parts, target(catalog.Share, email, id))
		}
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			parts = append(parts, target(catalog.Unshare, email, id))
		}
	}
	return parts
}
