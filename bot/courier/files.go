package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reviews"
)

// filesComing is how long files that were shared may take to be there: Slack looks through them first, and says that it took them
// before it shows them.
const filesComing = 2 * time.Minute

// handing is files that are shared as one message, in a conversation or a thread of it, with a few words.
type handing struct {
	place, thread, words string
	files                func(ctx context.Context) ([]web.Upload, error)
}

// share is postOnce for files. The order is: look where an earlier attempt may have left them; bring them to Slack, where nobody sees
// them yet; note the attempt, durably; share them; look for the message, because the answer names none and may come before it. A crash
// or a lost answer after the note leaves the note, and whoever comes next looks first.
func (c *Courier) share(ctx context.Context, job *outbox.Job, h handing) (ref, error) {
	if at, found, err := c.earlier(ctx, job, h.place); found || err != nil {
		return at, err
	}
	files, err := h.files(ctx)
	if err != nil {
		return ref{}, err
	}
	ids, err := c.slack.Upload(ctx, files)
	if err != nil {
		return ref{}, web.In(h.place, err)
	}
	if err := c.slack.AwaitTurn(ctx, h.place, job.Key); err != nil {
		return ref{}, err
	}
	given := noteOf(*job)
	if err := c.begin(ctx, job, h.place, given, job.Mark); err != nil {
		return ref{}, err
	}
	err = c.slack.Share(ctx, h.place, h.thread, ids, files, h.words)
	if fault := web.FaultOf(err); fault == web.NoFault || fault == web.Unknown {
		return c.sought(ctx, *job, h.place)
	}
	if back := job.Mark(ctx, given); back != nil && !errors.Is(back, outbox.ErrGone) {
		c.log.WarnContext(ctx, "cannot strike out that files were shared; they are looked for first", Owed(job.Key), "err", back)
	}
	return ref{}, web.In(h.place, err)
}

// holds reports whether a message is ours and has files of these names.
func holds(m slack.Message, who web.Identity, names []string) bool {
	if m.User != who.User && (m.BotID == "" || m.BotID != who.Bot) {
		return false
	}
	return slices.ContainsFunc(m.Files, func(f slack.File) bool { return slices.Contains(names, f.Name) })
}

// filed is what the files of a key are called, and in which thread they are; nil: it is none of files.
func (c *Courier) filed(ctx context.Context, key string) (names []string, thread string, err error) {
	switch outbox.Kind(key) {
	case reviews.KindFile:
		r, err := c.reviews.Review(ctx, approvals.NumberOf(key))
		if err != nil {
			return nil, "", fmt.Errorf("read whose %s is: %w", called(key), err)
		}
		return r.FileNames(key), "", nil
	case reports.KindFiles:
		under, _, err := c.box.Receipt(ctx, reports.FilesOf(key))
		if err != nil {
			return nil, "", fmt.Errorf("read receipt: %w", err)
		}
		return reports.FileNames(key), under.ID, nil
	}
	return nil, "", nil
}

// leaves reads a page of a conversation, from the newest, or of a thread of it, which is read whole: what Slack says of one whose first
// message is older than what is asked for stands nowhere.
func (c *Courier) leaves(ctx context.Context, place, thread, oldest, cursor string) ([]slack.Message, string, error) {
	if thread != "" {
		return c.slack.Thread(ctx, place, thread, cursor)
	}
	return c.slack.History(ctx, place, oldest, cursor)
}

// fileless are the words with which a workspace says that it takes no files, or none like these.
var fileless = []string{"missing_scope", "file_uploads_disabled", "file_uploads_except_images_disabled", "file_type_not_allowed", "file_upload_size_restricted", "storage_limit_reached", "posting_to_channel_denied", "access_denied"}

// PostFiles implements reports.FilePoster. A report stands without its files where the workspace takes none: the admins read that once.
func (c *Courier) PostFiles(ctx context.Context, job outbox.Job, f reports.Files) outbox.Result {
	_, said, err := c.box.Receipt(ctx, job.Key)
	under, stands, lost := c.box.Receipt(ctx, reports.FilesOf(job.Key))
	switch err = errors.Join(err, lost); {
	case err != nil:
		return c.retry(job, fmt.Errorf("read receipt: %w", err))
	case said:
		return outbox.Done()
	case !stands:
		return c.retry(job, errors.New("the report's message isn't known to stand yet"))
	case under.Place == "" || under.ID == "":
		c.log.InfoContext(ctx, "a report stands nowhere, and its files go nowhere", Owed(job.Key))
		return outbox.Done()
	}
	may, err := c.slack.CanUpload(ctx)
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	if !may {
		return c.withoutFiles(ctx, job, f, "missing_scope")
	}
	names := f.Names
	if plain, err := c.DrawnPlainly(ctx, under.Key); err != nil {
		return c.retry(job, err)
	} else if plain {
		names = append(slices.Clone(names), f.Pictures...)
	}
	at, err := c.share(ctx, &job, handing{place: under.Place, thread: under.ID, words: view.ReportFiled(f.As), files: func(ctx context.Context) ([]web.Upload, error) { return written(ctx, f, names) }})
	if web.IsCode(err, "thread_not_found") {
		c.log.WarnContext(ctx, "a report was taken away before its files came; they go nowhere", Owed(job.Key))
		return outbox.Done()
	}
	for _, code := range fileless {
		if web.IsCode(err, code) {
			return c.withoutFiles(ctx, job, f, code)
		}
	}
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	return c.stands(at)
}

// written are files as they are brought to Slack, which wants to know first how long each is.
func written(ctx context.Context, f reports.Files, names []string) (out []web.Upload, err error) {
	for _, name := range names {
		var raw bytes.Buffer
		if err := f.Write(ctx, &raw, name); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		out = append(out, web.Upload{Name: name, Content: raw.Bytes()})
	}
	return out, nil
}

// withoutFiles ends what the workspace doesn't take, and tells the admins once of each report and reason.
func (c *Courier) withoutFiles(ctx context.Context, job outbox.Job, f reports.Files, code string) outbox.Result {
	c.log.WarnContext(ctx, "a report goes without its files", Owed(job.Key), "slack_says", code)
	report, whole := f.Report, approvals.Sayf("The report itself is whole.")
	if f.As != "" {
		whole = approvals.Sayf("It's a file, so its readers get no more than its first lines. Without `as` in usher.yml it's a message.")
	}
	say := approvals.Sayf("The report *%v* goes without its files: Slack doesn't let me add any (it says `%v`). %v `usher report %v --out FILE` writes the same files where I run. I won't say this again.", report, code, whole, report)
	if code == "missing_scope" {
		say = approvals.Sayf("The report *%v* goes without its files: the app lacks the scope `%v`. An admin of the workspace can add it in the app's settings, as in Usher's `manifest.yml`, and reinstall the app. %v `usher report %v --out FILE` writes the same files where I run. I won't say this again.", report, web.ScopeUploads, whole, report)
	}
	c.raiseOnce(ctx, "report-files-"+report+"-"+code, say)
	return outbox.DoneWith(outbox.Receipt{Digest: "no files: " + code})
}
