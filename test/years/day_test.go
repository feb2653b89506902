package years

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
)

// between is from one asking to the next: a working day of less than ten hours.
const between = 25 * time.Minute

// lives is a day.
func (c *company) lives(day int) {
	ends := time.Now().Add(24 * time.Hour)
	if w := time.Now().Weekday(); w != time.Saturday && w != time.Sunday {
		c.Pass(8*time.Hour + 10*time.Minute)
		c.works(day)
	}
	c.Pass(time.Until(ends))
}

// works is a working day.
func (c *company) works(day int) {
	for range leavesADay {
		c.leaves()
		c.comes()
		if day%5 == 0 {
			c.joins()
		}
	}
	for range homesADay {
		c.N.Slack.OpenHome(id(c.somebody())).Wait()
	}
	if day%182 == 14 {
		c.types("U0ADMIN", "review app=seranking")
	}
	for i := range asksADay {
		who := c.somebody()
		n := c.asks(id(who), c.wish(i, who))
		c.Pass(between)
		if n > 0 {
			c.decides(i, n, id(who))
		}
	}
	c.Pass(time.Minute)
	c.worksOff()
	c.settles()
}

// wish is what the i-th of a day asks: a third of it for somebody from outside and a time, the rest for good.
func (c *company) wish(i, who int) string {
	had := c.has[c.rng.IntN(len(c.has))]
	switch i {
	case 0, 1, 2, 3:
		return fmt.Sprintf("create %s Jordan P%05d because the audit of the second quarter takes one more of us", email(who), who)
	case 4, 5, 6:
		c.outside++
		return fmt.Sprintf("create agency%05d@partner.example Kim Outside for=90d because the agency looks after the campaign until autumn", c.outside)
	case 7, 8, 9, 10, 11, 12:
		return fmt.Sprintf("share %s %d for=%dd because they look after its rankings now", had, c.N.Vendor.Sites()[c.rng.IntN(sites)].ID, 30+c.rng.IntN(300))
	case 13, 14:
		return fmt.Sprintf("update %s access=report_manual,audit_website amount=%d period=month because of the new role in the team", had, 10+c.rng.IntN(90))
	case 15, 16, 17:
		return fmt.Sprintf("delete %s because they work on something else by now", had)
	}
	return fmt.Sprintf("create %s Jordan P%05d app=hiring because the team grows in spring and somebody has to look", email(who), who)
}

// numbered is how an answer names a request.
var numbered = regexp.MustCompile(`#(\d+) sent`)

// types is what somebody types anywhere; the answer is JSON.
func (c *company) types(who, line string) string {
	out := c.N.Slack.Type(who, "C0GENERAL", "/access "+line).Wait()
	require.True(c.T, out.Acked, "%s: %v", line, out.Error)
	return string(out.Payload)
}

// asks is the number of what came of it; 0: it was answered, and nothing was asked.
func (c *company) asks(who, line string) int64 {
	c.N.Slack.Invite("C0GENERAL", who)
	m := numbered.FindStringSubmatch(c.types(who, line))
	if m == nil {
		return 0
	}
	c.asked++
	n, err := strconv.ParseInt(m[1], 10, 64)
	require.NoError(c.T, err)
	return n
}

// decides is what becomes of the i-th of a day: one in twenty is taken back, one denied, and one left alone until it expires.
func (c *company) decides(i int, n int64, who string) {
	switch i {
	case 5:
		c.types(who, fmt.Sprintf("cancel %d", n))
		return
	case 11:
		c.posts(fmt.Sprintf("/v1/requests/%d/decision", n), control.Decision{Reason: "We have enough of those for this quarter, ask me again in spring."})
		return
	case 13:
		return
	}
	card, ok, err := c.App.Store.Receipt(context.Background(), approvals.CardKey(n))
	require.NoError(c.T, err)
	require.True(c.T, ok, "the card of #%d", n)
	if i%talks == 0 {
		c.N.Slack.Reply("U0BOB", card.Place, card.ID, "How long do you need it, and who pays?", false).Wait()
		c.N.Slack.Reply(who, card.Place, card.ID, "Until the end of the year, and it's on our budget.", false).Wait()
	}
	c.N.Slack.Click("U0BOB", card.Place, card.ID, "Approve").Wait()
}

// posts is something done at the machine's command line.
func (c *company) posts(path string, what any) int {
	raw, err := json.Marshal(what)
	require.NoError(c.T, err)
	server := &control.Server{Desk: c.App.Desk, Store: c.App.Store, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Who: func(*http.Request) (approvals.Actor, bool) { return approvals.OSUser("root"), true }}
	out := httptest.NewRecorder()
	server.Handler().ServeHTTP(out, httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(raw))))
	return out.Code
}

// worksOff ticks all steps of all tasks.
func (c *company) worksOff() {
	for range 12 {
		open := 0
		for _, r := range c.every(approvals.Filter{}) {
			if !r.Working() {
				continue
			}
			i := slices.IndexFunc(r.Task.Steps, func(s approvals.TaskStep) bool { return s.Tick == nil })
			for i >= 0 && i < len(r.Task.Steps)-1 && (r.Task.Steps[i].Tick != nil || r.Applies(i) != approvals.Holds) {
				i++
			}
			t := control.Ticking{Step: fmt.Sprint(i + 1), Note: "done as the guide says"}
			if r.Task.Steps[i].Asks != "" {
				t.Answer = "yes"
			}
			if r.Task.Steps[i].Proof == "link" {
				t.Link = "https://photos.example/machine"
			}
			c.posts(fmt.Sprintf("/v1/requests/%d/steps", r.Number), t)
			open++
		}
		c.Pass(time.Minute)
		if open == 0 {
			return
		}
	}
}

// settles approves what nobody asked (what is offered, and taken back), and looks who has what.
func (c *company) settles() {
	for _, r := range c.every(approvals.Filter{}) {
		if r.State == approvals.Pending && r.ByUsher() {
			c.posts(fmt.Sprintf("/v1/requests/%d/decision", r.Number), control.Decision{Yes: true})
		}
	}
	c.has = c.has[:0]
	for _, a := range c.N.Vendor.Accounts() {
		c.has = append(c.has, a.Email)
	}
}

func (c *company) every(f approvals.Filter) []approvals.Request {
	list, err := c.App.Desk.Every(context.Background(), f)
	require.NoError(c.T, err)
	return list
}
