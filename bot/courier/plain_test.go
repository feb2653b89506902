package courier

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// tabled is a message with one of Slack's own tables, and the lines in its place.
func tabled() view.Message {
	table := slack.NewDataTableBlock("accounts").AddRow(slack.NewDataTableRawTextCell("Account")).AddRow(slack.NewDataTableRawTextCell("jane@acme.example"))
	lines := slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "jane@acme.example", false, false), nil, nil)
	return view.Message{Text: "jane@acme.example", Blocks: []slack.Block{table}, Plain: []slack.Block{lines}}
}

// TestATableThatIsRefusedIsPostedOnce: whichever of the two posts goes wrong, one message stands there in the end, drawn plainly, and
// its receipt says so.
func TestATableThatIsRefusedIsPostedOnce(t *testing.T) {
	all := faults()
	all["none"] = slacksim.Fault{Kind: slacksim.Slow, Method: "chat.delete"}
	for name, fault := range all {
		for skip := range 2 {
			t.Run(name, func(t *testing.T) {
				inWorld(t, setup{}, func(t *testing.T, w *world) {
					w.Behave(slacksim.Manners{NoData: true})
					if fault.Skip = skip; fault.Method == "" {
						fault.Method = "chat.postMessage"
					}
					w.Plan(fault)
					w.saidOnce("report/tabled/1", tabled())
					require.Len(t, w.Messages(general), 1)
					require.Equal(t, "section", blockType(t, w.Messages(general)[0]))
					plain, err := w.courier.DrawnPlainly(t.Context(), "report/tabled/1")
					require.NoError(t, err)
					require.True(t, plain)
				})
			})
		}
	}
}

// TestATableThatIsTakenStands: nothing says that it was drawn plainly, also where its answer was lost and it was found.
func TestATableThatIsTakenStands(t *testing.T) {
	for _, fault := range []slacksim.Fault{{Method: "chat.delete", Kind: slacksim.Slow}, {Method: "chat.postMessage", Kind: slacksim.Cut, After: true}} {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			w.Plan(fault)
			w.saidOnce("report/tabled/1", tabled())
			require.Len(t, w.Messages(general), 1)
			require.Equal(t, "data_table", blockType(t, w.Messages(general)[0]))
			plain, err := w.courier.DrawnPlainly(t.Context(), "report/tabled/1")
			require.NoError(t, err)
			require.False(t, plain)
		})
	}
}

// saidOnce carries a message that is said once, as a lane would.
func (w *world) saidOnce(key string, m view.Message) {
	w.T.Helper()
	lane := outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		result, err := w.courier.once(ctx, job, m, func(context.Context) (string, error) { return general, nil })
		if err != nil {
			return w.courier.trouble(ctx, job, err)
		}
		return result
	})
	worker := &outbox.Worker{Box: w.Store, Now: time.Now, Log: w.Log.Logger()}
	worker.Add(outbox.Lane{Kind: outbox.Kind(key), Doer: lane, Width: 1})
	require.NoError(w.T, w.Store.Promise(w.T.Context(), outbox.PromiseOnce(key, time.Now())))
	ctx, cancel := context.WithTimeout(w.T.Context(), 5*time.Minute)
	defer cancel()
	worker.Run(ctx)
}

func blockType(t *testing.T, m slacksim.Message) string {
	t.Helper()
	var blocks []struct{ Type string }
	raw, err := json.Marshal(m.Blocks)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &blocks))
	return blocks[0].Type
}
