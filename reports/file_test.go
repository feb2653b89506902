package reports

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// filer promises files as they are promised in earnest; refusals count the promises that fail.
type filer struct {
	w        *world
	refusals int
}

func (f *filer) File(ctx context.Context, key string, r Report, _ Facts) error {
	if f.refusals > 0 {
		f.refusals--
		return errors.New("no space left")
	}
	require.Equal(f.w, "xlsx", r.As)
	f.w.Effect()
	if err := f.w.planner.Box.Promise(ctx, outbox.AtOnce(FilesKey(key), 0, f.w.now).ButOnce()); err != nil {
		return err
	}
	f.w.Effect()
	return nil
}

// files are those that are owed.
func (w *world) files() (keys []string) {
	list, err := w.store.Intents(ctx, KindFiles+"/")
	require.NoError(w, err)
	for _, in := range list {
		keys = append(keys, in.Key)
	}
	return keys
}

// begins is the program beginning with a filer.
func (w *world) begins(f *filer) {
	w.start()
	w.runner.Filer = f
	w.work()
}

// A report that is a file is posted once and has its file, wherever the program stops: in a channel, and for each reader.
func TestACrashAnywhereLeavesAReportWithItsFile(t *testing.T) {
	for _, people := range []bool{false, true} {
		crashes, want := 0, []string{"reportfile/finance/2026-11-23T09:00"}
		if people {
			want = []string{"reportfile/finance/2026-11-23T09:00/U0BOB", "reportfile/finance/2026-11-23T09:00/U0ERIN"}
		}
		for stop := 1; ; stop++ {
			w := newWorld(t, monday.Add(-time.Hour), "finance: 0 9 * * MON")
			w.reports[0].As = "xlsx"
			if people {
				w.people.moves("U0BOB", "Europe/London")
				w.people.moves("U0ERIN", "Europe/London")
				w.reports[0].Channel, w.reports[0].People = "", []string{"U0BOB", "U0ERIN"}
			}
			f := &filer{w: w}
			w.Effects, w.Stop, w.now = 0, stop, monday
			if !w.Crashes(func() { w.begins(f) }) {
				break
			}
			crashes++
			w.Stop = 0
			w.begins(f)
			w.until(monday.Add(time.Hour))
			require.Len(t, w.slack.posts, len(want), "stopped at effect %d", stop)
			require.Equal(t, want, w.files(), "stopped at effect %d", stop)
		}
		require.GreaterOrEqual(t, crashes, 16, "all commits and calls are among the points")
	}
}

// Where the file can't be promised, the slot is tried again; a message that says all it has to say stands without its files.
func TestAReportThatIsAFileIsNotDoneWithoutIt(t *testing.T) {
	for as, want := range map[string][]string{"xlsx": {"reportfile/finance/2026-11-23T09:00"}, "": nil} {
		w := newWorld(t, monday.Add(-time.Hour), "finance: 0 9 * * MON")
		w.reports[0].As = as
		w.now = monday
		w.begins(&filer{w: w, refusals: 1})
		w.until(monday.Add(time.Hour))
		require.Len(t, w.slack.posts, 1)
		require.Equal(t, want, w.files())
		require.Equal(t, "2026-11-23T09:00", w.snapshot("finance").Slot)
	}
}
