package register

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// shelf is a store of one app in memory, whose next commit may fail in a way that leaves open what was kept.
type shelf struct {
	approvals.Book
	approvals.Inventory
	t      testing.TB
	kept   Kept
	log    []approvals.Entry
	owed   []outbox.Change
	done   []approvals.Request
	fails  []bool // of each commit to come, whether it keeps what it was to keep before it fails
	seats  []approvals.Seat
	people []approvals.Person
	// blind and mute are why the app, and the workspace, can't be read.
	blind, mute error
	read        bool // the app can be
	past        days
	// meanwhile is what somebody else imports before the next transaction.
	meanwhile *Kept
}

type shelfTx struct{ *shelf }

func (s *shelf) Requests(_ context.Context, f approvals.Filter, _ int) (out []approvals.Request, err error) {
	for _, r := range s.done {
		if f.State == r.State && f.Below == 0 {
			out = append(out, r)
		}
	}
	return out, nil
}
func (s *shelf) Apps() []approvals.App {
	app := manual()
	app.Entry.Reads.Used = s.read
	return []approvals.App{app}
}
func (s *shelf) Everybody(context.Context) ([]approvals.Person, error) { return s.people, s.mute }
func (s *shelf) Accounts(ctx context.Context, app string, fresh bool) (approvals.Accounts, error) {
	l, err := s.Seats(ctx, app, fresh)
	return l.Accounts(), err
}

func (s *shelf) Walk(ctx context.Context, app string) (approvals.Accounts, error) {
	return s.Accounts(ctx, app, true)
}

func (s *shelf) Seats(context.Context, string, bool) (approvals.SeatList, error) {
	return approvals.SeatList{App: s.Apps()[0], Seats: s.seats, At: noon}, s.blind
}
func (s *shelf) Register(context.Context, string) (Kept, error) { return s.kept, nil }

func (s *shelf) Record(_ context.Context, fn func(Tx) error) error {
	if s.meanwhile != nil {
		s.kept, s.meanwhile = *s.meanwhile, nil
	}
	work := *s
	if err := fn(shelfTx{&work}); err != nil {
		return err
	}
	if len(s.fails) == 0 {
		s.kept, s.log, s.owed = work.kept, work.log, work.owed
		return nil
	}
	keeps := s.fails[0]
	s.fails = s.fails[1:]
	if keeps {
		s.kept, s.log, s.owed = work.kept, work.log, work.owed
	}
	return approvals.ErrUnknownOutcome
}

func (x shelfTx) Register(string) (Kept, error) { return x.kept, nil }
func (x shelfTx) KeepRegister(_ string, k Kept) error {
	x.kept = k
	return nil
}
func (x shelfTx) Audit(e approvals.Entry) error {
	x.log = append(x.log, e)
	return nil
}

func (x shelfTx) Change(c outbox.Change) error {
	x.owed = append(x.owed, c)
	return nil
}

func (s *shelf) joined() *Register {
	log := slog.New(slog.DiscardHandler)
	return &Register{Desk: &approvals.Desk{Book: s, Log: log, Apps: s.Apps()}, Book: s, Inventory: s, Workspace: s, Past: &s.past, Log: log}
}

// TestAnImportWhoseCommitIsUnknown: it is kept once with one entry of the log, whatever the disk said, or people are told that it isn't
// known; imported again it finds the same.
func TestAnImportWhoseCommitIsUnknown(t *testing.T) {
	im := Import{App: "semrush", File: "members.csv", Raw: []byte("Email\nstranger@agency.example\n")}
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}, "not kept, then kept": {false, true}, "kept twice": {true, true}} {
		s := &shelf{t: t, fails: fails}
		r, err := s.joined().Import(t.Context(), im, "U0DAVE", "slack", noon)
		if len(fails) > 1 {
			require.Equal(t, approvals.Unsure, approvals.CodeOf(err), name)
		} else {
			require.NoError(t, err, name)
			require.Len(t, r.New, 1, name)
		}
		require.Len(t, s.log, 1, name)
		require.Len(t, s.kept.Findings, 1, name)
		r, err = s.joined().Import(t.Context(), im, "U0DAVE", "slack", noon.AddDate(0, 0, 1))
		require.NoError(t, err)
		require.Empty(t, r.New, name)
		require.Equal(t, noon, r.Again[0].First, name)
	}
}

// TestTwoImportsAtOnce: the later one is compared with what the earlier one kept.
func TestTwoImportsAtOnce(t *testing.T) {
	first := noon.AddDate(0, 0, -3)
	s := &shelf{t: t, meanwhile: &Kept{Imported: first, Findings: []Finding{{Kind: NeverApproved, App: "semrush", Email: "Stranger@agency.example", First: first}}}}
	r, err := s.joined().Import(t.Context(), Import{App: "semrush", Raw: []byte("Email\nstranger@agency.example\n")}, "U0DAVE", "slack", noon)
	require.NoError(t, err)
	require.Empty(t, r.New)
	require.Equal(t, first, r.Again[0].First)
	_, err = s.joined().Import(t.Context(), Import{App: "semrush", Raw: []byte("x")}, "U0DAVE", "slack", noon)
	require.Equal(t, approvals.Invalid, approvals.CodeOf(err))
	var no *approvals.Error
	require.True(t, errors.As(err, &no))
}

// TestUnusedByTheList: who is listed as deactivated is paid for, unless a column says that they aren't, or they were removed since.
func TestUnusedByTheList(t *testing.T) {
	s := &shelf{t: t}
	s.kept = Kept{At: noon, Members: []list.Member{{Email: "past@acme.example", Status: list.Off}, {Email: "free@acme.example", Status: list.Off, Unpaid: true},
		{Email: "here@acme.example", Status: list.Active}, {Email: "removed@acme.example", Status: list.Off}}}
	var p past
	p.did("remove", "removed@acme.example", "", "").Outcome.At = noon.Add(1)
	s.done = p.done
	got, err := s.joined().Unused(t.Context(), manual())
	require.NoError(t, err)
	require.Equal(t, []approvals.Unused{{Email: "past@acme.example", Since: noon, Listed: true}}, got)
}
