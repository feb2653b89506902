package world

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/wire"
)

// PayloadsName is in the environment where all that passes between Usher and Slack is to be written down, a file for each world of a test: it names
// their folder. `.ci/slack-conformance/run.sh` holds every line against schemas of Slack's own types.
const PayloadsName = "USHER_TEST_PAYLOADS"

// passed is one line of that: a frame of Socket Mode, or a call with its answer.
type passed struct {
	Test   string `json:"test"`
	Kind   string `json:"kind"`
	In     bool   `json:"in,omitempty"` // of a frame: Slack sent it
	Method string `json:"method,omitempty"`
	URL    string `json:"url,omitempty"`
	Type   string `json:"type,omitempty"` // of what was asked
	Status int    `json:"status,omitempty"`
	// Cut: the answer isn't what Slack had to say. More: bytes that weren't kept.
	Cut    bool   `json:"cut,omitempty"`
	More   int    `json:"more,omitempty"`
	Ask    string `json:"ask"`
	Answer string `json:"answer,omitempty"`
}

// payloads keeps what passes in a world of a test, where that's asked for; nil: nowhere.
func payloads(t testing.TB) *wire.Log {
	folder := os.Getenv(PayloadsName)
	if folder == "" {
		return nil
	}
	file, err := os.CreateTemp(folder, "*.jsonl")
	require.NoError(t, err)
	out := bufio.NewWriter(file)
	t.Cleanup(func() {
		require.NoError(t, out.Flush())
		require.NoError(t, file.Close())
	})
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	return wire.Telling(nil, func(x wire.Exchange) {
		p := passed{Test: t.Name(), Kind: string(x.Kind), In: x.In, Method: x.Method, URL: x.URL, Status: x.Status, Cut: x.Cut,
			More: x.Ask.More + x.Answer.More, Ask: string(x.Ask.Body), Answer: string(x.Answer.Body)}
		for _, header := range x.Ask.Header {
			if of, is := strings.CutPrefix(header, "Content-Type: "); is {
				p.Type = of
			}
		}
		_ = lines.Encode(p) // Flush tells
	})
}
