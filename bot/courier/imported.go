package courier

import (
	"context"
	"encoding/json"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
)

// Imports says what came of a member list, as it is owed; *commands.House does. An error means that it can't be read.
type Imports interface {
	Imported(owed json.RawMessage) (commands.Reply, error)
}

// imported tells somebody what came of the list they added to a form, once. Its body is what was found then: by now another list
// may be there, which has a message of its own. Whoever asked waits for it, so no quiet hours hold it back.
func (c *Courier) imported(ctx context.Context, job outbox.Job) outbox.Result {
	reply, err := c.imports.Imported(job.Body)
	if err != nil {
		c.log.ErrorContext(ctx, "what came of a member list cannot be read, and is dropped", Owed(job.Key), "err", err)
		return outbox.Done()
	}
	return c.message(ctx, job, approvals.PersonID(lastPerson(job.Key)), view.Reply(reply))
}
