package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// onceEach: what is done had its effect at the vendor's exactly once, and nothing else had any.
func (s *simulation) onceEach(all []approvals.Request) {
	effects := s.effects()
	for target, n := range effects {
		verb, _, _ := strings.Cut(target, " ")
		s.figures["effects: "+verb] += n
	}
	done := map[string]bool{}
	for _, r := range all {
		done[targetOf(r)] = done[targetOf(r)] || r.State == approvals.Done
	}
	for target := range done {
		if want := one(done[target]); effects[target] != want {
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
	goneFrom  = regexp.MustCompile(`^deleted account \d+ of (\S+)$`)
	changedOn = regexp.MustCompile(`^updated account (\d+): `)
	sharedOn  = regexp.MustCompile(`^shared sites of account (\d+): \[(.*)\], before \[(.*)\]$`)
)

// effects counts what changed at the vendor's, under the names of targetOf.
func (s *simulation) effects() map[string]int {
	emails, out := map[string]string{}, map[string]int{}
	for _, a := range s.n.vendor.Accounts() {
		emails[strconv.FormatInt(a.ID, 10)] = a.Email
	}
	for _, c := range s.n.vendor.Effects() {
		switch e := c.Effect; {
		case madeFor.MatchString(e):
			m := madeFor.FindStringSubmatch(e)
			emails[m[1]] = m[2]
			out["create "+m[2]]++
		case goneFrom.MatchString(e):
			out["delete "+goneFrom.FindStringSubmatch(e)[1]]++
		case changedOn.MatchString(e):
			out["update "+emails[changedOn.FindStringSubmatch(e)[1]]]++
		case sharedOn.MatchString(e):
			m := sharedOn.FindStringSubmatch(e)
			out[sharing(emails[m[1]], strings.Fields(m[2]), strings.Fields(m[3]))]++
		default:
			out[e]++
		}
	}
	return out
}

// sharing names a change of an account's websites.
func sharing(email string, after, before []string) string {
	without := func(list, other []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(other, id) }), ",")
	}
	added, removed := without(after, before), without(before, after)
	switch {
	case removed == "":
		return target(approvals.Share, email, added)
	case added == "":
		return target(approvals.Unshare, email, removed)
	}
	return fmt.Sprintf("share %s and unshare %s of %s", added, removed, email)
}
