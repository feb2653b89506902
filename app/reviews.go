package app

import (
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/reviews"
)

// reviewing joins reviews to their neighbours, but for who opens the requests by which something is taken away: that is made later.
func (a *App) reviewing(with between, book reviews.Book, inventory *provision.Inventory) {
	a.Reviews = &reviews.Reviews{Desk: a.Desk, Book: with.reviews(book), Register: a.Register, Inventory: inventory, Workspace: a.people, Wake: a.worker.Wake, Log: a.Log}
}
