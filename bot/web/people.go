package web

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

const (
	personFor = 5 * time.Minute
	// lookupWithin bounds one question to Slack; lookupMargin of a caller's own time is left for what it
	// does with the answer.
	lookupWithin = 2 * time.Second
	lookupMargin = 500 * time.Millisecond
	maxRemember  = 5000
	// memberFor is how long it is remembered that somebody is a full member, of as many as maxMembers: a day, after which everybody has been
	// read again.
	memberFor  = 25 * time.Hour
	maxMembers = 100_000
	// slackbot is the one bot that Slack does not list as one.
	slackbot = "USLACKBOT"
)

// RememberedFor is how old what is remembered of a person, or of who is in a user group that Slack can be asked about, is at most.
const RememberedFor = max(personFor, groupAnew+groupRound)

// handlesFor is how long what groups are called is remembered: it decides nothing.
const handlesFor = 10 * time.Minute

// Directory answers who somebody is, as Slack says; it implements approvals.Directory. Answers are
// remembered for a short while, errors never. Several questions about one id at once are one call.
type Directory struct {
	slack  *Client
	people memory[approvals.PersonID, approvals.Person]
	emails memory[string, approvals.Person]
	// members are those whom Slack last showed as active full members, for who may ask.
	members memory[approvals.PersonID, struct{}]
	// handles has a key for each workspace: Slack lists all its groups at once.
	handles memory[string, map[approvals.GroupID]string]
}

// NewDirectory is the directory of a workspace.
func NewDirectory(s *Client) *Directory {
	d := &Directory{
		slack:   s,
		people:  memory[approvals.PersonID, approvals.Person]{keep: personFor, now: s.now},
		members: memory[approvals.PersonID, struct{}]{keep: memberFor, most: maxMembers, now: s.now},
		emails:  memory[string, approvals.Person]{keep: personFor, now: s.now},
		handles: memory[string, map[approvals.GroupID]string]{keep: handlesFor, now: s.now},
	}
	s.news.remembers(d.forget, d.off)
	return d
}

// forget believes nothing any more of what was known of somebody.
func (d *Directory) forget(id approvals.PersonID) {
	d.people.drop(id)
	d.members.drop(id)
	d.emails.dropIf(func(who approvals.Person) bool { return who.ID == id })
}

// off takes down what the status of somebody who is remembered says by now.
func (d *Directory) off(id approvals.PersonID, says approvals.Off) {
	d.people.alter(id, func(who approvals.Person) approvals.Person {
		who.Off = says
		return who
	})
}

// Person implements approvals.Directory. Somebody Slack does not know is inactive.
func (d *Directory) Person(ctx context.Context, id approvals.PersonID) (approvals.Person, error) {
	if who, ok := d.people.get(id); ok {
		return who, nil
	}
	return d.asked(ctx, "person", id)
}

// Fresh is Person as Slack says at this moment, whatever it said before: for what cannot be taken back.
func (d *Directory) Fresh(ctx context.Context, id approvals.PersonID) (approvals.Person, error) {
	return d.asked(ctx, "person at once", id)
}

// asked asks Slack who somebody is. What was asked before they changed is no answer after it, and is not remembered.
func (d *Directory) asked(ctx context.Context, what string, id approvals.PersonID) (approvals.Person, error) {
	turn := d.slack.news.now()
	return ask(ctx, d.slack, fmt.Sprintf("%s %s, %d", what, id, turn), func(ctx context.Context) (approvals.Person, error) {
		who, err := d.lookUp(ctx, id)
		if err == nil {
			d.slack.news.seen(who, turn, func() { d.learn(id, who) })
		}
		return who, err
	})
}

// learn remembers somebody as Slack just showed them.
func (d *Directory) learn(id approvals.PersonID, who approvals.Person) {
	d.people.put(id, who)
	d.enrol(who)
}

// enrol remembers whether somebody is a full member, as Slack just showed them.
func (d *Directory) enrol(who approvals.Person) {
	if who.Full() {
		d.members.put(who.ID, struct{}{})
		return
	}
	d.members.drop(who.ID)
}

// IsMember reports whether Slack showed somebody as an active full member within a day, and has told of nothing since that would make them
// another; false: they may be one all the same, and Slack is asked. At each start everybody is read (Everybody).
func (d *Directory) IsMember(id approvals.PersonID) bool {
	_, is := d.members.get(id)
	return is
}

func (d *Directory) lookUp(ctx context.Context, id approvals.PersonID) (approvals.Person, error) {
	us, err := d.slack.Identity(ctx)
	if err != nil {
		return approvals.Person{}, err
	}
	u, err := d.slack.user(ctx, id)
	if FaultOf(err) == NoPerson {
		return approvals.Person{ID: id}, nil
	}
	if err != nil {
		return approvals.Person{}, err
	}
	return personOf(u, us), nil
}

// RecallByEmail is ByEmail as far as that is remembered; false: it isn't, and nobody is asked.
func (d *Directory) RecallByEmail(email string) (approvals.Person, bool) { return d.emails.get(email) }

// ByEmail implements approvals.Directory.
func (d *Directory) ByEmail(ctx context.Context, email string) (approvals.Person, error) {
	if who, ok := d.emails.get(email); ok {
		return who, nil
	}
	turn := d.slack.news.now()
	return ask(ctx, d.slack, fmt.Sprintf("address %s, %d", email, turn), func(ctx context.Context) (who approvals.Person, err error) {
		us, err := d.slack.Identity(ctx)
		if err != nil {
			return who, err
		}
		switch u, err := d.slack.userByEmail(ctx, email); {
		case err == nil:
			who = personOf(u, us)
			d.slack.news.seen(who, turn, func() {
				d.learn(who.ID, who)
				d.emails.put(email, who)
			})
			return who, nil
		case FaultOf(err) != NoPerson:
			return who, err
		}
		d.emails.put(email, who)
		return who, nil
	})
}

// personOf reads what Slack says of a user, from the point of view of the bot.
func personOf(u *slack.User, us Identity) approvals.Person {
	return approvals.Person{
		ID: approvals.PersonID(u.ID), Name: nameOf(u), First: u.Profile.FirstName, Last: u.Profile.LastName, Email: u.Profile.Email, TZ: u.TZ,
		Active:  !u.Deleted,
		Bot:     u.IsBot || u.IsWorkflowBot || u.IsConnectorBot || u.ID == slackbot,
		Guest:   u.IsRestricted || u.IsUltraRestricted || u.IsStranger || us.foreign(u),
		Updated: MomentOf(u.Updated.Time().Unix()),
		Off:     OffOf(u.Profile.StatusEmoji, u.Profile.StatusText, int64(u.Profile.StatusExpiration)),
	}
}

// MomentOf is a moment as Slack writes one, in seconds; 0 is none.
func MomentOf(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

func nameOf(u *slack.User) string {
	for _, name := range []string{u.Profile.DisplayName, u.RealName, u.Profile.RealName, u.Name} {
		if name != "" {
			return name
		}
	}
	return ""
}

// Group implements approvals.Directory.
func (d *Directory) Group(ctx context.Context, id approvals.GroupID) ([]approvals.PersonID, error) {
	return d.slack.members(ctx, id)
}

// GroupName is what people call a user group, as in "@leads"; "" for one that Slack does not know.
func (d *Directory) GroupName(ctx context.Context, id approvals.GroupID) (name string, err error) {
	err = d.slack.inEach(ctx, func(team string) (bool, error) {
		all, err := d.handlesIn(ctx, team)
		name = all[id]
		return name != "", err
	})
	return name, err
}

func (d *Directory) handlesIn(ctx context.Context, team string) (map[approvals.GroupID]string, error) {
	if all, ok := d.handles.get(team); ok {
		return all, nil
	}
	return ask(ctx, d.slack, "what groups are called in "+team, func(ctx context.Context) (map[approvals.GroupID]string, error) {
		all, err := d.slack.handles(ctx, team)
		if err == nil {
			d.handles.put(team, all)
		}
		return all, err
	})
}

// ask joins callers with the same question. The question outlives a caller that gives up, so that the
// next one finds its answer; a caller gives up early enough to still say so to somebody.
func ask[T any](ctx context.Context, s *Client, what string, look func(context.Context) (T, error)) (T, error) {
	answer := s.flight.DoChan(what, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupWithin)
		defer cancel()
		return look(ctx)
	})
	wait, cancel := context.WithTimeout(ctx, lookupWithin)
	defer cancel()
	if end, ok := ctx.Deadline(); ok {
		var early context.CancelFunc
		wait, early = context.WithDeadline(wait, end.Add(-lookupMargin))
		defer early()
	}
	var nothing T
	select {
	case a := <-answer:
		if a.Err != nil {
			return nothing, a.Err
		}
		return a.Val.(T), nil
	case <-wait.Done():
		return nothing, &Error{Method: what, Fault: Unknown, Code: "gave up waiting", Cause: wait.Err()}
	}
}

// memory keeps answers for a while.
type memory[K comparable, V any] struct {
	keep time.Duration
	// most is how many are kept; 0 means maxRemember.
	most int
	now  func() time.Time

	mu   sync.Mutex
	kept map[K]answered[V]
}

type answered[V any] struct {
	value V
	at    time.Time
}

func (m *memory[K, V]) get(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.kept[key]
	// An answer from the future was given before the clock was put back; its age is not known.
	age := m.now().Sub(a.at)
	return a.value, ok && age >= 0 && age < m.keep
}

func (m *memory[K, V]) put(key K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= cmp.Or(m.most, maxRemember) {
		m.kept = map[K]answered[V]{}
	}
	m.kept[key] = answered[V]{v, m.now()}
}

// all are the answers that are still good.
func (m *memory[K, V]) all() map[K]V {
	m.mu.Lock()
	defer m.mu.Unlock()
	out, now := map[K]V{}, m.now()
	for key, a := range m.kept {
		if age := now.Sub(a.at); age >= 0 && age < m.keep {
			out[key] = a.value
		}
	}
	return out
}

// alter changes an answer that is kept; its age stays.
func (m *memory[K, V]) alter(key K, change func(V) V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if a, kept := m.kept[key]; kept {
		a.value = change(a.value)
		m.kept[key] = a
	}
}

// older are the keys of answers that have at least this age.
func (m *memory[K, V]) older(than time.Duration) (keys []K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, a := range m.kept {
		if age := m.now().Sub(a.at); age < 0 || age >= than {
			keys = append(keys, key)
		}
	}
	return keys
}

// drop forgets one answer, and reports whether there was one.
func (m *memory[K, V]) drop(key K) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, kept := m.kept[key]
	delete(m.kept, key)
	return kept
}

// dropIf forgets the answers that some are.
func (m *memory[K, V]) dropIf(is func(V) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.kept, func(_ K, a answered[V]) bool { return is(a.value) })
}

// forget drops every answer.
func (m *memory[K, V]) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = nil
}
