package reviews

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

const (
	// mostLines is how many accounts a review holds.
	mostLines = 2000
	// patience is how often it is tried to read who has what, and who is who, before a review is refused.
	patience = 5
)

var (
	errVendor = errors.New("the app can't be read")
	errPeople = errors.New("no word from Slack who everybody is")
)

// gather reads who has what, finds whose each line is to answer, and opens the review, in one transaction with what its reviewers
// are asked. What can't be read is tried a few times, and refuses it then: nobody is asked about what may not be so. A crash in the
// midst of it has it read once more.
func (s *Reviews) gather(ctx context.Context, n int64, tries int, now time.Time) error {
	r, err := s.Book.Review(ctx, n)
	if err != nil || r.State != Gathering {
		return err
	}
	next, err := s.gathered(ctx, r, now)
	if err != nil {
		say, given := errors.AsType[*approvals.Error](err)
		if given && passes(say.Code) {
			given = false
		}
		if !given && tries < patience {
			return err
		}
		next = r
		next.State, next.Over, next.Wrong = Refused, now, wrongOf(r, err, say, given)
		s.Log.WarnContext(ctx, "a review can't begin", "review", n, "app", r.App, "err", err)
	}
	_, err = s.change(ctx, n, now, func(tx Tx, is *Review) (bool, error) {
		if is.State != Gathering {
			return false, nil
		}
		*is = next
		return true, opened(tx, next, now)
	})
	return err
}

// passes reports whether what a code stands for may be otherwise in a moment.
func passes(c approvals.Code) bool {
	return slices.Contains([]approvals.Code{approvals.CannotTell, approvals.Busy, approvals.Unavailable, approvals.Unsure}, c)
}

// wrongOf is what whoever began a review reads of why it didn't.
func wrongOf(r Review, err error, say *approvals.Error, given bool) approvals.Text {
	again := approvals.Sayf("Try again in a while: `/access review app=%v`", r.App)
	switch {
	case given:
		return say.Say
	case errors.Is(err, errPeople):
		return approvals.Sayf("I couldn't find out from Slack who is who and who manages them, so I asked nobody. %v", again)
	}
	return approvals.Sayf("I couldn't read who has what in %v just now, so I asked nobody. %v", r.Called, again)
}

// opened notes that a review has begun, or was refused, and promises what follows.
func opened(tx Tx, r Review, now time.Time) error {
	if r.State == Refused {
		return note(tx, r, approvals.Usher, "refused a review", "usher", now, r.Wrong.Plain())
	}
	err := note(tx, r, approvals.Usher, "began a review", "usher", now, struct {
		Lines     int                  `json:"lines"`
		Reviewers []approvals.PersonID `json:"reviewers"`
		Read      register.Verified    `json:"read"`
	}{len(r.Lines), r.Reviewers(), r.Read})
	for _, who := range r.Reviewers() {
		err = errors.Join(err, owe(tx, now, ReviewerKey(r.Number, who)))
	}
	half := r.Began.Add(r.Due.Sub(r.Began) / 2)
	times := map[string]time.Time{doHalf: half, doEnd: r.Due}
	if last := r.Due.Add(-lastBefore); last.After(half) {
		times[doLast] = last
	}
	for _, what := range []string{doHalf, doLast, doEnd} {
		if at, is := times[what]; is {
			err = errors.Join(err, tx.Change(outbox.Promise(doKey(r.Number, what), at)))
		}
	}
	// Homes show their reviewers how much waits.
	return errors.Join(err, tx.Change(atOnce(approvals.EveryHome, now).OnlyWhere(approvals.AnyHome)))
}

// gathered is a review with its lines, each somebody's.
func (s *Reviews) gathered(ctx context.Context, r Review, now time.Time) (Review, error) {
	apps := s.Inventory.Apps()
	i := slices.IndexFunc(apps, func(a approvals.App) bool { return a.ID == r.App })
	if i < 0 {
		return r, approvals.Refuse(approvals.NotFound, "I don't look after %v any more, so I asked nobody.", r.Called)
	}
	app := apps[i]
	people, err := s.Workspace.Everybody(ctx)
	if err != nil {
		return r, errors.Join(errPeople, err)
	}
	seats, err := s.seats(ctx, app)
	if err != nil {
		return r, err
	}
	held, err := s.held(ctx, app)
	if err != nil {
		return r, err
	}
	o := odds{app: app, seats: seats, found: held.Findings, people: register.NewDirectory(people), now: now}
	w := s.whose(app, now)
	for _, e := range held.Entries {
		if e.Coming {
			continue
		}
		if e.Missing || !e.Removed.IsZero() {
			r.Gone++
			continue
		}
		r.Lines = append(r.Lines, o.line(e))
		if e.Verified.How != register.OnlySaid && e.Verified.At.After(r.Read.At) {
			r.Read = e.Verified
		}
	}
	switch {
	case len(r.Lines) == 0:
		return r, approvals.Refuse(approvals.NotFound, "Nobody has anything in %v that I know of, so there's nothing to review.", app.Name)
	case len(r.Lines) > mostLines:
		return r, tooMany(app, len(r.Lines))
	}
	slices.SortStableFunc(r.Lines, func(a, b Line) int { return cmp.Compare(strings.ToLower(a.Called()), strings.ToLower(b.Called())) })
	for i := range r.Lines {
		if err := w.assign(ctx, &r.Lines[i]); err != nil {
			return r, errors.Join(errPeople, err)
		}
	}
	r.State = Open
	return r, nil
}

// tooMany is the refusal of a review that would hold more lines than anybody answers.
func tooMany(app approvals.App, n int) error {
	return approvals.Refuse(approvals.Invalid, "%v has %v accounts, and a review holds %v, so I asked nobody. `usher who app=%v --json` lists them all.", app.Name, n, mostLines, app.ID)
}

// seats are an app's accounts as its vendor lists them just now, by folded address; none where it can't be read. So many that no review
// holds them are not even gone through.
func (s *Reviews) seats(ctx context.Context, app approvals.App) (map[string]approvals.Seat, error) {
	by := map[string]approvals.Seat{}
	if app.Entry == nil || !app.Entry.Reads.Used {
		return by, nil
	}
	all, err := s.Inventory.Walk(ctx, app.ID)
	if err == nil && all.Count > 2*mostLines {
		return nil, tooMany(app, all.Count)
	}
	if err == nil {
		err = all.Each(func(seat approvals.Seat) bool {
			by[approvals.FoldEmail(seat.Email)] = seat
			return true
		})
	}
	if err != nil {
		return nil, errors.Join(errVendor, err)
	}
	return by, nil
}

// held is who has what in an app: read from its vendor just now, or where that can't be, by its last list and by requests.
func (s *Reviews) held(ctx context.Context, app approvals.App) (register.Holdings, error) {
	h, err := s.Register.OfApp(ctx, app.ID)
	if err != nil {
		return h, fmt.Errorf("read who has what: %w", err)
	}
	if len(h.Unread) > 0 {
		return h, errVendor
	}
	return h, nil
}
