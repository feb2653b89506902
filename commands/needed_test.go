package commands

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// outsiders is a ledger with accounts of people outside.
type outsiders struct {
	ledger
	all  []register.Still
	kept []register.Said
}

func (o *outsiders) Needed(context.Context, string, approvals.PersonID) ([]register.Still, error) {
	return o.all, nil
}

func (o *outsiders) Outsider(_ context.Context, _, email string) (register.Still, bool, error) {
	for _, s := range o.all {
		if approvals.SameEmail(s.Email, email) {
			return s, true, nil
		}
	}
	return register.Still{}, false, nil
}

func (o *outsiders) Keep(_ context.Context, app, _ string, said register.Said, surface string) error {
	require.Equal(o.t, []string{"seranking", "slack"}, []string{app, surface})
	o.kept = append(o.kept, said)
	return nil
}

// asking is a company whose app Dave owns, in which Alice is asked about two accounts.
func asksAlice(t *testing.T) (*world, *outsiders) {
	w := newWorld(t)
	w.vendor.apps[0].Owners = []string{"U0DAVE"}
	o := &outsiders{ledger: ledger{t: t}}
	for i, email := range []string{"pat@agency.example", "kim@agency.example"} {
		o.all = append(o.all, register.Still{App: w.vendor.apps[0], Outsider: register.Outsider{Email: email, As: "client seat", Request: int64(i + 1), By: "U0ALICE", Given: noon.AddDate(0, 0, -91),
			Asked: noon, Round: 1, Whom: []approvals.PersonID{"U0ALICE"}, Day: "2026-11-23"}})
	}
	w.Register = o
	return w, o
}

// TestWhoAnswersWhatIsStillNeeded: who is asked, and who looks after the app; nobody else, and nobody whose right can't be found out.
func TestWhoAnswersWhatIsStillNeeded(t *testing.T) {
	w, o := asksAlice(t)
	for who, want := range map[approvals.PersonID]approvals.Code{"U0ALICE": "", "U0DAVE": "", "U0CAROL": "", "U0BOB": approvals.NotAllowed, "U0NOBODY": approvals.NotAllowed} {
		err := w.KeepNeeded(t.Context(), who, "seranking", "pat@agency.example", noon)
		_, taken := w.TakingBack(t.Context(), who, "seranking", "pat@agency.example")
		require.Equal(t, []approvals.Code{want, want}, []approvals.Code{approvals.CodeOf(err), approvals.CodeOf(taken)}, who)
	}
	require.Len(t, o.kept, 3)
	d, err := w.TakingBack(t.Context(), "U0ALICE", "seranking", "pat@agency.example")
	require.NoError(t, err)
	require.Equal(t, []any{"seranking", "pat@agency.example", "it isn't needed any more"}, []any{d.App, d.Email, d.Reason})
	for email, want := range map[string]approvals.Code{"gone@agency.example": approvals.Conflict} {
		require.Equal(t, want, approvals.CodeOf(w.KeepNeeded(t.Context(), "U0DAVE", "seranking", email, noon)))
		require.Equal(t, approvals.NotAllowed, approvals.CodeOf(w.KeepNeeded(t.Context(), "U0BOB", "seranking", email, noon)), "who may not is not told what is there")
	}
	require.Equal(t, approvals.NotFound, approvals.CodeOf(w.KeepNeeded(t.Context(), "U0DAVE", "other", "pat@agency.example", noon)))
}

// TestWhatIsAsked: what it is about first, why now, and what was answered last.
func TestWhatIsAsked(t *testing.T) {
	w, o := asksAlice(t)
	asked := func() StillNeeded {
		s, err := w.Needed(t.Context(), "2026-11-23", "U0ALICE")
		require.NoError(t, err)
		return s
	}
	s := asked()
	require.Equal(t, "Still needed? 2 accounts of people outside: nobody has said so for three months.", s.Head.Plain())
	require.Regexp(t, `^pat@agency.example · SE Ranking · client seat · since .* by #1 · you asked for it$`, s.Accounts[0].Say.Plain())
	require.True(t, s.Accounts[0].Open && s.Accounts[0].Takes)
	o.all[0].Said, o.all[0].Asked, o.all[0].Round = &register.Said{By: "U0DAVE", At: noon.Add(time.Hour)}, time.Time{}, 0
	o.all[1].Round, o.all[1].By = 2, "U0BOB"
	s = asked()
	require.Contains(t, s.Head.Plain(), "Two weeks ago I asked about 1 account of somebody outside, and I haven't heard.")
	require.Contains(t, s.Accounts[0].Say.Plain(), "kim@agency.example · SE Ranking · client seat")
	require.Contains(t, s.Accounts[0].Say.Plain(), "@U0BOB asked for it")
	require.Contains(t, s.Accounts[1].Say.Plain(), "kept by @U0DAVE")
	o.all = o.all[:1]
	s = asked()
	require.Equal(t, "Still needed? All answered, thanks.", s.Head.Plain())
	require.Nil(t, s.Foot)
	o.all = nil
	require.Equal(t, "Still needed? There's nothing left to answer here.", asked().Head.Plain())
}
