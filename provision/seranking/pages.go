package seranking

import (
	"context"
	"encoding/json"
	"fmt"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/provision"
)

var _ provision.Pager = Hands{}

// mark is api.Mark as it is kept between two pages. It is stored: fields may be added, never renamed.
type mark struct {
	Offset int  `json:"offset"`
	Total  int  `json:"total,omitempty"`
	Again  bool `json:"again,omitempty"`
}

// Page implements provision.Pager.
func (k Hands) Page(ctx context.Context, from string) (approvals.SeatPage, error) {
	var at mark
	if from != "" {
		if err := json.Unmarshal([]byte(from), &at); err != nil {
			return approvals.SeatPage{}, fmt.Errorf("read where a list is to be gone on with: %w", err)
		}
	}
	p, err := k.Client.AccountsPage(ctx, api.Mark(at))
	if err != nil {
		return approvals.SeatPage{}, err
	}
	out := approvals.SeatPage{Seats: seats(p.Accounts), Total: p.Total, Again: p.Again}
	if p.Next == nil {
		return out, nil
	}
	next, err := json.Marshal(mark(*p.Next))
	out.Next = string(next)
	return out, err
}
