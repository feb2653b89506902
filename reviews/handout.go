package reviews

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// KindFile is a review's report, as files, to one person; once for its occasion.
const KindFile = "reviewfile"

// atTheEnd is the occasion of the report that everybody gets once a review is over.
const atTheEnd = "end"

// FileKey is the key of a report for an occasion.
func FileKey(n int64, occasion string, who approvals.PersonID) string {
	return fmt.Sprintf("%s/%d/%s/%s", KindFile, n, occasion, who)
}

// FileNames are what the files of a report are called that is owed under a key. They tell it from every other, of another database's
// review of that number too: files bear no metadata, so it's by their names that they're found again.
func (r Review) FileNames(key string) []string {
	occasion := "so-far"
	if p := strings.Split(key, "/"); len(p) == 4 {
		occasion = p[2]
	}
	name := fmt.Sprintf("review-%d-%s-%s-%.5s", r.Number, r.App, occasion, r.Nonce)
	return []string{name + ".csv", name + ".xlsx"}
}

// handsOut promises the report to whoever began a review and to the app's owners.
func (r Review) handsOut(tx Tx, now time.Time) (err error) {
	var had []approvals.PersonID
	for _, who := range append([]approvals.PersonID{r.By}, r.Owners...) {
		if !slices.Contains(had, who) {
			had = append(had, who)
			err = errors.Join(err, tx.Change(atOnce(FileKey(r.Number, atTheEnd, who), now).ButOnce()))
		}
	}
	return err
}

// HandOut promises the report as it is so far to somebody who began the review, owns its app or is an admin; pressed twice within a
// minute it's one.
func (s *Reviews) HandOut(ctx context.Context, name Name, by approvals.PersonID, surface string, now time.Time) error {
	r, err := s.Named(ctx, name)
	if err != nil {
		return err
	}
	if len(r.Lines) == 0 {
		return approvals.Refuse(approvals.Conflict, "Review #%v of %v has nothing to report.", r.Number, r.Called)
	}
	heirs, err := s.whose(s.app(r), now).heirs(ctx)
	switch {
	case err != nil:
		return approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack whether you look after %v just now. Please try again in a minute.", r.Called).Because(err)
	case !slices.Contains(heirs, by):
		return approvals.Refuse(approvals.NotAllowed, "Only admins and the owners of %v can have the report.", r.Called)
	}
	key := FileKey(r.Number, now.UTC().Format("20060102-1504"), by)
	return s.revise(ctx, func(tx Tx) error {
		return errors.Join(tx.Change(atOnce(key, now).ButOnce()), note(tx, r, approvals.Actor(by), "asked for a review's report", surface, now, nil))
	})
}
