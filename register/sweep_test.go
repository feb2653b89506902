package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// readable is an app whose accounts see what is shared with them, as its API says.
func readable() approvals.App {
	app := manual()
	app.Entry.Reads = catalog.Reads{Used: true, Holds: true}
	app.Entry.Resources = []catalog.Resource{{Key: "sites", Noun: catalog.Noun{One: "website", Many: "websites"}}}
	return app
}

// TestEveryKindIsFoundInAnAppThatIsRead: among a thousand accounts that are as they should be each kind is found once, and nothing else:
// neither colleagues who were there before Usher, nor outsiders for whom somebody asked.
func TestEveryKindIsFoundInAnAppThatIsRead(t *testing.T) {
	var p past
	var people []approvals.Person
	seats := approvals.SeatList{App: readable(), At: noon}
	add := func(email, sort string, holds int) {
		seats.Seats = append(seats.Seats, approvals.Seat{ID: fmt.Sprint(len(seats.Seats)), Email: email, Sort: sort, Holds: holds})
	}
	colleague := func(id approvals.PersonID, email string, active bool) {
		people = append(people, approvals.Person{ID: id, Email: email, Active: active})
	}
	for i := range 1000 {
		_, email := somebody(i)
		if i%3 == 0 {
			p.did("invite", email, "user", "")
		} else {
			colleague(approvals.PersonID(fmt.Sprintf("U%05d", i)), email, true)
		}
		add(email, "user", 1+i%4)
	}
	want := map[string]Kind{"left@acme.example": LeftCompany, "stays@acme.example": StillThere, "over@acme.example": PastEnd, "nobodys@agency.example": Orphan,
		"two+trial@acme.example": TwoAddresses, "role@acme.example": RoleDiffers, "idle@acme.example": NobodyUses}
	colleague("U0LEFT", "left@acme.example", false)
	colleague("U0TWO", "two@acme.example", true)
	add("left@acme.example", "user", 2)
	p.did("invite", "stays@acme.example", "user", "")
	p.did("remove", "stays@acme.example", "", "")
	add("stays@acme.example", "user", 2)
	p.did("invite", "over@acme.example", "user", "").EndsAt = noon.AddDate(0, 0, -9)
	add("over@acme.example", "user", 2)
	add("nobodys@agency.example", "user", 2)
	add("two@acme.example", "user", 2)
	add("two+trial@acme.example", "user", 2)
	p.did("invite", "role@acme.example", "user", "")
	add("role@acme.example", "admin", 2)
	p.did("invite", "idle@acme.example", "user", "")
	add("idle@acme.example", "user", 0)
	p.did("invite", "new@acme.example", "user", "").Outcome.At = noon.AddDate(0, 0, -13)
	add("new@acme.example", "user", 0)
	seats.Seats = append(seats.Seats, seats.Seats[1000]) // an answer that has one twice

	got := map[string]Kind{}
	for _, f := range Find(readable(), p.done, read(t, seats), NewDirectory(people), nil, noon) {
		require.NotContains(t, got, f.Email)
		got[f.Email] = f.Kind
		if f.Kind == NobodyUses {
			require.Equal(t, "sees no website.", f.Say().Plain())
		}
	}
	require.Equal(t, want, got)
}

// TestAnAddressThatAColleagueHasNow: whoever had it before has left, and nobody is found by it.
func TestAnAddressThatAColleagueHasNow(t *testing.T) {
	var p past
	p.did("invite", "sam@acme.example", "user", "U0OLD")
	people := []approvals.Person{{ID: "U0OLD", Email: "sam@acme.example"}, {ID: "U0NEW", Email: "sam@acme.example", Active: true}}
	seats := approvals.SeatList{App: readable(), At: noon, Seats: []approvals.Seat{{ID: "1", Email: "sam@acme.example", Sort: "user", Holds: 1}}}
	require.Empty(t, Find(readable(), p.done, read(t, seats), NewDirectory(people), nil, noon))
	require.Equal(t, LeftCompany, Find(readable(), p.done, read(t, seats), NewDirectory(people[:1]), nil, noon)[0].Kind)
}

// alarms are what admins were told.
type alarms []string

// sweeping is a register that is looked over by hand, on any of its days; each try of a day is carried out until it is settled.
func sweeping(t *testing.T, s *shelf) (*alarms, func(day int) outbox.Result) {
	var told alarms
	s.read = true
	g := s.joined()
	return &told, func(day int) (r outbox.Result) {
		now, late := noon.AddDate(0, 0, day), time.Duration(0)
		sw := &Sweeps{Register: g, Box: s, Now: func() time.Time { return now.Add(late) }, Log: g.Log,
			Alarm: func(_ context.Context, topic string, say approvals.Text) { told = append(told, topic+": "+say.Plain()) }}
		for try := range 20 {
			late = time.Duration(try) * time.Hour
			r = sw.Do(t.Context(), outbox.NewJob(outbox.Intent{Key: approvals.SweepKey("semrush", now.Format(time.DateOnly)), Tries: try}, nil))
			if _, _, again := r.IsRetry(); !again {
				return r
			}
		}
		return r
	}
}

func (s *shelf) Promise(_ context.Context, changes ...outbox.Change) error {
	s.owed = append(s.owed, changes...)
	return nil
}

func seatsOf(emails ...string) (out []approvals.Seat) {
	for i, e := range emails {
		out = append(out, approvals.Seat{ID: fmt.Sprint(i), Email: e, Sort: "user"})
	}
	return out
}

func (s *shelf) open() (out []string) {
	for _, f := range s.kept.Findings {
		if f.Closed.IsZero() {
			out = append(out, f.Email)
		}
	}
	return out
}

var staff = []approvals.Person{{ID: "U0A", Email: "a@acme.example", Active: true}, {ID: "U0B", Email: "b@acme.example", Active: true}, {ID: "U0C", Email: "c@acme.example", Active: true},
	{ID: "U0D", Email: "d@acme.example", Active: true}, {ID: "U0E", Email: "e@acme.example", Active: true}}

// TestAnUnreadableListChangesNothing: an app or a directory that can't be read, that is empty or half of what it was, opens nothing and
// closes nothing; admins hear of it once a day. What stays so for three days is believed.
func TestAnUnreadableListChangesNothing(t *testing.T) {
	all := seatsOf("a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example", "nobodys@agency.example")
	for name, c := range map[string]struct {
		breaks  func(*shelf)
		told    string
		believe []string // what is open on the third day
	}{
		"the app can't be read":     {func(s *shelf) { s.blind = errors.New("503") }, "sweep-semrush: I couldn't look Semrush over for what stays there too long: it has given no usable answer all day. What I found before stays as it was, and I'll look again tomorrow.", []string{"nobodys@agency.example"}},
		"Slack can't be read":       {func(s *shelf) { s.mute = errors.New("ratelimited") }, "Slack didn't say who is in the workspace (find out who is in the workspace: ratelimited)", []string{"nobodys@agency.example"}},
		"the app lists nobody":      {func(s *shelf) { s.seats = nil }, "Semrush suddenly lists 0 accounts, and it was 5 when I last looked.", nil},
		"the app lists half":        {func(s *shelf) { s.seats = all[:2] }, "if it's still so on 29 Nov, I'll go by it.", nil},
		"Slack lists half":          {func(s *shelf) { s.people = staff[:2] }, "Slack suddenly lists 2 active people, and it was 5 when I last looked.", []string{"c@acme.example", "d@acme.example", "nobodys@agency.example"}},
		"Slack suddenly has nobody": {func(s *shelf) { s.people = nil }, "Slack didn't say who is in the workspace (it listed nobody)", []string{"nobodys@agency.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shelf{t: t, seats: all, people: staff}
			told, sweep := sweeping(t, s)
			sweep(0)
			require.Equal(t, []string{"nobodys@agency.example"}, s.open())
			require.Len(t, s.log, 1)
			c.breaks(s)
			for day := range 2 {
				require.True(t, sweep(day+1).IsDone())
				require.Equal(t, []string{"nobodys@agency.example"}, s.open())
				require.Len(t, s.log, 1, "nothing changed, so nothing is in the log")
				require.Len(t, *told, day+1)
			}
			require.Contains(t, (*told)[0], c.told)
			require.True(t, sweep(3).IsDone())
			require.ElementsMatch(t, c.believe, s.open())
		})
	}
}

// TestASweepIsKeptOnce: whatever the disk says, one day is one entry of the log; and a day that was looked over isn't again.
func TestASweepIsKeptOnce(t *testing.T) {
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}, "kept twice, unsure": {true, true}, "not kept at all, unsure": {false, false}} {
		s := &shelf{t: t, seats: seatsOf("nobodys@agency.example", "a@acme.example"), people: staff, fails: fails}
		told, sweep := sweeping(t, s)
		sweep(0)
		s.seats = nil
		sweep(0)
		require.Len(t, s.log, 1, name)
		require.Equal(t, approvals.Usher, s.log[0].Actor, name)
		require.JSONEq(t, `{"app":"semrush","members":2,"new":["belongs to nobody we know/semrush/nobodys@agency.example"],"again":0}`, string(s.log[0].Detail), name)
		require.Equal(t, []string{"nobodys@agency.example"}, s.open(), name)
		require.Equal(t, []list.Member{{Email: "nobodys@agency.example", Role: "user", Status: list.Active}}, s.kept.Members, "nobody is kept whom no finding is about")
		require.Empty(t, *told, name)
	}
}

// TestAFindingKeepsItsDay: found by a list as what nobody approved, it is the same one when the app is read and the directory knows
// nobody by that address; and what only a list says stays while the app still has them.
func TestAFindingKeepsItsDay(t *testing.T) {
	s := &shelf{t: t, people: staff, seats: seatsOf("a@acme.example", "nobodys@agency.example")}
	before := noon.AddDate(0, 0, -20)
	for _, email := range []string{"a@acme.example", "gone@acme.example", "nobodys@agency.example"} {
		s.kept.Findings = append(s.kept.Findings, Finding{Kind: NeverApproved, App: "semrush", Email: email, First: before})
		s.kept.Members = append(s.kept.Members, list.Member{Email: email})
	}
	s.kept.At, s.kept.Imported = before, before
	_, sweep := sweeping(t, s)
	for day := range 2 {
		sweep(day)
		require.ElementsMatch(t, []string{"a@acme.example", "nobodys@agency.example"}, s.open(), "who isn't there any more is no finding")
		for _, f := range s.kept.Findings {
			require.Equal(t, before, f.First, f.Email)
			require.Equal(t, f.Email == "nobodys@agency.example", f.Kind == Orphan)
		}
	}
	require.Len(t, s.log, 1)
}

// TestAListThatWasImportedIsLookedOver: who has left since is found without another list, while it isn't too old.
func TestAListThatWasImportedIsLookedOver(t *testing.T) {
	s := &shelf{t: t, people: slices.Clone(staff)}
	_, err := s.joined().Import(t.Context(), Import{App: "semrush", Raw: []byte("Email\na@acme.example\n")}, "U0DAVE", "slack", noon)
	require.NoError(t, err)
	_, sweep := sweeping(t, s)
	s.read = false
	s.people[0].Active = false
	sweep(1)
	kinds := func() (out []Kind) {
		for _, f := range s.kept.Findings {
			if f.Closed.IsZero() {
				out = append(out, f.Kind)
			}
		}
		return out
	}
	require.Equal(t, []Kind{LeftCompany}, kinds())
	require.Equal(t, noon, s.kept.Imported)
	s.people[0].Active = true
	sweep(60)
	require.Equal(t, []Kind{LeftCompany}, kinds(), "so old a list says nothing any more")
}

// read is a list as a vendor answers it.
func read(t *testing.T, l approvals.SeatList) Seen {
	t.Helper()
	seen, err := Read(l.Accounts())
	require.NoError(t, err)
	return seen
}
