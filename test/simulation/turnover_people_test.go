package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// Who comes and goes, and what Slack says of everybody.

func (s *simulation) isGoneNow(who string) bool { return len(s.gone[who])%2 == 1 }

// someone is one of the staff who is there, or who isn't; false: there is none.
func (s *simulation) someone(gone bool) (colleague, bool) {
	list := slices.DeleteFunc(slices.Clone(staff), func(c colleague) bool { return s.isGoneNow(c.id) != gone })
	if len(list) == 0 {
		return colleague{}, false
	}
	return pickOf(s, list), true
}

func (s *simulation) somebodyLeaves() {
	if c, ok := s.someone(false); ok {
		s.comesOrGoes(c.id, true)
		s.count("turnover: left")
		s.spend(time.Duration(s.rng.IntN(400)) * time.Second)
	}
}

// manyLeave deactivates more within minutes than is believed; some of it, now and then, by mistake.
func (s *simulation) manyLeave() {
	s.count("turnover: many left at once")
	var left []colleague
	for range 4 + s.rng.IntN(3) {
		if c, ok := s.someone(false); ok {
			s.comesOrGoes(c.id, true)
			left = append(left, c)
			s.spend(time.Duration(s.rng.IntN(200)) * time.Second)
		}
	}
	if s.rng.IntN(2) == 0 {
		s.spend(time.Duration(s.rng.IntN(40)) * time.Minute)
		for _, c := range left[:s.rng.IntN(len(left)+1)] {
			s.comesOrGoes(c.id, false)
		}
	}
}

func (s *simulation) somebodyReturns() {
	if c, ok := s.someone(true); ok {
		s.comesOrGoes(c.id, false)
		s.count("turnover: came back")
	}
}

func (s *simulation) allReturn() {
	for _, c := range staff {
		if s.isGoneNow(c.id) {
			s.comesOrGoes(c.id, false)
		}
	}
}

// saysSomebodyLeaves lets somebody say that a person leaves, on a day or at once, or that they stay: who may, and who may not.
func (s *simulation) saysSomebodyLeaves() {
	c := pickOf(s, staff)
	who := pickOf(s, []string{c.manager, c.manager, "U0ADMIN", "U0FRED"})
	if who == "" {
		who = "U0ALICE"
	}
	how := pickOf(s, []string{"", "on", "on", "off", "off"})
	if how == "on" {
		how = "on=" + time.Now().AddDate(0, 0, 1+s.rng.IntN(6)).UTC().Format(time.DateOnly)
	}
	if how != "off" && who != "U0FRED" {
		s.said[c.id] = append(s.said[c.id], time.Now())
	}
	s.count("turnover: said to leave, or to stay")
	s.done(s.types(who, strings.TrimSpace(fmt.Sprintf("leave @%s %s", c.handle, how))))
	s.spend(10 * time.Second)
}

// regroup puts people into a team, in place of who was there.
func (s *simulation) regroup(team string, people ...string) {
	s.members[team] = people
	s.N.Slack.AddGroup(slacksim.Group{ID: team, Handle: strings.ToLower(team[2:]), Name: team, Users: people})
}

// joinsTeam puts somebody who is there into a team.
func (s *simulation) joinsTeam() {
	c, ok := s.someone(false)
	if team := pickOf(s, teams); ok && !slices.Contains(s.members[team], c.id) {
		s.note("%s joins %s", c.id, team)
		s.count("turnover: joined a team")
		s.joined[c.id+" "+team]++
		s.regroup(team, append(slices.Clone(s.members[team]), c.id)...)
		s.spend(time.Duration(s.rng.IntN(20)) * time.Minute)
	}
}

// changesTeam takes somebody out of a team, and puts them, mostly, into the other.
func (s *simulation) changesTeam() {
	from, into := teams[0], teams[1]
	if s.rng.IntN(2) == 0 {
		from, into = into, from
	}
	list := slices.DeleteFunc(slices.Clone(s.members[from]), func(id string) bool { return id == "U0FRED" || s.isGoneNow(id) })
	if len(list) == 0 {
		return
	}
	who := pickOf(s, list)
	s.note("%s leaves %s", who, from)
	s.regroup(from, slices.DeleteFunc(slices.Clone(s.members[from]), func(id string) bool { return id == who })...)
	s.spend(time.Duration(s.rng.IntN(10)) * time.Minute)
	if s.rng.IntN(5) > 0 && !slices.Contains(s.members[into], who) {
		s.note("%s joins %s", who, into)
		s.count("turnover: changed teams")
		s.joined[who+" "+into]++
		s.regroup(into, append(slices.Clone(s.members[into]), who)...)
	}
}

// cutsList has the next answers about everybody fail or lack some of them, and asks for one.
func (s *simulation) cutsList() {
	if s.rng.IntN(3) == 0 {
		f := slacksim.Fault{Method: "users.list", Times: 1 + s.rng.IntN(4), Kind: pickOf(s, []slacksim.Kind{slacksim.Status500, slacksim.Cut, slacksim.HTML, slacksim.Torn, slacksim.NoID, slacksim.Hang})}
		s.note("Slack: %+v", f)
		s.count("faults: everybody can't be read")
		s.N.Slack.Plan(f)
	} else {
		cuts, tenths := 1+s.rng.Int64N(2), s.rng.Int64N(10)
		s.cuts.Store(cuts)
		s.tenths.Store(tenths)
		s.note("the next %d answers about everybody hold %d tenths of them", cuts, tenths)
		s.count("faults: an answer about everybody is cut")
	}
	if s.rng.IntN(4) > 0 {
		s.struck() // everybody is read at each start
		return
	}
	s.spend(25 * time.Hour)
}

// cutting is a way out on which answers about everybody lose some of them.
type cutting struct {
	http.RoundTripper
	s *simulation
}

// RoundTrip implements http.RoundTripper.
func (c cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "users.list") || c.s.cuts.Load() == 0 {
		return resp, err
	}
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it has been read
	if err != nil {
		return nil, err
	}
	var answer map[string]json.RawMessage
	var members []json.RawMessage
	if json.Unmarshal(raw, &answer) == nil && json.Unmarshal(answer["members"], &members) == nil && len(members) > 0 {
		cuts := int(c.s.cuts.Add(-1))
		var kept []json.RawMessage
		for i, m := range members {
			if int(c.s.draw("cut", i+100*cuts)%10) < int(c.s.tenths.Load()) {
				kept = append(kept, m)
			}
		}
		if answer["members"], err = json.Marshal(append([]json.RawMessage{}, kept...)); err == nil {
			raw, err = json.Marshal(answer)
		}
		require.NoError(c.s.T, err)
	}
	resp.Header = resp.Header.Clone()
	resp.Header.Del("Content-Length")
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return resp, nil
}

// atMachine is on whose behalf something is done at the command line.
func (s *simulation) atMachine() context.Context {
	return context.WithValue(context.Background(), whose{}, approvals.Actor(atMachine))
}
