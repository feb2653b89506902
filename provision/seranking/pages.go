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
	Over   bool `json:"over,omitempty"`
	Until  int  `json:"until,omitempty"`
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
	out := approvals.SeatPage{Seats: seats(p.Accounts), Total: p.Total, Again: p.Again, Over: p.Over, Known: p.Known}
	if out.Next, err = marked(p.Next); err == nil {
		out.Back, err = marked(p.Back)
	}
	return out, err
}

// marked is a mark as it is kept; "": there is none.
func marked(m *api.Mark) (string, error) {
	if m == nil {
		return "", nil
	}
	raw, err := json.Marshal(mark(*m))
	if err != nil {
		return "", fmt.Errorf("keep where a list is to be gone on with: %w", err)
	}
	return string(raw), nil
}
