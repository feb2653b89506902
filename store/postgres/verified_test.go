package postgres

import (
	"crypto/ed25519"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/test/postgres"
)

// TestALogThatSomebodyHasAlteredIsNotGoneOnWith: what stands in the database's own table is verified at every start, and whoever alters
// it has to have the key. What was verified before is noted, and the note is no way around that.
func TestALogThatSomebodyHasAlteredIsNotGoneOnWith(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	url := postgres.Database(t, "")
	s := open(t, url, Options{Key: key})
	log := func(n int) {
		require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
			for range n {
				if err := tx.Audit(approvals.Entry{Actor: approvals.Usher, What: "written"}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	log(600)
	require.NoError(t, s.VerifyLog(ctx))
	log(3)
	require.Equal(t, "600", postgres.Value(t, url, "select convert_from(value, 'UTF8')::json->>'seq' from usher.meta where name = 'verified'"))
	require.NoError(t, s.Close(), "nobody may be connected to what is copied")
	for name, c := range map[string]struct{ sql, says string }{
		"before what was noted": {"update usher.audit set line = overlay(line placing 'X' from 10) where seq = 5", "entry 5"},
		"behind it":             {"update usher.audit set line = overlay(line placing 'X' from 10) where seq = 602", "entry 602"},
		"one is missing":        {"delete from usher.audit where seq = 7", "entry 7: stands under number 8"},
		"its tail is":           {"delete from usher.audit where seq > 601", "it ends at 601"},
		"with its head":         {"delete from usher.audit where seq > 500; update usher.head set (seq, hash) = (select seq, hash from usher.audit where seq = 500)", "entry 501: is missing"},
		"and its note": {"update usher.audit set line = overlay(line placing 'X' from 10) where seq = 5; delete from usher.meta where name = 'verified'",
			"entry 5"},
	} {
		t.Run(name, func(t *testing.T) {
			copied := postgres.Database(t, url)
			postgres.Exec(t, copied, "do $$ begin "+c.sql+"; end $$")
			altered := open(t, copied, Options{Key: key})
			err := altered.VerifyLog(ctx)
			require.ErrorIs(t, err, store.ErrLog)
			require.ErrorContains(t, err, c.says)
		})
	}
	require.NoError(t, open(t, url, Options{Key: key}).VerifyLog(ctx))
}
