package approvals

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Whoever is refused because another request asks for the same already may follow that one: they hear once when it is
// over. They decide nothing by it, and learn nothing that they may not read then.

// mostFollowers is how many may follow one request.
const mostFollowers = 20

// FollowerKey is the key of what somebody hears who follows a request.
func FollowerKey(n int64, who PersonID) string {
	return TellKey(n, "follower", 0) + "/" + string(who)
}

// follow notes that somebody follows a request; false: they do, or it is over, or it has enough.
func (r *Request) follow(e Followed) bool {
	if r.closed() || r.Requester == e.By.Person() || slices.Contains(r.Followers, e.By.Person()) || len(r.Followers) >= mostFollowers {
		return false
	}
	r.Followers = append(slices.Clone(r.Followers), e.By.Person())
	return true
}

// closed reports whether it is known how a request came out: nothing of it goes on, and nobody can start it again.
func (r Request) closed() bool { return r.State.Terminal() && (r.State != Failed || r.Lapsed) }

// Follow has somebody told when a request is over. Who follows it already, or asked for it, hears of it anyway, and that
// is no error.
func (d *Desk) Follow(ctx context.Context, n int64, by Actor, surface string, now time.Time) (Request, error) {
	return d.change(ctx, n, Followed{By: by}, by, surface, now, func(r Request) error {
		switch {
		case r.closed():
			return &Error{Code: Conflict, Say: Standing(r)}
		case len(r.Followers) >= mostFollowers && !slices.Contains(r.Followers, by.Person()):
			return Refuse(Conflict, "#%v has %v people following it already, and I tell no more. `/access status %v` shows how it stands.", n, mostFollowers, n)
		}
		return nil
	})
}

// told owes those who follow a request their word once it is over.
func told(was, is Request, now time.Time) (out []outbox.Change) {
	if was.closed() || !is.closed() {
		return nil
	}
	for _, who := range is.Followers {
		out = append(out, is.atOnce(FollowerKey(is.Number, who), now).ButOnce())
	}
	return out
}
