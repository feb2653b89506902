package talks

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/otlpsim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
	"github.com/usherbot/usher/traces"
)

// traced holds what was told of a talk to what may be told, and each request to one trace. Where a life was cut off, or the talk
// goes on from one that nobody traced, what a span stands below may be missing.
func (k *talk) traced(whole bool) {
	k.T.Helper()
	if k.App == nil {
		k.Start()
	}
	private := k.Private()
	k.End()
	spans := k.Spans.Spans()
	of, named := map[string]string{}, map[string]bool{}
	for _, s := range spans {
		require.Empty(k.T, world.Told(s, private), "a trace tells something private")
		named[s.Trace+s.ID] = true
		if n := s.Attrs["usher.request"]; n != "" {
			require.Contains(k.T, []string{"", n}, of[s.Trace], "the trace %s is of two requests", s.Trace)
			of[s.Trace] = n
		}
	}
	require.Len(k.T, of, len(distinct(of))+len(k.lost), "a request has two traces")
	for _, s := range spans {
		require.True(k.T, !whole || s.Parent == "" || named[s.Trace+s.Parent], "%q of #%s stands below nothing", s.Name, of[s.Trace])
	}
}

func distinct(of map[string]string) map[string]bool {
	out := map[string]bool{}
	for _, n := range of {
		out[n] = true
	}
	return out
}

// TestTheLawOfTracesCanFail: it finds what is private wherever it stands, and words that only have the same letters aren't.
func TestTheLawOfTracesCanFail(t *testing.T) {
	private := []string{"U0ALICE", "jane@acme.example", "Jane", "she runs the launch"}
	for _, s := range []otlpsim.Span{{Name: "hear U0ALICE"}, {Attrs: map[string]string{"usher.app": "jane@acme.example"}}, {Events: []string{"asked for Jane"}},
		{EventAttrs: []map[string]string{{"why": "she runs the launch"}}}, {By: map[string]string{"host": "of-Jane"}}} {
		require.Len(t, world.Told(s, private), 1)
	}
	require.Empty(t, world.Told(otlpsim.Span{Name: "carry out card", Attrs: map[string]string{"a": "Janet", "b": "U0ALICEX"}}, private))
}

// striking is the way to a vendor that ends a life just before it writes there, once.
type striking struct {
	http.RoundTripper
	w      *world.World
	struck *bool
}

// RoundTrip implements http.RoundTripper.
func (s striking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && !*s.struck {
		*s.struck = true
		s.w.Life.Strike()
		return nil, errors.New("this life is over")
	}
	return s.RoundTripper.RoundTrip(r)
}

// TestOneTraceAcrossARestart: from the envelope in which it was asked to the last message about it, with a SIGKILL between the
// yes and the deed, and with each line of the log that is about the request bearing its number and its trace.
func TestOneTraceAcrossARestart(t *testing.T) {
	inLife(t, demo.Config, "", func(k *talk) {
		struck, log := false, &world.LockedBuffer{}
		k.Diary = log
		k.Alter = func(s *app.Surroundings) { s.VendorHTTP.Transport = striking{s.VendorHTTP.Transport, k.World, &struck} }
		k.play([]string{
			`alice types /access create jane@acme.example Jane type=client because she runs the launch`,
			`alice sees "#1"`,
			`vendor fails list 503 before times 20`, // or the kill would come before the click is told of
			`bob clicks Approve on card 1`,
			`vendor heals`,
			`wait 10m`,
			`crash`,
			`start`,
			`wait 1m`,
			`request 1 is done`,
			`alice is told "#1" "ready"`,
			`wait 1m`,
		})
		require.True(t, struck)
		r, err := k.App.Desk.Request(t.Context(), 1)
		require.NoError(t, err)
		trace := traces.Named(r.Nonce).String()
		k.End()

		begun, root := map[string]bool{}, otlpsim.Span{}
		var names, events []string
		for _, s := range k.Spans.Spans() {
			if s.Trace != trace {
				require.NotEqual(t, "1", s.Attrs["usher.request"], "%q of #1 is elsewhere", s.Name)
				continue
			}
			names, events = append(names, s.Name), append(events, s.Events...)
			begun[s.By["service.instance.id"]] = true
			if s.Parent == "" {
				require.Empty(t, root.Name, "it has two roots")
				root = s
			}
		}
		require.Equal(t, "hear slash_commands", root.Name)
		require.Len(t, begun, 2, "it's of two lives")
		require.Subset(t, names, []string{"carry out card", "slack chat.postMessage", "hear interactive", "slack chat.update", "carry out deed", "vendor POST /v1/project-management/users", "carry out tell"})
		require.Subset(t, events, []string{"asked", "voted yes", "deed seen done"})

		about := 0
		for line := range strings.Lines(log.String()) {
			var said map[string]any
			require.NoError(t, json.Unmarshal([]byte(line), &said))
			if said["request"] == 1.0 {
				about++
				require.Equal(t, trace, said["trace_id"], line)
			}
		}
		require.Greater(t, about, 5)
		require.Contains(t, log.String(), `"msg":"request done","request":1,`)
	})
}

// TestAReceiverThatHangsHoldsNobodyUp: not a click, not a deed, not a message, and not the end.
func TestAReceiverThatHangsHoldsNobodyUp(t *testing.T) {
	inLife(t, demo.Config, "", func(k *talk) {
		k.Spans.Meet(func(int) otlpsim.Answer { return otlpsim.Answer{Slow: time.Hour} })
		vendorsim.SeedDemo(k.N.Vendor)
		k.Start()
		asked := k.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane type=client because she runs the launch").Wait()
		require.True(t, asked.Acked)
		require.Less(t, asked.After, 100*time.Millisecond)
		k.Pass(2 * time.Second)
		k.act("bob clicks Approve on card 1")
		k.act("request 1 is done")
		k.act(`alice is told "#1" "ready"`)
		begun := time.Now()
		k.End()
		require.LessOrEqual(t, time.Since(begun), 2*time.Second)
		require.Empty(t, k.Spans.Spans())
	})
}
