package paper

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
)

// Filing has reports go along as files in the thread of their message. It is the reports.Filer, and the outbox.Doer of
// reports.KindFiles.
//
//	the message stands ──► promise, with the paper in it ──► its accounts, as they were read for the report ──► files
//
// What the report said is kept with the promise: made anew it would say something else, because by then the report before it is
// this one. A crash before the promise leaves a report whose message is looked for, and the promise is made then. After it, the
// files are looked for in the thread by their names before they are added.
type Filing struct {
	Box      outbox.Box
	Poster   reports.FilePoster
	Gatherer *reports.Gatherer
	// Admins are who gets files with what comes to them directly; with a channel's they go to whoever reads it. A report that is a file
	// goes to whom it's for.
	Admins []approvals.PersonID
	// Named says what people and groups are called; nil: their ids stand there.
	Named func(ctx context.Context) Names
	Now   func() time.Time
	Wake  func()
	Log   *slog.Logger
}

// body is what is kept with a promise. It is stored: fields may be added, never renamed.
type body struct {
	// Paper is one as JSON, compressed.
	Paper []byte `json:"paper"`
	// As is the one file that the report is; "": files go along with it.
	As string `json:"as,omitempty"`
	// Apps are those whose accounts go along, and Fresh is when the first of them was read.
	Apps  []string  `json:"apps,omitempty"`
	Fresh time.Time `json:"fresh,omitzero"`
}

// File implements reports.Filer.
func (f *Filing) File(ctx context.Context, key string, r reports.Report, facts reports.Facts) error {
	if r.As == "" && r.To != "" && !slices.Contains(f.Admins, r.To) {
		return nil
	}
	names := Ids
	if f.Named != nil {
		names = f.Named(ctx)
	}
	lists := ListsOf(facts)
	p := Of(r, lists, names)
	b := body{As: r.As}
	for _, l := range p.Lists {
		b.Apps = append(b.Apps, l.App.ID)
		if b.Fresh.IsZero() || l.At.Before(b.Fresh) {
			b.Fresh = l.At
		}
	}
	var err error
	if b.Paper, err = pressed(p); err != nil {
		return err
	}
	c := outbox.AtOnce(reports.FilesKey(key), 0, f.Now()).ButOnce()
	if c.Put.Body, err = json.Marshal(b); err != nil {
		return fmt.Errorf("encode files of %s: %w", key, err)
	}
	if err := f.Box.Promise(ctx, c); err != nil {
		return fmt.Errorf("promise files of %s: %w", key, err)
	}
	f.Wake()
	return nil
}

func pressed(p Paper) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := json.NewEncoder(z).Encode(p); err != nil {
		return nil, fmt.Errorf("encode paper: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("press paper: %w", err)
	}
	return out.Bytes(), nil
}

func unpressed(raw []byte) (p Paper, err error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err == nil {
		err = json.NewDecoder(z).Decode(&p)
	}
	if err != nil {
		return p, fmt.Errorf("read paper: %w", err)
	}
	return p, nil
}

// accountsTries is how often accounts are asked for that can't be read any more, before files go out without them.
const accountsTries = 6

// Do implements outbox.Doer.
func (f *Filing) Do(ctx context.Context, job outbox.Job) outbox.Result {
	var b body
	err := json.Unmarshal(job.Body, &b)
	var p Paper
	if err == nil {
		p, err = unpressed(b.Paper)
	}
	switch {
	case err != nil:
		f.Log.ErrorContext(ctx, "the files of a report can't be read, and are dropped", "report", strings.TrimPrefix(job.Key, reports.KindFiles+"/"), "err", err)
		return outbox.Done()
	case f.Now().Sub(job.Made) >= reports.Late:
		f.Log.WarnContext(ctx, "the files of a report couldn't be added within a day", "report", strings.TrimPrefix(job.Key, reports.KindFiles+"/"))
		return outbox.Done()
	}
	files := filesOf(job.Key, b, p)
	had := false
	files.Write = func(ctx context.Context, to io.Writer, name string) error {
		if i := slices.Index(files.Pictures, name); i >= 0 {
			return writePNG(to, p.Charts[i])
		}
		if !had && len(b.Apps) > 0 {
			if p, err = f.listed(ctx, p, b, job.Tries); err != nil {
				return err
			}
			had = true
		}
		return Write(to, name, p)
	}
	return f.Poster.PostFiles(ctx, job, files)
}

// filesOf are the files of a key, by their names: where the report is one of them, that one alone.
func filesOf(key string, b body, p Paper) reports.Files {
	files := reports.Files{Report: p.Report, As: b.As, Names: reports.FileNames(key)}
	if b.As != "" {
		files.Names = slices.DeleteFunc(files.Names, func(name string) bool { return ending(name) != "."+b.As })
		return files
	}
	for i := range p.Charts {
		files.Pictures = append(files.Pictures, reports.FileName(p.Report, p.Slot, fmt.Sprintf("-trend-%d.png", i+1)))
	}
	return files
}

// listed is a paper with its accounts again, as they were read for its report or, where those aren't kept any more, as they are now.
func (f *Filing) listed(ctx context.Context, p Paper, b body, tries int) (Paper, error) {
	all, err := f.Gatherer.Accounts(ctx, reports.Wish{Apps: b.Apps, Now: f.Now(), Fresh: b.Fresh})
	if err != nil && tries < accountsTries {
		return p, err
	}
	if err != nil {
		f.Log.WarnContext(ctx, "the files of a report go without some accounts", "report", p.Report, "err", err)
	}
	p.Lists = nil
	for _, c := range all {
		p.Lists = append(p.Lists, List{App: c.App, At: c.At, All: c.All})
	}
	if missing := len(b.Apps) - len(all); missing > 0 {
		p.Parts = append(slices.Clone(p.Parts), Part{Title: "All accounts", Say: []string{fmt.Sprintf("The accounts of %s couldn't be read again for this file.", strings.Join(without(b.Apps, all), ", "))}})
	}
	return p, nil
}

func without(apps []string, read []reports.Census) []string {
	return slices.DeleteFunc(slices.Clone(apps), func(id string) bool {
		return slices.ContainsFunc(read, func(c reports.Census) bool { return c.App.ID == id })
	})
}

func writePNG(to io.Writer, c Chart) error {
	raw, err := c.PNG(false)
	if err == nil {
		_, err = to.Write(raw)
	}
	return err
}
