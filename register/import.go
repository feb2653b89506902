package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// Import is a vendor's own member list, to be compared.
type Import struct {
	App string `json:"app"`
	// File is what it is called, Raw what is in it, and At when it was last written; zero: it isn't known.
	File string    `json:"file"`
	Raw  []byte    `json:"raw"`
	At   time.Time `json:"at,omitzero"`
	// Columns are named by hand; DryRun keeps nothing.
	Columns map[list.Column]string `json:"columns,omitempty"`
	DryRun  bool                   `json:"dry_run,omitempty"`
}

// Result is what an import came to.
type Result struct {
	App  approvals.App `json:"app"`
	File string        `json:"file"`
	At   time.Time     `json:"at"`
	// Members is how many the list has, Columns how its headers were understood, and Ignored which weren't.
	Members int                    `json:"members"`
	Columns map[list.Column]string `json:"columns"`
	Ignored []string               `json:"ignored,omitempty"`
	// Skipped are rows without an address; Twice are addresses that stand in several.
	Skipped []list.Skipped `json:"skipped,omitempty"`
	Twice   []string       `json:"twice,omitempty"`
	// Missing are addresses that hold something by their requests and aren't in the list.
	Missing []string `json:"missing,omitempty"`
	News
	// Mends are what to type, by the keys of findings.
	Mends map[string]Mend `json:"mends,omitempty"`
	// Blind says that Slack couldn't be asked who has left.
	Blind  bool `json:"blind,omitempty"`
	DryRun bool `json:"dry_run,omitempty"`
}

// Found are the findings that are open, new ones and old ones, in the order of their kinds.
func (r Result) Found() []Finding {
	all := slices.Concat(r.New, r.Again)
	slices.SortStableFunc(all, func(a, b Finding) int { return slices.Index(Kinds, a.Kind) - slices.Index(Kinds, b.Kind) })
	return all
}

// Import reads a list, compares it, and keeps it with its findings and an entry of the audit log in one transaction. A crash
// before that leaves nothing, after it everything: imported again it finds the same findings, not others. Who may import is its
// caller's to know.
func (g *Register) Import(ctx context.Context, im Import, by approvals.Actor, surface string, now time.Time) (Result, error) {
	r, err := g.take(ctx, intake{Import: im, by: by, surface: surface, now: now})
	if err == nil && !im.DryRun {
		g.wake()
	}
	return r, err
}

// intake is an import on its way.
type intake struct {
	Import
	by      approvals.Actor
	surface string
	now     time.Time
	// and keeps what follows from the result in the same transaction; nil: nothing does. Of a dry run it is all that is kept.
	and func(Tx, Result) error
	// patient gives it up where Slack can't say who has left, for it to be tried again.
	patient bool
}

// compared is a list that was read, beside what is to be compared with it.
type compared struct {
	intake
	app    approvals.App
	kept   Kept
	done   []approvals.Request
	people Directory
	result Result
}

// take reads a list, compares it, and keeps what comes of it.
func (g *Register) take(ctx context.Context, in intake) (Result, error) {
	c, err := g.read(ctx, in)
	if err != nil {
		return Result{}, err
	}
	for {
		was, err := g.Book.Register(ctx, c.app.ID)
		if err != nil {
			return Result{}, fmt.Errorf("read what is kept of %s: %w", c.app.ID, err)
		}
		// Compared before the transaction: a long list takes a while.
		next, news := was.With(was.carry(c.kept), Find(c.app, c.done, c.kept.Seen(), c.people, was.invitedIn(c.kept.Members, c.now), c.now), c.now)
		c.result.News = news
		c.result = c.result.mended(c.app)
		if c.DryRun && c.and == nil {
			return c.result, nil
		}
		err = g.record(ctx, func(tx Tx) error { return g.keep(tx, c, was, next) })
		if err == nil && !c.DryRun {
			g.rememberImported(ctx, c)
		}
		if !errors.Is(err, errMoved) {
			return c.result, err
		}
	}
}

// read reads a list and gathers what it is compared with.
func (g *Register) read(ctx context.Context, in intake) (c compared, err error) {
	c.intake = in
	if c.app, err = g.app(in.App); err != nil {
		return c, err
	}
	read, err := list.Read(in.Raw, in.Columns)
	if wrong, ok := errors.AsType[*list.Problem](err); ok {
		return c, approvals.Refuse(approvals.Invalid, "%v", wrong.Error()).Because(wrong)
	}
	if err != nil {
		return c, fmt.Errorf("read list: %w", err)
	}
	if c.At.IsZero() || c.At.After(in.now) {
		c.At = in.now
	}
	sum := sha256.Sum256(in.Raw)
	c.kept = Kept{At: c.At.UTC(), Imported: in.now.UTC(), By: in.by, File: in.File, Sum: hex.EncodeToString(sum[:]), Members: read.Members}
	people, err := g.Workspace.Everybody(ctx)
	if err != nil && in.patient {
		return c, fmt.Errorf("find out who is in the workspace: %w", err)
	}
	if err != nil {
		g.Log.WarnContext(ctx, "cannot read who is in the workspace, so a list is compared without it", "app", c.app.ID, "err", err)
		c.kept.Blind = true
	}
	if c.people, err = g.known(ctx, people); err != nil {
		return c, err
	}
	c.kept.Unsure = c.people.Elsewhere.Unsure
	if c.done, err = g.done(ctx, c.app.ID); err != nil {
		return c, err
	}
	c.result = resultOf(c.app, c.Import, read, c.kept, c.done)
	return c, nil
}

// keep keeps what came of a list, where was is still what is kept of its app.
func (g *Register) keep(tx Tx, c compared, was, next Kept) error {
	is, err := tx.Register(c.app.ID)
	switch {
	case err != nil:
		return err
	case c.DryRun:
		return c.and(tx, c.result)
	case is.Sum == c.kept.Sum && is.Imported.Equal(c.kept.Imported):
		return nil // it was kept, though the store couldn't say so
	case !is.same(was):
		return errMoved
	}
	imported := approvals.Entry{At: next.Imported, Actor: next.By, What: "a member list was imported", Surface: c.surface}
	// Everybody's Home shows when what they have was seen last.
	homes := tx.Change(outbox.AtOnce(approvals.EveryHome, 0, c.now).OnlyWhere(approvals.AnyHome))
	if err := errors.Join(tx.KeepRegister(c.app.ID, next), g.audit(tx, c.app, next, c.result.News, imported), homes); err != nil || c.and == nil {
		return err
	}
	return c.and(tx, c.result)
}

// errMoved says that what is kept has changed since a list was compared with it.
var errMoved = errors.New("what is kept of the app changed meanwhile")

// audit adds to an entry of the log which list was imported or read, and what was found.
func (g *Register) audit(tx Tx, app approvals.App, k Kept, news News, e approvals.Entry) error {
	keys := func(list []Finding) (out []string) {
		for _, f := range list {
			out = append(out, f.Key())
		}
		return out
	}
	detail, err := json.Marshal(struct {
		App     string   `json:"app"`
		File    string   `json:"file,omitempty"`
		Sum     string   `json:"sha256,omitempty"`
		Members int      `json:"members"`
		New     []string `json:"new,omitempty"`
		Again   int      `json:"again"`
		Closed  []string `json:"closed,omitempty"`
	}{app.ID, k.File, k.Sum, k.Count, keys(news.New), len(news.Again), keys(news.Closed)})
	if err != nil {
		return fmt.Errorf("encode what an import found: %w", err)
	}
	e.Detail = detail
	return tx.Audit(e)
}

func resultOf(app approvals.App, im Import, read list.List, kept Kept, done []approvals.Request) Result {
	r := Result{App: app, File: im.File, At: kept.At, Members: len(read.Members), Columns: read.Columns, Ignored: read.Ignored, Skipped: read.Skipped, Blind: kept.Blind, DryRun: im.DryRun}
	for _, m := range read.Members {
		if len(m.Rows) > 1 {
			r.Twice = append(r.Twice, m.Email)
		}
	}
	for _, e := range Match(app, Of(done), kept.Seen()) {
		if e.Missing && e.Seat {
			r.Missing = append(r.Missing, e.Email)
		}
	}
	return r
}

// mended is a result with what would mend each finding.
func (r Result) mended(app approvals.App) Result {
	r.Mends = map[string]Mend{}
	for _, f := range r.Found() {
		if m, ok := f.Mends(app.Entry); ok {
			r.Mends[f.Key()] = m
		}
	}
	return r
}

// Understood is how the headers of a list were understood, in words.
func (r Result) Understood() string {
	var out []string
	for _, c := range slices.Sorted(maps.Keys(r.Columns)) {
		out = append(out, fmt.Sprintf("%s: “%s”", c, r.Columns[c]))
	}
	return strings.Join(out, ", ")
}
