package app

import (
	"crypto/ed25519"
	"encoding/hex"

	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/reviews"
)

// reviewing joins reviews to their neighbours, but for who opens the requests by which something is taken away: that is made later.
func (a *App) reviewing(with between, book reviews.Book, inventory *provision.Inventory, signs ed25519.PrivateKey) {
	key := ""
	if len(signs) > 0 {
		key = hex.EncodeToString(signs.Public().(ed25519.PublicKey))
	}
	a.Reviews = &reviews.Reviews{Desk: a.Desk, Book: with.reviews(book), Register: a.Register, Inventory: inventory, Workspace: a.people, Key: key, Alarm: a.alarm(a.Desk.Admins, a.Clock.Now), Wake: a.worker.Wake, Log: a.Log}
}
