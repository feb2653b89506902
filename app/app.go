// Package app is the wiring of `usher run`: every room joined to its neighbours, a page to read and not a place
// to think.
//
//	app.go       the rooms, their order at the start and at the end
//	store.go     where everything is kept, opened
//	failover.go  what is said once a database goes on from a copy of itself
//	health.go    how everything is, for admins
//	between.go   what tests may put between two rooms
//	fence.go     no call is begun for a delivery that somebody else has taken over
//	clock.go     the wall read once, and then the time that has really passed, with Slack's answers as witness
//	kinds.go     the kinds of app: what carries each out
//	history.go   who holds what, and what each app was like
//	joiners.go   those who come, and what tells of them
//	reports.go   the reports that are configured, and what they are built from
//	reviews.go   reviews, which others are joined to
//	directories.go  where people are known from beside Slack
//	units.go     the apps of which it is watched how many units are left
//	preview.go   reports from a database that nobody runs on
//	shared.go    what several processes share beside the store
//	control.go   the socket of the running bot
//	metrics.go   the numbers an operator watches
//	timings.go   of these, how long things took
//	renew.go, secrets.go  another life under what was read again, once its secrets were tried
//	tracing.go   which request all that is done is about, for the log and for who watches traces
//	screen.go    what somebody sees who has started it at a terminal
//	watched.go   this life, for who watches from outside
//
// This room and its like (cli, check, demo) alone read the clock, draw lots and open the store; everybody below
// is handed what they need. demo puts simulated neighbours into Surroundings, and so do tests.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/forget"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/reports/paper"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/traces"
)

// listsAreGoodFor is how long a list read from a vendor answers commands before it is read again.
const listsAreGoodFor = 2 * time.Minute

// grace is how long deliveries in hand may go on when the program is told to stop: the whole of it is to
// take less than ten seconds, on a busy machine too.
const grace = 6 * time.Second

// Surroundings are what the program stands in: clock, chance, and the ways to the outside. The real
// ones are made by Outside; demo and tests put simulated neighbours in their place.
type Surroundings struct {
	// Wall is the machine's clock, Elapsed the time that has really passed since the start.
	Wall      func() time.Time
	Elapsed   func() time.Duration
	Random    io.Reader
	SlackHTTP *http.Client
	// SlackDial opens Socket Mode connections; nil: the network.
	SlackDial bot.DialFunc
	// Stops: the machine may stop under the program and go on, by itself or by somebody's hand, and what was sent meanwhile is old.
	Stops bool
	// VendorHTTP reaches the vendors, and DirectoryHTTP the directories of people (nil: VendorHTTP does); AllowHTTP lets them do so without
	// TLS at any address.
	VendorHTTP    *http.Client
	DirectoryHTTP *http.Client
	AllowHTTP     bool
	// Store is passed to the store as it is, and Database where the environment names one.
	Store    bolt.Options
	Database postgres.Options
	// Traces takes the spans of what is done; nil: nobody watches.
	Traces *traces.Sender
	// Opens opens what several lives keep together, in place of a file or a database; nil: nothing is kept together.
	Opens func(bolt.Options) (store.Store, error)
	// Kinds are kinds of app beside those that the program has (kinds.go).
	Kinds []Kind
	// Between is put between rooms; empty: nothing.
	Between between
	// connections is how many this life keeps to Slack, as it's configured.
	connections int
}

// Outside is the real world. Each client times out by itself, and keeps enough idle connections for
// a busy hour (the default of 2 a host costs a handshake for nearly every call).
func Outside() Surroundings {
	transport := func() *http.Transport {
		return &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 60 * time.Second, IdleConnTimeout: 90 * time.Second,
			MaxIdleConnsPerHost: 64, ForceAttemptHTTP2: true}
	}
	start := time.Now()
	return Surroundings{Wall: time.Now, Elapsed: func() time.Duration { return time.Since(start) }, Random: rand.Reader, Stops: true,
		SlackHTTP:  &http.Client{Transport: transport(), Timeout: 10 * time.Second},
		VendorHTTP: &http.Client{Transport: transport()}}
}

// App is every room joined to its neighbours.
type App struct {
	Store store.Store
	Desk  *approvals.Desk
	// Register is who holds what.
	Register *register.Register
	// past is what each app was like, day by day.
	past *history.Keeper
	// Reviews ask whether it is still needed.
	Reviews *reviews.Reviews
	// Leavers is who leaves.
	Leavers *leavers.Desk
	// Joiners is who came, and what they are offered.
	Joiners *joiners.Desk
	worker  *outbox.Worker
	Bot     *bot.Bot
	planner *reports.Planner
	// runner builds reports, and filing has them go along as files.
	runner *reports.Runner
	filing *paper.Filing
	// polls watches how many units are left.
	polls *units.Polls
	// sweeps looks each app over once a day.
	sweeps *register.Sweeps
	// keeping removes what was closed long ago.
	keeping *approvals.Keeping
	// forgetter takes people out of everything.
	forgetter *forget.Forgetter
	// directories reads where people are known from beside Slack.
	directories *directory.Readings
	Clock       *clock
	slack       *web.Client
	people      *web.Directory
	// profiles reads managers behind; nil: no profile field names any.
	profiles *web.Profiles
	// roll keeps alive whoever decides.
	roll *approvals.Roll
	// inventory reads behind what commands are answered with.
	inventory *provision.Inventory
	// walks reads page by page what is too much to read at once.
	walks *census.Censuses
	// timings are what is counted of this life.
	timings *timings
	// tracing says what everything is about.
	tracing *tracing
	Log     *slog.Logger
	// renewing ends when this life makes way for one under another configuration (renew.go).
	renewing context.Context
	renew    context.CancelFunc
	// admits tries what the next life would begin with (secrets.go).
	admits func(context.Context, Beginning) error
}

// announced says in the log that a life is told to end, and that it has.
func announced(ctx context.Context, log *slog.Logger, live func() error) error {
	said := make(chan struct{})
	hush := context.AfterFunc(ctx, func() {
		defer close(said)
		log.InfoContext(ctx, "usher is stopping: it hears nothing new and finishes what is in hand")
	})
	err := live()
	if !hush() {
		<-said
	}
	log.InfoContext(ctx, "usher has stopped", "version", Version(), "in_order", err == nil)
	return err
}

// New opens the store and joins the rooms. Nothing outside is touched yet. ctx ends the waiting for a database, and nothing else.
func New(ctx context.Context, cfg *config.Config, env config.Env, w Surroundings, opt Options) (*App, error) {
	clock := newClock(w.Wall, w.Elapsed, opt.Log)
	tracing := newTracing(&w, clock)
	memory, places := &lateMemory{}, &courier.Places{}
	around := Around{Env: env, Surroundings: w, Now: clock.Now, Log: opt.Log, Memory: memory, shared: sharedOf(env)}
	out, err := joined(cfg, around)
	if err != nil {
		return nil, err
	}
	apps, schedules := out.apps, out.schedules
	w.Store.Log, w.Store.Place, w.connections = opt.Log, places.Of, cfg.Slack.Connections
	if env.AuditKey != nil {
		w.Store.Key, w.Store.Before = env.AuditKey, env.AuditKeyOld
	}
	nonce := func() (string, error) { return approvals.NewNonce(w.Random) }
	s, life, err := openStore(ctx, env, w.surviving(cfg.Slack.Admins), opt.DataDir, nonce, clock.Now())
	if err != nil {
		return nil, err
	}
	around.opened(memory, s)
	tracing.request, tracing.life = s.Request, life.ID
	box := w.Between.box(s)
	a := &App{Store: s, Log: opt.Log, Clock: clock, timings: newTimings(), tracing: tracing, worker: &outbox.Worker{Box: box, Now: clock.Now, Log: opt.Log, Owed: tracing.owed, Grace: grace, Herald: s, Every: around.shared.every()}}
	if a.worker.Life, err = nonce(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	a.renewing, a.renew = context.WithCancel(context.Background())
	slack := web.New(slackConfig(cfg, out, around))
	people := web.NewDirectory(slack)
	a.slack, a.people, a.admits = slack, people, a.admission(around)
	directory := w.Between.directory(people)
	inventory := a.reading(apps, schedules, opt)
	a.Desk = &approvals.Desk{Book: w.Between.book(s), Directory: directory, Policies: cfg.Policies(), Admins: cfg.Slack.Admins, Log: opt.Log, Wake: a.worker.Wake, Nonce: nonce, Apps: inventory.Apps(), Managers: cfg.People.Managers, Memory: inventory, Kept: a.kept, Limits: cfg.People.Requests, Recalls: people.RecallByEmail, IsMember: people.IsMember}
	a.profiling(cfg)
	a.roll = approvals.NewRoll(a.Desk, clock.Now, a.alarm(cfg.Slack.Admins, clock.Now))
	a.directories = a.readings(out.directories, box, cfg)
	a.registering(cfg, w.Between, people, inventory, box)
	a.Leavers = a.leaving(cfg, w.Between, people, nonce, opt)
	a.reviewing(w.Between, s, inventory, w.Store.Key)
	manual := &reports.Manual{Reports: schedules, Box: s, Now: clock.Now, Wake: a.worker.Wake}
	house := &commands.House{Desk: a.Desk, Inventory: inventory, Directory: directory, Reports: manual, Rooms: people, Register: a.Register, Reviews: a.Reviews, Leavers: a.Leavers, Past: a.past, Main: byapi.Kind, Bundles: cfg.Bundled(),
		Cards: approvals.ChannelID(cfg.Slack.ApprovalsChannel)}
	asking := *a.Desk
	asking.Directory = w.Between.directory(web.NewDirectory(slack)) // with a memory of its own: who is asked to decide is looked up anew when they do
	courier := courier.New(slack, courier.Config{Box: box, Requests: &asking, Channel: cfg.Slack.ApprovalsChannel, Admins: cfg.Slack.Admins, People: directory, Readers: house, Open: a.open, Quiet: cfg.People.Quiet, Ration: courier.Ration{Most: cfg.People.MessagesPerDay, Memory: s}, Homes: &asking, Health: a, Holds: house, Imports: house, Outsiders: house, Leavings: house, Reviews: a.Reviews, Wake: a.worker.Wake, Life: life, Places: places, Now: clock.Now, Log: opt.Log})
	a.enroll(house)
	house.Link, a.Reviews.Remover = courier.Link, house
	a.welcoming(cfg, w.Between.joiners(s), directory, slack, house, opt)
	a.Desk.Fill = courier.Full
	a.planner = &reports.Planner{Reports: schedules, Memory: s, Box: s, Now: clock.Now, Log: opt.Log, Wake: a.worker.Wake}
	a.polls = &units.Polls{Apps: out.metered, Memory: s, Box: box, Now: clock.Now, Log: opt.Log, Wake: a.worker.Wake}
	a.forgetter, house.Units, a.keeping, a.sweeps = a.forgets(w.Random), a.polls, a.keeps(cfg, box), &register.Sweeps{Register: a.Register, Box: box, Alarm: a.alarm(cfg.Slack.Admins, clock.Now), Now: clock.Now, Log: opt.Log}
	a.runner = a.filed(&reports.Runner{Planner: a.planner, Poster: courier, Progress: courier, Gatherer: a.gathering(cfg), People: directory, Duties: a.Desk, Alarm: a.alarm(cfg.Slack.Admins, clock.Now)}, courier, box, opt.Log)
	deeds := &provision.Deeds{Desk: a.Desk, Kinds: carriers(apps, w.Between), People: people, ByHand: clock.sure(a.Desk.Tasking(clock.Now)), Changed: inventory.Changed, Locks: around.shared.locks(), Alarm: a.alarm(cfg.Slack.Admins, clock.Now), Now: clock.Now, Log: opt.Log}
	looks := &provision.Looks{Desk: a.Desk, Inventory: inventory, Now: clock.Now, Log: opt.Log}
	a.lanes(courier, clock.sure(a.runner), deeds, looks, clock.sure(deeds.Endings()), w.Between)
	a.Bot = bot.New(slack, w.Between.ear(bot.Config{Dial: w.SlackDial, Standstill: w.standstill(), Connections: cfg.Slack.Connections, Others: around.shared.others(), Follow: tracing.follow, Now: clock.Now, Log: opt.Log}), tracing.desk(w.Between.desk(a.Desk)), w.Between.house(house))
	a.Bot.Cards, a.Bot.Reviews, a.Bot.Seen, a.Bot.Came, a.Bot.Alarm = courier.CardAt, a.Reviews, a.seen, a.Joiners.Came, a.alarm(cfg.Slack.Admins, clock.Now)
	return a, nil
}

// profiling reads managers from people's profiles, where a field of them names any.
func (a *App) profiling(cfg *config.Config) {
	field := cfg.People.ManagerField
	if field == "" {
		return
	}
	a.profiles = web.NewProfiles(a.slack, field, cfg.People.FieldEditable)
	a.profiles.Alarm = a.alarm(cfg.Slack.Admins, a.Clock.Now)
	a.Desk.Profiles = a.profiles
}

// kept takes in each step of a request that was kept.
func (a *App) kept(ctx context.Context, r approvals.Request, e approvals.Entry) {
	a.timings.kept(r, e)
	a.tracing.kept(ctx, r, e)
}

// open lists the requests that wait, and with closed the latest of all.
func (a *App) open(ctx context.Context, closed bool) ([]approvals.Request, error) {
	if closed {
		return a.Desk.Requests(ctx, approvals.Filter{All: true}, mostLately)
	}
	return a.Desk.Every(ctx, approvals.Filter{State: approvals.Pending})
}

// mostLately is how many requests are looked through for the card under which something was deleted.
const mostLately = 200

// lanes says who carries out which kind of promise, and how many of them at once.
func (a *App) lanes(courier *courier.Courier, runner, deeds, looks, endings outbox.Doer, with between) {
	add := func(kind string, width int, d outbox.Doer) {
		a.worker.Add(outbox.Lane{Kind: kind, Doer: a.tracing.carried(kind, with.doer(kind, d)), Width: width})
	}
	for _, kind := range courier.Kinds() {
		add(kind, 4, a.timings.delivered(courier, a.Clock.Now))
	}
	add(reports.Kind, 2, runner)
	add(reports.KindFiles, 1, a.Clock.sure(a.filing))
	add(units.Kind, 1, a.Clock.sure(a.polls))
	add(directory.Kind, 1, a.Clock.sure(a.directories))
	add(approvals.KindImport, 1, a.Clock.sure(a.Register.Orders(a.Clock.Now)))
	add(approvals.KindSweep, 1, a.Clock.sure(a.sweeps))
	add(approvals.KindKeep, 1, a.Clock.sure(a.keeping))
	add(joiners.KindRead, 1, a.Clock.sure(a.Joiners.Read(a.Clock.Now)))
	add(joiners.KindWelcome, 2, a.Clock.sure(a.Joiners.Welcome(a.Clock.Now)))
	add(reviews.Kind, 2, a.Clock.sure(a.Reviews.Doer(a.Clock.Now)))
	add(leavers.KindPeople, 1, a.Clock.sure(a.Leavers.Sweep(a.Clock.Now)))
	add(leavers.KindGather, 1, a.Clock.sure(a.Leavers.Gathering(a.Clock.Now)))
	add(leavers.KindVerify, 1, a.Clock.sure(a.Leavers.Verifying(a.Clock.Now)))
	add(approvals.KindDeed, 4, deeds)
	add(approvals.KindLook, 4, looks)
	add(approvals.KindEnd, 4, endings)
	add(approvals.KindLine, 1, &provision.Lines{Desk: a.Desk, Inventory: a.inventory, Now: a.Clock.Now, Log: a.Log})
	add(approvals.KindExpire, 2, a.Clock.sure(a.Desk.Expiry(a.Clock.Now)))
	add(approvals.KindLapse, 2, a.Clock.sure(a.Desk.Lapse(a.Clock.Now)))
	add(approvals.KindRemind, 2, a.Clock.sure(a.Desk.Reminding(a.Clock.Now)))
	add(approvals.KindAway, 1, a.Clock.sure(a.Desk.Moving(a.Clock.Now)))
	add(approvals.KindAlive, 2, a.Clock.sure(a.Desk.Watching(a.Clock.Now)))
	add(approvals.KindBack, 1, a.Clock.sure(a.Desk.Returning(a.Clock.Now)))
	add(approvals.KindDue, 2, a.Clock.sure(a.Desk.Pressing(a.Clock.Now)))
	add(approvals.KindEscalate, 2, a.Clock.sure(a.Desk.Escalation(a.Clock.Now)))
}

// Run hears and works until ctx ends. The order at the end matters: first nothing new is heard, then
// what is in hand is finished, then the store is closed.
func (a *App) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var working sync.WaitGroup
	hear, deafen := context.WithCancel(ctx)
	defer deafen()
	a.freshen(work)
	a.watches(work)
	for _, room := range []func(context.Context){a.worker.Run, a.planner.Run, a.polls.Run, a.sweeps.Run, a.directories.Run, a.keeping.Run, a.forgetting, a.listening} {
		working.Go(func() {
			// A retry that is put off by a wrong clock would sleep by it, perhaps for weeks.
			a.Clock.confirmed(work)
			room(work)
		})
	}
	working.Go(func() { a.inventory.Run(work, a.Log) })
	a.lookingUp(work, &working)
	var amiss error
	working.Go(func() {
		if amiss = a.proving(work); amiss != nil {
			deafen()
		}
	})
	// To begin anew, what is in hand is finished first: people are heard until there is only the door to close.
	anew := context.AfterFunc(a.renewing, func() {
		stop()
		working.Wait()
		deafen()
	})
	defer anew()
	err := a.Bot.Run(hear)
	stop()
	working.Wait()
	return errors.Join(err, amiss, a.Store.Close())
}

// lookingUp begins what asks Slack of its own accord, once Slack has let us in.
func (a *App) lookingUp(ctx context.Context, working *sync.WaitGroup) {
	rooms := []func(context.Context){a.roll.Run, a.sweeping, func(ctx context.Context) { a.slack.KeepGroups(ctx, append(a.Desk.Groups(), a.Joiners.Groups()...)) }}
	if a.profiles != nil {
		rooms = append(rooms, a.profiles.Run)
	}
	for _, room := range rooms {
		working.Go(func() {
			select {
			case <-ctx.Done():
			case <-a.slack.SignedIn():
				room(ctx)
			}
		})
	}
}

// alarm tells the admins of something only they can mend, once a day for each topic.
func (a *App) alarm(admins []approvals.PersonID, now func() time.Time) provision.Alarm {
	return func(ctx context.Context, topic string, say approvals.Text) {
		changes, err := courier.Alarms(topic, say, admins, now())
		if err == nil {
			err = a.Store.Promise(ctx, changes...)
		}
		if errors.Is(err, outbox.ErrGone) {
			return // whoever has taken over what it's about warns of it
		}
		if err != nil {
			a.Log.ErrorContext(ctx, "cannot keep a warning for the admins", "topic", topic, "err", err)
			return
		}
		a.worker.Wake()
	}
}

// Options is what the command line says beyond the configuration.
type Options struct {
	// DataDir is the folder in which everything is kept.
	DataDir string
	Log     *slog.Logger
	// Settles is how long it is waited before anything is asked about who was deactivated or has come; 0: leavers.DefaultSettles and
	// joiners.DefaultSettles. A demo has nobody wait for minutes.
	Settles time.Duration
}
