package reports

import (
	"context"

	"github.com/usherbot/usher/outbox"
)

// Poster puts a report before people, as one message; bot.Courier is one.
//
// job is the claimed intent the report is posted for. Its key names the message: called again for the
// same job, in this life of the program or the next, PostReport looks for what it may have posted
// before and never posts a second one. The result is the job's result, to be returned as it is, unless
// the caller has more to keep with it: a Receipt in it says that the report stands in Place (a channel
// id) as the message ID; a retry says that nothing is known to stand there yet.
//
// A report that is Alone goes to AskedBy and to nobody else, and channel is where they may have it posted.
type Poster interface {
	PostReport(ctx context.Context, job outbox.Job, channel string, r Report) outbox.Result
	// PostOwn tells one reader what is theirs, in the same way. What they are to be told may wait until their quiet hours are over:
	// the result then says so, and the job is owed again. Where by now there is nothing to tell, it looks for what may stand already,
	// and posts nothing.
	PostOwn(ctx context.Context, job outbox.Job, o Own) outbox.Result
}
