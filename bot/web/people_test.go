package web

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

func TestPeopleAreAsSlackSays(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.AddUser(slacksim.User{ID: "U0ONE", Name: "one", SingleGuest: true})
		w.AddUser(slacksim.User{ID: "USLACKBOT", Name: "slackbot"})
		rows := []approvals.Person{
			{ID: alice, Name: "Alice Ames", First: "Alice", Last: "Ames", Email: "alice@acme.example", TZ: "Europe/London", Active: true},
			{ID: "U0FRED", Name: "Fred Fox", First: "Fred", Last: "Fox", TZ: "Europe/London", Active: true},
			{ID: "U0GUEST", Name: "Gina Guest", First: "Gina", Last: "Guest", Email: "gina@agency.example", TZ: "Europe/Paris", Active: true, Guest: true},
			{ID: "U0ONE", Name: "one", TZ: "UTC", Active: true, Guest: true},
			{ID: "U0GONE", Name: "Hal Hart", First: "Hal", Last: "Hart", Email: "hal@acme.example"},
			{ID: slacksim.BotUser, Name: "Usher", First: "Usher", TZ: "UTC", Active: true, Bot: true},
			{ID: "USLACKBOT", Name: "slackbot", TZ: "UTC", Active: true, Bot: true},
			{ID: "U0NOBODY"},
		}
		for _, want := range rows {
			got, err := w.people.Person(t.Context(), want.ID)
			require.NoError(t, err)
			if want.Name != "" && want.ID != slacksim.BotUser {
				want.Updated = time.Now().UTC() // since they were added
			}
			require.Equal(t, want, got)
		}
	})
}

func TestSomebodyFromAnotherWorkspaceIsAGuest(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		u, err := w.slack.user(t.Context(), alice)
		require.NoError(t, err)
		require.False(t, personOf(u, Identity{Team: slacksim.TeamID}).Guest)
		require.True(t, personOf(u, Identity{Team: "T0OTHER"}).Guest)
		u.Enterprise.Teams = []string{"T0OTHER"}
		require.False(t, personOf(u, Identity{Team: "T0OTHER"}).Guest, "the same organisation")
	})
}

func TestEachMarkOfAGuestOrABotCounts(t *testing.T) {
	for _, u := range []slack.User{{IsRestricted: true}, {IsUltraRestricted: true}, {IsStranger: true}, {TeamID: "T2"}} {
		require.True(t, personOf(&u, Identity{Team: "T1"}).Guest, "%+v", u)
	}
	for _, u := range []slack.User{{IsBot: true}, {IsWorkflowBot: true}, {IsConnectorBot: true}, {ID: "USLACKBOT"}} {
		require.True(t, personOf(&u, Identity{Team: "T1"}).Bot, "%+v", u)
	}
	plain := personOf(&slack.User{ID: "U1", TeamID: "T1"}, Identity{Team: "T1"})
	require.Equal(t, approvals.Person{ID: "U1", Active: true}, plain)
}

func TestAnswersAboutPeopleAreRememberedAndErrorsAreNot(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		ask := func() error {
			_, err := w.people.Person(t.Context(), alice)
			return err
		}
		w.FailNext("users.info", slacksim.BeforeEffect, slacksim.Status500)
		require.Error(t, ask())
		require.NoError(t, ask())
		require.NoError(t, ask())
		require.Equal(t, 1, w.Applied("users.info"))
		w.Pass(personFor - time.Second)
		require.NoError(t, ask())
		require.Equal(t, 1, w.Applied("users.info"))
		w.Pass(2 * time.Second)
		w.Deactivate(alice, true)
		who, err := w.people.Person(t.Context(), alice)
		require.NoError(t, err)
		require.False(t, who.Active)
	})
}

func TestOneQuestionAtATimeAboutOnePerson(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Slow, Delay: time.Second})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				who, err := w.people.Person(t.Context(), alice)
				if err != nil || !who.Active {
					t.Errorf("got %v, %v", who, err)
				}
			})
		}
		all.Wait()
		require.Equal(t, 1, w.Applied("users.info"))
	})
}

func TestALookupEndsInTime(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Hang, Times: 2})
		began := time.Now()
		_, err := w.people.Person(t.Context(), alice)
		require.Equal(t, Unknown, FaultOf(err))
		require.LessOrEqual(t, time.Since(began), lookupWithin)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		_, err = w.people.Person(ctx, bob)
		require.Error(t, err)
		require.Equal(t, time.Second-lookupMargin, time.Since(began), "in time to say so")
	})
}

func TestMemoryIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	m := memory[int, int]{keep: time.Minute, now: func() time.Time { return now }}
	for i := range 3 * maxRemember {
		m.put(i, i)
	}
	require.LessOrEqual(t, len(m.kept), maxRemember)
	m.put(7, 7)
	_, ok := m.get(7)
	require.True(t, ok)
	now = now.Add(-time.Hour)
	_, ok = m.get(7)
	require.False(t, ok, "a clock that was put back makes an answer's age unknown")
}

// TestAnAddressIsLookedUp: an answer about another address is none, and nobody deactivated is found by one.
func TestAnAddressIsLookedUp(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		for email, want := range map[string]approvals.PersonID{"dave@acme.example": dave, "hal@acme.example": "", "jane@acme.example": "", "gina@agency.example": "U0GUEST"} {
			for range 2 {
				who, err := w.people.ByEmail(t.Context(), email)
				require.NoError(t, err)
				require.Equal(t, want, who.ID, email)
			}
		}
		require.Len(t, w.CallsOf(methodByEmail), 4, "what was found is remembered for a while")
		asked := len(w.CallsOf(methodUser))
		who, err := w.people.Person(t.Context(), dave)
		require.NoError(t, err)
		require.Equal(t, "dave@acme.example", who.Email)
		require.Len(t, w.CallsOf(methodUser), asked, "and so is who it was")
		for _, kind := range []slacksim.Kind{slacksim.OtherID, slacksim.NoID, slacksim.Status500} {
			w.Plan(slacksim.Fault{Method: methodByEmail, Kind: kind})
			_, err := w.people.ByEmail(t.Context(), "erin@acme.example")
			require.Error(t, err, kind)
		}
	})
}

// TestFreshAsksAnew: what is remembered of somebody is not enough for what cannot be taken back.
func TestFreshAsksAnew(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		who, err := w.people.Person(t.Context(), dave)
		require.NoError(t, err)
		require.True(t, who.Active)
		w.Deactivate(dave, true)
		who, err = w.people.Person(t.Context(), dave)
		require.NoError(t, err)
		require.True(t, who.Active, "remembered")
		for range 2 {
			who, err = w.people.Fresh(t.Context(), dave)
			require.NoError(t, err)
			require.False(t, who.Active)
		}
		who, err = w.people.Person(t.Context(), dave)
		require.NoError(t, err)
		require.False(t, who.Active, "and everybody knows from then on")
		w.FailNext(methodUser, slacksim.BeforeEffect, slacksim.Status500)
		_, err = w.people.Fresh(t.Context(), dave)
		require.Error(t, err, "not known is not what was known")
	})
}

// TestWhereTheBotCanPost: in its channels and its own direct messages, and not in other people's.
func TestWhereTheBotCanPost(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.AddChannel(slacksim.Channel{ID: "C0ALONE", Name: "alone", Members: []string{carol}})
		w.AddChannel(slacksim.Channel{ID: "G0SECRET", Name: "secret", Private: true, Members: []string{carol}})
		for place, want := range map[string]bool{general: true, "C0ALONE": false, "G0SECRET": false, w.DMChannel(carol): true, "D0OTHERS": false} {
			in, archived, err := w.people.In(t.Context(), place, carol)
			require.NoError(t, err, place)
			require.False(t, archived, place)
			require.Equal(t, want, in, place)
		}
		w.FailNext("conversations.info", slacksim.BeforeEffect, slacksim.Status500)
		_, _, err := w.people.In(t.Context(), general, carol)
		require.Error(t, err)
	})
}
