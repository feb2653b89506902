package commands

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var updateGuide = guide{
	name:    "update",
	usage:   "EMAIL [access=a,b] [amount=N period=day|week|month] because …",
	does:    "asks for different permissions or limits",
	options: []string{"app", "access", "amount", "period"},
	because: true,
	examples: []string{
		"/access update jane@acme.example access=report_manual,report_scheduled because she reports monthly",
		"/access update jane@acme.example amount=50 period=month because of the Q1 budget",
	},
	notes: []approvals.Text{
		approvals.Sayf("`access=` lists exactly the permissions the account should have: whatever isn't on the list is taken away. `access=none` takes them all."),
		approvals.Sayf("`amount=` and `period=` limit what it can spend, in the account's currency."),
	},
}

// update asks for different permissions or limits of an account.
type update struct {
	whom     whom
	settings settings
	reason   string
}

func (l *line) update() (Command, *Reply) {
	who, rest, answer := l.whom()
	if answer != nil {
		return nil, answer
	}
	s, answer := l.settings()
	if answer != nil {
		return nil, answer
	}
	c := update{whom: who, settings: s, reason: l.reason}
	if answer := l.nothingElse(rest, c.changing(rest)); answer != nil {
		return nil, answer
	}
	if !s.hasAccess && !s.hasLimit {
		return nil, correct(l.guide, c.changing(nil), approvals.Sayf("What should change? Give `access=` with the permissions it should have, or `amount=` and `period=` for its limit."))
	}
	if answer := l.why(c.asked()); answer != nil {
		return nil, answer
	}
	return c, nil
}

// changing is the command with words that look like permissions as such, and with a sample where it would
// change nothing.
func (c update) changing(words []word) string {
	c.settings.access = slices.Concat(c.settings.access, permissions(words))
	if len(c.settings.access) == 0 && !c.settings.hasAccess && !c.settings.hasLimit {
		c.settings.access = samples["access"]
	}
	c.settings.hasAccess = c.settings.hasAccess || len(c.settings.access) > 0
	return c.Typed()
}

var permission = regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)

// permissions are the words that are spelled like permissions.
func permissions(words []word) []string {
	var codes []string
	for _, w := range words {
		for code := range strings.SplitSeq(w.String(), ",") {
			if code = strings.ToLower(strings.ReplaceAll(code, "-", "_")); permission.MatchString(code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

func (c update) subject() (whom, string) { return c.whom, c.settings.app }

func (c update) Keeps() bool   { return true }
func (c update) Typed() string { return c.asked() + " " + because(c.reason) }
func (c update) asked() string { return command("update", c.whom.typed(), c.settings.typed()) }

// set is the command with other settings.
func (c update) set(s settings) string {
	c.settings = s
	return c.Typed()
}

func (c update) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	return h.ask(ctx, call, c, now)
}

func (c update) wish(ctx context.Context, h *House, sees bool) (wish, error) {
	m, err := h.target(ctx, c, sees)
	if err != nil {
		return wish{}, err
	}
	w := m.wish(approvals.Update, c.whom, c.reason)
	kind := approvals.ClientSeat
	if sees && m.known {
		kind = m.seat.Type
	}
	err = h.settleFor(c.settings, c.set, &w.change, kind)
	switch asked := (approvals.Request{Action: w.action, Change: w.change}); {
	case err != nil || !m.left:
		return w, err
	case asked.Gives():
		return w, gone(c.whom)
	}
	w.notes = []approvals.Text{approvals.Sayf("%v's Slack account is deactivated.", c.whom.person)}
	return w, nil
}
