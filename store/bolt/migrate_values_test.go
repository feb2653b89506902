package bolt

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// testdata/actions-2.db was written by the last program of schema 2: a request of each action in each state of the script,
// each filled as that program filled it. It is never changed.

// TestARequestOfSchema2GoesOnAsValues: nothing of what was asked, read, said or done is lost, whichever action it was
// and wherever it stood, and whatever was not its change is there as it was, byte for byte.
func TestARequestOfSchema2GoesOnAsValues(t *testing.T) {
	dir := t.TempDir()
	raw, err := os.ReadFile("testdata/actions-2.db")
	require.NoError(t, err)
	folderWith(t, dir, raw)
	s := open(t, dir, Options{})
	require.NoError(t, s.Check(ctx))
	sites := []catalog.Item{{ID: "39", Name: "Acme UK", Host: "acme.example", Nameless: "site"}, {ID: "42", Host: "shop.acme.example", Paused: true, Nameless: "site"}}
	limited := func(amount, period string) catalog.Values {
		return catalog.Values{{Key: "amount", Items: []catalog.Item{{ID: amount}}}, {Key: "period", Items: []catalog.Item{{ID: period}}}}
	}
	n := int64(0)
	for _, a := range []catalog.Verb{catalog.Create, catalog.Share, catalog.Unshare, catalog.Update, catalog.Delete} {
		for _, stage := range stages {
			n++
			r, err := s.Request(ctx, n)
			require.NoError(t, err)
			require.Equal(t, stage.state, r.State)
			require.Equal(t, a, r.Action)
			email := string(a) + "-" + stage.name + "@acme.example"
			waits := stage.name == "pending" || stage.name == "expired" || stage.name == "canceled" || stage.name == "denied"
			want := approvals.Change{Email: email}
			switch a {
			case catalog.Create:
				want.FirstName, want.LastName = "Pat", "Doe"
				want.Values = append(catalog.Values{{Key: "type", Items: []catalog.Item{{ID: "user", Name: "user seat"}}}, {Key: "lang", Items: []catalog.Item{{ID: "de"}}},
					{Key: "access", Items: []catalog.Item{{ID: "report_manual", Name: "manual reports"}}}}, limited("50", "month")...)
			case catalog.Share:
				want.Account, want.Sort, want.Values = "36872", "client", catalog.Values{{Key: "sites", Items: sites}}
				require.Equal(t, approvals.Said{Email: email, Typed: catalog.Values{{Key: "sites", Typed: []string{"39", "shop"}}}, Blind: true}, *r.Said)
			case catalog.Unshare:
				want.Values = catalog.Values{{Key: "sites", Typed: []string{"acme uk", "<e>"}}}
				if !waits {
					want.Account, want.Values = "36872", catalog.Values{{Key: "sites", Items: sites[:1]}}
				}
			case catalog.Update:
				want.Account, want.Sort = "36872", "user"
				want.Values = append(catalog.Values{{Key: "access"}}, limited("0", "week")...)
				require.Equal(t, approvals.Was{Values: catalog.Values{{Key: "access", Items: []catalog.Item{{ID: "hide_search_volume", Name: "search volume hidden", Takes: true}}},
					{Key: "amount", Items: []catalog.Item{{ID: "0"}}}}}, *r.Look.Was)
			case catalog.Delete:
				want.Account, want.Sort, want.Person = "36872", "client", "U0JANE"
				require.Equal(t, waits, r.Look.Bars, stage.name)
				require.Equal(t, sites, r.Look.Was.Held)
				require.Equal(t, 2, r.Look.Was.Holds)
			}
			require.Equal(t, want, r.Change, "%s %s", a, stage.name)
			if r.Outcome != nil {
				require.Equal(t, "36872", r.Outcome.AccountID)
			}
		}
	}
	same(t, raw, fileIn(t, dir))
}

// same holds everything that is no request to what it was: the log, the promises and their notes, the receipts, the
// indexes.
func same(t *testing.T, before, after []byte) {
	t.Helper()
	old, is := contents(t, before), contents(t, after)
	for bucket := range old {
		if bucket != string(bRequests) && bucket != string(bMeta) {
			require.Equal(t, old[bucket], is[bucket], bucket)
		}
	}
}

func contents(t *testing.T, raw []byte) map[string]map[string]string {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(folderWith(t, t.TempDir(), raw), File), 0o600, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	all := map[string]map[string]string{}
	require.NoError(t, db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			all[string(name)] = map[string]string{}
			return b.ForEach(func(k, v []byte) error { all[string(name)][string(k)] = string(v); return nil })
		})
	}))
	require.NoError(t, db.Close())
	return all
}

// TestAFileOfSchema2IsReadAsItIs: who only reads, for a backup or the log, upgrades nothing and reads the same.
func TestAFileOfSchema2IsReadAsItIs(t *testing.T) {
	dir := t.TempDir()
	raw, err := os.ReadFile("testdata/actions-2.db")
	require.NoError(t, err)
	folderWith(t, dir, raw)
	s, err := OpenReadOnly(dir)
	require.NoError(t, err)
	r, err := s.Request(ctx, 11)
	require.NoError(t, err)
	require.Equal(t, []string{"39", "42"}, r.Change.Values.IDs("sites"))
	require.NoError(t, s.Check(ctx))
	require.NoError(t, s.Close())
	require.Equal(t, raw, fileIn(t, dir))
}
