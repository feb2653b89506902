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
	app, err := g.app(im.App)
	if err != nil {
		return Result{}, err
	}
	read, err := list.Read(im.Raw, im.Columns)
	var wrong *list.Problem
	if errors.As(err, &wrong) {
		return Result{}, approvals.Refuse(approvals.Invalid, "%v", wrong.Say)
	}
	if err != nil {
		return Result{}, fmt.Errorf("read list: %w", err)
	}
	if im.At.IsZero() || im.At.After(now) {
		im.At = now
	}
	sum := sha256.Sum256(im.Raw)
	kept := Kept{At: im.At.UTC(), Imported: now.UTC(), By: by, File: im.File, Sum: hex.EncodeToString(sum[:]), Members: read.Members}
	people, err := g.Workspace.Everybody(ctx)
	if err != nil {
		g.Log.Warn("cannot read who is in the workspace, so a list is compared without it", "app", app.ID, "err", err)
		kept.Blind = true
	}
	done, err := g.done(ctx, app.ID)
	if err != nil {
		return Result{}, err
	}
	result := resultOf(app, im, read, kept, done)
	compare := func(was Kept) (Kept, News) {
		found := Find(app, done, kept.Seen(), NewDirectory(people), was.invitedIn(kept.Members, now), now)
		return was.With(kept, found, now)
	}
	for {
		was, err := g.Book.Register(ctx, app.ID)
		if err != nil {
			return Result{}, fmt.Errorf("read what is kept of %s: %w", app.ID, err)
		}
		next, news := compare(was) // before the transaction: a long list takes a while
		result.News = news
		if im.DryRun {
			return result.mended(app), nil
		}
		err = g.record(ctx, func(tx Tx) error {
			is, err := tx.Register(app.ID)
			switch {
			case err != nil, is.Sum == kept.Sum && is.Imported.Equal(kept.Imported):
				return err // it was kept, though the store couldn't say so
			case !is.Imported.Equal(was.Imported):
				return errMoved
			}
			return errors.Join(tx.KeepRegister(app.ID, next), g.audit(tx, app, next, news, surface))
		})
		if !errors.Is(err, errMoved) {
			return result.mended(app), err
		}
	}
}

// errMoved says that another list was imported since one was compared.
var errMoved = errors.New("another list was imported meanwhile")

// audit is the entry of the log that says which list was imported and what was found.
func (g *Register) audit(tx Tx, app approvals.App, k Kept, news News, surface string) error {
	keys := func(list []Finding) (out []string) {
		for _, f := range list {
			out = append(out, f.Key())
		}
		return out
	}
	detail, err := json.Marshal(struct {
		App     string   `json:"app"`
		File    string   `json:"file"`
		Sum     string   `json:"sha256"`
		Members int      `json:"members"`
		New     []string `json:"new,omitempty"`
		Again   int      `json:"again"`
		Closed  []string `json:"closed,omitempty"`
	}{app.ID, k.File, k.Sum, len(k.Members), keys(news.New), len(news.Again), keys(news.Closed)})
	if err != nil {
		return fmt.Errorf("encode what an import found: %w", err)
	}
	return tx.Audit(approvals.Entry{At: k.Imported, Actor: k.By, What: "a member list was imported", Surface: surface, Detail: detail})
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
