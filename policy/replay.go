package policy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/terminal"
)

// Past is which requests are decided anew, and under what.
type Past struct {
	Old, New string // configurations
	Data     control.Folder
	// Since is how long ago the first of them was asked, before Now; 0: all of them.
	Since time.Duration
	Now   time.Time
}

// Replay decides the real past anew under two configurations and prints every request that would be asked differently.
// What was found out when a request was asked is believed; what nobody asked then cannot be told now.
func Replay(ctx context.Context, p Past, out io.Writer) error {
	before, err := config.Load(p.Old)
	if err != nil {
		return err
	}
	after, err := config.Load(p.New)
	if err != nil {
		return err
	}
	var lines []string
	all, err := p.each(ctx, func(r approvals.Request) {
		if line := Differs(before, after, r); line != "" {
			lines = append(lines, line)
		}
	})
	if err != nil {
		return err
	}
	for _, line := range slices.Backward(lines) {
		fmt.Fprintln(out, line)
	}
	if len(lines) > 0 {
		return fmt.Errorf("%d of %s would be asked differently", len(lines), terminal.Plural(all, "request", "requests"))
	}
	fmt.Fprintf(out, "Nothing would be asked differently: %s decided anew under both.\n", terminal.Plural(all, "request was", "requests were"))
	return nil
}

// each goes through the requests of the time span, newest first, of which a million may not all be in memory, and counts them.
func (p Past) each(ctx context.Context, do func(approvals.Request)) (n int, err error) {
	db, err := p.Data.OpenReadOnly(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the past: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	const most = 500
	for f := (approvals.Filter{All: true}); ; {
		some, err := db.Requests(ctx, f, most)
		if err != nil {
			return n, fmt.Errorf("read the past: %w", err)
		}
		for _, r := range some {
			if p.Since == 0 || !r.Asked.Before(p.Now.Add(-p.Since)) {
				do(r)
				n++
			}
		}
		if len(some) < most {
			return n, nil
		}
		f.Below = some[len(some)-1].Number
	}
}

// Differs is a line about a request that would be asked differently under another configuration; "": it would not.
func Differs(before, after *config.Config, r approvals.Request) string {
	was, is := under(before, r), under(after, r)
	if was.asksAs(is) && !is.choice.Open {
		return ""
	}
	line := fmt.Sprintf("#%d · %s in %s, asked by %s on %s: ", r.Number, r.Action, r.App.ID, askedBy(r), r.Asked.UTC().Format(time.DateOnly))
	if is.choice.Open || was.choice.Open {
		o := is
		if !o.choice.Open {
			o = was
		}
		return line + "can't be told: " + o.because()
	}
	from, to := was.String(), is.String()
	if from == to && was.endless == is.endless { // the same words, which stand for others
		from, to = was.people(), is.people()
	}
	return fmt.Sprintf("%s%s%s → %s%s (%s)", line, from, was.ends(), to, is.ends(), is.because())
}

// askedBy names who asked for a request by their id, as the configuration does.
func askedBy(r approvals.Request) string {
	if r.ByUsher() {
		return "Usher"
	}
	return string(r.Requester)
}

// managerUnder is who decides as the manager: by the configuration, else as the profile had it when it was asked.
func managerUnder(cfg *config.Config, r approvals.Request) string {
	of := r.LedBy()
	if by := cfg.People.Managers[of]; by != "" {
		return string(by)
	}
	if m := r.Manager; m != nil && m.By != "" && !m.Read.IsZero() {
		return string(m.By)
	}
	return approvals.Manager
}

// under decides a request of the past under a configuration.
func under(cfg *config.Config, r approvals.Request) outcome {
	s := r.Situation()
	app := approvals.App{ID: r.App.ID, Name: r.App.Name}
	for _, a := range cfg.Catalog() {
		if a.ID == app.ID {
			app = a
		}
	}
	s.App = app
	return decide(cfg, s).managedBy(managerUnder(cfg, r))
}

// Strays says how a request's own policy differs from what the configuration under which it was asked makes of it now;
// "": it does not. The past must come out as it was, or nothing that a replay says could be believed.
func Strays(cfg *config.Config, r approvals.Request) string {
	o := under(cfg, r)
	switch {
	case r.Rule.Open:
		return ""
	case r.ByUsher() && (o.choice.None || o.choice.Policy.Auto):
		return "" // somebody is asked all the same
	case o.choice.None && r.State == approvals.Denied && r.DecidedBy == approvals.Usher:
		return ""
	case o.choice.None || o.choice.Open || o.choice.Policy.Name != r.Rule.Policy || o.choice.Policy.Auto != (r.Rule.Auto || r.Rule.ByHand):
		return fmt.Sprintf("#%d was under policy %s, and decided anew %s comes out: %s", r.Number, r.Rule.Policy, o, o.because())
	}
	return ""
}
