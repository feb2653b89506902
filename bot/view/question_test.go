package view

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// asks is a request about which Bob asked twice, and Alice answered once.
func asks(st approvals.State) approvals.Request {
	r := sample(catalog.Create, st)
	r.Questions = []approvals.Question{
		{By: "U0BOB", At: clock(9, 20), Words: "Is it for the spring audit?", Answer: &approvals.Answer{At: clock(9, 31), Words: "Yes, until March."}},
		{By: "U0CAROL", At: clock(9, 40), Words: "Does she need *both*?"},
	}
	return r
}

// TestACardShowsWhatWasAskedAndAnswered, while it waits and after; so do the lists and the terminal.
func TestACardShowsWhatWasAskedAndAnswered(t *testing.T) {
	both := []string{"<@U0BOB> asked <!date^", ": “Is it for the spring audit?”\n<@U0ALICE> answered <!date^", ": “Yes, until March.”\n<@U0CAROL> asked", "“Does she need ∗both∗?”"}
	for _, st := range []approvals.State{approvals.Pending, approvals.Done} {
		m := Card(asks(st))
		golden(t, "card-questions-"+string(st), held(t, m))
		for _, says := range both {
			require.Contains(t, m.Text, says)
		}
		require.Equal(t, st == approvals.Pending, strings.Contains(m.Text, "<@U0ALICE> hasn't answered yet."))
	}
	r := asks(approvals.Pending)
	for _, m := range []Message{Reply(commands.Reply{Request: &r}), ApproverCard(r, "U0BOB"), Reply(commands.Reply{Head: say("One:"), Waiting: []approvals.Request{r}})} {
		require.Contains(t, m.Text, "hasn't answered yet")
	}
	require.Contains(t, approvals.Join(CardLines(r), "\n").Plain(), "@U0ALICE answered 2026-11-23 09:31 UTC: “Yes, until March.”")
}

// TestOfManyQuestionsTheLastStay on a card; the terminal has them all.
func TestOfManyQuestionsTheLastStay(t *testing.T) {
	r := asks(approvals.Pending)
	r.Questions = nil
	for i := range approvals.MostQuestions {
		at := clock(10, i)
		r.Questions = append(r.Questions, approvals.Question{By: "U0BOB", At: at, Words: string(rune('A'+i)) + strings.Repeat(" why", 120),
			Answer: &approvals.Answer{At: at.Add(time.Second), Words: string(rune('A'+i)) + strings.Repeat(" so", 160)}})
	}
	m := Card(r)
	golden(t, "card-questions-many", held(t, m))
	require.Len(t, buttonsOf(t, m), 4)
	raw := string(JSON(m.Blocks))
	require.Contains(t, raw, "18 questions were asked earlier: `/access status 12`")
	require.Contains(t, raw, "“T why")
	require.Contains(t, raw, "“S so")
	require.NotContains(t, raw, "“R why")
	all := approvals.Join(CardLines(r), "\n").Plain()
	require.Contains(t, all, "“A why")
	require.Contains(t, all, "“T so")
}

// TestQuestionAndAnswer are what the requester and whoever asked have of it, in each state.
func TestQuestionAndAnswer(t *testing.T) {
	for name, row := range map[string]struct {
		m       Message
		says    string
		buttons []string
	}{
		"open":      {Question(asks(approvals.Pending), 2), "<@U0CAROL> has a question:\n“Does she need ∗both∗?”", []string{"Answer"}},
		"answered":  {Question(asks(approvals.Pending), 1), "You answered", nil},
		"over":      {Question(asks(approvals.Approved), 2), "#12 isn't waiting any more, so there's nothing left to answer.", nil},
		"told":      {Answered(asks(approvals.Pending), 1), "<@U0ALICE> answered your question:\n“Yes, until March.”", nil},
		"told-late": {Answered(asks(approvals.Done), 1), "Nothing is left to decide here.", nil},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "question-"+name, held(t, row.m))
			require.Contains(t, row.m.Text, row.says)
			require.True(t, strings.HasPrefix(row.m.Text, "#12 · SE Ranking seat for jane_doe@acme.example — "), row.m.Text)
			require.ElementsMatch(t, row.buttons, buttonsOf(t, row.m))
		})
	}
	require.Equal(t, Question(asks(approvals.Running), 2), Question(asks(approvals.Done), 2), "it's not drawn anew for what comes of it")
}

// TestTheFormsForAQuestion name their request, and the one for an answer also which question.
func TestTheFormsForAQuestion(t *testing.T) {
	r := asks(approvals.Pending)
	ask, answer := AskForm(r), AnswerForm(r, 2)
	golden(t, "form-ask", heldView(t, ask))
	golden(t, "form-answer", heldView(t, answer))
	require.Equal(t, ButtonValue(r.Name()), ask.PrivateMetadata)
	require.Equal(t, ButtonValue(r.Name())+"/2", answer.PrivateMetadata)
}

// TestQuestionValues: whatever is no question of ours is left whole.
func TestQuestionValues(t *testing.T) {
	name := approvals.Name{Number: 12, Nonce: "abcdefghij234567"}
	value, n := Questioned(QuestionValue(name, 20))
	require.Equal(t, []any{ButtonValue(name), 20}, []any{value, n})
	for _, s := range []string{"", "/", "v1:12", "v1:12/", "v1:12/0", "v1:12/-1", "v1:12/+1", "v1:12/01", "v1:12/1/2", "v1:12/99999999999999999999"} {
		value, n := Questioned(s)
		require.Equal(t, []any{s, 0}, []any{value, n}, s)
	}
}

// TestWhoAskedBlindReadsNoMoreThanTheySaid beside the words of a question.
func TestWhoAskedBlindReadsNoMoreThanTheySaid(t *testing.T) {
	r := asks(approvals.Pending)
	r.Said = &approvals.Said{Person: "U0DAVE"}
	r.Change.Email = "somebody@vendor.example"
	form := AnswerForm(r, 2)
	for _, raw := range []string{string(JSON(Question(r, 2))), string(JSON(form))} {
		require.NotContains(t, raw, "somebody@vendor.example")
		require.Contains(t, raw, "Does she need")
	}
}
