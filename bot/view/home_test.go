package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/sim/slacksim"
	testpace "github.com/usherbot/usher/test/pace"
)

var homeAt = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// fullHome is the Home of somebody who has asked a great deal, decides a great deal and is an admin.
func fullHome(many int, words string) (approvals.Home, *approvals.Health) {
	h := approvals.Home{Who: approvals.Person{ID: "U0BOB", Active: true}, Decides: true, Unknown: 2, MoreOpen: many,
		Away: &approvals.Absence{Person: "U0BOB", Deputy: "U0DANA", Until: homeAt}, Troubles: &approvals.Troubles{}}
	health := &approvals.Health{Open: 2, Wanted: 2}
	n := int64(0)
	for i := range many {
		as := func(s approvals.State) approvals.Request {
			n++
			r := sample(catalog.Create, s)
			r.Number, r.Nonce, r.Reason = n, "aaaaaaaaaaaaaaaa", words
			for q := range approvals.MostQuestions {
				r.Questions = append(r.Questions, approvals.Question{By: "U0BOB", At: homeAt, Words: fmt.Sprint(words, q)})
			}
			return r
		}
		h.Waiting, h.Open, h.Lately = append(h.Waiting, as(approvals.Pending)), append(h.Open, as(approvals.Pending)), append(h.Lately, as(approvals.Denied))
		h.Troubles.Doubt = append(h.Troubles.Doubt, as(approvals.InDoubt))
		h.Troubles.Failed = append(h.Troubles.Failed, as(approvals.Failed))
		late := as(approvals.Ending)
		late.End = &approvals.End{By: approvals.Usher, At: homeAt, Failed: &approvals.Outcome{At: homeAt, Text: say("%v", words)}}
		h.Troubles.Late = append(h.Troubles.Late, late)
		lent := as(approvals.Done)
		lent.EndsAt = homeAt
		h.Lent = append(h.Lent, lent)
		h.Troubles.Slow = append(h.Troubles.Slow, as(approvals.Running))
		one := approvals.Holding{App: sample(catalog.Create, approvals.Done).App, Email: words + "@acme.example", Seat: i%2 == 0, Since: homeAt, Number: int64(i + 1)}
		for n := range 50 {
			one.Items = append(one.Items, catalog.Item{ID: fmt.Sprint(n), Name: words})
		}
		h.Held = append(h.Held, one)
		health.Apps = append(health.Apps, approvals.AppHealth{Name: words, Read: homeAt, Blind: homeAt})
		health.Overdue = append(health.Overdue, approvals.Overdue{What: words, Late: true, Since: homeAt, Failing: 3})
	}
	h.Open, h.Lately = h.Open[:min(len(h.Open), 20)], h.Lately[:min(len(h.Lately), 5)]
	h.Lent, h.MoreLent = h.Lent[:min(len(h.Lent), 20)], max(len(h.Lent)-20, 0)
	return h, health
}

// fullHeld is so much of everything that the register knows.
func fullHeld(many int, words string) commands.Held {
	held := commands.Held{Notes: map[int64]approvals.Text{}, MorePeople: max(many-10, 0)}
	for i := range many {
		held.Notes[int64(i+1)] = say("allowed by %v · in its list of %v", approvals.PersonID("U0BOB"), homeAt)
		held.Also = append(held.Also, say("*%v* · %v · in its list of %v", words, words, homeAt))
		held.Amiss = append(held.Amiss, commands.Amiss{App: approvals.App{ID: "planner", Name: words}, Many: i + 1})
		if i < 10 {
			held.People = append(held.People, say("%v: *%v* user", approvals.PersonID("U0JANE"), words))
		}
	}
	return held
}

// TestHomeWithinSlacksLimits: whatever there is of anything, a Home is one that Slack takes, each button has its own block,
// and what has no room is counted.
func TestHomeWithinSlacksLimits(t *testing.T) {
	testpace.Apart(t, "drawing is a pure function")
	for _, words := range []string{"audit", strings.Repeat("“wide” <!channel> *ß* 名 ", 200)} {
		for _, many := range []int{0, 1, 7, 20, 21, 300} {
			h, health := fullHome(many, words)
			home := HomeOf(h, fullHeld(many, words), health)
			raw := JSON(home.View)
			for _, p := range slacksim.ValidateView(raw) {
				t.Errorf("%d: %s", many, p)
			}
			require.LessOrEqual(t, len(home.View.Blocks.BlockSet), homeBlocks)
			require.LessOrEqual(t, len(raw), 250_000)
			for _, s := range texts(t, raw) {
				safe(t, s)
			}
			verbatim(t, raw)
			if many == 300 {
				require.Contains(t, string(raw), "more: `/access status`")
				require.Contains(t, string(raw), "more: `/access pending`")
				require.Contains(t, string(raw), "Given for a time")
				require.Contains(t, string(raw), `"ends-`, "what ends first can be ended there")
				require.Contains(t, string(raw), "Your people")
				require.Contains(t, string(raw), "more: `/access who @person`")
				require.Equal(t, 3, strings.Count(string(raw), `"action_id":"findings"`), "each with its button")
				require.Contains(t, string(raw), "and 297 apps more")
				require.Contains(t, string(raw), "Connections", "what admins must know has its place whatever comes before")
				require.Contains(t, string(raw), "I couldn't check with Slack whether 2 more requests are for you too")
			}
		}
	}
}

// TestHomesOfPeople holds what each kind of person reads there to its golden file.
func lentAndEnding() []approvals.Request {
	lent, ending := sample(catalog.Share, approvals.Done), sample(catalog.Share, approvals.Ending)
	lent.EndsAt = homeAt.Add(72 * time.Hour)
	asked := lent
	asked.Number, asked.Longer = 14, []approvals.Longer{{Number: 15, By: "U0ALICE", At: homeAt, Was: lent.EndsAt, To: lent.EndsAt.Add(240 * time.Hour), State: approvals.Pending}}
	ending.Number, ending.End = 13, &approvals.End{By: approvals.Usher, At: homeAt}
	return []approvals.Request{ending, lent, asked}
}

func TestHomesOfPeople(t *testing.T) {
	full, health := fullHome(2, "audit")
	for _, r := range full.Open {
		require.True(t, r.Open(1))
	}
	for name, home := range map[string]Home{
		"lent":  HomeOf(approvals.Home{Who: approvals.Person{ID: "U0ALICE", Active: true}, Lent: lentAndEnding()}, commands.Held{}, nil),
		"new":   HomeOf(approvals.Home{Who: approvals.Person{ID: "U0ALICE", Active: true}}, commands.Held{}, nil),
		"guest": HomeOf(approvals.Home{Who: approvals.Person{ID: "U0GUEST", Active: true, Guest: true}}, commands.Held{}, nil),
		"admin": HomeOf(full, fullHeld(2, "audit"), health),
		"deaf":  HomeOf(approvals.Home{Who: approvals.Person{ID: "U0ADMIN", Active: true}, Decides: true, Troubles: &approvals.Troubles{}}, commands.Held{}, &approvals.Health{Wanted: 2, Apps: []approvals.AppHealth{{Name: "SE Ranking"}, {Name: "Other", Blind: homeAt}}, At: homeAt, Balances: []approvals.AppBalance{{Name: "Planner", Balance: lowUnits().Balance}}}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, "home_"+name, JSON(home.View)) })
	}
}
