package approvals

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func question(by Actor, words string) Questioned {
	return Questioned{Question{By: by, At: noon, Words: words}}
}

// TestAQuestionIsOwedOnceAndItsAnswerOnce, decides nothing, and is owed once more without its button when it is decided.
func TestAQuestionIsOwedOnceAndItsAnswerOnce(t *testing.T) {
	r := inSteps()
	r.Number, r.State = 12, Pending
	one, promised := step(t, r, question("U0BOB", "Which one?"), noon)
	require.Equal(t, []string{"ask/12/1", "card/12", "approver/12/U0BOB"}, promised)
	require.Empty(t, r.Questions, "Step alters no argument")
	require.Equal(t, []any{Pending, 0, 0}, []any{one.State, len(one.Votes), one.Present()})
	two, promised := step(t, one, question("U0ERIN", "Why?"), noon)
	require.Contains(t, promised, "ask/12/2")
	require.Equal(t, []bool{false, true, true, false}, []bool{two.Open(0), two.Open(1), two.Open(2), two.Open(3)})

	told, promised := step(t, two, Replied{To: 1, Answer: Answer{At: noon, Words: "That one"}}, noon)
	require.Equal(t, []string{"ask/12/1", "answer/12/1"}, promised[:2])
	require.Nil(t, two.Questions[0].Answer, "Step alters no argument")
	require.False(t, told.Open(1))
	for _, again := range []Event{Replied{To: 1}, Replied{To: 0}, Replied{To: 3}} {
		_, _, err := Step(told, again, noon)
		require.ErrorIs(t, err, ErrNotNow)
	}

	over, promised := step(t, told, CanceledBy{By: "U0ALICE"}, noon)
	require.Contains(t, promised, "ask/12/2", "its button goes")
	require.NotContains(t, promised, "ask/12/1")
	for _, late := range []Event{question("U0BOB", "And?"), Replied{To: 2, Answer: Answer{Words: "So"}}} {
		_, _, err := Step(over, late, noon)
		require.ErrorIs(t, err, ErrNotNow)
	}
}

// TestSoManyQuestions is as many as one request takes.
func TestSoManyQuestions(t *testing.T) {
	r := inSteps()
	r.State = Pending
	for range MostQuestions {
		r, _ = step(t, r, question("U0BOB", "Which one?"), noon)
	}
	_, _, err := Step(r, question("U0BOB", "Which one?"), noon)
	require.ErrorIs(t, err, ErrNotNow)
	err = r.questionable("U0BOB", member("U0BOB"), noon)
	require.Equal(t, Conflict, CodeOf(err))
	require.ErrorContains(t, err, "has 20 questions already")
}

// TestWhoAsksAndWhoAnswers: whoever may decide the present step asks, also after their own yes; the requester answers.
func TestWhoAsksAndWhoAnswers(t *testing.T) {
	r := inSteps()
	r.Number, r.State = 12, Pending
	f := member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE", "U0FRANK")
	for who, code := range map[Actor]Code{"U0BOB": "", "U0CAROL": NotAllowed, "U0ALICE": NotAllowed, "U0NOBODY": CannotTell, Usher: NotAllowed} {
		require.Equal(t, code, CodeOf(r.questionable(who, f, noon)), who)
	}
	require.Equal(t, Conflict, CodeOf(r.questionable("U0BOB", f, r.Expires)))
	own := r
	own.Change.Person = "U0BOB"
	require.Equal(t, NotAllowed, CodeOf(own.questionable("U0BOB", f, noon)), "it is for them")

	r, _ = step(t, r, question("U0BOB", "Which one?"), noon)
	for who, code := range map[Actor]Code{"U0ALICE": "", "U0BOB": NotAllowed, Usher: NotAllowed, OSUser("alice"): NotAllowed} {
		require.Equal(t, code, CodeOf(r.answerable(1, who, noon)), who)
	}
	require.Equal(t, NotFound, CodeOf(r.answerable(2, "U0ALICE", noon)))
	require.Equal(t, Conflict, CodeOf(r.answerable(1, "U0ALICE", r.Expires)))
	over, _ := step(t, r, CanceledBy{By: "U0ALICE"}, noon)
	require.Equal(t, Conflict, CodeOf(over.answerable(1, "U0ALICE", noon)))
	r, _ = step(t, r, Replied{To: 1, Answer: Answer{Words: "That one"}}, noon)
	require.ErrorContains(t, r.answerable(1, "U0ALICE", noon), "already: “That one”")
}

// TestTheSameQuestionIsAskedOnce: out of one form however often it comes, and out of another while nobody has answered.
func TestTheSameQuestionIsAskedOnce(t *testing.T) {
	r := inSteps()
	r.State = Pending
	q := Question{By: "U0BOB", Words: "Which one?", Form: "V1"}
	r, _ = step(t, r, Questioned{q}, noon)
	other := q
	other.Form = "V2"
	require.True(t, r.wasAsked(q))
	require.True(t, r.wasAsked(other))
	for _, new := range []Question{{By: "U0ERIN", Words: q.Words, Form: "V1"}, {By: "U0BOB", Words: "Why?", Form: "V1"}} {
		require.False(t, r.wasAsked(new))
	}
	r, _ = step(t, r, Replied{To: 1, Answer: Answer{Words: "That one"}}, noon)
	require.True(t, r.wasAsked(q), "it is delivered once more")
	require.False(t, r.wasAsked(other), "they want to know again")
}

// TestWordsOfAQuestion are some, and not too many.
func TestWordsOfAQuestion(t *testing.T) {
	words, err := wordsOf("  Which one?\n")
	require.NoError(t, err)
	require.Equal(t, "Which one?", words)
	_, err = wordsOf(strings.Repeat("é", MostWords))
	require.NoError(t, err)
	_, err = wordsOf(strings.Repeat("é", MostWords+1))
	require.ErrorContains(t, err, "That's 501 characters")
	_, err = wordsOf(" \n")
	require.ErrorContains(t, err, "a few words")
}
