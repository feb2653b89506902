package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// A report to people has two kinds of promise. The slot's own, "report/weekly/2026-11-23T09:00", finds out who its readers
// are, once, and promises each of them a message of their own, "report/weekly/2026-11-23T09:00/U0BOB", all in one
// transaction. A crash before it finds them again; after it the keys are owed or have receipts, so nobody is promised two.
//
// Where each reader's own zone counts, the slot's promise falls due before the slot does anywhere, and each reader's sleeps
// until it does where they are. Where that is, is looked up anew every hour until then, because people travel.

// The words that stand for readers who are not named.
const (
	// ForManagers is each manager, who gets what is of their own people.
	ForManagers = "managers"
	// ForNeeded is each person whom something waits for, who gets what that is.
	ForNeeded = "needed"
)

// Words are those words.
var Words = []string{ForManagers, ForNeeded}

const (
	// aheadOfAll is more than any zone is ahead of UTC, in hours, and behindAll than any is behind it.
	aheadOfAll = 15
	behindAll  = 13
	// lookAgain is how long it is believed where a reader is who waits for their hour.
	lookAgain = time.Hour
	// mostFanned is how many slots may be on their way round the world at once: of a busier schedule the last.
	mostFanned = 60
)

// hearing is the body of a reader's promise. It is stored: fields may be added, never renamed.
type hearing struct {
	// Instead says why the report comes to this person and not to where it belongs; nil: it is theirs.
	Instead approvals.Text `json:"instead,omitempty"`
}

// ToPeople reports whether a report goes to people, each by direct message.
func (c Config) ToPeople() bool { return len(c.People) > 0 }

// Word is the one word that stands for its readers; "" where they are named.
func (c Config) Word() string {
	if len(c.People) == 1 && slices.Contains(Words, c.People[0]) {
		return c.People[0]
	}
	return ""
}

// slotsIn are the slots as somebody in a zone has them.
func (c Config) slotsIn(zone string) Slots {
	if c.In == nil {
		return c.Schedule
	}
	return c.In(zone)
}

// late is how old a slot may be and still be seen to: where each reader's own zone counts, it comes to the last of them
// more than a day after the first.
func (c Config) late() time.Duration {
	if c.In == nil {
		return Late
	}
	return Late + (aheadOfAll+behindAll)*time.Hour
}

// EarliestSchedule is a schedule as it comes before it does in any zone.
func EarliestSchedule(spec string) (Schedule, error) {
	s, err := ParseSchedule(spec, "")
	if err == nil {
		s.zone = time.FixedZone("reader", aheadOfAll*3600)
	}
	return s, err
}

// In is the same schedule by another zone's clock; one that nobody knows counts as UTC.
func (s Schedule) In(zone string) Schedule {
	place, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		place = time.UTC
	}
	s.zone = place
	return s
}

// readers are those who get a slot of a report: each once, whoever they are by now.
func (r *Runner) readers(ctx context.Context, c Config) ([]approvals.PersonID, error) {
	if c.Word() != "" {
		return r.candidates(ctx, c)
	}
	var all []approvals.PersonID
	for _, who := range c.People {
		if !approvals.IsGroup(who) {
			all = append(all, approvals.PersonID(who))
			continue
		}
		members, err := approvals.Members(ctx, r.People, approvals.GroupID(who))
		if err != nil {
			return nil, fmt.Errorf("read who is in %s: %w", who, err)
		}
		all = append(all, members...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// underWay is the digest of a slot's receipt that was fanned out to those who were found and is looked at again.
const underWay = "under way"

// fan promises each reader of a slot a message of their own. The order is: who they are, their promises, then the receipt of
// the slot. Nobody who has left or is a guest is promised one, and where nobody is there any more the admins hear of it, once.
//
// Whom a word stands for may change until their hour: while the slot goes round the world it is looked anew every hour, since
// says when last, and who is found then and whose hour was past by then has missed nothing.
func (r *Runner) fan(ctx context.Context, job outbox.Job, c Config, slot string, until, since time.Time) outbox.Result {
	all, err := r.readers(ctx, c)
	if err != nil {
		return r.trouble(job, err)
	}
	var promises []outbox.Change
	now := r.Planner.Now()
	for _, who := range all {
		p, err := r.People.Person(ctx, who)
		if err != nil {
			return r.trouble(job, fmt.Errorf("look up a reader: %w", err))
		}
		if !p.Full() {
			r.Planner.Log.WarnContext(ctx, "a reader of a report has left or is no full member, and gets none", "report", c.Name, "person", who)
			continue
		}
		at, ok := c.slotsIn(p.TZ).At(slot)
		if !ok || !at.After(since) {
			continue
		}
		promise, err := promised(ReaderKey(c.Name, slot, who), sooner(at, now.Add(lookAgain)), hearing{})
		if err != nil {
			return r.trouble(job, err)
		}
		promises = append(promises, promise)
	}
	if len(promises) == 0 && c.Word() == "" {
		return r.unread(ctx, job, c)
	}
	if err := again(func() error { return r.Planner.Box.Promise(ctx, promises...) }); err != nil {
		return r.trouble(job, err)
	}
	r.Planner.Wake()
	if c.Word() != "" && now.Before(until) {
		return outbox.DoneUntil(now.Add(lookAgain), &outbox.Receipt{Digest: underWay})
	}
	return outbox.DoneWith(outbox.Receipt{Digest: fmt.Sprintf("for %d readers", len(promises))})
}

func sooner(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func promised(key string, at time.Time, h hearing) (outbox.Change, error) {
	body, err := json.Marshal(h)
	if err != nil {
		return outbox.Change{}, fmt.Errorf("encode what %s is for: %w", key, err)
	}
	change := outbox.PromiseOnce(key, at)
	change.Put.Body = body
	return change, nil
}

// unread ends a slot that nobody is there to read, and tells the admins the first time. A crash between the alarm and the
// note that it was given gives it once more, on another day at most.
func (r *Runner) unread(ctx context.Context, job outbox.Job, c Config) outbox.Result {
	s, err := r.Planner.remembered(ctx, c.Name)
	if err != nil {
		return r.trouble(job, err)
	}
	readers := strings.Join(c.People, ",")
	if s.Unread != readers {
		r.Alarm(ctx, "report-"+c.Name+"-unread", approvals.Sayf("Nobody gets the report *%v* any more: everybody it goes to has left, or is a guest. Put others under its `people` in usher.yml, or take the report out, and restart me.", c.Name))
		s.Unread = readers
		if err := r.Planner.keep(ctx, c.Name, s); err != nil {
			return r.trouble(job, err)
		}
	}
	r.Planner.Log.WarnContext(ctx, "a report has no readers", "report", c.Name)
	return outbox.DoneWith(outbox.Receipt{Digest: "nobody to read it"})
}

// Divert promises somebody a slot of a report that can't be posted where it belongs, with the reason, once; key is the
// slot's.
func Divert(key string, to []approvals.PersonID, instead approvals.Text, now time.Time) ([]outbox.Change, error) {
	at, ok := parseKey(key)
	if !ok || at.slot == "" || at.reader != "" {
		return nil, fmt.Errorf("divert report: %s is no slot of one", key)
	}
	var out []outbox.Change
	for _, who := range to {
		change, err := promised(ReaderKey(at.report, at.slot, who), now, hearing{Instead: instead})
		if err != nil {
			return nil, err
		}
		out = append(out, change)
	}
	return out, nil
}

// reading is what one reader's message is posted by.
type reading struct {
	person approvals.Person
	slots  Slots
	hearing
}

// hears finds out whether a reader's message is to be posted now. ok is false where it is not: then result stands.
func (r *Runner) hears(ctx context.Context, job outbox.Job, c Config, at address) (got reading, result outbox.Result, ok bool) {
	if len(job.Body) > 0 && json.Unmarshal(job.Body, &got.hearing) != nil {
		return got, r.drop(job, "what it is for cannot be read"), false
	}
	var err error
	if got.person, err = r.People.Person(ctx, at.reader); err != nil {
		return got, r.trouble(job, fmt.Errorf("look up a reader: %w", err)), false
	}
	if !got.person.Full() {
		return got, r.drop(job, "its reader has left, or is no full member any more"), false
	}
	if got.slots = c.Schedule; got.Instead != nil {
		return got, result, true
	}
	still, err := r.stillReads(ctx, c, at.reader)
	switch {
	case err != nil:
		return got, r.trouble(job, err), false
	case !still:
		return got, r.drop(job, "its reader is none of this report's any more"), false
	}
	got.slots = c.slotsIn(got.person.TZ)
	due, ok := got.slots.At(at.slot)
	switch now := r.Planner.Now(); {
	case !ok:
		return got, r.drop(job, "the schedule has no such slot any more"), false
	case due.After(now):
		// Where they are is asked again before then; it is no try, and no trouble.
		return got, outbox.DoneUntil(sooner(due, now.Add(lookAgain)), nil), false
	}
	return got, result, true
}

// stillReads reports whether somebody is a reader of a report by now.
func (r *Runner) stillReads(ctx context.Context, c Config, who approvals.PersonID) (bool, error) {
	if slices.Contains(c.People, string(who)) || c.Word() != "" {
		return true, nil // of what a word stands for, what there is to say decides
	}
	all, err := r.readers(ctx, c)
	return slices.Contains(all, who), err
}
