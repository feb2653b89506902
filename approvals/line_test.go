package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// remembers is a Recall.
type remembers Remembered

func (m *remembers) Remembered(string, ...List) Remembered { return Remembered(*m) }

// seats is a list of so many accounts of nobody in these tests, and some others.
func seats(at time.Time, used int, whose ...string) SeatList {
	l := SeatList{Bought: 3, At: at}
	for range used {
		l.Seats = append(l.Seats, Seat{Email: "somebody@acme.example"})
	}
	for _, email := range whose {
		l.Seats = append(l.Seats, Seat{ID: "7", Email: email})
	}
	return l
}

// beside is another request for a seat, in a state.
func beside(n int64, s State, l *Line) Request {
	r := in(s)
	r.Number, r.Change.Email, r.Line = n, string(s)+"@acme.example", l
	return r
}

func after(d time.Duration) time.Time { return noon.Add(d) }

// TestTheLastSeatIsReserved: a yes gets a seat where one is left beside those that are in use, promised and waited for; else
// it counts only where it was shown that it puts the request in line, and by itself only then too.
func TestTheLastSeatIsReserved(t *testing.T) {
	people := company{"U0BOB": {Active: true, Email: "bob@acme.example"}, "U0ALICE": {Active: true, Email: "alice@acme.example"}}
	waits := &Line{Ticket: 4}
	for name, row := range map[string]struct {
		used   int
		others []Request
		place  int // 0: it gets a seat
	}{
		"one is free":                 {2, nil, 0},
		"others only ask":             {2, []Request{beside(13, Pending, nil), beside(14, Pending, nil)}, 0},
		"all are in use":              {3, nil, 1},
		"more than were bought":       {9, nil, 1},
		"the last is promised":        {2, []Request{beside(13, Approved, nil)}, 1},
		"the last is being made":      {2, []Request{beside(13, Running, nil)}, 1},
		"the last is in doubt":        {2, []Request{beside(13, InDoubt, nil)}, 1},
		"somebody waits before it":    {2, []Request{beside(13, Approved, waits)}, 2},
		"it is kept for one in line":  {2, []Request{beside(13, Approved, &Line{Ticket: 4, Offered: noon})}, 1},
		"one in line has got it":      {2, []Request{beside(13, Approved, &Line{Ticket: 4, Served: noon})}, 1},
		"what is over holds nothing":  {2, []Request{beside(13, Denied, waits)}, 0},
		"and the line is counted out": {1, []Request{beside(13, Approved, waits)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := deskOf(pendingRequest(), people)
			b.others, d.Memory = row.others, &remembers{Seats: seats(after(time.Minute), row.used)}
			_, err := d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true}, after(2*time.Minute))
			if row.place == 0 {
				require.NoError(t, err)
				require.Equal(t, Approved, b.r.State)
				require.Nil(t, b.r.Line)
				require.EqualValues(t, 12, b.stock.Last)
				return
			}
			require.Equal(t, NoSeat, CodeOf(err))
			require.ErrorContains(t, err, Ordinal(row.place)+" in line for the next free seat?")
			require.Equal(t, Pending, b.r.State)
			require.Empty(t, b.r.Votes)
			_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true, InLine: true}, after(2*time.Minute))
			require.NoError(t, err)
			require.True(t, b.r.InLine())
			require.Equal(t, row.place, b.r.Line.Place)
		})
	}
}

// TestNobodyCountsSeatsThatAreNotKnown: without a number bought or a count, there is no line.
func TestNobodyCountsSeatsThatAreNotKnown(t *testing.T) {
	people := company{"U0BOB": {Active: true, Email: "bob@acme.example"}, "U0ALICE": {Active: true, Email: "alice@acme.example"}}
	for name, memory := range map[string]Recall{"nothing is remembered": nil, "nobody said how many were bought": &remembers{Seats: SeatList{Seats: seats(noon, 9).Seats, At: after(time.Minute)}}} {
		d, b := deskOf(pendingRequest(), people)
		d.Memory = memory
		_, err := d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true}, after(2*time.Minute))
		require.NoError(t, err, name)
		require.Equal(t, Approved, b.r.State, name)
	}
}

// TestACountIsBelievedOnlyWhereItKnowsAsMuch: a list that began before Usher's own last change is not taken up, and whose
// account is in a list is not counted twice.
func TestACountIsBelievedOnlyWhereItKnowsAsMuch(t *testing.T) {
	made := beside(13, Running, nil)
	open := []Request{made, beside(14, Approved, nil)}
	l := ledger{open: func() ([]Request, error) { return open, nil }, stock: Stock{Demand: &Demand{Held: 2}}}
	news, err := l.count(seats(noon, 1, made.Change.Email))
	require.NoError(t, err)
	require.True(t, news)
	require.Equal(t, []int64{13}, l.stock.Counted)
	require.Equal(t, 0, *l.all().Left(), "two in use, and one promised")

	made.State = Done
	l.stock.Demand.Held--
	l.settled(made, after(time.Minute))
	require.Equal(t, 2, l.stock.Seats.Used, "it was counted already")
	require.Empty(t, l.stock.Counted)

	made = open[1]
	made.State, l.stock.Demand.Held = Done, 0
	l.settled(made, after(2*time.Minute))
	require.Equal(t, 3, l.stock.Seats.Used)
	for at, news := range map[time.Duration]bool{-time.Hour: false, 0: false, time.Minute: false, 2 * time.Minute: false, 3 * time.Minute: true} {
		own := l
		is, err := own.count(seats(after(at), 1))
		require.NoError(t, err)
		require.Equal(t, news, is, at)
	}
	failed := beside(15, Failed, nil)
	l.settled(failed, after(4*time.Minute))
	require.Equal(t, 3, l.stock.Seats.Used, "nothing was made")
	failed.Outcome = &Outcome{Tried: true}
	l.settled(failed, after(4*time.Minute))
	require.Equal(t, 4, l.stock.Seats.Used, "it may have been made")
}

// TestTheLineIsServedInOrder: what is free goes to the first, by itself or once somebody has said that it is needed, and what is
// not counted any more goes on.
func TestTheLineIsServedInOrder(t *testing.T) {
	for name, row := range map[string]struct {
		list    SeatList
		ask     bool
		waiting int
		served  bool
		offered bool
	}{
		"none is free":                      {seats(after(time.Hour), 3), false, 1, false, false},
		"one is free":                       {seats(after(time.Hour), 2), false, 0, true, false},
		"one is free, of one that is asked": {seats(after(time.Hour), 2), true, 0, false, true},
		"nobody can count them":             {SeatList{}, true, 0, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := in(Approved)
			r.Line, r.Decided = &Line{Ticket: 2, Place: 1, Since: noon, Until: after(time.Hour)}, noon
			if row.ask {
				r.Rule.Queue = QueueAsk
			}
			d, b := deskOf(r, nil)
			b.stock = Stock{Seats: SeatCount{Used: 3, Of: 3, At: noon}}
			waiting, _, err := d.Serve(t.Context(), "seranking", row.list, after(time.Hour))
			require.NoError(t, err)
			require.Equal(t, row.waiting, waiting)
			require.Equal(t, row.served, !b.r.Line.Served.IsZero())
			require.Equal(t, row.offered, b.r.Offered())
			_, _, err = Step(b.r, Begun{}, after(time.Hour))
			require.Equal(t, row.served, err == nil, "the deed begins only then")
		})
	}
}

// TestAYesToWhatHasChangedIsAskedAgain: what changed since the card was drawn is said once and kept, and a yes to the card
// as it was then does not count, nor does anybody hear of it who may not decide.
func TestAYesToWhatHasChangedIsAskedAgain(t *testing.T) {
	people := company{"U0BOB": {Active: true, Email: "bob@acme.example"}, "U0ALICE": {Active: true, Email: "alice@acme.example"}, "U0MALLORY": {Active: true, Email: "mallory@acme.example"}}
	site := catalog.Value{Key: "sites", Items: []catalog.Item{{ID: "101", Name: "Acme"}}}
	share := pendingRequest()
	share.Action, share.Change.Account, share.Change.Values = catalog.Share, "7", catalog.Values{site}
	late := after(time.Minute)
	for name, row := range map[string]struct {
		r    Request
		m    Remembered
		says string // "": nothing is news
	}{
		"the account exists":         {pendingRequest(), Remembered{Seats: seats(late, 1, "jane@acme.example")}, "jane@acme.example already has an account"},
		"it did before it was asked": {pendingRequest(), Remembered{Seats: seats(noon, 1, "jane@acme.example")}, ""},
		"the account is gone":        {share, Remembered{Seats: seats(late, 1)}, "no longer has the account this is about (id 7)"},
		"the website is gone":        {share, Remembered{Seats: seats(late, 1, "jane@acme.example"), Items: map[string]ItemList{"sites": {At: late}}}, "isn't in SE Ranking any more"},
		"all is as it was":           {share, Remembered{Seats: seats(late, 1, "jane@acme.example"), Items: map[string]ItemList{"sites": {At: late, Items: site.Items}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := deskOf(row.r, people)
			m := remembers(row.m)
			d.Memory = &m
			_, err := d.Vote(t.Context(), 12, Vote{By: "U0MALLORY", Yes: true}, after(2*time.Minute))
			require.Equal(t, NotAllowed, CodeOf(err))
			require.Zero(t, b.r.News, "who may not decide finds nothing out")
			_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true}, after(2*time.Minute))
			if row.says == "" {
				require.NoError(t, err)
				return
			}
			for range 2 {
				require.Equal(t, Changed, CodeOf(err), err)
				require.ErrorContains(t, err, row.says)
				require.Equal(t, 1, b.r.News, "it is news once")
				require.Empty(t, b.r.Votes)
				_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true}, after(3*time.Minute))
			}
			_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true, News: 1}, after(4*time.Minute))
			require.NoError(t, err)
			require.Equal(t, Approved, b.r.State)
		})
	}
}
