package commands

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// lasting is for how long something is asked, as it was typed: a time or a last day, or neither.
type lasting struct{ span, until string }

// The ways to say in a form how long.
const (
	LongForGood = "good"
	LongUntil   = "until"
	LongWhile   = "while"
)

// spanShape is a time in whole units, and units are what each is.
var (
	spanShape = regexp.MustCompile(`^([0-9]{1,4}) ?([a-z]+)$`)
	units     = map[string]time.Duration{
		"d": day, "day": day, "days": day, "w": 7 * day, "week": 7 * day, "weeks": 7 * day,
		"month": 30 * day, "months": 30 * day, "year": 365 * day, "years": 365 * day, "h": time.Hour, "hour": time.Hour, "hours": time.Hour,
	}
)

const day = 24 * time.Hour

// span reads a time as people write it: "30d", "2 weeks", and what Go writes ("1h30m").
func span(typed string) (time.Duration, bool) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if m := spanShape.FindStringSubmatch(typed); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && units[m[2]] > 0 {
			return time.Duration(n) * units[m[2]], true
		}
	}
	d, err := time.ParseDuration(typed)
	return d, err == nil
}

// isUnit reports whether a word is the unit that a number before it lacks.
func isUnit(w word) bool { return w.bare() && units[strings.ToLower(w.String())] > 0 }

// endless are words that say that there shall be no end.
var endless = []string{"ever", "forever", "always", "good", "life", "unlimited", "indefinitely", "none", "never", "infinity"}

func isEndless(typed string) bool {
	for _, w := range endless {
		if strings.EqualFold(strings.TrimSpace(typed), w) {
			return true
		}
	}
	return false
}

// lasts reads for how long something is asked.
func (l *line) lasts() (c lasting, answer *Reply) {
	c = lasting{l.options["for"], l.options["until"]}
	fixed := func(key, sample string) string { return l.instead(key, sample) }
	switch _, err := time.Parse(time.DateOnly, c.until); {
	case c.span != "" && c.until != "":
		return c, choose(l.guide, []string{fixed("until", ""), fixed("for", "")}, approvals.Sayf("`for=` and `until=` both say when it ends. Please keep one."))
	case isEndless(c.span):
		return c, correct(l.guide, fixed("for", ""), approvals.Sayf("For good? Then leave `for=` out. Nothing was sent."))
	case isEndless(c.until):
		return c, correct(l.guide, fixed("until", ""), approvals.Sayf("For good? Then leave `until=` out. Nothing was sent."))
	case c.until != "" && err != nil:
		return c, correct(l.guide, fixed("until", "until=2026-12-31"), approvals.Sayf("“%v” isn't a date I can read. Write the last day as year, month and day: `until=2026-12-31`.", short(c.until)))
	}
	if c.span == "" {
		return c, nil
	}
	switch d, ok := span(c.span); {
	case !ok:
		return c, correct(l.guide, fixed("for", "for=30d"), approvals.Sayf("I can't read how long “%v” is. Write it in days, weeks or hours: `for=30d`, `for=2w`, `for=8h`.", short(c.span)))
	case d <= 0:
		return c, correct(l.guide, fixed("for", "for=30d"), approvals.Sayf("`for=%v` is no time at all. Say for how long, as in `for=30d`. Nothing was sent.", short(c.span)))
	}
	return c, nil
}

// typed is how one would write it.
func (c lasting) typed() string {
	switch {
	case c.span != "":
		return "for=" + quotedValue(c.span)
	case c.until != "":
		return "until=" + c.until
	}
	return ""
}

// term is what it means, to somebody where they are; nil: for good.
func (h *House) term(ctx context.Context, c lasting, by approvals.PersonID) (*approvals.Term, error) {
	if c.span != "" {
		d, _ := span(c.span)
		return &approvals.Term{For: d}, nil
	}
	if c.until == "" {
		return nil, nil
	}
	who, err := h.Directory.Person(ctx, by)
	if err != nil {
		return nil, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack which time zone you're in, so nothing was sent. Please try again in a minute.").Because(err)
	}
	until, err := endOfDay(c.until, who.TZ)
	return &approvals.Term{Until: until}, err
}

// longer offers the form to somebody who is asked for another end than they gave, with everything filled in.
func longer(w wisher, err error) error {
	var e *approvals.Error
	c, ok := w.(asking)
	if !ok || c.picked || !errors.Is(err, approvals.ErrTerm) || !errors.As(err, &e) {
		return err
	}
	answer := c.lacking(&Reply{Head: e.Say})
	answer.Form.Missing = e.Say
	return &stop{*answer}
}

// long reads from a form for how long something is asked.
func (l filling) long() {
	switch l.d.Long {
	case LongUntil:
		l.c.long.until = strings.TrimSpace(l.d.Until)
		if _, err := time.Parse(time.DateOnly, l.c.long.until); err != nil {
			l.wrongly(PlaceLong, "Please pick the last day.")
		}
	case LongWhile:
		typed := seen(l.d.While, mend)
		l.c.long.span = strings.TrimSpace(typed)
		d, ok := span(typed)
		switch {
		case blank(typed):
			l.wrongly(PlaceLong, "For how long? For example 30d or 2 weeks.")
		case isEndless(typed):
			l.wrongly(PlaceLong, "For good? Then pick that above.")
		case !ok:
			l.wrongly(PlaceLong, "I can't read how long “%v” is. Write it in days, weeks or hours: 30d, 2w, 8h.", short(typed))
		case d <= 0:
			l.wrongly(PlaceLong, "“%v” is no time at all.", short(typed))
		}
	}
}

// drafted puts it into a form.
func (c lasting) drafted(d *Draft) {
	switch {
	case c.span != "":
		d.Long, d.While = LongWhile, c.span
	case c.until != "":
		d.Long, d.Until = LongUntil, c.until
	}
}
