package paper

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store/bolt"
)

// TestFilesArePromisedOnce: a report whose message is found again after a crash promises its files anew, and those that are owed stay as
// they were promised first; those that have come are owed no more.
func TestFilesArePromisedOnce(t *testing.T) {
	db, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	now := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	f := &Filing{Box: db, Now: func() time.Time { return now }, Wake: func() {}, Log: slog.New(slog.DiscardHandler)}
	key := reports.SlotKey("weekly", "2026-11-23T09:00")
	files := func(r reports.Report) []outbox.Intent {
		t.Helper()
		r.Name, r.Slot, r.At = "weekly", "2026-11-23T09:00", now
		require.NoError(t, f.File(t.Context(), key, r, reports.Facts{}))
		owed, err := db.Intents(t.Context(), reports.KindFiles+"/")
		require.NoError(t, err)
		return owed
	}
	first := files(reports.Report{EventCount: 1})
	require.Len(t, first, 1)
	require.Equal(t, first, files(reports.Report{EventCount: 2}), "what the message said is what its files say")
	claimed, err := db.Claim(t.Context(), first[0].Key, now)
	require.NoError(t, err)
	require.NoError(t, db.Finish(t.Context(), claimed, outbox.DoneWith(outbox.Receipt{Place: "C0REPORTS", ID: "F0WEEKLY"}), now))
	require.Empty(t, files(reports.Report{EventCount: 1}), "they have come")
}
