package reports

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/stops"
)

var ctx = context.Background()

// world is one installation: a store on disk, a vendor and a Slack outside, and a program that can be
// stopped at any effect and started again.
type world struct {
	*testing.T
	now     time.Time
	store   *bolt.Store
	reports []Config
	vendor  vendor
	slack   slackChannel
	asked   []approvals.Request
	people  crowd
	// managers are whose manager is who.
	managers map[approvals.PersonID]approvals.PersonID
	// alarms are the topics of which the admins heard.
	alarms []string

	planner *Planner
	runner  *Runner
	manual  *Manual
	stops.Stops
}

func newWorld(t *testing.T, at time.Time, specs ...string) *world {
	t.Helper()
	w := &world{T: t, now: at}
	w.store, w.slack.w, w.vendor.w = stops.Store(t), w, w
	w.vendor.seats = map[string][]approvals.Seat{"seranking": {seat(1, "one@acme.example", false), seat(2, "two@acme.example", true)}}
	w.vendor.apps = []approvals.App{seranking}
	for _, spec := range specs {
		name, rest, _ := strings.Cut(spec, ": ")
		w.configure(name, rest, "Europe/London")
	}
	w.start()
	return w
}

func (w *world) configure(name, spec, tz string) {
	w.reports = append(w.reports, Config{Name: name, Schedule: schedule(w.T, spec, tz), Channel: "C0REPORTS"})
}

// start is the program beginning (again): everything it knows it reads from the store.
func (w *world) start() {
	clock := func() time.Time { return w.now }
	log := slog.New(slog.DiscardHandler)
	box := stops.Table{Store: w.store, Stops: &w.Stops}
	w.planner = &Planner{Reports: w.reports, Memory: box, Box: box, Now: clock, Log: log, Wake: func() {}}
	w.runner = &Runner{Planner: w.planner, Gatherer: &Gatherer{Seats: &w.vendor, Requests: w, Memory: box}, Poster: &w.slack, People: &w.people, Duties: w,
		Alarm: func(_ context.Context, topic string, _ approvals.Text) { w.alarms = append(w.alarms, topic) }}
	w.manual = &Manual{Reports: w.reports, Box: box, Now: clock, Wake: func() {}}
	require.NoError(w, w.planner.Plan(ctx))
}

// startAt is a start at a time, and everything that is due then.
func (w *world) startAt(at time.Time) {
	w.now = at
	w.start()
	w.work()
}

// work carries out what is due now, as the outbox's worker does.
func (w *world) work() {
	box := stops.Table{Store: w.store, Stops: &w.Stops}
	for {
		due, _, err := w.store.Due(ctx, Kind, w.now, 1)
		require.NoError(w, err)
		if len(due) == 0 {
			return
		}
		in, err := box.Claim(ctx, due[0].Key, w.now)
		require.NoError(w, err)
		result := w.runner.Do(ctx, outbox.NewJob(in, box))
		require.NoError(w, box.Finish(ctx, in, result, w.now))
	}
}

// until lets time pass, stopping at each due time.
func (w *world) until(end time.Time) {
	for {
		w.work()
		_, next, err := w.store.Due(ctx, Kind, w.now, 1)
		require.NoError(w, err)
		if next.IsZero() || next.After(end) {
			w.now = end
			return
		}
		w.now = next
	}
}

// Requests is the Desk's part.
func (w *world) Requests(_ context.Context, f approvals.Filter, _ int) ([]approvals.Request, error) {
	var out []approvals.Request
	for _, r := range w.asked {
		if f.All && (f.Below == 0 || r.Number < f.Below) || !f.All && r.State == f.State {
			out = append(out, r)
		}
	}
	return out, nil
}

func (w *world) intents() []string {
	list, err := w.store.Intents(ctx, Kind+"/")
	require.NoError(w, err)
	var keys []string
	for _, in := range list {
		keys = append(keys, in.Key)
	}
	return keys
}

func (w *world) snapshot(report string) Snapshot {
	raw, err := w.store.Snapshot(ctx, report)
	require.NoError(w, err)
	s, err := decodeSnapshot(raw)
	require.NoError(w, err)
	return s
}

// vendor lists accounts; dark counts the readings that fail, by app.
type vendor struct {
	w     *world
	apps  []approvals.App
	seats map[string][]approvals.Seat
	dark  map[string]int
	reads int
}

func (v *vendor) Apps() []approvals.App { return v.apps }

func (v *vendor) Seats(ctx context.Context, app string, fresh bool) (approvals.SeatList, error) {
	require.True(v.w, fresh, "a report tells what is so now")
	v.reads++
	v.w.Effect()
	if ctx.Err() != nil {
		return approvals.SeatList{}, ctx.Err()
	}
	if v.dark[app] > 0 {
		v.dark[app]--
		return approvals.SeatList{}, errors.New("GET https://api.example/?key=hush: 503")
	}
	return approvals.SeatList{Seats: v.seats[app], Bought: 25, At: v.w.now}, nil
}

// slackChannel is a Poster that holds its callers to the protocol: one message a key, ever; a claim
// before each post; a channel that was configured.
type slackChannel struct {
	w     *world
	posts []post
	owns  []Own
	// refusals and losses count the posts that fail before and after the effect.
	refusals, losses int
	// mute ends the next jobs without a message.
	mute bool
}

type post struct {
	key, channel string
	at           time.Time
	Report
}

func (s *slackChannel) PostReport(ctx context.Context, job outbox.Job, channel string, r Report) outbox.Result {
	again := outbox.RetryAt(s.w.now.Add(30*time.Minute), "Slack failed")
	if job.Retaken || len(job.Note) > 0 {
		if s.has(job.Key) {
			return outbox.DoneWith(outbox.Receipt{Place: channel, ID: "17.1"})
		}
	}
	if s.mute {
		return outbox.Done()
	}
	if s.refusals > 0 {
		s.refusals--
		return again
	}
	require.NoError(s.w, job.Mark(ctx, "tried"))
	s.w.Effect()
	require.False(s.w, s.has(job.Key), "%s was posted twice", job.Key)
	require.NotEqual(s.w, channel == "", r.To == "", "it goes to one place")
	if r.To != "" {
		require.Equal(s.w, ReaderKey(r.Name, r.Slot, r.To), job.Key)
		require.True(s.w, s.w.people.all[r.To].Full(), "who has left reads nothing")
	} else {
		require.Equal(s.w, r.Slot != "", strings.HasSuffix(job.Key, "/"+r.Slot), "the slot is the key's")
	}
	s.posts = append(s.posts, post{job.Key, channel, s.w.now, r})
	s.w.Effect()
	if s.losses > 0 {
		s.losses--
		return again
	}
	return outbox.DoneWith(outbox.Receipt{Place: channel, ID: "17.1"})
}

func (s *slackChannel) PostOwn(ctx context.Context, job outbox.Job, o Own) outbox.Result {
	require.False(s.w, o.Empty() && !job.Retaken && len(job.Note) == 0, "nobody is told nothing")
	s.owns = append(s.owns, o)
	at, ok := parseKey(job.Key)
	require.True(s.w, ok)
	require.Equal(s.w, at.reader, o.To.ID)
	return s.PostReport(ctx, job, "", Report{Name: o.Report, Slot: at.slot, To: o.To.ID})
}

func (s *slackChannel) has(key string) bool {
	for _, p := range s.posts {
		if p.key == key {
			return true
		}
	}
	return false
}

// said lists the slots posted, in order.
func (s *slackChannel) said() []string {
	out := []string{}
	for _, p := range s.posts {
		out = append(out, p.Slot)
	}
	return out
}

// crowd is who is in Slack; mute counts the questions that it doesn't answer.
type crowd struct {
	all    map[approvals.PersonID]approvals.Person
	groups map[approvals.GroupID][]approvals.PersonID
	mute   int
}

var errMute = errors.New("no answer from Slack")

func (c *crowd) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	if c.mute > 0 {
		c.mute--
		return approvals.Person{}, errMute
	}
	p := c.all[id]
	p.ID = id
	return p, nil
}

func (*crowd) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, errMute
}

func (c *crowd) Group(_ context.Context, id approvals.GroupID) ([]approvals.PersonID, error) {
	if c.mute > 0 {
		c.mute--
		return nil, errMute
	}
	members, ok := c.groups[id]
	if !ok {
		return nil, approvals.ErrNoGroup
	}
	return members, nil
}

// moves has somebody join, or change their zone.
func (c *crowd) moves(id approvals.PersonID, zone string) {
	if c.all == nil {
		c.all = map[approvals.PersonID]approvals.Person{}
	}
	c.all[id] = approvals.Person{ID: id, Active: true, TZ: zone}
}

// leaves has somebody deactivated.
func (c *crowd) leaves(id approvals.PersonID) {
	p := c.all[id]
	p.Active = false
	c.all[id] = p
}

// toPeople configures a report to people, by each one's own zone where tz is reader.
func (w *world) toPeople(name, spec, tz string, people ...string) *Config {
	c := Config{Name: name, People: people}
	if tz != "reader" {
		c.Schedule = schedule(w.T, spec, tz)
	} else {
		earliest, err := EarliestSchedule(spec)
		require.NoError(w, err)
		c.Schedule, c.In = earliest, func(zone string) Slots { return earliest.In(zone) }
	}
	w.reports = append(w.reports, c)
	return &w.reports[len(w.reports)-1]
}

// heard is what somebody was sent, slot by slot, with its moment.
func (s *slackChannel) heard(who approvals.PersonID) (slots []string, at []time.Time) {
	for _, p := range s.posts {
		if p.To == who {
			slots, at = append(slots, p.Slot), append(at, p.at.UTC())
		}
	}
	return slots, at
}

func mustClaim(w *world, key string) outbox.Intent {
	in, err := w.store.Claim(ctx, key, w.now)
	require.NoError(w, err)
	return in
}

func doneWith(digest string) outbox.Result { return outbox.DoneWith(outbox.Receipt{Digest: digest}) }

// Every, Awaiting, Tasks and ManagerOf are the Desk's part too.
func (w *world) Every(ctx context.Context, f approvals.Filter) ([]approvals.Request, error) {
	if f.All {
		return w.asked, nil
	}
	return w.Requests(ctx, f, 0)
}

func (w *world) Awaiting(_ context.Context, who string, _ time.Time) (list []approvals.Request, err error) {
	for _, r := range w.asked {
		if r.WaitsFor(who) {
			list = append(list, r)
		}
	}
	return list, nil
}

func (w *world) Tasks(_ context.Context, who approvals.PersonID, _ time.Time) (list []approvals.Request, err error) {
	for _, r := range w.asked {
		if r.Working() && (who == "" || r.Task.Owner == who) {
			list = append(list, r)
		}
	}
	return list, nil
}

func (w *world) ManagerOf(_ context.Context, of approvals.PersonID) (approvals.Managed, error) {
	return approvals.Managed{Of: of, By: w.managers[of]}, nil
}
