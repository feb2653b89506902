package bot

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reviews"
)

// What the strict rooms say of reviews: who it is must be somebody; what an answer says is theirs to judge.

func (r *strictRooms) Reviewable(_ context.Context, id approvals.PersonID) ([]approvals.App, error) {
	return []approvals.App{{ID: "seranking", Name: "SE Ranking"}}, r.reads(id)
}

func (r *strictRooms) BeginReview(_ context.Context, _, _ string, c commands.Call, _ time.Time) (commands.Reply, error) {
	return commands.Reply{Head: approvals.Sayf("It begins.")}, r.person(1, string(c.User))
}

func (r *strictRooms) Remedy(_ context.Context, id approvals.PersonID, a commands.Ailing, _ time.Time) (commands.Remedy, error) {
	return commands.Remedy{Of: a, Ways: []commands.Way{commands.TakeIt}}, r.reads(id)
}

func (r *strictRooms) MayMend(_ context.Context, id approvals.PersonID, _ commands.Ailing) (string, error) {
	return "SE Ranking", r.reads(id)
}

func (r *strictRooms) Mend(_ context.Context, id approvals.PersonID, _ commands.Ailing, _ commands.Way) (commands.Draft, error) {
	return commands.Draft{}, r.reads(id)
}

func (r *strictRooms) Ailings(_ context.Context, id approvals.PersonID, _ commands.Ailing, _ string) ([]approvals.Seat, error) {
	return []approvals.Seat{{ID: "1", Email: "jane@acme.example", Blocked: true}}, r.reads(id)
}

func (r *strictRooms) AskHolder(_ context.Context, id approvals.PersonID, _ commands.Ailing, _ time.Time, _ string) (commands.Reply, error) {
	return commands.Reply{Head: approvals.Sayf("They're asked.")}, r.reads(id)
}

func (r *strictRooms) HolderMend(_ context.Context, id approvals.PersonID, _ string, _ int, _ commands.Way) (commands.Draft, error) {
	return commands.Draft{}, r.reads(id)
}

func (r *strictRooms) LeaveIt(_ context.Context, id approvals.PersonID, _ string, _ int, _ time.Time, _ string) error {
	return r.reads(id)
}

// PostReport is about a report that somebody asked for.
func (r *strictRooms) PostReport(_ context.Context, name, channel, key string, by approvals.PersonID) (commands.Reply, error) {
	return commands.Reply{Head: approvals.Sayf("It's on its way.")}, r.person(1, string(by))
}

type strictReviews struct{ *strictRooms }

// Named is a review with a line that something speaks against, and one that nothing does.
func (r strictReviews) Named(_ context.Context, name reviews.Name) (reviews.Review, error) {
	l := reviews.Line{Email: "jane@acme.example", Reviewer: "U1", Why: reviews.AsManager}
	odd := l
	odd.Odds = []approvals.Text{approvals.Sayf("never approved.")}
	return reviews.Review{Number: name.Number, Nonce: name.Nonce, App: "seranking", Called: "SE Ranking", State: reviews.Open, Lines: []reviews.Line{l, odd}}, nil
}

func (r strictReviews) Answer(ctx context.Context, a reviews.Answers, _ time.Time) (reviews.Review, error) {
	is, _ := r.Named(ctx, a.Of)
	return is, r.person(1, string(a.By))
}

func (r strictReviews) HandOut(_ context.Context, _ reviews.Name, by approvals.PersonID, _ string, _ time.Time) error {
	return r.person(1, string(by))
}
