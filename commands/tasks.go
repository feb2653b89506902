package commands

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

var tasksGuide = guide{
	name:     "tasks",
	does:     "shows the tasks that are yours, or nobody's and you can take",
	examples: []string{"/access tasks"},
}

// tasks lists what somebody is to do by hand, and what they may take, what is due first on top.
type tasks struct{}

func (l *line) tasks() (Command, *Reply) {
	if answer := l.nothingElse(l.words, "/access tasks"); answer != nil {
		return nil, answer
	}
	return tasks{}, nil
}

func (c tasks) Keeps() bool   { return false }
func (c tasks) Typed() string { return command("tasks") }

func (c tasks) run(ctx context.Context, h *House, call Call, now time.Time) (Reply, error) {
	list, err := h.Desk.Tasks(ctx, call.User, now)
	if err != nil {
		return Reply{}, err
	}
	if len(list) == 0 {
		return Reply{Head: approvals.Sayf("There's no task for you right now.")}, nil
	}
	return Reply{Head: approvals.Sayf("%v for you:", plural(len(list), "task", "tasks")), Tasks: list, Reader: call.User}, nil
}
