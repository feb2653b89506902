package bot

import (
	"context"
	"errors"
	"time"

	"github.com/gorilla/websocket"
)

// drain stops hearing: each connection says goodbye as soon as it owes no ack, and none is opened anew. What is heard until then is
// answered as ever, and what comes after the goodbye Slack hands to whoever else hears. The last connection goes last, so that what crosses
// the goodbye of another on its way here can still be acknowledged (elsewhere). A crash here leaves what any crash leaves.
func (b *Bot) drain(live context.Context) {
	last := len(b.links) - 1
	for _, some := range [][]*connection{b.links[:last], b.links[last:]} {
		for _, c := range some {
			c.close()
		}
		late, enough := context.WithTimeout(live, ackWithin)
		for _, c := range some {
			select {
			case <-c.done:
			case <-late.Done():
			}
		}
		enough()
	}
}

// finish stops hearing and waits for what is in hand, and hangs up when that is done or takes too long.
func (b *Bot) finish(live context.Context, hangUp context.CancelFunc) {
	defer hangUp()
	limit := time.AfterFunc(finishWithin, func() {
		b.log.WarnContext(live, "what was in hand took too long to finish, and was left")
		hangUp()
	})
	defer limit.Stop()
	b.drain(live)
	b.deafen()
	for _, l := range b.lanes() {
		l.close()
	}
}

// crossed reports whether an ack wasn't written because its connection had said goodbye, or had ended.
func crossed(err error) bool {
	return errors.Is(err, websocket.ErrCloseSent) || errors.Is(err, errGone)
}

// elsewhere acknowledges on another connection what came while its own said goodbye. Slack's own clients do so after a refresh, and whether
// it counts nobody has said: so it bears no answer, and whoever waits for one gets it another way too.
func (b *Bot) elsewhere(ctx context.Context, e *envelope) {
	e.passed = true
	for _, c := range b.links {
		if l := c.hearing(); l != nil && acker(l) != e.via && l.send(ctx, e.id, nil) == nil {
			b.log.InfoContext(ctx, "acknowledged on another connection what came while its own said goodbye", "envelope", e.id, "kind", e.kind)
			return
		}
	}
}
