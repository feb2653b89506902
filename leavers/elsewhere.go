package leavers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// Directories beside Slack vouch for more addresses of somebody: what is listed under one of these is theirs, too. One that can't be read
// is waited for as an app is, and what hangs on it is found once it can.

// unknownElsewhere stands among what can't be read for all of them, where it isn't known which.
const unknownElsewhere = "the company directory"

// theirs is what of all there is somebody has, by the addresses that are known to be theirs; unread is what couldn't be read for it.
func (d *Desk) theirs(ctx context.Context, l Leaving, who approvals.Person, all register.Holdings, patient bool) (theirs []register.Entry, addresses, unread []string, err error) {
	elsewhere, silent, err := d.elsewhere(ctx)
	switch unread = append(slices.Clone(all.Unread), silent...); {
	case err != nil && patient:
		return nil, nil, nil, err
	case err != nil:
		d.Log.WarnContext(ctx, "cannot read which other addresses are theirs; going on with those that are known", "leaving", l.Number, "err", err)
	}
	addresses, reused, err := d.addresses(ctx, l, who, all.Entries, elsewhere)
	if err != nil {
		return nil, nil, nil, err
	}
	theirs = slices.DeleteFunc(all.Entries, func(e register.Entry) bool { return !belongs(e, l.Person, addresses, reused) })
	theirs, err = d.withAccounts(ctx, theirs, reused, all.Unread)
	return theirs, addresses, unread, err
}

// elsewhere is how people stand in directories beside Slack; an error: it isn't known of some, which are named, or of any.
func (d *Desk) elsewhere(ctx context.Context) (s register.Standings, silent []string, err error) {
	if d.Elsewhere == nil {
		return s, nil, nil
	}
	if s, err = d.Elsewhere.Standings(ctx); err != nil {
		return s, []string{unknownElsewhere}, fmt.Errorf("find out which other addresses are theirs: %w", err)
	}
	if len(s.Unsure) > 0 {
		err = fmt.Errorf("%w: %s", errUnread, strings.Join(s.Unsure, ", "))
	}
	return s, s.Unsure, err
}
