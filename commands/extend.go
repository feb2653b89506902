package commands

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

var extendGuide = guide{
	name: "extend", usage: "N for=TIME because …",
	does:     "asks to have something for longer that was given for a time (who has it or asked for it, their manager, admins)",
	options:  []string{"for", "until"},
	because:  true,
	examples: []string{"/access extend 12 for=30d because the audit takes longer", "/access extend 12 until=2026-12-31 because the audit takes longer"},
	notes: []approvals.Text{
		approvals.Sayf("`for=` counts from when it would have ended; `until=` is the new last day."),
		approvals.Sayf("Those who allowed it are asked. Until somebody says yes the end stays as it is."),
	},
}

// extend asks for longer what a request gave for a time; without a number it lists one's own that are to end.
type extend struct {
	number int64
	long   lasting
	reason string
}

func (l *line) extend() (Command, *Reply) {
	n, answer := l.requestNumber()
	if answer != nil {
		return nil, answer
	}
	c := extend{number: n, reason: l.reason}
	if n == 0 {
		return c, nil
	}
	if c.long, answer = l.lasts(); answer != nil {
		return nil, answer
	}
	if c.long == (lasting{}) {
		example := extend{number: n, long: lasting{span: "30d"}, reason: c.reason}
		return nil, correct(l.guide, example.Typed(), approvals.Sayf("How much longer? Add `for=30d`, or the new last day with `until=`. Nothing was sent."))
	}
	if answer := l.why(command("extend", numberText(n), c.long.typed())); answer != nil {
		return nil, answer
	}
	return c, nil
}

// Keeps implements Command. Without a number it only lists.
func (c extend) Keeps() bool { return c.number != 0 }

// Typed implements Command.
func (c extend) Typed() string {
	if c.number == 0 {
		return command("extend")
	}
	return command("extend", numberText(c.number), c.long.typed(), because(c.reason))
}

func (c extend) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	if c.number == 0 {
		return h.whichEnds(ctx, call.User, "extend", "for=30d", "because <why>")
	}
	term, err := h.term(ctx, c.long, call.User)
	if err != nil {
		return Reply{}, err
	}
	r, _, err := h.Desk.Extend(ctx, c.number, approvals.More{
		Origin: approvals.Origin{Key: call.Key, Team: call.Team, Channel: call.Channel, Surface: surface},
		By:     call.User, Term: *term, Reason: c.reason,
	}, now)
	if err != nil {
		return Reply{}, err
	}
	return h.askedLonger(h.heard(ctx, call.User)(r)), nil
}

// askedLonger is the answer to who asked for longer.
func (h *House) askedLonger(r approvals.Request) Reply {
	of := r.Extends.Of
	if r.State == approvals.Done {
		return Reply{Head: approvals.Sayf("Done: *#%v* ends %v now (policy “%v” approved it by itself, #%v).", of, r.MovesTo(), r.Rule.Policy, r.Number)}
	}
	return Reply{
		Head: approvals.Sayf("Request *#%v* sent: %v for #%v, until %v.", r.Number, r.More(), of, r.MovesTo()),
		Lines: []approvals.Text{
			approvals.Sayf("%v I'll message you. Changed your mind? `/access cancel %v`", whoDecides(r), r.Number),
			approvals.Sayf("Until somebody says yes, #%v still ends %v.", of, r.Extends.Was),
		},
	}
}

// Extending is what was filled in to ask for longer what a request gave.
type Extending struct {
	Request      int64
	More, Reason string
}

// Extend asks for it as the typed line does. What is wrong with the form is said in Mistakes, and nothing is asked then; an
// error is as that of Run. A form that was sent again (c.Key) is answered by the request that it opened before.
func (h *House) Extend(ctx context.Context, e Extending, c Call, now time.Time) (Reply, Mistakes, error) {
	cmd, wrong := extend{number: e.Request, reason: strings.TrimSpace(seen(e.Reason, mend))}, Mistakes{}
	typed := strings.TrimSpace(seen(e.More, mend))
	d := Draft{Long: LongWhile, While: typed}
	if _, err := time.Parse(time.DateOnly, typed); err == nil {
		d = Draft{Long: LongUntil, Until: typed}
	}
	var asks asking
	filling{d: d, c: &asks, wrong: wrong}.long()
	cmd.long = asks.long
	if blank(cmd.reason) {
		wrong[PlaceReason] = approvals.Sayf("Please write a few words: whoever decides reads them.")
	}
	if len(wrong) > 0 {
		return Reply{}, wrong, nil
	}
	reply, err := cmd.run(ctx, h, c, now)
	if e, ok := errors.AsType[*approvals.Error](err); ok && errors.Is(err, approvals.ErrTerm) {
		return Reply{}, Mistakes{PlaceLong: h.named(ctx, e.Say)}, nil
	}
	return reply, nil, err
}
