package commandline

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/otlpsim"
	"github.com/usherbot/usher/traces"
)

// TestRunSendsTraces over TCP to a receiver that asks for a key, which stands in a file and is renewed; the last spans go at
// the end, and the key is in no line.
func TestRunSendsTraces(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, k := range traces.Keys() {
		keys = append(keys, string(k))
	}
	sim := otlpsim.New(otlpsim.Options{Keys: keys, Violation: func(what string) { t.Error(what) }})
	receiver := httptest.NewServer(sim)
	defer receiver.Close()
	w := rotateWith(t, func(w *rotating) {
		w.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.URL
		inFile(t, w.env, config.TraceHeadersName, "api-key=otlp-first-secret", 0o600)
	}, func(w *rotating) {
		w.eventually("the first spans come", func() bool { return sim.Posts() > 0 })
		require.Equal(t, "otlp-first-secret", sim.Header().Get("api-key"))

		w.put(config.TraceHeadersName, "api-key=otlp-second-secret")
		w.takenUp()
		w.eventually("spans come under the new key", func() bool { return sim.Header().Get("api-key") == "otlp-second-secret" })
		require.True(t, w.slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she runs the launch").Wait().Acked)
	})

	found := false
	for _, s := range sim.Spans() {
		require.Equal(t, "usher", s.By["service.name"])
		require.NotEmpty(t, s.By["service.version"])
		found = found || s.Name == "hear slash_commands" && s.Attrs["usher.request"] == "1" && s.Parent == ""
	}
	require.True(t, found, "the request isn't among %v", sim.Spans())
	require.Contains(t, w.logs.String(), `"msg":"traces are sent","to":"`+strings.TrimPrefix(receiver.URL, "http://")+`"`)
	require.NotContains(t, w.logs.String(), "otlp-")
}

// TestRunWithoutAReceiver: nobody is there to take traces, and nothing else is affected.
func TestRunWithoutAReceiver(t *testing.T) {
	t.Parallel()
	w := rotateWith(t, func(w *rotating) {
		w.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1/s3cret"
	}, func(w *rotating) {
		require.True(t, w.slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she runs the launch").Wait().Acked)
		w.eventually("the card is there", func() bool { return len(w.slack.Messages("C0APPROVE")) > 0 })
		w.takenUp()
	})
	require.Contains(t, w.logs.String(), "traces can't be delivered, so some are lost; requests don't wait for them")
	require.NotContains(t, w.logs.String(), "s3cret", "the address may bear a key")
}
