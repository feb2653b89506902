package reports

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Duties say what is somebody's: what waits for them, and whose people are whose; *approvals.Desk does.
type Duties interface {
	Every(ctx context.Context, f approvals.Filter) ([]approvals.Request, error)
	Awaiting(ctx context.Context, who string, now time.Time) ([]approvals.Request, error)
	// Tasks are somebody's open tasks and those that are nobody's and they may take, what is due first on top; with "" all.
	Tasks(ctx context.Context, who approvals.PersonID, now time.Time) ([]approvals.Request, error)
	ManagerOf(ctx context.Context, of approvals.PersonID) (approvals.Managed, error)
}

// justSaid is how long somebody knows of what waits for them without being told again: where all of it was said to them more
// lately, a report of what needs them is left out.
const justSaid = 4 * time.Hour

// Own is what one reader is told of what is theirs.
type Own struct {
	// Report is the name of the report, and To who reads it.
	Report string
	To     approvals.Person
	At     time.Time
	// Waiting waits for their decision, what has waited longest first, and Tasks are theirs, what is due first on top.
	Waiting, Tasks []approvals.Request
	// Team are their people; nil: it is about what needs them.
	Team []Mate
	// Cost is what their people's seats cost a month, one for each currency, and Costless the apps of which that isn't known.
	Cost     []approvals.Price
	Costless []approvals.App
}

// Mate is one of somebody's people.
type Mate struct {
	Who approvals.PersonID
	// Holds is what they have by requests that were done.
	Holds []approvals.Holding
	// Waiting is what is asked for them and isn't decided, Tasks what they carry out, and Ending what they have for a time, the
	// first end on top.
	Waiting, Tasks, Ending []approvals.Request
}

// whole refuses a report that is another one for each reader, and so can't be shown to somebody or written to a file.
func (c Config) whole() error {
	switch c.Word() {
	case ForManagers:
		return approvals.Refuse(approvals.Invalid, "The report `%v` tells each manager about their own people, by direct message at its time, so it can't be shown by hand. `/access who @person` shows what one of yours has.", c.Name)
	case ForNeeded:
		return approvals.Refuse(approvals.Invalid, "The report `%v` tells each person what waits for them, by direct message at its time, so it can't be shown by hand. `/access pending` and `/access tasks` show what's yours.", c.Name)
	}
	return nil
}

// Empty reports whether there is nothing to tell.
func (o Own) Empty() bool { return len(o.Waiting)+len(o.Tasks)+len(o.Team) == 0 }

// candidates are those for whom there may be something to tell of what is theirs.
func (r *Runner) candidates(ctx context.Context, c Config) (all []approvals.PersonID, err error) {
	if c.Word() == ForManagers {
		teams, err := r.teams(ctx, c)
		return slices.Sorted(maps.Keys(teams)), err
	}
	waiting, err := r.Duties.Every(ctx, approvals.Filter{State: approvals.Pending})
	if err != nil {
		return nil, fmt.Errorf("find what waits for a decision: %w", err)
	}
	tasks, err := r.Duties.Tasks(ctx, "", r.Planner.Now())
	if err != nil {
		return nil, fmt.Errorf("find what is to be done by hand: %w", err)
	}
	for _, q := range c.of(waiting) {
		for _, who := range q.Awaits() {
			if !approvals.IsGroup(who) {
				all = append(all, approvals.PersonID(who))
			}
		}
	}
	for _, q := range c.of(tasks) {
		if q.Task.Owner != "" {
			all = append(all, q.Task.Owner)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// of are those of some requests that are about the apps of the report.
func (c Config) of(list []approvals.Request) []approvals.Request {
	return Wish{Apps: c.Apps}.of(list)
}

// own gathers what one reader is told of what is theirs.
func (r *Runner) own(ctx context.Context, c Config, who approvals.Person) (o Own, err error) {
	now := r.Planner.Now()
	o = Own{Report: c.Name, To: who, At: now}
	if c.Word() == ForManagers {
		teams, err := r.teams(ctx, c)
		if err != nil {
			return o, err
		}
		o.Team = teams[who.ID]
		o.Cost, o.Costless = cost(o.Team)
		return o, nil
	}
	if o.Waiting, err = r.Duties.Awaiting(ctx, string(who.ID), now); err != nil {
		return o, fmt.Errorf("find out what waits for somebody: %w", err)
	}
	if o.Tasks, err = r.Duties.Tasks(ctx, who.ID, now); err != nil {
		return o, fmt.Errorf("find somebody's tasks: %w", err)
	}
	o.Waiting = c.of(o.Waiting)
	o.Tasks = slices.DeleteFunc(c.of(o.Tasks), func(q approvals.Request) bool { return q.Task.Owner != who.ID })
	for _, q := range slices.Concat(o.Waiting, o.Tasks) {
		at, err := r.told(ctx, q, who.ID, now)
		if err != nil || now.Sub(at) >= justSaid {
			return o, err
		}
	}
	o.Waiting, o.Tasks = nil, nil
	return o, nil
}

// told is when somebody was last told of what waits for them. A message of its own that wasn't sent in a day, which no quiet hours
// explain, counts as from when it waits for them.
func (r *Runner) told(ctx context.Context, q approvals.Request, who approvals.PersonID, now time.Time) (time.Time, error) {
	if q.Working() {
		return q.Task.Since, nil
	}
	at := q.Since()
	had, sent, err := r.Planner.Box.Receipt(ctx, approvals.ApproverKeyOf(q, who))
	switch {
	case err != nil:
		return at, err
	case sent:
		at = had.At
	case now.Sub(at) < 24*time.Hour:
		return now, nil // it comes by itself
	}
	for _, one := range q.Reminders.Of {
		if one.Who == string(who) {
			at = later(at, one.At)
		}
	}
	return at, nil
}

// teams are each manager's people of whom there is something to tell, by the same rule by which a policy finds a manager. What
// Slack can't say of one of them is an error: nobody's people are told of without them.
func (r *Runner) teams(ctx context.Context, c Config) (map[approvals.PersonID][]Mate, error) {
	all, err := r.Duties.Every(ctx, approvals.Filter{All: true})
	if err != nil {
		return nil, fmt.Errorf("find what people have: %w", err)
	}
	teams := map[approvals.PersonID][]Mate{}
	for _, m := range mates(c.of(all)) {
		by, err := r.Duties.ManagerOf(ctx, m.Who)
		if err != nil {
			return nil, fmt.Errorf("find whose people are whose: %w", err)
		}
		if by.By != "" {
			teams[by.By] = append(teams[by.By], m)
		}
	}
	return teams, nil
}

// mates are the people of whom some requests tell anything that is so by now, by their ids.
func mates(all []approvals.Request) (out []Mate) {
	done, about := map[approvals.PersonID][]approvals.Request{}, map[approvals.PersonID]*Mate{}
	of := func(who approvals.PersonID) *Mate {
		if about[who] == nil {
			about[who] = &Mate{Who: who}
		}
		return about[who]
	}
	for _, q := range slices.Backward(all) { // they come newest first
		who := q.Change.Person
		switch {
		case q.Working() && q.Task.Owner != "":
			of(q.Task.Owner).Tasks = append(of(q.Task.Owner).Tasks, q)
		case q.State == approvals.Pending:
			of(q.LedBy()).Waiting = append(of(q.LedBy()).Waiting, q)
		}
		if who == "" {
			continue
		}
		if q.State == approvals.Done || q.State == approvals.Ended {
			done[who] = append(done[who], q)
		}
		if q.State == approvals.Done && q.Lent() {
			of(who).Ending = append(of(who).Ending, q)
		}
	}
	for who, list := range done {
		if held := approvals.Holdings(list, approvals.ByAddress); len(held) > 0 {
			of(who).Holds = held
		}
	}
	for _, who := range slices.Sorted(maps.Keys(about)) {
		if who == "" {
			continue
		}
		m := about[who]
		slices.SortStableFunc(m.Ending, func(a, b approvals.Request) int { return a.EndsAt.Compare(b.EndsAt) })
		out = append(out, *m)
	}
	return out
}

// cost adds up what the seats of some people cost a month, by currency, which are never added.
func cost(team []Mate) (all []approvals.Price, unknown []approvals.App) {
	for _, m := range team {
		for _, h := range m.Holds {
			if !h.Seat {
				continue
			}
			price := h.App.Price
			i := slices.IndexFunc(all, func(p approvals.Price) bool { return p.Currency == price.Currency })
			switch {
			case price.Currency == "":
				if !slices.ContainsFunc(unknown, func(a approvals.App) bool { return a.ID == h.App.ID }) {
					unknown = append(unknown, h.App)
				}
			case i < 0:
				all = append(all, price)
			default:
				all[i].Amount += price.Amount
			}
		}
	}
	return all, unknown
}

// tellOwn has one reader told of what is theirs; where that is nothing, nobody is told.
func (r *Runner) tellOwn(ctx context.Context, job outbox.Job, c Config, who approvals.Person) outbox.Result {
	o, err := r.own(ctx, c, who)
	if err != nil {
		return r.trouble(job, err)
	}
	if o.Empty() && len(job.Note) == 0 && !job.Retaken {
		return outbox.DoneWith(outbox.Receipt{Digest: "nothing to tell"})
	}
	result := settle(r.Poster.PostOwn(ctx, job, o))
	if stands(result) {
		r.Planner.Log.InfoContext(ctx, "report posted", "report", c.Name, "person", who.ID)
	}
	return result
}
