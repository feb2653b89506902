package register

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
)

// acts are requests from which it follows who holds what.
type acts struct {
	// done gave or took something. What is past its end and not gone yet was given.
	done []approvals.Request
	// tasks are worked on, the oldest first, and with them removals that could not be done: what they had done by then is so all the same.
	tasks []approvals.Request
}

// reader reads the requests in a state.
type reader func(approvals.State) ([]approvals.Request, error)

// acts are all there are, of every app or of one. That is as much as was ever carried out.
func (g *Register) acts(ctx context.Context, app string) (a acts, err error) {
	return actsOf(g.inState(ctx, app))
}

// done are those that gave or took something, of an app.
func (g *Register) done(ctx context.Context, app string) ([]approvals.Request, error) {
	return doneOf(g.inState(ctx, app))
}

// tasks are those of an app that are worked on.
func (g *Register) tasks(ctx context.Context, app string, done []approvals.Request) ([]approvals.Request, error) {
	return tasksOf(g.inState(ctx, app), done)
}

// about are those about some addresses. It costs what was carried out about these, however much was about others.
func (g *Register) about(ctx context.Context, emails ...string) (acts, error) {
	var all []approvals.Request
	for _, email := range emails {
		some, err := g.Desk.Every(ctx, approvals.Filter{About: email})
		if err != nil {
			return acts{}, fmt.Errorf("find what was done about an address: %w", err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b approvals.Request) int { return cmp.Compare(b.Number, a.Number) })
	return actsOf(func(state approvals.State) ([]approvals.Request, error) {
		return slices.DeleteFunc(slices.Clone(all), func(r approvals.Request) bool { return r.State != state }), nil
	})
}

// concerning are those about every address under which somebody may hold something: their own, and those for which something was
// asked for them.
func (g *Register) concerning(ctx context.Context, who approvals.Person) (acts, error) {
	var theirs []approvals.Request
	if who.ID != "" {
		var err error
		if theirs, err = g.Desk.Every(ctx, approvals.Filter{For: who.ID, All: true}); err != nil {
			return acts{}, fmt.Errorf("find what was done for somebody: %w", err)
		}
	}
	var emails []string
	if who.Email != "" {
		emails = append(emails, approvals.FoldEmail(who.Email))
	}
	for _, r := range theirs {
		emails = append(emails, approvals.FoldEmail(r.Change.Email))
	}
	slices.Sort(emails)
	return g.about(ctx, slices.Compact(emails)...)
}

func (g *Register) inState(ctx context.Context, app string) reader {
	return func(state approvals.State) ([]approvals.Request, error) {
		all, err := g.Desk.Every(ctx, approvals.Filter{State: state})
		if err != nil {
			return nil, fmt.Errorf("find what is %s: %w", state, err)
		}
		return slices.DeleteFunc(all, func(r approvals.Request) bool { return app != "" && r.App.ID != app }), nil
	}
}

func actsOf(read reader) (a acts, err error) {
	if a.done, err = doneOf(read); err == nil {
		a.tasks, err = tasksOf(read, a.done)
	}
	return a, err
}

func doneOf(read reader) (out []approvals.Request, err error) {
	for _, state := range []approvals.State{approvals.Done, approvals.Ended, approvals.Ending, approvals.InDoubt} {
		list, err := read(state)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if r.Late() {
				r.State, r.End = approvals.Done, nil
			}
			if r.State != approvals.InDoubt {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

func tasksOf(read reader, done []approvals.Request) (out []approvals.Request, err error) {
	for _, state := range []approvals.State{approvals.Running, approvals.Ending, approvals.Failed} {
		all, err := read(state)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if left := removes(r) && !settledSince(r, done); r.Working() || left {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(a, b approvals.Request) int { return cmp.Compare(a.Number, b.Number) })
	return out, nil
}
