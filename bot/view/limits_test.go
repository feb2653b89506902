package view

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// held holds a rendered message to Slack's limits and to our own, and returns it as JSON.
func held(t *testing.T, m Message) []byte {
	t.Helper()
	raw := JSON(struct {
		Text   string        `json:"text"`
		Blocks []slack.Block `json:"blocks"`
		Plain  []slack.Block `json:"plain,omitempty"` // what stands in their place where a workspace refuses Slack's own tables and charts
	}{m.Text, m.Blocks, m.Plain})
	if m.Plain != nil {
		require.NotContains(t, string(JSON(m.Plain)), `"data_`)
		held(t, Message{Text: m.Text, Blocks: m.Plain})
	}
	for _, p := range slacksim.ValidateMessage(raw) {
		t.Errorf("%s", p)
	}
	require.NotEmpty(t, strings.TrimSpace(m.Text))
	require.LessOrEqual(t, size(m.Text), maxFallback, "fallback text")
	require.LessOrEqual(t, len(m.Blocks), maxBlocks)
	inAll := 0
	for _, b := range m.Blocks {
		inAll += shownOf(b)
	}
	require.LessOrEqual(t, inAll, maxAll, "all blocks together")
	safe(t, m.Text)
	for _, s := range texts(t, raw) {
		safe(t, s)
	}
	for _, s := range bareTexts(t, raw) {
		require.NotContains(t, s, "<")
		safe(t, escaper.Replace(s))
	}
	verbatim(t, raw)
	return raw
}

// heldView does the same for a form.
func heldView(t *testing.T, v slack.ModalViewRequest) []byte {
	t.Helper()
	raw := JSON(v)
	for _, p := range slacksim.ValidateView(raw) {
		t.Errorf("%s", p)
	}
	for _, s := range texts(t, raw) {
		safe(t, s)
	}
	verbatim(t, raw)
	return raw
}

// tokens are the only things in angle brackets that we send.
var tokens = regexp.MustCompile(`<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|<#[CGD][A-Z0-9]+>|` +
	`<!date\^[0-9]+\^\{date_short_pretty\} at \{time\}\|[0-9A-Za-z: ]+ UTC>`)

var entity = regexp.MustCompile(`&(amp|lt|gt);`)

// safe demands that a rendered text holds no markup but ours and nothing that hides or turns words.
func safe(t *testing.T, s string) {
	t.Helper()
	bare := tokens.ReplaceAllString(s, "")
	require.NotContains(t, bare, "<", "unescaped in %q", s)
	require.NotContains(t, bare, ">", "unescaped in %q", s)
	require.NotContains(t, entity.ReplaceAllString(bare, ""), "&", "unescaped in %q", s)
	if !strings.HasPrefix(s, "```") && strings.Contains("\n"+s, "\n&gt;") {
		t.Errorf("quotation in %q", s)
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%U in %q", r, s)
		}
	}
}

// texts are the texts of all text objects in a piece of JSON.
func texts(t *testing.T, raw []byte) []string {
	t.Helper()
	var out []string
	walk(decode(t, raw), func(o map[string]any) {
		if s, ok := o["text"].(string); ok && !isBare(o) {
			out = append(out, s)
		}
	})
	return out
}

// bareTexts are those in which Slack reads no entities: cells, and the leaves of rich text.
func bareTexts(t *testing.T, raw []byte) (out []string) {
	t.Helper()
	walk(decode(t, raw), func(o map[string]any) {
		for _, key := range []string{"text", "caption", "title", "label", "name", "x_label", "y_label"} {
			if s, ok := o[key].(string); ok && (isBare(o) || key != "text") {
				out = append(out, s)
			}
		}
	})
	return out
}

func isBare(o map[string]any) bool { return o["type"] == "raw_text" || o["type"] == "text" }

// verbatim demands that no mrkdwn is left to Slack's own search for links and names.
func verbatim(t *testing.T, raw []byte) {
	t.Helper()
	walk(decode(t, raw), func(o map[string]any) {
		if o["type"] == "mrkdwn" {
			require.Equal(t, true, o["verbatim"])
		}
	})
}

// buttonsOf are the labels of a message's buttons, in order.
func buttonsOf(t *testing.T, m Message) []string {
	t.Helper()
	var out []string
	walk(decode(t, JSON(m.Blocks)), func(o map[string]any) {
		if o["type"] == "button" {
			out = append(out, o["text"].(map[string]any)["text"].(string))
		}
	})
	return out
}

func decode(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			walk(e, visit)
		}
	case map[string]any:
		visit(v)
		for _, e := range v {
			walk(e, visit)
		}
	}
}
