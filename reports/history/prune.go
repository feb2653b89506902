package history

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// prune forgets what is too old, of apps that nobody looks after any more too. A day rests on the one before it that is whole, so a
// month goes once all of it is too old.
func (k *Keeper) prune(ctx context.Context) error {
	apps, err := k.Memory.HistoryApps(ctx)
	if err != nil {
		return fmt.Errorf("find out of which apps days are kept: %w", err)
	}
	oldest := dayOf(k.Now().Add(-k.lasting()))
	for _, app := range apps {
		if err := k.forget(ctx, app, oldest); err != nil {
			return fmt.Errorf("forget old days of %s: %w", app, err)
		}
	}
	return nil
}

// forget forgets what of an app is older than a day. On nearly every day nothing is.
func (k *Keeper) forget(ctx context.Context, app, oldest string) error {
	first := oldest
	err := k.Memory.HistoryDays(ctx, app, "", func(day string, _ []byte) { first = min(first, day) })
	if err != nil || first == oldest {
		return err
	}
	days, err := k.days(ctx, app, "")
	if err != nil {
		return err
	}
	if before, any := young(days, oldest); any {
		return k.Memory.ForgetDays(ctx, app, "", before)
	}
	return nil
}

// young is the day before which all is to be forgotten ("": all is, as none is young enough), and whether that is anything.
func young(days []figures, oldest string) (before string, any bool) {
	i, _ := slices.BinarySearchFunc(days, oldest, func(f figures, day string) int { return cmp.Compare(f.Day, day) })
	if i == len(days) {
		return "", len(days) > 0
	}
	return days[i].From, days[0].Day < days[i].From
}

// lasting is how long days are remembered.
func (k *Keeper) lasting() time.Duration { return cmp.Or(k.For, DefaultKept) }
