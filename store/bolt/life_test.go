package bolt_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/store/bolt"
)

const (
	alice = approvals.PersonID("U0ALICE")
	bob   = approvals.Actor("U0BOB")
)

var seranking = approvals.App{ID: "seranking", Name: "SE Ranking"}

// said is one promise to somebody outside, at the moment it was given.
type said struct {
	// What: "asked", "approved", "denied", "canceled" (a person was told that it is so), "snapshot"
	// (it was kept), "vendor" (a vendor is being asked), "told" (a message is being posted).
	What string
	N    int64
	Key  string
}

// outside is the world that no power cut touches: a vendor's accounts and what stands in Slack.
type outside struct {
	mu       sync.Mutex
	accounts map[string]int // creates that took effect, by address
	posts    map[string]int // messages posted, by key
	heard    []said
	// listen, when set, hears each promise as it is given.
	listen func(said)
}

func newOutside() *outside { return &outside{accounts: map[string]int{}, posts: map[string]int{}} }

// after is the world as it stands when these promises and no others were given.
func after(heard []said) *outside {
	o := newOutside()
	for _, s := range heard {
		switch s.What {
		case "vendor":
			o.accounts[s.Key]++
		case "told":
			o.posts[s.Key] = 1
		}
	}
	return o
}

func (o *outside) hear(s said) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard = append(o.heard, s)
	if o.listen != nil {
		o.listen(s)
	}
}

func (o *outside) count(of map[string]int, key string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return of[key]
}

// vendor is a provision.Kind with one verb, create, that always answers.
type vendor struct{ *outside }

func (v vendor) Look(_ context.Context, t provision.Task) (provision.Sight, error) {
	return provision.Sight{Done: v.count(v.accounts, t.Request.Change.Email) > 0, Text: approvals.Sayf("The account exists.")}, nil
}

func (v vendor) Write(_ context.Context, t provision.Task, _ provision.Sight) (provision.Sight, error) {
	email := t.Request.Change.Email
	v.hear(said{What: "vendor", N: t.Request.Number, Key: email})
	v.mu.Lock()
	defer v.mu.Unlock()
	v.accounts[email]++
	return provision.Sight{Done: true, Text: approvals.Sayf("The account exists."), Account: fmt.Sprint(t.Request.Number)}, nil
}

// slack is a courier: it posts what it never posted, updates what it did, and looks where it may have.
type slack struct {
	*outside
	box outbox.Box
}

func (s slack) Do(ctx context.Context, job outbox.Job) outbox.Result {
	_, posted, err := s.box.Receipt(ctx, job.Key)
	if err != nil {
		return outbox.RetryAt(job.Due.Add(time.Second), err.Error())
	}
	if posted || job.Retaken && s.count(s.posts, job.Key) > 0 {
		return outbox.DoneWith(outbox.Receipt{ID: job.Key})
	}
	s.hear(said{What: "told", N: approvals.NumberOf(job.Key), Key: job.Key})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts[job.Key]++
	return outbox.DoneWith(outbox.Receipt{ID: job.Key})
}

// people is a directory in which everybody is an active member.
type people struct{}

func (people) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	return approvals.Person{ID: id, Email: string(id) + "@acme.example", Active: true}, nil
}

func (people) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}

func (people) Group(context.Context, approvals.GroupID) ([]approvals.PersonID, error) {
	return nil, nil
}

// life is one life of the program over a data folder.
type life struct {
	*outside
	store   *bolt.Store
	desk    *approvals.Desk
	ctx     context.Context
	stop    func()
	done    chan struct{}
	hurried bool
}

// wiring is what joins a life to its store; wrong ones seed bugs.
type wiring struct {
	book func(*bolt.Store, *outside) approvals.Book
	box  func(*bolt.Store) outbox.Box
	// hook is the store's own.
	hook bolt.Hook
	// hurried lives leave the worker seconds, not minutes, and end before anything expires.
	hurried bool
	// pruned lives leave much of the file free when the first one ends, and the start of the second gives it back.
	pruned bool
}

// begin opens the folder and starts the worker. Call it in a bubble.
func begin(dir string, o *outside, w wiring) (*life, error) {
	log := slog.New(slog.DiscardHandler)
	opt := bolt.Options{Log: log, Hook: w.hook}
	if w.pruned {
		opt.Spare = 1
	}
	s, err := bolt.Open(dir, opt)
	if err != nil {
		return nil, err
	}
	var book approvals.Book = s
	var box outbox.Box = s
	if w.book != nil {
		book = w.book(s, o)
	}
	if w.box != nil {
		box = w.box(s)
	}
	worker := &outbox.Worker{Box: box, Now: time.Now, Log: log, MaxSleep: 24 * time.Hour}
	l := &life{outside: o, store: s, done: make(chan struct{}), hurried: w.hurried}
	l.desk = &approvals.Desk{Apps: []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}}, Book: book, Directory: people{}, Log: log, Wake: worker.Wake,
		Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Policies: []approvals.Policy{{Name: "seats", Approvers: []string{string(bob)}, Need: 1, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}}}
	deeds := &provision.Deeds{Desk: l.desk, Kinds: map[string]provision.Kind{seranking.ID: vendor{o}}, Changed: func(string) {}, Now: time.Now, Log: log}
	for kind, doer := range map[string]outbox.Doer{approvals.KindDeed: deeds, approvals.KindExpire: l.desk.Expiry(time.Now),
		approvals.KindCard: slack{o, box}, approvals.KindApprover: slack{o, box}, approvals.KindTell: slack{o, box}, approvals.KindAdmins: slack{o, box}} {
		worker.Add(outbox.Lane{Kind: kind, Doer: doer, Width: 1})
	}
	ctx, stop := context.WithCancel(context.Background())
	l.ctx, l.stop = ctx, stop
	go func() { worker.Run(ctx); close(l.done) }()
	return l, nil
}

// end stops the worker and closes the store.
func (l *life) end() error {
	l.stop()
	<-l.done
	return l.store.Close()
}

// pass lets time go by until nothing moves.
func pass(d time.Duration) { <-time.After(d); synctest.Wait() }

// wait leaves the worker time for what was decided.
func (l *life) wait() {
	if l.hurried {
		pass(3 * time.Second)
		return
	}
	pass(time.Minute)
}

func email(name string) string { return name + "@acme.example" }

// ask, vote and cancel do what a person in Slack does; who was told that it is so heard a promise.
func (l *life) ask(name string) (int64, error) {
	r, _, err := l.desk.Open(l.ctx, approvals.Ask{Origin: approvals.Origin{Key: name, Surface: "slack"}, Requester: alice, App: seranking,
		Action: catalog.Create, Change: approvals.Change{Email: email(name), FirstName: name}}, time.Now())
	return r.Number, l.told(said{What: "asked", N: r.Number, Key: email(name)}, err)
}

func (l *life) vote(n int64, yes bool) error {
	_, err := l.desk.Vote(l.ctx, n, approvals.Vote{By: bob, Yes: yes, At: time.Now(), Surface: "slack", Reason: "because"}, time.Now())
	what := "denied"
	if yes {
		what = "approved"
	}
	return l.told(said{What: what, N: n}, err)
}

func (l *life) cancel(n int64) error {
	_, err := l.desk.Cancel(l.ctx, n, approvals.Actor(alice), "slack", time.Now())
	return l.told(said{What: "canceled", N: n}, err)
}

func (l *life) snapshot(text string) error {
	return l.told(said{What: "snapshot", Key: text}, l.store.KeepSnapshot(l.ctx, "weekly", []byte(text)))
}

// prune keeps much, and then little in its place.
func (l *life) prune(step func(answers)) {
	step(answers{"keep much": l.store.KeepSnapshot(l.ctx, "pruned", make([]byte, 200_000))})
	step(answers{"keep little": l.store.KeepSnapshot(l.ctx, "pruned", []byte("little"))})
}

func (l *life) told(s said, err error) error {
	if err == nil {
		l.hear(s)
	}
	return err
}

// decided are the states in which a request is that was approved.
var decided = map[approvals.State]bool{approvals.Approved: true, approvals.Running: true, approvals.InDoubt: true, approvals.Done: true, approvals.Failed: true}

// holds says whether a store still knows what was promised; nil: yes.
func holds(s *bolt.Store, p said) error {
	ctx := context.Background()
	if p.What == "snapshot" {
		raw, err := s.Snapshot(ctx, "weekly")
		if err != nil || string(raw) < p.Key {
			return fmt.Errorf("snapshot %s was kept, the file has %q (%v)", p.Key, raw, err)
		}
		return nil
	}
	r, err := s.Request(ctx, p.N)
	if err != nil {
		return fmt.Errorf("%s #%d: not in the file: %w", p.What, p.N, err)
	}
	switch p.What {
	case "approved":
		if !decided[r.State] {
			return fmt.Errorf("approved #%d is %q in the file", p.N, r.State)
		}
	case "denied", "canceled":
		if string(r.State) != p.What {
			return fmt.Errorf("%s #%d is %q in the file", p.What, p.N, r.State)
		}
	case "vendor":
		if in, err := s.Intents(ctx, approvals.DeedKey(p.N)); err != nil || !r.State.Terminal() && (len(in) != 1 || len(in[0].Note) == 0) {
			return fmt.Errorf("vendor was asked for #%d, which is %q without a mark (%v)", p.N, r.State, err)
		}
	case "told":
		_, kept, err := s.Receipt(ctx, p.Key)
		if in, err2 := s.Intents(ctx, p.Key); err != nil || err2 != nil || !kept && (len(in) == 0 || in[0].Claimed.IsZero()) {
			return fmt.Errorf("told %s, which has neither receipt nor claim (%v, %v)", p.Key, err, err2)
		}
	}
	return nil
}

// settledWell is what must be so when a life has had all the time it needs: every request is over or
// undecided, whoever was approved has exactly one account, nobody else has any, and nothing was said twice.
func settledWell(t *testing.T, l *life) {
	t.Helper()
	require.NoError(t, l.store.Check(l.ctx))
	all, err := l.desk.Requests(l.ctx, approvals.Filter{All: true}, 1000)
	require.NoError(t, err)
	want := map[string]int{}
	for _, r := range all {
		require.True(t, r.State.Terminal(), "#%d is %s", r.Number, r.State)
		require.Equal(t, 1, l.posts[approvals.CardKey(r.Number)], "card of #%d", r.Number)
		if r.State == approvals.Done {
			want[r.Change.Email] = 1
		}
		if r.State != approvals.Canceled {
			require.Equal(t, 1, l.posts[approvals.TellKey(r.Number, r.State, r.Attempt)], "outcome of #%d", r.Number)
		}
	}
	require.Equal(t, want, l.accounts)
	for key, n := range l.posts {
		require.Equal(t, 1, n, "posts of %s", key)
	}
	left, err := l.store.Intents(l.ctx, "")
	require.NoError(t, err)
	require.Empty(t, left)
}

// answers is what people were told last about each step, or about several that were taken at once.
type answers map[string]error

func (a answers) well(t *testing.T, when string) {
	for what, err := range a {
		require.NoError(t, err, "%s: %s", when, what)
	}
}

// wholeLives is a few requests from the asking to the end, every way a request can go, over two
// lives of the program. Steps that fail because the disk does are passed over.
func wholeLives(dir string, o *outside, w wiring, step func(answers)) error {
	l, err := begin(dir, o, w)
	if err != nil {
		return err
	}
	first(l, step)
	if w.pruned {
		l.prune(step)
	}
	if err := l.end(); err != nil {
		return err
	}
	if l, err = begin(dir, o, w); err != nil {
		return err
	}
	second(l, step)
	return l.end()
}

func first(l *life, step func(answers)) {
	ann, err := l.ask("ann")
	step(answers{"ask ann": err})
	pass(time.Second)
	if err == nil {
		step(answers{"approve ann": l.vote(ann, true)})
		l.wait()
	}
	dan, err := l.ask("dan")
	step(answers{"ask dan": err})
	if err == nil {
		step(answers{"deny dan": l.vote(dan, false)})
	}
	step(answers{"snapshot 1": l.snapshot("1")})
	l.wait()
}

func second(l *life, step func(answers)) {
	var both sync.WaitGroup
	errs := make([]error, 2)
	numbers := make([]int64, 2)
	for i, name := range []string{"eve", "cid"} {
		both.Go(func() { numbers[i], errs[i] = l.ask(name) })
	}
	both.Wait()
	step(answers{"ask eve": errs[0], "ask cid": errs[1]})
	if errs[1] == nil {
		step(answers{"cancel cid": l.cancel(numbers[1])})
	}
	bea, err := l.ask("bea")
	step(answers{"ask bea": err})
	if err == nil {
		step(answers{"approve bea": l.vote(bea, true)})
	}
	step(answers{"snapshot 2": l.snapshot("2")})
	if l.wait(); !l.hurried {
		pass(8 * 24 * time.Hour) // eve's expires
	}
}

// TestALifeAsItIs: without a fault everything goes the whole way.
func TestALifeAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, dir := newOutside(), t.TempDir()
		require.NoError(t, wholeLives(dir, o, wiring{}, func(a answers) { a.well(t, "without a fault") }))
		l, err := begin(dir, o, wiring{})
		require.NoError(t, err)
		settledWell(t, l)
		for _, p := range o.heard {
			require.NoError(t, holds(l.store, p))
		}
		require.Equal(t, map[string]int{email("ann"): 1, email("bea"): 1}, maps.Clone(o.accounts))
		require.NoError(t, l.end())
	})
}
