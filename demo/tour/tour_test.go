package tour

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/demo/telling"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
)

// beside is a demo that runs until the test ends.
func beside(t *testing.T) Stage {
	d, err := demo.Open(t.Context(), demo.Setting{Addr: "127.0.0.1:0", Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	ctx, end := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- d.Serve(ctx) }()
	t.Cleanup(func() { end(); require.NoError(t, <-over) })
	// An event that a busy machine was too slow for is brought again by Slack after five minutes at the latest.
	return Stage{Stage: d.Telling(), Patience: 8 * time.Minute}
}

// told is the story of a name.
func told(t *testing.T, name string) stories.Story {
	list, err := chosen(name, time.Now())
	require.NoError(t, err)
	return list[0]
}

// TestATour plays a story and says what happened, with colours only where somebody watches.
func TestATour(t *testing.T) {
	var out bytes.Buffer
	setting := demo.Setting{Log: slog.New(slog.DiscardHandler)}
	require.NoError(t, Run(t.Context(), setting, "ask", Paper{To: &out}))
	require.Contains(t, out.String(), "1 of 1 · Ask and approve\n")
	require.Contains(t, out.String(), "  Alice in #general: /access create jane@acme.example Jane Smith because she tracks rankings for the Q1 launch\n")
	require.Contains(t, out.String(), "    ✓ SE Ranking has an account for Jane.\n")
	require.Regexp(t, `\n1 story in [\d.]+m?s: promised 1 · done 1 · doubled 0 · lost 0\n$`, out.String())
	require.NotContains(t, out.String(), "\x1b")
	require.Contains(t, Paper{Colours: true}.in(green, "✓"), "\x1b")
}

// TestAStoryThatDoesNotComeOutRight ends with the story, the step and what stands there instead.
func TestAStoryThatDoesNotComeOutRight(t *testing.T) {
	var out bytes.Buffer
	stage := beside(t)
	p := &player{Telling: telling.Begin(stage.Stage, told(t, "ask")), patience: stage.Patience, paper: Paper{To: &out}}
	asks, approves := p.Story.Steps[0], p.Story.Steps[1]
	require.NoError(t, p.until(t.Context(), p.heard))
	require.NoError(t, p.step(t.Context(), asks))

	p.patience = 2 * time.Second // from here on it's waited in vain
	says := func(s stories.Step, words ...string) {
		t.Helper()
		var wrong *Wrong
		err := p.step(t.Context(), s)
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, "Ask and approve", wrong.Story)
		for _, w := range words {
			require.Contains(t, err.Error(), w)
		}
	}
	other := approves
	other.Press = "Approve twice"
	says(other, "“Ask and approve” didn't come out right. Bob approves it: waited in vain: something to press that says Approve twice")

	require.NoError(t, p.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Status, Status: 422}))
	says(approves, "Bob approves it: ")

	other = asks
	other.Sees = []stories.Sight{{Say: "It's ready at once.", In: other.In, Alone: true, Holds: []string{"#1", "ready at once"}}}
	says(other, "Alice asks for a seat for Jane", "It's ready at once. What comes nearest says: ")
	require.Contains(t, out.String(), "    ✗ It's ready at once.\n")
	require.NotContains(t, out.String(), "promised")
}

// TestATourEndsAtTheFirstThatIsWrong and counts nothing.
func TestATourEndsAtTheFirstThatIsWrong(t *testing.T) {
	var out bytes.Buffer
	s := told(t, "ask")
	s.Steps = []stories.Step{{Say: "Nothing is done."}, s.Steps[0]}
	require.EqualError(t, Play(t.Context(), beside(t), Paper{To: &out}, []stories.Story{s, s}),
		"“Ask and approve” didn't come out right. Nothing is done: there is nothing to do in this step")
	require.NotContains(t, out.String(), "2 of 2")
	require.NotContains(t, out.String(), "promised")
}

// TestATourThatIsStopped ends at once, and is no story that went wrong.
func TestATourThatIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	over := make(chan error, 1)
	s := told(t, "ask")
	s.Steps[0].Sees[0].Holds = []string{"nobody will ever say this"}
	stage := beside(t)
	go func() { over <- Play(ctx, stage, Paper{To: w}, []stories.Story{s}) }()
	said := make([]byte, 1)
	_, err := r.Read(said)
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, r) }()
	stop()
	require.EqualError(t, <-over, "the tour was stopped after 0 of 1 story")
}

// TestAStoryThatThereIsNot says which there are.
func TestAStoryThatThereIsNot(t *testing.T) {
	err := Run(t.Context(), demo.Setting{}, "aks", Paper{})
	var said *terminal.Error
	require.ErrorAs(t, err, &said)
	require.Equal(t, terminal.ExitWrong, said.Code)
	require.Contains(t, said.Error(), `there's no story called "aks"; expected one of ask, away, seat, crash, hand, leaver, digest`)
}

// TestWhoeverFindsNoRoomPressesAgain: of fifty who press at one moment some are told to try again where Slack is slow to say who they are. They
// do, and the story comes to its end.
func TestWhoeverFindsNoRoomPressesAgain(t *testing.T) {
	stage := beside(t)
	p := &player{Telling: telling.Begin(stage.Stage, told(t, "seat")), patience: stage.Patience, paper: Paper{To: io.Discard}}
	require.NoError(t, p.until(t.Context(), p.heard))
	for _, step := range p.Story.Steps {
		if step.Hands > 0 && step.Press != "" {
			stage.Slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Slow, Delay: 3 * time.Second, Times: 50})
		}
		require.NoError(t, p.step(t.Context(), step), step.Say)
	}
	turnedAway := 0
	for _, u := range stage.Slack.Users() {
		if slices.ContainsFunc(stage.Slack.Ephemerals(u.ID), func(m slacksim.Message) bool { return strings.Contains(slacksim.PlainText(m), "Please try again") }) {
			turnedAway++
		}
	}
	require.Positive(t, turnedAway)
	require.Equal(t, telling.Count{Promised: 1, Done: 1}, p.Came())
}
