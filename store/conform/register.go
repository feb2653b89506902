package conform

import (
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
)

// registerRules are those of register.Book.
var registerRules = []rule{
	{"Register is what was kept last of an app, together with the audit entry that says so, in the next life too", func(l *life) {
		is := func(app string) register.Kept {
			k, err := l.Register(l.Context(), app)
			l.must(err)
			return k
		}
		require.Zero(l, is("semrush"))
		l.must(l.KeepSnapshot(l.Context(), "semrush", []byte("a report that is called as the app is")))
		for i, file := range []string{"first.csv", "second.csv"} {
			k := register.Kept{At: at(0), Imported: at(time.Hour), By: approvals.Usher, File: file, Members: []list.Member{{Email: "jane@acme.example", Rows: []int{2}}},
				Findings: []register.Finding{{Kind: register.NeverApproved, App: "semrush", Email: "jane@acme.example", First: at(0)}}}
			l.must(l.Record(l.Context(), func(tx register.Tx) error {
				err := errors.Join(tx.KeepRegister("semrush", k), tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "imported"}))
				got, err2 := tx.Register("semrush")
				require.JSONEq(l, asJSON(l, k), asJSON(l, got), "it reads what it has itself written")
				return errors.Join(err, err2)
			}))
			for range 2 {
				require.JSONEq(l, asJSON(l, k), asJSON(l, is("semrush")))
				require.Zero(l, is("sem"), "another app's")
				require.EqualValues(l, i+1, l.head().Seq)
				l.crash()
			}
		}
	}},
	{"what Record refuses is returned as it is, and nothing of it is kept", func(l *life) {
		require.Equal(l, errRefused, l.Record(l.Context(), func(tx register.Tx) error {
			l.must(errors.Join(tx.KeepRegister("semrush", register.Kept{File: "list.csv"}), tx.Audit(approvals.Entry{At: at(0), Actor: approvals.Usher, What: "imported"})))
			return errRefused
		}))
		for range 2 {
			k, err := l.Register(l.Context(), "semrush")
			l.must(err)
			require.Zero(l, k)
			require.Zero(l, l.head())
			l.crash()
		}
	}},
}
