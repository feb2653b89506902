package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register"
)

// Member lists that are compared with what was carried out.

// lists is what the test remembers of them.
type lists struct {
	// open is since when each stranger who stood in the last list is known; nil: it isn't known what was found last.
	open map[string]time.Time
	// imported is how many were acknowledged, and unsure how many may have been kept all the same.
	imported, unsure int
}

func newLists() lists { return lists{open: map[string]time.Time{}} }

// comparesList imports a list with some who are there rightly, some whom nobody asked for, and some who were to be gone. Each
// that is wrong is found, nobody else is, found again it is the same, and what is mended closes.
func (s *simulation) comparesList() {
	if s.App == nil || s.Life.Over() {
		return
	}
	clean, still := s.listed()
	var ghosts []string
	for i := range 4 {
		if s.rng.IntN(2) == 0 {
			ghosts = append(ghosts, fmt.Sprintf("ghost%d@agency.example", i))
		}
	}
	rows := slices.Concat(clean, still, ghosts)
	if len(rows) == 0 {
		return // a list of nobody is none
	}
	s.rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	raw := "Email,Status\n" + strings.Join(rows, ",active\n") + ",active\n"
	s.note("a list is imported: %d rightly, %d still, %v", len(clean), len(still), ghosts)
	s.count("lists: imported")
	now := time.Now()
	result, err := s.App.Register.Import(context.WithValue(context.Background(), whose{}, atMachine), register.Import{App: "office", File: "badges.csv", Raw: []byte(raw)}, approvals.OSUser("root"), "command line", now)
	s.Pass(0)
	if err != nil {
		s.note("  it failed: %v", err)
		s.unsure, s.lists.open = s.unsure+1, nil
		return
	}
	s.imported++
	s.foundOut(result, ghosts, still, now)
}

// listed are those who were let in, and those who were seen out, some of each, by what was done a while ago.
func (s *simulation) listed() (clean, still []string) {
	for _, r := range s.requests() {
		switch {
		case r.State != approvals.Done || idOf(r.Change.Email) != "" || s.rng.IntN(3) == 0:
		case r.Action == catalog.Create:
			clean = append(clean, r.Change.Email)
		case time.Since(r.Outcome.At) > time.Hour && s.rng.IntN(2) == 0:
			still = append(still, r.Change.Email)
		}
	}
	return clean, still
}

// foundOut holds what an import found to what is wrong in its list, and to what was found before.
func (s *simulation) foundOut(result register.Result, ghosts, still []string, now time.Time) {
	found := map[register.Kind][]string{}
	for _, f := range result.Found() {
		found[f.Kind] = append(found[f.Kind], f.Email)
	}
	if result.Blind { // who can't be asked whether anybody knows them is told as far as that goes
		found[register.Orphan] = append(found[register.Orphan], found[register.NeverApproved]...)
		delete(found, register.NeverApproved)
	}
	for kind, want := range map[register.Kind][]string{register.Orphan: ghosts, register.StillThere: still} {
		got := found[kind]
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			s.Errorf("%q was found of %v, and is so of %v", kind, got, want)
		}
		delete(found, kind)
	}
	for kind, of := range found {
		s.Errorf("%q was found of %v, and of nobody it is so", kind, of)
	}
	s.foundAgain(result, ghosts, now)
}

// foundAgain: who was found before is not new, and since when it is known stays; whoever is mended is closed, and nobody else.
func (s *simulation) foundAgain(result register.Result, ghosts []string, now time.Time) {
	open := s.lists.open
	s.lists.open = map[string]time.Time{}
	for _, f := range result.Found() {
		first, known := open[f.Email]
		switch {
		case f.Kind != register.Orphan:
			continue
		case open == nil:
		case known && slices.ContainsFunc(result.New, func(n register.Finding) bool { return n.Key() == f.Key() }):
			s.Errorf("%s was found at %v, and is new at %v", f.Email, first, now)
		case known && !f.First.Equal(first):
			s.Errorf("%s was found first at %v, and now it is said at %v", f.Email, first, f.First)
		case known:
			s.count("lists: found again")
		}
		s.lists.open[f.Email] = f.First
	}
	for email := range open {
		mended := !slices.Contains(ghosts, email)
		closed := slices.ContainsFunc(result.Closed, func(f register.Finding) bool { return f.Email == email })
		if mended != closed {
			s.Errorf("%s is mended: %v, and closed: %v", email, mended, closed)
		}
		if closed {
			s.count("lists: closed")
		}
	}
}

// compared: the log has one entry for each import that was acknowledged, and none but for those that may have been kept.
func (s *simulation) compared() {
	n := 0
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if e.What == "a member list was imported" {
			n++
		}
		return nil
	}))
	if n < s.imported || n > s.imported+s.unsure {
		s.Errorf("%d lists were imported, %d maybe, and the log has %d", s.imported, s.unsure, n)
	}
}
