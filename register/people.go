package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// PeopleList is the word for the list of people, where an app's id stands otherwise.
const PeopleList = "people"

// Roll takes a list of people that somebody adds to a form.
type Roll interface {
	// Take takes a list that was added at a time, and says what came of it; look keeps nothing. What was added at that time, taken again,
	// comes to the same. Its error is a *list.Problem where the list can't be read, and may pass otherwise.
	Take(ctx context.Context, raw []byte, columns map[list.Column]string, look bool, at time.Time) (approvals.Text, error)
}

// takePeople hands a list of people on, and owes what came of it, with the entry of the log that says who added it. A crash between the two
// has it taken again, which comes to the same.
func (g *Register) takePeople(ctx context.Context, o Order, raw []byte, now time.Time) error {
	if g.Roll == nil {
		return approvals.Refuse(approvals.NotFound, "I don't take a list of people here any more.")
	}
	said, err := g.Roll.Take(ctx, raw, o.Columns, o.DryRun, o.At)
	if err != nil {
		return fmt.Errorf("take a list of people: %w", err)
	}
	sum := sha256.Sum256(raw)
	detail, err := json.Marshal(struct {
		File string `json:"file"`
		Sum  string `json:"sha256"`
	}{o.Name, hex.EncodeToString(sum[:])})
	if err != nil {
		return fmt.Errorf("encode what was added: %w", err)
	}
	e := approvals.Entry{At: now.UTC(), Actor: approvals.Actor(o.By), What: "a list of people was added", Surface: "slack", Detail: detail}
	return g.record(ctx, func(tx Tx) error {
		told := tell(tx, Told{Order: o, Said: said}, now)
		if o.DryRun {
			return told
		}
		return errors.Join(told, tx.Audit(e))
	})
}
