package forget

import (
	"crypto/rand"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
)

// TestWhatStandsAgainstIt: nobody is forgotten who has something open, holds something, is in a list, or leaves just now.
func TestWhatStandsAgainstIt(t *testing.T) {
	for name, row := range map[string]struct {
		has  func(t *testing.T, s store.Store)
		says string
	}{
		"a request for them": {func(t *testing.T, s store.Store) {
			has(t, s, approvals.Request{Number: 1, Requester: "U0BOB", State: approvals.Pending, Change: approvals.Change{Email: "Zebedee@acme.example"}})
		}, "#1 is pending"},
		"a request by them": {func(t *testing.T, s store.Store) {
			has(t, s, approvals.Request{Number: 1, Requester: "U0XYZ", State: approvals.InDoubt, Change: approvals.Change{Email: "yvonne@acme.example"}},
				approvals.Request{Number: 2, Requester: "U0BOB", State: approvals.Denied, Change: approvals.Change{Email: "zebedee@acme.example", Person: "U0XYZ"}})
		}, "#1 is in doubt"},
		"what was given, where nobody can tell whether it's gone": {func(t *testing.T, s store.Store) {
			has(t, s, approvals.Request{Number: 1, Requester: "U0BOB", State: approvals.Done, Action: "create", Change: approvals.Change{Email: "zebedee@acme.example"}},
				approvals.Request{Number: 2, Requester: "U0BOB", State: approvals.Done, Action: "delete", Change: approvals.Change{Email: "zebedee@acme.example"}},
				approvals.Request{Number: 3, Requester: "U0BOB", State: approvals.Done, Action: "share", Change: approvals.Change{Email: "zebedee@acme.example"}})
		}, "#3 was carried out, so they may still have something in SE Ranking: start Usher, which can tell, and say it again"},
		"a list": {func(t *testing.T, s store.Store) {
			require.NoError(t, s.Record(t.Context(), func(tx register.Tx) error {
				return tx.KeepRegister("semrush", register.Kept{Members: []list.Member{{Email: "ZEBEDEE@acme.example"}}})
			}))
		}, "the last list of semrush has ZEBEDEE@acme.example"},
		"a leaving": {func(t *testing.T, s store.Store) {
			require.NoError(t, s.Alter(t.Context(), func(tx leavers.Tx) error {
				return tx.KeepLeaving(leavers.Leaving{Number: 1, Person: "U0XYZ", Addresses: []string{"zebedee@acme.example"}, State: leavers.Open})
			}))
			has(t, s, approvals.Request{Number: 1, Requester: "U0BOB", State: approvals.Denied, Change: approvals.Change{Email: "zebedee@acme.example", Person: "U0XYZ"}})
		}, "what they leave behind is still looked after"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Random: rand.Reader})
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close()) }()
			row.has(t, s)
			before := whatIsKept(t, s)
			found, err := forgetter(s).Look(t.Context(), "zebedee@acme.example")
			require.NoError(t, err)
			require.Equal(t, []string{row.says}, found.Against)
			_, err = forgetter(s).Forget(t.Context(), found, "os:root", "command line")
			require.Error(t, err)
			require.Equal(t, before, whatIsKept(t, s))
		})
	}
}

func has(t *testing.T, s store.Store, all ...approvals.Request) {
	require.NoError(t, s.Update(t.Context(), func(tx approvals.Tx) (err error) {
		for _, r := range all {
			r.App = approvals.App{ID: "seranking", Name: "SE Ranking"}
			err = errors.Join(err, tx.Put(r))
		}
		return err
	}))
}

// TestWhoIsMeant: an address that is somebody's alone means all of theirs; one that two share means itself, and goes with neither.
func TestWhoIsMeant(t *testing.T) {
	ties := newTies()
	for _, line := range []string{
		`{"email":"zebedee@acme.example","person":"U0XYZ","first_name":"Zebedee","last_name":"Quill"}`, `{"email":"ZEB@old.example","person":"U0XYZ"}`,
		`{"email":"team@acme.example","person":"U0XYZ"}`, `{"email":"team@acme.example","person":"U0YVO"}`, `{"email":"alone@acme.example","name":"All One"}`,
	} {
		trees, err := parsed([]byte(line))
		require.NoError(t, err)
		trees[0].each(ties.object)
	}
	p, shared := ties.person("Zebedee@Acme.example")
	require.Equal(t, Person{Addresses: []string{"zebedee@acme.example", "zeb@old.example"}, IDs: []approvals.PersonID{"U0XYZ"}, Names: []string{"Zebedee Quill"}}, p)
	require.Equal(t, []string{"team@acme.example"}, shared)
	p, shared = ties.person("team@acme.example")
	require.Equal(t, Person{Addresses: []string{"team@acme.example"}}, p)
	require.Empty(t, shared)
	p, _ = ties.person("alone@acme.example")
	require.Equal(t, []string{"All One"}, p.Names)
}
