package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// An import that somebody asked for by a form is owed: under a key that names app, file and what is to be done with it, so that
// the same form sent twice is one import. What it came to is owed to them in the transaction that keeps it (orders.go).

// Order is an import that somebody asked for. It is stored as JSON.
type Order struct {
	App string `json:"app"`
	// File is the file's id, and Name what it is called.
	File string             `json:"file"`
	Name string             `json:"name"`
	By   approvals.PersonID `json:"by"`
	At   time.Time          `json:"at"`
	// Columns are named by hand; DryRun keeps nothing.
	Columns map[list.Column]string `json:"columns,omitempty"`
	DryRun  bool                   `json:"dry_run,omitempty"`
	// People says that it is a list of people, in the place of an app's.
	People bool `json:"people,omitempty"`
}

// about is what tells one order from another: the same file of the same app, read in the same way, is the same import.
func (o Order) about() (string, error) {
	about := o.App + "/" + o.File
	if len(o.Columns) == 0 && !o.DryRun {
		return about, nil
	}
	how, err := json.Marshal(Order{Columns: o.Columns, DryRun: o.DryRun})
	if err != nil {
		return "", fmt.Errorf("name an import: %w", err)
	}
	sum := sha256.Sum256(how)
	return about + "/" + hex.EncodeToString(sum[:6]), nil
}

// Order keeps that a list is to be imported, once; who may is its caller's to know. A crash before that leaves nothing, after it
// the list is read at the next start.
func (g *Register) Order(ctx context.Context, o Order) error {
	about, err := o.about()
	if err != nil {
		return err
	}
	body, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("encode an import: %w", err)
	}
	c := outbox.AtOnce(approvals.KindImport+"/"+about, 0, o.At).ButOnce()
	c.Put.Body = body
	if err := g.record(ctx, func(tx Tx) error { return tx.Change(c) }); err != nil {
		return err
	}
	g.wake()
	return nil
}

func (g *Register) wake() {
	if g.Wake != nil {
		g.Wake()
	}
}

// Told is what an import came to, as it is owed to whoever asked for it. Of long lists it has the beginning. It is stored as JSON.
type Told struct {
	Order Order `json:"order"`
	// Wrong is why nothing was imported; nil: it was. Columns says that it can be, once somebody says which column is which.
	Wrong   approvals.Text `json:"wrong,omitempty"`
	Columns bool           `json:"which_columns,omitempty"`
	// Said is what came of a list of people.
	Said approvals.Text `json:"said,omitempty"`
	// Result is what came of it, without its News but for Found, and Numbers how much there is of what was cut.
	Result  Result    `json:"result,omitzero"`
	Found   []Finding `json:"found,omitempty"`
	Numbers Numbers   `json:"numbers,omitzero"`
}

// Numbers are how many there are.
type Numbers struct {
	New     int `json:"new,omitempty"`
	Again   int `json:"again,omitempty"`
	Closed  int `json:"closed,omitempty"`
	Skipped int `json:"skipped,omitempty"`
	Twice   int `json:"twice,omitempty"`
	Missing int `json:"missing,omitempty"`
	Ignored int `json:"ignored,omitempty"`
}

// How much of a long list is told.
const (
	toldFindings = 10
	toldOthers   = 5
	toldColumns  = 20
)

// told is a result, cut to what a message holds.
func (r Result) told(o Order) Told {
	t := Told{Order: o, Numbers: Numbers{len(r.New), len(r.Again), len(r.Closed), len(r.Skipped), len(r.Twice), len(r.Missing), len(r.Ignored)}}
	t.Found = first(r.Found(), toldFindings)
	r.News, r.Mends = News{}, nil
	r.App = approvals.App{ID: r.App.ID, Name: r.App.Name}
	r.Skipped, r.Twice, r.Missing, r.Ignored = first(r.Skipped, toldOthers), first(r.Twice, toldOthers), first(r.Missing, toldOthers), first(r.Ignored, toldColumns)
	t.Result = r
	return t
}

func first[T any](all []T, most int) []T { return slices.Clone(all[:min(len(all), most)]) }

// owed is the promise to tell it, to whom the end of its key names.
func (t Told) owed(now time.Time) (outbox.Change, error) {
	key, err := t.key()
	if err != nil {
		return outbox.Change{}, err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return outbox.Change{}, fmt.Errorf("encode what an import came to: %w", err)
	}
	c := outbox.AtOnce(key, 0, now).ButOnce()
	c.Put.Body = body
	return c, nil
}

func (t Told) key() (string, error) {
	about, err := t.Order.about()
	return strings.Join([]string{approvals.KindImported, about, string(t.Order.By)}, "/"), err
}
