package approvals

import (
	"context"
	"fmt"
)

// OnOccasion are the requests that an occasion opened, as they stand; none: it didn't.
func (d *Desk) OnOccasion(ctx context.Context, id string) (list []Request, err error) {
	err = d.Book.Update(ctx, func(tx Tx) error {
		list, err = d.occasioned(tx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find what was asked on an occasion: %w", err)
	}
	return list, nil
}
