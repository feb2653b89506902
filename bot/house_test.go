package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

// slowHouse takes its time before it does anything, as a slow vendor or disk makes it.
type slowHouse struct {
	House
	by time.Duration
}

func (s *slowHouse) around(h *commands.House) House {
	s.House = h
	return s
}

func (s *slowHouse) Run(ctx context.Context, cmd commands.Command, c commands.Call, now time.Time) (commands.Reply, error) {
	if cmd.Keeps() {
		if err := web.Pause(ctx, s.by); err != nil {
			return commands.Reply{}, err
		}
	}
	return s.House.Run(ctx, cmd, c, now)
}

// panicHouse has a defect.
type panicHouse struct{ House }

func (panicHouse) Run(context.Context, commands.Command, commands.Call, time.Time) (commands.Reply, error) {
	panic("a defect")
}
