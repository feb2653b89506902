package bot

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

func (r *strictRooms) Press(_ context.Context, by approvals.PersonID, p commands.Press, _ time.Time) (commands.Reply, error) {
	require.NotEmpty(r.t, p.Does, "what a button does was made up: %s", r.payload)
	return commands.Reply{}, r.reads(by)
}

func (r *strictRooms) LeaveForm(_ context.Context, by approvals.PersonID, _ commands.Press) (approvals.Text, error) {
	return approvals.Sayf("about whom"), r.reads(by)
}

func (r *strictRooms) Leave(_ context.Context, by approvals.PersonID, _ commands.LeaveFilled, _ time.Time) (commands.Reply, error) {
	return commands.Reply{}, r.reads(by)
}
