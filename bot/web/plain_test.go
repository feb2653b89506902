package web

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// tabled is a message with one of Slack's own tables, of some rows, and what stands in its place.
func tabled(rows int) Message {
	table := slack.NewDataTableBlock("accounts")
	for i := range rows + 1 {
		table.AddRow(slack.NewDataTableRawTextCell(fmt.Sprintf("row %d", i)))
	}
	words := func(s string) slack.Block {
		return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, s, false, false), nil, nil)
	}
	return Message{Text: "accounts", Blocks: []slack.Block{words("head"), table}, Plain: []slack.Block{words("head"), words("lines")}}
}

// TestWhatAWorkspaceRefusesIsSentPlainly by each way a message goes, once; it's remembered, and tried again half a day later.
func TestWhatAWorkspaceRefusesIsSentPlainly(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		post := func() bool {
			w.Pass(2 * time.Second)
			_, plain, err := w.slack.PostDrawn(t.Context(), cards, tabled(2), nil)
			require.NoError(t, err)
			all := w.Messages(cards)
			require.Equal(t, plain, !shows(all[len(all)-1], "row 1"))
			require.Equal(t, plain, shows(all[len(all)-1], "lines"))
			return plain
		}
		calls := func() int { return len(w.CallsOf("chat.postMessage")) }
		require.False(t, post())
		w.Behave(slacksim.Manners{NoData: true})
		before := calls()
		require.True(t, post())
		require.True(t, post())
		require.Equal(t, before+3, calls(), "the second one is not tried first")
		w.Behave(slacksim.Manners{})
		require.True(t, post(), "remembered")
		w.Pass(plainFor)
		require.False(t, post(), "and tried again")

		ts, err := w.slack.Post(t.Context(), general, Message{Text: "first"}, nil)
		require.NoError(t, err)
		for way, send := range map[string]func(ctx context.Context) error{
			"update":    func(ctx context.Context) error { return w.slack.Update(ctx, general, ts, tabled(2), nil) },
			"ephemeral": func(ctx context.Context) error { return w.slack.Ephemeral(ctx, general, "", erin, tabled(2)) },
		} {
			w.Pass(plainFor)
			w.Behave(slacksim.Manners{NoData: true})
			require.NoError(t, send(t.Context()), way)
		}
		require.True(t, shows(w.Messages(general)[0], "lines"))
		require.True(t, shows(w.Ephemerals(erin)[0], "lines"))
	})
}

// TestWhatIsRefusedPlainlyIsRefused: there is no third try, and a message with nothing of Slack's own has no second.
func TestWhatIsRefusedPlainlyIsRefused(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Behave(slacksim.Manners{NoData: true})
		wrong := tabled(2)
		wrong.Plain = wrong.Blocks
		for i, m := range []Message{wrong, {Text: "x", Blocks: wrong.Blocks}} {
			w.Pass(2 * time.Second)
			before := len(w.CallsOf("chat.postMessage"))
			_, err := w.slack.Post(t.Context(), cards, m, nil)
			require.Equal(t, Unfit, FaultOf(err))
			require.Equal(t, 2-i, len(w.CallsOf("chat.postMessage"))-before)
			w.Pass(plainFor)
		}
		require.Empty(t, w.Messages(cards))
	})
}

// TestWhatComesBackIsRead: what Slack has taken of ours it gives back in a history, and that must not be what we can't read.
func TestWhatComesBackIsRead(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		m := tabled(1)
		said := "23 Nov"
		button := slack.NewDataTableActionCell(slack.NewButtonBlockElement("a", "v", slack.NewTextBlockObject(slack.PlainTextType, "Go", false, false))).WithFallback(slack.NewDataTableRawTextCell("–"))
		rich := slack.NewDataTableRichTextCell(slack.NewRichTextSection(slack.NewRichTextSectionDateElement(1795424400, "{date_short_pretty}", nil, &said), slack.NewRichTextSectionUserElement(erin, nil)))
		axis := slack.NewDataVisualizationAxisConfig("a", "b")
		line := slack.NewDataVisualizationDataSeries("s", slack.NewDataVisualizationDataPoint("a", 1), slack.NewDataVisualizationDataPoint("b", 2))
		m.Blocks = append(m.Blocks, slack.NewDataTableBlock("more").AddRow(slack.NewDataTableRawTextCell("who"), slack.NewDataTableRawTextCell("do")).AddRow(rich, button),
			slack.NewDataVisualizationBlock("chart", slack.NewDataVisualizationLineChart(axis, line)))
		_, err := w.slack.Post(t.Context(), cards, m, nil)
		require.NoError(t, err)
		page, _, err := w.slack.History(t.Context(), cards, "0", "")
		require.NoError(t, err)
		require.Len(t, page, 1)
		require.True(t, HasData(page[0].Blocks.BlockSet))
	})
}

func shows(m slacksim.Message, words string) bool {
	raw, err := json.Marshal(m.Blocks)
	return err == nil && strings.Contains(string(raw), words)
}
