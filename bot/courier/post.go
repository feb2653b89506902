package courier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reviews"
)

// intentMetadataEvent is the event type in the metadata of the messages that are posted once.
const intentMetadataEvent = "usher_intent"

// Slack may take in what we ask of it long after we have stopped waiting for its word. So what an attempt
// without an answer left is looked for at once, and after 1, 2, 4 s and so on; "not there" is believed,
// and the message posted again, when it has been looked for until one of these. Which, decision 019 says.
const (
	// cardComing is for cards: people wait for them, and a second one is taken away (Courier.stray).
	cardComing = 7 * time.Second
	// stillComing is for what is said once: it has been read before it could be taken away.
	stillComing = time.Minute
	// inARow is how many attempts of one message may be lost before that doubles, up to latest.
	inARow = 3
)

// comingFor is how long the attempt of a note may still be on its way to its place.
func comingFor(key string, n note) time.Duration {
	first := stillComing
	if outbox.Kind(key) == approvals.KindCard {
		first = cardComing
	}
	if k := outbox.Kind(key); k == reviews.KindFile || k == reports.KindFiles {
		first = filesComing
	}
	return outbox.Backoff(max(n.Lost-inARow+1, 0), first, latest)
}

// ref is where a message stands, and what it showed when it was sent, where that is known; plain: without Slack's own tables and charts.
type ref struct {
	place, ts, digest string
	plain             bool
}

// note is what a job remembers of an attempt to post: where, and when (Unix seconds). Without a place
// nothing can have been posted.
type note struct {
	Place string `json:"place,omitempty"`
	At    int64  `json:"at,omitempty"`
	// Began is At to the nanosecond; attempts of older versions have none.
	Began time.Time `json:"began,omitzero"`
	// Beside says that it was shown to somebody alone, where nobody can look for it.
	Beside bool `json:"beside,omitempty"`
	// Lost counts the attempts before this one that were given up, and Tries is the job's at this one.
	Lost  int `json:"lost,omitempty"`
	Tries int `json:"tries,omitempty"`
	// Reading is the ts under which the message says how far a report's reading is, and Turned that it is being made the report.
	Reading string `json:"reading,omitempty"`
	Turned  bool   `json:"turned,omitempty"`
}

// began is when the attempt was made.
func (n note) began() time.Time {
	if n.Began.IsZero() {
		return time.Unix(n.At, 0)
	}
	return n.Began
}

// noteOf reads a job's note; one that cannot be read is taken for none, and Retaken still makes us look.
func noteOf(job outbox.Job) note {
	var n note
	if len(job.Note) > 0 && json.Unmarshal(job.Note, &n) != nil {
		return note{}
	}
	return n
}

// postOnce posts the message of a job unless it finds it posted. The order is: look where an earlier
// attempt may have left it; wait for the channel's turn; promise to look after the earlier attempt, should
// it arrive yet; note the attempt, durably, unless the claim implies it (outbox.Job.Begin); post. A crash or a lost answer after the note leaves the note,
// and whoever comes next looks first, and posts again only once the attempt has had time to settle.
// An answer that says no puts back the note there was, so that nobody looks for what was refused.
func (c *Courier) postOnce(ctx context.Context, job *outbox.Job, place string, m view.Message) (ref, error) {
	return c.postAs(ctx, job, place, m, m.Digest())
}

// postAs is postOnce of a message that is known by another digest than that of what it shows.
func (c *Courier) postAs(ctx context.Context, job *outbox.Job, place string, m view.Message, digest string) (ref, error) {
	if at, found, err := c.earlier(ctx, job, place); found || err != nil {
		at.plain = at.plain && m.Plain != nil
		return at, err
	}
	meta, err := c.metadata(ctx, job.Key, digest)
	if err != nil {
		return ref{}, err
	}
	if err := c.slack.AwaitTurn(ctx, place, job.Key); err != nil {
		return ref{}, err
	}
	given := noteOf(*job)
	mark := job.Mark
	if given.Place == "" && (job.Place == place || stays(job.Key, place)) {
		mark = func(ctx context.Context, n any) error { return job.Begin(ctx, n, c.now()) }
	}
	if err := c.begin(ctx, job, place, given, mark); err != nil {
		return ref{}, err
	}
	ts, plain, err := c.slack.PostDrawn(ctx, place, web.Message(m), meta)
	switch web.FaultOf(err) {
	case web.NoFault:
		return ref{place, ts, digest, plain}, nil
	case web.Unknown:
		c.log.InfoContext(ctx, "Slack did not say whether it took a message in", Owed(job.Key), "place", place, "err", err)
		at, err := c.sought(ctx, *job, place)
		at.plain = at.plain && m.Plain != nil
		return at, err
	}
	if back := job.Strike(ctx, given); back != nil && !errors.Is(back, outbox.ErrGone) {
		c.log.WarnContext(ctx, "cannot strike out that a message was begun; it is looked for first", Owed(job.Key), "err", back)
	}
	return ref{}, web.In(place, err)
}

// Places is where cards go, as far as is known: a store keeps that with each that it promises, and so whoever looks for one that a former
// life posted knows where, whatever is configured by then.
type Places struct{ cards atomic.Value }

// Of is where a promise's message goes; "": it isn't known yet, or it's none of those.
func (p *Places) Of(key string) string {
	place, _ := p.cards.Load().(string)
	if outbox.Kind(key) != approvals.KindCard {
		return ""
	}
	return place
}

// learn takes down where cards go.
func (p *Places) learn(place string) {
	if p != nil && place != "" {
		p.cards.Store(place)
	}
}

// stays reports whether a message is posted nowhere else, whatever is configured by the time that it is looked for: between Usher and one
// person, but for reports, which go where they are to.
func stays(key, place string) bool {
	kind := outbox.Kind(key)
	return strings.HasPrefix(place, "D") && kind != reports.Kind && kind != reports.KindFiles
}

// begin notes with mark that an attempt is made, and before that, where another one was given up, that it may
// turn up. An error means that nothing may be posted: promised anew meanwhile, or the disk has trouble.
func (c *Courier) begin(ctx context.Context, job *outbox.Job, place string, given note, mark func(context.Context, any) error) error {
	now := c.now()
	n := note{Place: place, At: now.Unix(), Began: now, Tries: job.Tries}
	if given.Place != "" {
		n.Lost = given.Lost + 1
		if err := c.expectStray(ctx, job.Key, given); err != nil {
			return err
		}
	}
	if err := mark(ctx, n); err != nil {
		return fmt.Errorf("note an attempt: %w", err)
	}
	return nil
}

// sought looks at once for an attempt whose answer was lost: most are there.
func (c *Courier) sought(ctx context.Context, job outbox.Job, place string) (ref, error) {
	at, found, err := c.earlier(ctx, &job, place)
	if err == nil && !found {
		err = &web.Error{Method: web.MethodPost, Fault: web.Limited, Code: "not there, to be posted again", Place: place, After: time.Second}
	}
	return at, err
}

// earlier looks for what an earlier delivery of the job may have posted: what it noted, or what its claim implies. Not found too soon after the
// attempt, or not looked for, is an APIError that is Limited and says when to look again.
func (c *Courier) earlier(ctx context.Context, job *outbox.Job, place string) (ref, bool, error) {
	if err := infer(job, place); err != nil {
		return ref{}, false, err
	}
	n := noteOf(*job)
	noted := n.Place != ""
	if !noted && !job.Retaken {
		return ref{}, false, nil
	}
	if !noted {
		n = note{Place: place, At: job.Made.Unix()}
	}
	at, found, err := c.look(ctx, job.Key, n)
	err = web.In(n.Place, err)
	if web.IsCode(err, "channel_not_found") && n.Place != place {
		// That channel is gone for everybody, and another one is configured now.
		return ref{}, false, nil
	}
	if noted && !found {
		err = c.unseen(*job, n, err)
	}
	return at, found, err
}

// infer takes down the attempt that a job's claim implies, where one knows the place of it: else nothing was posted without a note.
func infer(job *outbox.Job, place string) error {
	latest, at := job.Implies(), job.Place
	if stays(job.Key, place) {
		at = place
	}
	if latest.IsZero() || at == "" {
		return nil
	}
	return job.Infer(note{Place: at, At: job.Implied.Unix(), Began: latest, Tries: job.Tries})
}

// unseen is what becomes of a look for a noted attempt that found nothing, or, with an error, could not be
// made: nil once it is believed that there is nothing.
func (c *Courier) unseen(job outbox.Job, n note, err error) error {
	again := &web.Error{Method: web.MethodPost, Fault: web.Limited, Place: n.Place, Cause: err}
	switch f := web.FaultOf(err); {
	case f == web.Unknown || f == web.NotSent:
		// The looks before this one count as tries of the job; only those that failed make the next one wait.
		again.Method, again.Code, again.After = web.MethodHistory, "could not be looked for", outbox.Backoff(job.Tries-n.Tries, time.Second, latest)
		return again
	case err != nil:
		return err
	}
	if again.After = c.nextLook(n.began(), comingFor(job.Key, n)); again.After == 0 {
		return nil
	}
	again.Code = "not seen yet, and may still be on its way"
	return again
}

// nextLook is how long until an attempt that began at a moment is looked for again, 1, 3, 7, 15 s … after
// it; 0: it has had its time.
func (c *Courier) nextLook(began time.Time, coming time.Duration) time.Duration {
	left := c.unsettled(began, coming)
	if left == 0 {
		return 0
	}
	at := time.Second
	for at <= coming-left {
		at = 2*at + time.Second
	}
	return min(at-(coming-left), left)
}

// unsettled is how long what began at a moment may still be on its way; 0: it is not. A moment that lies
// ahead was noted by a clock that has been put back since.
func (c *Courier) unsettled(began time.Time, coming time.Duration) time.Duration {
	since := c.now().Sub(began)
	if since < 0 || since >= coming {
		return 0
	}
	return coming - since
}

// DrawnPlainly reports whether the message of a key stands there without Slack's own tables and charts, because its workspace refused
// them; false also where it doesn't stand yet.
func (c *Courier) DrawnPlainly(ctx context.Context, key string) (bool, error) {
	had, _, err := c.box.Receipt(ctx, key)
	if err != nil {
		return false, fmt.Errorf("read receipt: %w", err)
	}
	return had.Plain, nil
}

// metadata is what a message bears for us alone to find it by. Other apps can read it: no secrets.
func (c *Courier) metadata(ctx context.Context, key, digest string) (*slack.SlackMetadata, error) {
	who, err := c.slack.Identity(ctx)
	if err != nil {
		return nil, err
	}
	of, err := c.ownerOf(ctx, key)
	if err != nil {
		return nil, err
	}
	bears := map[string]any{"key": key, "team": who.Team, "digest": digest}
	if of.id != "" {
		bears[ownerField] = of.id
	}
	return &slack.SlackMetadata{EventType: intentMetadataEvent, EventPayload: bears}, nil
}
