package demo

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// TestTheCountNotices: each thing that must never happen makes the numbers other than zero, and its like that may happen doesn't.
func TestTheCountNotices(t *testing.T) {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	card := func(key, channel string) slacksim.Message {
		raw, err := json.Marshal(map[string]string{"key": key, "of": "n"})
		require.NoError(t, err)
		return slacksim.Message{Channel: channel, TS: key, Metadata: &slacksim.Metadata{Payload: raw}}
	}
	made := func(text string) vendorsim.Call { return vendorsim.Call{Op: vendorsim.Create, Effect: text} }
	gone := func(text string) vendorsim.Call { return vendorsim.Call{Op: vendorsim.Delete, Effect: text} }
	request := func(n int64, action approvals.Action, state approvals.State) approvals.Request {
		return approvals.Request{Number: n, App: approvals.App{ID: "seranking"}, Action: action, State: state, Change: approvals.Change{Email: "jane@acme.example"}}
	}
	yes := func(at time.Time) []slacksim.Press {
		return []slacksim.Press{{User: "U0BOB", ActionID: "approve", Value: "1.nonce", At: at}}
	}
	jane := request(1, "create", approvals.Done)
	voted := request(1, "create", approvals.Pending)
	voted.Votes = []approvals.Vote{{By: "U0BOB", Yes: true}}
	long := now.Add(-time.Minute)
	for name, row := range map[string]struct {
		seen    seen
		book    []approvals.Request
		doubled int
		lost    int
	}{
		"one card, one account": {seen: seen{messages: []slacksim.Message{card("card/1", "C"), card("card/2", "C"), card("card/1", "D")},
			effects: []vendorsim.Call{made("created client account 1 for Jane@acme.example")}}, book: []approvals.Request{jane}},
		"a card twice": {seen: seen{messages: []slacksim.Message{card("card/1", "C"), card("card/1", "C")}}, doubled: 1},
		"made twice after one yes": {seen: seen{effects: []vendorsim.Call{made("created client account 1 for jane@acme.example"), gone("deleted account 1 of jane@acme.example"),
			made("created client account 2 for jane@acme.example")}}, book: []approvals.Request{jane}, doubled: 1},
		"made twice after two": {seen: seen{effects: []vendorsim.Call{made("created client account 1 for jane@acme.example"), gone("deleted account 1 of jane@acme.example"),
			made("created client account 2 for jane@acme.example")}}, book: []approvals.Request{jane, request(2, "create", approvals.Done)}},
		"removed without a yes":                {seen: seen{effects: []vendorsim.Call{gone("deleted account 1 of jane@acme.example")}}, doubled: 1},
		"a yes without a trace":                {seen: seen{yeses: yes(long)}, book: []approvals.Request{request(1, "create", approvals.Pending)}, lost: 1},
		"a yes to what nobody knows":           {seen: seen{yeses: yes(long)}, lost: 1},
		"a yes that was just acknowledged":     {seen: seen{yeses: yes(now)}, book: []approvals.Request{request(1, "create", approvals.Pending)}},
		"a yes of two that are needed":         {seen: seen{yeses: yes(long)}, book: []approvals.Request{voted}},
		"a yes that was answered":              {seen: seen{yeses: yes(long), told: map[string][]string{"U0BOB": {stamp(now)}}}, book: []approvals.Request{request(1, "create", approvals.Pending)}},
		"a yes, and an answer of before":       {seen: seen{yeses: yes(long), told: map[string][]string{"U0BOB": {stamp(long.Add(-time.Second))}}}, book: []approvals.Request{request(1, "create", approvals.Pending)}, lost: 1},
		"said to be done, and nothing is made": {book: []approvals.Request{jane}, lost: 1},
		"made, and removed by hand":            {seen: seen{effects: []vendorsim.Call{made("created client account 1 for jane@acme.example")}}, book: []approvals.Request{jane}},
		"said to be removed, and there":        {seen: seen{accounts: []vendorsim.Account{{Email: "jane@acme.example"}}}, book: []approvals.Request{request(1, "delete", approvals.Done)}, lost: 1},
	} {
		row.seen.now = now
		var c Count
		approved := approvedOf(row.book, time.Time{})
		c.doubled(row.seen.twice())
		c.doubled(row.seen.overdone(approved))
		c.lost(row.seen.unkept(row.book))
		c.lost(row.seen.undone(approved))
		require.Equal(t, []int{row.doubled, row.lost}, []int{c.Doubled, c.Lost}, "%s: %s", name, c.Wrong)
		require.Len(t, c.Wrong, row.doubled+row.lost)
	}
}

// TestJumps: to the Monday that the digest is due, at nine o'clock there whatever the clocks have done, and never back.
func TestJumps(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		require.NoError(t, err)
		return at.UTC()
	}
	for now, want := range map[string][2]string{
		"2026-11-29T12:00:00Z": {"2026-11-30T09:00:00Z", "2027-03-29T08:00:00Z"},
		"2026-11-30T08:59:59Z": {"2026-11-30T09:00:00Z", "2027-03-29T08:00:00Z"},
		"2026-11-30T09:00:00Z": {"2026-12-07T09:00:00Z", "2027-03-29T08:00:00Z"},
		"2027-03-27T12:00:00Z": {"2027-03-29T08:00:00Z", "2027-03-29T08:00:00Z"},
		"2027-10-30T23:30:00Z": {"2027-11-01T09:00:00Z", "2027-11-01T09:00:00Z"},
	} {
		at, err := monday(day(now))
		require.NoError(t, err)
		past, err := pastChange(day(now))
		require.NoError(t, err)
		require.Equal(t, want, [2]string{at.UTC().Format(time.RFC3339), past.UTC().Format(time.RFC3339)}, now)
	}
}

// TestWhoIsInvited: a page on this machine alone under the loopback's names, one for a network under any address, and neither under a name
// that somebody else may have lead here.
func TestWhoIsInvited(t *testing.T) {
	for _, row := range []struct {
		at, host string
		invited  bool
	}{
		{"127.0.0.1:3000", "127.0.0.1:3000", true},
		{"127.0.0.1:3000", "localhost:3000", true},
		{"127.0.0.1:3000", "LOCALHOST", true},
		{"127.0.0.1:3000", "[::1]:3000", true},
		{"127.0.0.1:3000", "192.0.2.7:3000", false},
		{"127.0.0.1:3000", "evil.example:3000", false},
		{"127.0.0.1:3000", "127.0.0.1.evil.example", false},
		{"127.0.0.1:3000", "localhost.evil.example", false},
		{"127.0.0.1:3000", "", false},
		{"[::]:3000", "192.0.2.7:3000", true},
		{"[::]:3000", "evil.example", false},
		{"0.0.0.0:3000", "localhost:3000", true},
	} {
		require.Equal(t, row.invited, invited(row.at, row.host), row)
	}
}
