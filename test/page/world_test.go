package page

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// besides is a line of the log of what passed.
type besides struct {
	N                      int
	Neighbour, Method, Say string
	Request                int64
	Wrong                  bool
}

// calls are the lines of the log, as its page asks for them.
func (d *demoRun) calls(query string) []besides {
	d.t.Helper()
	response, err := http.Get(d.address + "/world/calls?most=2000&" + query)
	require.NoError(d.t, err)
	var got struct{ Calls []besides }
	require.NoError(d.t, world.DecodeControl(response, &got))
	return got.Calls
}

// tells waits until the log has a line that matches.
func (d *demoRun) tells(query, pattern string) (found besides) {
	d.t.Helper()
	var lines []besides
	require.True(d.t, world.Waited(world.Patience, func() bool {
		lines = d.calls(query)
		for _, l := range lines {
			if regexp.MustCompile(pattern).MatchString(l.Say) {
				found = l
				return true
			}
		}
		return false
	}), "%s in %+v", pattern, lines)
	return found
}

// storeSeen is what Usher keeps, as the page shows it.
type storeSeen struct {
	Silent   string
	Requests []struct {
		Number               int64
		State, What, For, By string
	}
	Promises []struct{ Key, Say string }
	Audit    struct {
		Entries int64
		Broken  string
		Latest  []struct {
			Seq        int64
			What, By   string
			Request    int64
			Prev, Hash string
		}
	}
}

func (d *demoRun) store() (s storeSeen) {
	d.t.Helper()
	response, err := http.Get(d.address + "/world/store")
	require.NoError(d.t, err)
	require.NoError(d.t, world.DecodeControl(response, &s))
	return s
}

// TestTheLogTellsARound: every call between Usher, Slack and the vendors is told in a sentence and unfolds to its bytes, without a
// token; what concerns one request can be looked at by itself; and what is kept grows, each promise in a sentence and each entry of the log verified.
func TestTheLogTellsARound(t *testing.T) {
	d := startDemo(t, t.TempDir())
	d.act("type", map[string]any{"as": "U0ALICE", "channel": "C0GENERAL", "text": "/access create jane@acme.example Jane Smith because she tracks rankings"})
	card := d.sees("U0BOB", "C0APPROVE", "SE Ranking seat for jane@acme.example")
	waiting := d.store()
	require.Equal(t, "jane@acme.example", waiting.Requests[0].For)
	require.Equal(t, "Alice", waiting.Requests[0].By)
	d.approve("U0BOB", card)
	d.tells("", "^Usher posted what came of #1 to Alice: .*Jane")
	made := d.tells("neighbour=seranking", `^Usher had SE Ranking make account \d+ for jane@acme\.example\.$`)
	require.EqualValues(t, 1, made.Request)
	for _, sentence := range []string{
		"^Alice typed “/access create jane@acme.example Jane Smith because she tracks rankings” in #general.$",
		"^Usher acknowledged it after \\d+ ms, and answered Alice: “.*#1",
		"^Usher posted #1's card in #access-approvals: “SE Ranking seat for jane@acme.example",
		"^Bob pressed Approve on #1's card.$",
		"^Usher drew #1's card anew in #access-approvals: ",
	} {
		require.EqualValues(t, 1, d.tells("request=1", sentence).Request)
	}
	for _, l := range d.calls("") {
		require.NotEmpty(t, l.Say)
		require.NotRegexp(t, `of the type|which isn't there|^Usher (called|wanted to)|somebody|a channel`, l.Say)
	}
	d.unfolds(made.N)
	var kept storeSeen
	require.True(t, world.Waited(world.Patience, func() bool {
		kept = d.store()
		return kept.Requests[0].State == "done"
	}), "%+v", kept)
	require.Empty(t, kept.Silent)
	require.Equal(t, "done", kept.Requests[0].State)
	require.Empty(t, kept.Audit.Broken)
	require.Greater(t, kept.Audit.Entries, waiting.Audit.Entries)
	for i, e := range kept.Audit.Latest[1:] {
		require.Equal(t, e.Hash, kept.Audit.Latest[i].Prev, "each entry names the one before it")
	}
	for _, p := range append(waiting.Promises, kept.Promises...) {
		require.NotContains(t, p.Say, "Usher owes", p.Key)
	}
}

// unfolds looks at the bytes of a call, in which no secret stands.
func (d *demoRun) unfolds(n int) {
	d.t.Helper()
	for _, l := range d.calls("") {
		response, err := http.Get(d.address + "/world/calls/" + jsonOf(l.N))
		require.NoError(d.t, err)
		var got json.RawMessage
		require.NoError(d.t, world.DecodeControl(response, &got))
		for _, secret := range []string{"xoxb-slacksim", "xapp-slacksim", vendorsim.DefaultUnifiedKey, vendorsim.DefaultSemrushKey} {
			require.NotContains(d.t, string(got), secret, l.Say)
		}
		if l.N == n {
			require.Contains(d.t, string(got), `setting.account_email`)
			require.Contains(d.t, string(got), `setting.account_password\":\"[secret]\"`)
			require.Contains(d.t, string(got), "Authorization: [secret]")
		}
	}
}

// TestUsherLooksNow: what somebody has changed at the vendors by hand Usher reads at its next look, to which the clocks go at a press: the accounts,
// the units and what it makes of them, without anybody asking it.
func TestUsherLooksNow(t *testing.T) {
	d := startDemo(t, t.TempDir())
	for deed, in := range map[string]map[string]any{
		"add":   {"email": "sam@acme.example", "first": "Sam", "type": "client"},
		"block": {"email": "wei.chen@acme.example"},
		"units": {"n": 0},
	} {
		d.world("vendors/"+deed, in)
	}
	had := d.calls("")
	before := had[len(had)-1].N
	var said string
	require.True(t, world.Waited(world.Patience, func() bool {
		var err error
		said, err = d.tries("look", map[string]any{})
		require.False(t, err != nil && !strings.Contains(err.Error(), "try again in a moment"), "%v", err) // it hasn't planned its next look yet
		return err == nil
	}))
	require.Regexp(t, `^It's \w+day, \d\d:\d\d in London now, and Usher is reading SE Ranking's accounts and Semrush's units`, said)
	read := func(sentence string) bool {
		return slices.ContainsFunc(d.calls(""), func(l besides) bool { return l.N > before && l.Say == sentence })
	}
	require.True(t, world.Waited(world.Patience, func() bool {
		return read("Usher read who has an account in SE Ranking.") && read("Usher asked Semrush how many units are left: 0.")
	}), "%+v", d.calls(""))
	d.sees("U0ADMIN", "C0APPROVE", "Semrush has no units left")
	d.act("home", map[string]any{"as": "U0ADMIN"})
	require.True(t, world.Waited(world.Patience, func() bool { return strings.Contains(d.home("U0ADMIN"), "Not as it should be") }), "%s", d.home("U0ADMIN"))
	d.act("type", map[string]any{"as": "U0ADMIN", "channel": "C0GENERAL", "text": "/access accounts blocked"})
	d.sees("U0ADMIN", "C0GENERAL", "wei.chen@acme.example")
	d.act("type", map[string]any{"as": "U0ADMIN", "channel": "C0GENERAL", "text": "/access who app=seranking"})
	d.sees("U0ADMIN", "C0GENERAL", "sam@acme.example")
}

// home is what somebody's Home shows.
func (d *demoRun) home(who string) string {
	d.t.Helper()
	response, err := http.Get(d.address + "/page/state?as=" + who)
	require.NoError(d.t, err)
	var state struct{ Home json.RawMessage }
	require.NoError(d.t, world.DecodeControl(response, &state))
	return string(state.Home)
}

// world does something at /world, and returns what it said.
func (d *demoRun) world(path string, in map[string]any) string {
	d.t.Helper()
	said, err := d.tries(path, in)
	require.NoError(d.t, err)
	return said
}

// tries is world, and what it said in place of doing it.
func (d *demoRun) tries(path string, in map[string]any) (string, error) {
	d.t.Helper()
	raw, err := json.Marshal(in)
	require.NoError(d.t, err)
	response, err := http.Post(d.address+"/world/"+path, "application/json", bytes.NewReader(raw))
	require.NoError(d.t, err)
	var said struct{ Said string }
	err = world.DecodeControl(response, &said)
	return said.Said, err
}

func jsonOf(v any) string {
	raw, _ := json.Marshal(v)
	return strings.Trim(string(raw), `"`)
}
