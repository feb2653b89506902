package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reviews"
)

// reviewFor is a review of so many accounts, which the same person answers, each as bad as data gets.
func reviewFor(n int, state reviews.State) reviews.Review {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	r := reviews.Review{Number: 3, Nonce: "abcdefghijklmnop", App: "semrush", Called: "Semrush <!channel> *" + strings.Repeat("x", 300), By: "U0ERIN", State: state, Began: at, Due: at, Closes: at, Heirs: []approvals.PersonID{"U0BOB"}}
	for i := range n {
		l := reviews.Line{Email: fmt.Sprintf("p%03d@globex.example", i), Name: "<!here> <@U0ALICE> `" + strings.Repeat("&", 200), Holds: strings.Repeat("<https://x|y>", 40), Reviewer: "U0BOB", Why: reviews.AsOwner, Late: state == reviews.Late,
			Odds: []approvals.Text{approvals.Sayf("%v", strings.Repeat("*odd* <!everyone> ", 60))}}
		if i%3 == 2 {
			l.Answer, l.By, l.Reason, l.Removal = reviews.Take, "U0BOB", strings.Repeat("why <!channel> ", 30), int64(i)
		}
		r.Lines = append(r.Lines, l)
	}
	return r
}

// TestAReviewFitsWhateverIsInIt: its messages and forms keep to Slack's limits, and nothing that was typed is markup.
func TestAReviewFitsWhateverIsInIt(t *testing.T) {
	for _, n := range []int{0, 1, 2, 10, 300} {
		for _, state := range []reviews.State{reviews.Gathering, reviews.Refused, reviews.Open, reviews.Late, reviews.Closed, reviews.Unanswered} {
			r := reviewFor(n, state)
			for name, m := range map[string]Message{"reviewer": ReviewerCard(r, "U0BOB", state == reviews.Late), "summary": ReviewSummary(r), "recall": ReviewRecall(r, "U0BOB"), "unfiled": ReviewUnfiled(r)} {
				require.LessOrEqual(t, len(m.Blocks), maxBlocks, name)
				require.LessOrEqual(t, units(string(JSON(m.Blocks))), maxAll, "%s of %d, %s", name, n, state)
				require.NotEmpty(t, m.Text, name)
				for _, typed := range []string{"<!channel", "<!here", "<!everyone", "<@U0ALICE", "<https://x"} {
					require.NotContains(t, string(JSON(m.Blocks))+m.Text, typed, name)
				}
			}
			require.LessOrEqual(t, units(ReviewFiled(r)), maxObject)
			for _, changes := range []bool{false, true} {
				form, some := ReviewRestForm(r, "U0BOB", ReviewValue{Name: r.Name(), Changes: changes})
				require.Equal(t, len(r.Of("U0BOB")) > 0 && (changes == false && len(r.Waits("U0BOB")) > 0 || changes && len(r.Of("U0BOB")) > len(r.Waits("U0BOB"))), some)
				if _, fits := Redrawn(form); some {
					require.True(t, fits, "the next page comes with an ack")
					require.LessOrEqual(t, len(form.Blocks.BlockSet), 100)
				}
			}
		}
	}
}

// TestAllPagesOfAReviewAreAsked: from page to page each account is asked about once, in order, whatever is answered.
func TestAllPagesOfAReviewAreAsked(t *testing.T) {
	r := reviewFor(95, reviews.Open)
	v := ReviewValue{Name: r.Name()}
	asked := 0
	for page := 0; ; page++ {
		form, some := ReviewRestForm(r, "U0BOB", v)
		if !some {
			break
		}
		var inputs []Input
		for _, b := range form.Blocks.BlockSet {
			if in, ok := b.(*slack.InputBlock); ok {
				inputs = append(inputs, Input{Block: in.BlockID})
				if strings.HasPrefix(in.BlockID, fieldAnswer) {
					asked++
				}
			}
		}
		given, last := ReadReview(inputs)
		require.Empty(t, given, "nothing was chosen")
		require.Greater(t, last, v.From-1)
		v.From = last + 1
		require.Less(t, page, 20)
	}
	require.Equal(t, len(r.Waits("U0BOB")), asked)
}

// TestWhatAReviewsFormHolds: the reason of what's kept goes along, and of what isn't it doesn't.
func TestWhatAReviewsFormHolds(t *testing.T) {
	given, last := ReadReview([]Input{{Block: "answer:4", Values: []string{"keep"}}, {Block: "why:4", Values: []string{" the audit\n"}}, {Block: "answer:12", Values: []string{"take"}}, {Block: "why:12", Values: []string{"the audit"}},
		{Block: "answer:9"}, {Block: "answer:x", Values: []string{"keep"}}, {Block: "answer:-1", Values: []string{"keep"}}, {Block: "else", Values: []string{"keep"}}})
	require.Equal(t, []reviews.Given{{Line: 4, Answer: reviews.Keep, Reason: "the audit"}, {Line: 12, Answer: reviews.Take}}, given)
	require.Equal(t, 12, last)
	v := ReviewValue{Name: reviews.Name{Number: 3, Nonce: "abc"}, Line: 7, Take: true, Changes: true, From: 20}
	back, err := ParseReview(v.String())
	require.NoError(t, err)
	require.Equal(t, v, back)
	_, err = ParseReview("v2:{}")
	require.ErrorIs(t, err, ErrOtherVersion)
	_, err = ParseReview("12")
	require.Error(t, err)
}
