package reports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// KindFiles is what goes along with a report in the thread of its message, as files; once for its slot.
const KindFiles = "reportfile"

// Formats are the files that a report may be, in place of a message with files beside it.
var Formats = []string{"xlsx", "csv"}

// FilesKey is the key of the files that go along with the report of a key, and FilesOf the other way.
func FilesKey(key string) string { return KindFiles + strings.TrimPrefix(key, Kind) }

// FilesOf is the key of the report that the files of a key go along with.
func FilesOf(key string) string { return Kind + strings.TrimPrefix(key, KindFiles) }

// FileName is what a file of a report is called, from its name and its slot and with an ending such as ".csv": safe as a file's
// name everywhere, and the same whenever it is made again.
func FileName(report, slot, ending string) string {
	name := report
	if slot != "" {
		name += "-" + strings.ReplaceAll(slot, ":", "")
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r <= ' ' {
			return '-'
		}
		return r
	}, name) + ending
}

// FileNames are what the files of a key are called. Files bear nothing else by which they could be found again.
func FileNames(key string) []string {
	p := strings.Split(key, "/")
	if len(p) < 3 {
		return nil
	}
	return []string{FileName(p[1], p[2], ".xlsx"), FileName(p[1], p[2], ".csv")}
}

// Filer promises that a report goes along as files, once its message stands. It is told before the message's receipt is kept, and
// after a crash in between once more: what was promised first stays.
type Filer interface {
	File(ctx context.Context, key string, r Report, f Facts) error
}

// FilePoster puts files into the thread of a report's message, once; bot's Courier is one. The job's key names them as FileNames
// says, and the message is that of FilesOf. What it returns is the job's result.
type FilePoster interface {
	PostFiles(ctx context.Context, job outbox.Job, f Files) outbox.Result
}

// Files are what goes along with a report. Pictures go along where the message couldn't have its charts.
type Files struct {
	Report string
	// As is the one file that the report is, one of Formats; "": it's the message, and files go along.
	As              string
	Names, Pictures []string
	// Write writes one of them. After an error it is tried again later.
	Write func(ctx context.Context, to io.Writer, name string) error
}

// file has a report go along as files. The message stands and matters more: where that can't be promised it goes without them. One
// that is a file is nothing without it: that is an error, the slot is tried again, and its message found.
func (r *Runner) file(ctx context.Context, key string, report Report, f Facts) error {
	if r.Filer == nil {
		return nil
	}
	err := r.Filer.File(context.WithoutCancel(ctx), key, report, f)
	if err != nil && report.As == "" {
		r.Planner.Log.ErrorContext(ctx, "a posted report goes without its files", "report", report.Name, "err", err)
		return nil
	}
	return err
}

// Accounts are the censuses of the apps that a wish names, and nothing else of them. Of what couldn't be read there is none, and
// why is the error.
func (g *Gatherer) Accounts(ctx context.Context, w Wish) (all []Census, err error) {
	for _, app := range g.Seats.Apps() {
		if !w.app(app.ID) {
			continue
		}
		c, lost := g.accounts(ctx, app, w)
		if lost != nil {
			err = errors.Join(err, fmt.Errorf("read accounts of %s: %w", app.ID, lost))
			continue
		}
		if c.Walked() {
			all = append(all, c)
		}
	}
	return all, err
}

func (g *Gatherer) accounts(ctx context.Context, app approvals.App, w Wish) (Census, error) {
	if says(app) {
		return g.census(ctx, app, w)
	}
	a := AppFacts{App: app}
	if g.Leftovers == nil {
		return a.Known, nil
	}
	err := g.listed(ctx, &a)
	return a.Known, err
}
