package bolt

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/test/values"
)

var update = flag.Bool("update", false, "write testdata/schema-N.db of the present schema anew")

// The databases under testdata were written by each released schema from one script (inEveryState), with
// requests in every state, and are never changed: a program that cannot carry on from one of them would
// lose what people asked for. A new schema adds its file with -update.

// newYear is when the databases were written: shortly before the clock of a synctest bubble starts, so
// that the whole program can be run on them there.
var newYear = time.Date(1999, 12, 31, 23, 0, 0, 0, time.UTC)

// everybody is an active member; the leads are Lea and Leo.
type everybody struct{}

func (everybody) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	return approvals.Person{ID: id, Email: string(id) + "@acme.example", Active: true}, nil
}

func (everybody) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}

func (everybody) Group(context.Context, approvals.GroupID) ([]approvals.PersonID, error) {
	return []approvals.PersonID{"U0ERIN", "U0FRED"}, nil
}

func deskOn(s *Store, need int) *approvals.Desk {
	return &approvals.Desk{Apps: []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}}, Book: s, Directory: everybody{}, Admins: []approvals.PersonID{"U0ADMIN"}, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Limits:   approvals.Limits{Pending: 100, PerMinute: 100},
		Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: need, ExpiresAfter: 7 * 24 * time.Hour, Text: "- name: seats\n"}}}
}

func yes(by approvals.PersonID) approvals.Vote {
	return approvals.Vote{By: approvals.Actor(by), Yes: true, At: newYear, Surface: "slack"}
}

// stages brings a request to each state; "half" is pending with one vote of two.
var stages = []struct {
	name  string
	state approvals.State
	need  int
	steps func(d *approvals.Desk, n int64) error
}{
	{"pending", approvals.Pending, 1, func(*approvals.Desk, int64) error { return nil }},
	{"half", approvals.Pending, 2, func(d *approvals.Desk, n int64) error { return vote(d, n, yes("U0BOB")) }},
	{"approved", approvals.Approved, 1, func(d *approvals.Desk, n int64) error { return vote(d, n, yes("U0BOB")) }},
	{"running", approvals.Running, 1, func(d *approvals.Desk, n int64) error { return begun(d, n) }},
	{"done", approvals.Done, 1, func(d *approvals.Desk, n int64) error {
		return errors.Join(begun(d, n), record(d, n, approvals.Happened{Outcome: outcome("It is done.")}))
	}},
	{"failed", approvals.Failed, 1, func(d *approvals.Desk, n int64) error {
		return errors.Join(begun(d, n), record(d, n, approvals.Refused{Outcome: outcome("There was no seat.")}))
	}},
	{"doubt", approvals.InDoubt, 1, func(d *approvals.Desk, n int64) error {
		return errors.Join(begun(d, n), record(d, n, approvals.Lost{Doubt: approvals.Doubt{Tried: approvals.Sayf("to create it"), Seen: approvals.Sayf("nothing"), Looks: 4}}))
	}},
	{"denied", approvals.Denied, 1, func(d *approvals.Desk, n int64) error {
		return vote(d, n, approvals.Vote{By: "U0BOB", At: newYear, Surface: "slack", Reason: "no budget"})
	}},
	{"expired", approvals.Expired, 1, func(d *approvals.Desk, n int64) error {
		_, err := d.Record(ctx, n, approvals.TimeUp{}, newYear.AddDate(0, 0, 8))
		return err
	}},
	{"canceled", approvals.Canceled, 1, func(d *approvals.Desk, n int64) error {
		_, err := d.Cancel(ctx, n, "U0ALICE", "slack", newYear)
		return err
	}},
}

func vote(d *approvals.Desk, n int64, v approvals.Vote) error {
	_, err := d.Vote(ctx, n, v, newYear)
	return err
}

func begun(d *approvals.Desk, n int64) error {
	return errors.Join(vote(d, n, yes("U0BOB")), record(d, n, approvals.Begun{}))
}

func record(d *approvals.Desk, n int64, e approvals.Event) error {
	_, err := d.Record(ctx, n, e, newYear)
	return err
}

func outcome(say string) approvals.Outcome {
	return approvals.Outcome{At: newYear, Text: approvals.Sayf("%v", say), AccountID: "36872"}
}

// inEveryState writes the script's requests: one in each state, and what else a database holds.
func inEveryState(t *testing.T, s *Store) {
	t.Helper()
	for i, stage := range stages {
		d := deskOn(s, stage.need)
		r, _, err := d.Open(ctx, approvals.Ask{Origin: approvals.Origin{Key: "trigger " + stage.name, Team: "T0ACME", Surface: "slack"}, Requester: "U0ALICE",
			App: approvals.App{ID: "seranking", Name: "SE Ranking"}, Action: catalog.Create, Reason: "rank tracking",
			Change: approvals.Change{Email: stage.name + "@acme.example", FirstName: "Pat", Values: values.Of{Type: "client"}.Values()}, Seats: approvals.SeatCount{Used: 3, Of: 25, At: newYear}}, newYear)
		require.NoError(t, err)
		require.EqualValues(t, i+1, r.Number)
		require.NoError(t, stage.steps(d, r.Number), stage.name)
	}
	posted, err := s.Claim(ctx, approvals.CardKey(1), newYear)
	require.NoError(t, err)
	require.NoError(t, s.Finish(ctx, posted, outbox.DoneWith(outbox.Receipt{Place: "C0APPROVE", ID: "946681200.000100", Digest: "0"}), newYear))
	_, err = s.Claim(ctx, approvals.CardKey(2), newYear) // a crash while it was posted
	require.NoError(t, err)
	require.NoError(t, s.KeepSnapshot(ctx, "weekly-seats", []byte(`{"since":"1999-12-01T00:00:00Z","schedule":""}`)))
}

func TestWriteTheSchemasDatabase(t *testing.T) {
	path := filepath.Join("testdata", fmt.Sprintf("schema-%d.db", Version))
	if !*update {
		require.FileExists(t, path, "the present schema has no database; write it with -update")
		return
	}
	dir := t.TempDir()
	s := open(t, dir, Options{})
	inEveryState(t, s)
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.Close())
	raw, err := os.ReadFile(filepath.Join(dir, File))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll("testdata", 0o755))
	require.NoError(t, os.WriteFile(path, raw, 0o644))
}

// TestEverySchemaIsCarriedOn opens a copy of the database of every released schema, which upgrades it, and
// brings each of its live requests to an end.
func TestEverySchemaIsCarriedOn(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "schema-*.db"))
	require.NoError(t, err)
	require.Len(t, files, Version, "one database for each schema there ever was")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			dir := t.TempDir()
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, File), raw, 0o600))
			s := open(t, dir, Options{})
			require.NoError(t, s.Check(ctx))
			isInEveryState(t, s)
			carryOn(t, deskOn(s, 1))
			require.NoError(t, s.Check(ctx))
			live, err := s.Requests(ctx, approvals.Filter{}, 100)
			require.NoError(t, err)
			require.Empty(t, live)
			for _, kind := range []string{"deed/", "expire/"} {
				owed, err := s.Intents(ctx, kind)
				require.NoError(t, err)
				require.Empty(t, owed)
			}
			backup := backedUp(t, s)
			_, err = VerifyBackup(ctx, backup)
			require.NoError(t, err)
		})
	}
}

// TestABackupOfEverySchemaIsRestored: a backup that was made before an upgrade is proven as it is, and upgraded as it
// takes its place.
func TestABackupOfEverySchemaIsRestored(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "schema-*.db"))
	require.NoError(t, err)
	for i, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			sum := sha256.New()
			sum.Write(raw)
			backup, dir := filepath.Join(t.TempDir(), "usher.backup"), t.TempDir()
			require.NoError(t, os.WriteFile(backup, append(raw, sealOf(sum)...), 0o600))
			held, err := VerifyBackup(ctx, backup)
			require.NoError(t, err)
			require.Equal(t, i+1, held.Schema)
			_, err = Restore(ctx, backup, dir, Restoring{At: noon, By: "os:root"})
			require.NoError(t, err)
			s := open(t, dir, Options{})
			isInEveryState(t, s)
			require.NoError(t, s.Check(ctx))
		})
	}
}

// isInEveryState holds a database to what the script wrote.
func isInEveryState(t *testing.T, s *Store) {
	t.Helper()
	for i, stage := range stages {
		r, err := s.Request(ctx, int64(i+1))
		require.NoError(t, err)
		require.Equal(t, stage.state, r.State, stage.name)
		require.Equal(t, stage.name+"@acme.example", r.Change.Email)
		require.Equal(t, approvals.PersonID("U0ALICE"), r.Requester)
		require.Equal(t, stage.need, r.Rule.Need)
		if r.State.Terminal() && r.State != approvals.Expired {
			require.Equal(t, newYear, r.Decided.UTC())
		}
	}
	found := false
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		n, err := tx.Keyed("trigger running")
		found = n == 4
		return err
	}))
	require.True(t, found, "a redelivery still finds its request")
	r, ok, err := s.Receipt(ctx, approvals.CardKey(1))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "946681200.000100", r.ID)
	half, err := s.Claim(ctx, approvals.CardKey(2), newYear)
	require.NoError(t, err)
	require.False(t, half.Claimed.IsZero(), "a claim without a result is still known")
	snapshot, err := s.Snapshot(ctx, "weekly-seats")
	require.NoError(t, err)
	require.Contains(t, string(snapshot), "1999-12-01")
}

// carryOn brings every request to an end, each from where it stands.
func carryOn(t *testing.T, d *approvals.Desk) {
	t.Helper()
	happened := approvals.Happened{Outcome: outcome("It is done.")}
	for i, stage := range stages {
		n := int64(i + 1)
		var err error
		switch stage.name {
		case "pending":
			err = errors.Join(begun(d, n), record(d, n, happened))
		case "half":
			err = errors.Join(vote(d, n, yes("U0ERIN")), record(d, n, approvals.Begun{}), record(d, n, happened))
		case "approved":
			err = errors.Join(record(d, n, approvals.Begun{}), record(d, n, happened))
		case "running":
			err = record(d, n, happened)
		case "failed":
			_, err = d.Retry(ctx, n, "U0ADMIN", "slack", newYear)
			err = errors.Join(err, record(d, n, happened))
		case "doubt":
			_, err = d.Settle(ctx, n, "U0ADMIN", true, "slack", newYear)
		}
		require.NoError(t, err, stage.name)
	}
	done := []int64{}
	list, err := d.Requests(ctx, approvals.Filter{State: approvals.Done}, 100)
	require.NoError(t, err)
	for _, r := range list {
		done = append(done, r.Number)
	}
	slices.Sort(done)
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7}, done)
}
