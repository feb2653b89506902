package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

// What the strict rooms say of tasks: as of any request, who it is must be somebody, and it is committed once.

func (r *strictRooms) worked(n int64, by approvals.Actor) (approvals.Request, error) {
	return r.Settle(context.Background(), n, by, false, "", time.Time{})
}

func (r *strictRooms) Request(_ context.Context, n int64) (approvals.Request, error) {
	return approvals.Request{Number: n}, nil
}

func (r *strictRooms) MayWork(_ context.Context, n int64, _ approvals.Actor, _ time.Time) (approvals.Request, error) {
	return approvals.Request{}, approvals.NoSuch(n)
}

func (r *strictRooms) Tick(_ context.Context, n int64, _ int, t approvals.Tick, _ time.Time) (approvals.Request, error) {
	return r.worked(n, t.By)
}

func (r *strictRooms) Untick(_ context.Context, n int64, _ int, note approvals.Remnant, _ time.Time) (approvals.Request, error) {
	return r.worked(n, note.By)
}

func (r *strictRooms) NoteStep(_ context.Context, n int64, _ int, note approvals.Remnant, _ time.Time) (approvals.Request, error) {
	return r.worked(n, note.By)
}

func (r *strictRooms) HandOver(_ context.Context, n int64, by approvals.Actor, _ approvals.PersonID, _ string, _ time.Time) (approvals.Request, error) {
	return r.worked(n, by)
}

func (r *strictRooms) TakeTask(_ context.Context, n int64, by approvals.Actor, _ string, _ time.Time) (approvals.Request, error) {
	return r.worked(n, by)
}

func (r *strictRooms) PutTaskBack(_ context.Context, n int64, by approvals.Actor, _ string, _ time.Time) (approvals.Request, error) {
	return r.worked(n, by)
}

func (r *strictRooms) CouldNot(_ context.Context, n int64, by approvals.Actor, _, _ string, _ time.Time) (approvals.Request, error) {
	return r.worked(n, by)
}
