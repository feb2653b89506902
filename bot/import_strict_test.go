package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// What the strict rooms say of member lists: who it is must be somebody, and what is to be read is committed once.

func (r *strictRooms) MayImport(_ context.Context, id approvals.PersonID, _ string) (approvals.App, error) {
	return approvals.App{ID: "seranking", Name: "SE Ranking"}, r.reads(id)
}

func (r *strictRooms) Import(_ context.Context, _ commands.Importing, c commands.Call, _ time.Time) (commands.Reply, error) {
	return commands.Reply{Head: approvals.Sayf("I'm reading it.")}, r.person(1, string(c.User))
}

func (r *strictRooms) Which(_ context.Context, id approvals.PersonID, _, _ string) (commands.Which, error) {
	return commands.Which{}, r.reads(id)
}

func (r *strictRooms) Findings(_ context.Context, id approvals.PersonID, _ commands.More) (commands.Reply, error) {
	return commands.Reply{Head: approvals.Sayf("Nothing.")}, r.reads(id)
}

func (r *strictRooms) Mending(_ context.Context, id approvals.PersonID, _, _ string) (commands.Draft, error) {
	return commands.Draft{}, r.reads(id)
}

func (r *strictRooms) MayPutOff(_ context.Context, id approvals.PersonID, _, _ string) (commands.Finding, error) {
	return commands.Finding{Say: approvals.Sayf("It's still there.")}, r.reads(id)
}

func (r *strictRooms) PutOff(_ context.Context, id approvals.PersonID, _ commands.PuttingOff, _ time.Time) (commands.Reply, error) {
	return commands.Reply{Head: approvals.Sayf("Put off.")}, r.reads(id)
}

func (r *strictRooms) KeepNeeded(_ context.Context, id approvals.PersonID, _, _ string, _ time.Time) error {
	return r.reads(id)
}

func (r *strictRooms) TakingBack(_ context.Context, id approvals.PersonID, _, _ string) (commands.Draft, error) {
	return commands.Draft{}, r.reads(id)
}

func (r *strictRooms) reads(id approvals.PersonID) error {
	if id == "" {
		r.t.Errorf("nobody reads a list, by %q", r.payload)
	}
	return nil
}
