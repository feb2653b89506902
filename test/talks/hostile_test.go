package talks

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// venom is what hostile people and vendors put wherever words go.
var venom = map[string]string{
	"broadcasts":    "<!channel> <!here> <!everyone> @channel @here <@U0VICTIM> <@U0VICTIM|bob> <!subteam^S0VICTIM> <#C0VICTIM>",
	"links":         "<https://evil.example/|SE Ranking> https://evil.example/login [sign in](https://evil.example) <mailto:x@evil.example|me>",
	"escaped":       "&lt;!channel&gt; &amp;lt;!here&amp;gt; <!date^0^{date}^https://evil.example|now>",
	"controls":      "a\x00b\x07c\x1b[31md\r\ne\u2028f\u0085g\x7f",
	"right-to-left": "\u202egnp.exe\u202c \u2066evil\u2069 \u200fשלום",
	"enormous":      strings.Repeat("ten thousand characters of it ", 334),
	"only emoji":    strings.Repeat("👩‍👩‍👧🏽🔥", 300),
	"markup":        "*bold* _it_ ~no~ `code` ```block``` :white_check_mark: *Approved by* Bob\n> quoted",
	"look-alikes":   "ＳＥ Ｒａｎｋｉｎｇ аdmin \u200b\u00ad\u2060",
}

// TestTextFromPeopleStaysText puts each hostile text into every place that takes words, through a
// lifecycle of every kind, and reads everything that anybody was ever sent.
func TestTextFromPeopleStaysText(t *testing.T) {
	for name, words := range venom {
		t.Run(name, func(t *testing.T) {
			world.In(t, demo.Config, func(w *world.World) {
				h := &hostile{World: w, words: words}
				h.people()
				h.Start()
				h.Pass(5 * time.Second)
				h.life()
				w.Check()
				h.read()
				w.Logs.Take()
			})
		})
	}
}

// hostile is a world full of the same words.
type hostile struct {
	*world.World
	words string
	forms []string
	sent  int
}

// people are a requester with a hostile name, and a vendor with hostile words everywhere.
func (h *hostile) people() {
	vendorsim.SeedDemo(h.N.Vendor)
	h.N.Slack.AddUser(slacksim.User{ID: "U0EVE", Name: "eve", RealName: h.words, DisplayName: h.words, Email: "eve@acme.example"})
	site := h.N.Vendor.AddSite(vendorsim.Site{Title: h.words, URL: "https://evil.example/" + h.words})
	h.N.Vendor.AddAccount(vendorsim.Account{Email: "sly@acme.example", FirstName: h.words, LastName: h.words, Blocked: true, SharedSites: []int64{site}})
	h.N.Vendor.AddAccount(vendorsim.Account{Email: begins(h.words, 40), FirstName: "x", Blocked: true})
	h.Alter = func(s *app.Surroundings) { s.VendorHTTP.Transport = refusing{s.VendorHTTP.Transport, h.words} }
}

// refusing is a vendor that refuses to create or delete, in its own words.
type refusing struct {
	http.RoundTripper
	words string
}

func (r refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodPost && req.Method != http.MethodDelete || strings.Contains(req.URL.Path, "sites") {
		return r.RoundTripper.RoundTrip(req)
	}
	said, err := json.Marshal(map[string]any{"error": map[string]any{"code": 400, "message": r.words, "description": r.words}})
	return &http.Response{StatusCode: 400, Header: http.Header{}, Request: req, Body: io.NopCloser(strings.NewReader(string(said)))}, err
}

// types is what a person types; nothing they type is met with silence: there is an answer, or the form.
func (h *hostile) types(who, text string) {
	h.T.Helper()
	before := len(h.N.Slack.Ephemerals(who))
	h.N.Slack.CloseAllViews(who)
	out := h.N.Slack.Type(who, "C0GENERAL", "/access "+text).Wait()
	require.True(h.T, out.Acked, "%q: %s", text, out.Error)
	h.Pass(7 * time.Second)
	views := h.N.Slack.Views(who)
	for _, v := range views {
		h.forms = append(h.forms, slacksim.ViewText(v))
	}
	require.Greater(h.T, len(h.N.Slack.Ephemerals(who))+len(views), before, "%q was met with silence", text)
}

func (h *hostile) life() {
	h.types("U0EVE", "create h0@acme.example Jane because "+h.words)
	h.types("U0EVE", "create h1@acme.example Jane because "+begins(h.words, 300))
	h.types("U0EVE", "create h2@acme.example Jane because "+begins(h.words, 300))
	h.types("U0EVE", fmt.Sprintf("create h3@acme.example %q Smith because x", h.words))
	h.types("U0EVE", "create "+h.words+" because x")
	h.types("U0EVE", "delete sly@acme.example because "+begins(h.words, 300))
	h.types("U0EVE", h.words)
	h.types("U0EVE", "share sly@acme.example "+h.words+" because x")
	h.types("U0EVE", "help "+h.words)
	h.types("U0EVE", "status")
	h.types("U0BOB", "pending")
	h.types("U0EVE", "status "+h.words)
	for _, cmd := range []string{"accounts", "accounts blocked", "show sly@acme.example", "sites", "sites evil", "report " + h.words} {
		h.types("U0ADMIN", cmd)
	}
	h.decide("Approve", "h1@acme.example")
	h.decide("Deny", "h2@acme.example")
	if views := h.N.Slack.Views("U0BOB"); len(views) > 0 {
		h.forms = append(h.forms, slacksim.ViewText(views[0]))
		h.N.Slack.Submit("U0BOB", "", map[string]any{view.FieldReason: begins(h.words, 60)}).Wait()
		h.Pass(5 * time.Second)
		for _, v := range h.N.Slack.Views("U0BOB") {
			h.forms = append(h.forms, slacksim.ViewText(v))
		}
	}
	h.types("U0ADMIN", "report weekly-seats")
	h.Pass(time.Minute)
	mine, err := h.App.Desk.Requests(h.T.(*testing.T).Context(), approvals.Filter{Of: "U0EVE", All: true}, 20)
	require.NoError(h.T, err)
	ends := map[string]approvals.State{}
	for _, r := range mine {
		ends[r.Change.Email] = r.State
	}
	require.Equal(h.T, approvals.Failed, ends["h1@acme.example"], "the vendor refused it in its own words")
	require.Equal(h.T, approvals.Denied, ends["h2@acme.example"])
}

// begins is the beginning of a text, in characters.
func begins(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

// decide presses a button on the card of a request about an address.
func (h *hostile) decide(button, email string) {
	h.T.Helper()
	for _, m := range h.N.Slack.Messages("C0APPROVE") {
		if strings.Contains(m.Text, email) {
			require.True(h.T, h.N.Slack.Click("U0BOB", m.Channel, m.TS, button).Wait().Acked)
			h.Pass(5 * time.Second)
			return
		}
	}
	h.T.Fatalf("there is no card for %s", email)
}

// ours are the only things in angle brackets that Usher sends, and about whom.
var ours = regexp.MustCompile(`<@U0(EVE|BOB|ADMIN|ALICE|ERIN)>|<!subteam\^S0LEADS>|<#C0[A-Z]+>|<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[0-9A-Za-z: ]+ UTC>`)

// read holds everything that was sent to anybody.
func (h *hostile) read() {
	h.T.Helper()
	for _, c := range h.N.Slack.Channels() {
		for _, m := range h.N.Slack.Messages(c.ID) {
			h.message(m)
		}
	}
	for _, u := range h.N.Slack.Users() {
		for _, m := range h.N.Slack.Ephemerals(u.ID) {
			h.message(m)
		}
	}
	for _, text := range h.forms {
		h.tame(text)
	}
	require.Greater(h.T, h.sent, 20)
	for _, c := range h.N.Slack.Calls() {
		require.NotContains(h.T, []any{"1", "true", true}, c.Args["link_names"], c.Method)
		require.NotEqual(h.T, "full", c.Args["parse"], c.Method)
	}
}

// message holds one message: its text, and every text in its blocks, whose mrkdwn is left as it is.
func (h *hostile) message(m slacksim.Message) {
	h.T.Helper()
	if m.User != slacksim.BotUser {
		return
	}
	h.sent++
	h.tame(m.Text)
	raw, err := json.Marshal(m.Blocks)
	require.NoError(h.T, err)
	var blocks any
	require.NoError(h.T, json.Unmarshal(raw, &blocks))
	h.each(blocks)
}

func (h *hostile) each(v any) {
	h.T.Helper()
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			h.each(x)
		}
	case map[string]any:
		if v["type"] == "mrkdwn" {
			require.Equal(h.T, true, v["verbatim"], "Slack would look for links and names in %v", v["text"])
		}
		if v["url"] != nil {
			h.T.Errorf("a link to %v", v["url"])
		}
		if s, ok := v["text"].(string); ok {
			h.tame(s)
		}
		for _, x := range v {
			h.each(x)
		}
	}
}

// tame demands that a text bears no markup but ours, and nothing that hides or turns words.
func (h *hostile) tame(s string) {
	h.T.Helper()
	if bare := ours.ReplaceAllString(s, ""); strings.ContainsAny(bare, "<>") {
		h.T.Errorf("not ours: %.300q", bare)
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			h.T.Errorf("%U in %.300q", r, s)
			return
		}
	}
}
