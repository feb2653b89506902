package world

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// DemoMessage is a message as the demo's page has it.
type DemoMessage struct {
	TS     string          `json:"ts"`
	Blocks json.RawMessage `json:"blocks"`
}

// DemoMessages are those of a channel as one person sees them on the page of a demo.
func DemoMessages(t *testing.T, address, who, channel string) []DemoMessage {
	t.Helper()
	response, err := http.Get(address + "/page/state?as=" + who)
	require.NoError(t, err)
	var state struct{ Messages map[string][]DemoMessage }
	require.NoError(t, DecodeControl(response, &state))
	return state.Messages[channel]
}
