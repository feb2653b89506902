package reports

import (
	"archive/zip"
	"go/build"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/pace"
)

// everyZone are the zones of the tz database, as Go brings them along.
func everyZone(t *testing.T) (zones []string) {
	t.Helper()
	list, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skipf("the list of zones isn't there: %v", err)
	}
	defer list.Close()
	for _, f := range list.File {
		if !strings.HasSuffix(f.Name, "/") {
			zones = append(zones, f.Name)
		}
	}
	require.Greater(t, len(zones), 400)
	return zones
}

// edges are the moments in a few years at which a zone's clocks were changed, and by how much.
func edges(place *time.Location, from, to time.Time) (at []time.Time, by []time.Duration) {
	for now := from; ; {
		_, end := now.In(place).ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			return at, by
		}
		_, before := end.Add(-time.Second).In(place).Zone()
		_, after := end.In(place).Zone()
		if before != after {
			at, by = append(at, end), append(by, time.Duration(after-before)*time.Second)
		}
		now = end
	}
}

// inside are schedules whose slot lies just before, in the midst of and just after the time that an edge leaps over or shows
// twice, by the wall.
func inside(s Schedule, edge time.Time, by time.Duration) (specs []string) {
	before := s.wall(edge.Add(-time.Minute)).Add(time.Minute) // what the wall would show next
	low, high := before, before.Add(by)
	if by < 0 {
		low, high = high, low
	}
	for _, at := range []time.Time{low.Add(-time.Minute), low, low.Add(high.Sub(low) / 2), high.Add(-time.Minute), high} {
		specs = append(specs, at.Format("4 15 * * *"))
	}
	return specs
}

// TestEveryZoneHasEachSlotOnce: over every change of the clocks in every zone, a daily slot inside the hour that is missing or
// comes twice comes once a day by its name, in order, never before its time on the wall.
func TestEveryZoneHasEachSlotOnce(t *testing.T) {
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
	changed := 0
	for _, zone := range everyZone(t) {
		place, err := time.LoadLocation(zone)
		require.NoError(t, err)
		at, by := edges(place, from, to)
		for i, edge := range at {
			changed++
			for _, spec := range inside(schedule(t, "0 0 * * *", zone), edge, by[i]) {
				requireDaily(t, schedule(t, spec, zone), edge)
			}
		}
	}
	require.Greater(t, changed, 400, "half the zones change their clocks twice a year")
}

// TestZonesThatJumpADay: what falls on a day that never was comes right after it, once.
func TestZonesThatJumpADay(t *testing.T) {
	for zone, edge := range map[string]string{
		"Pacific/Apia": "2011-12-30T10:00:00Z", "Pacific/Fakaofo": "2011-12-30T11:00:00Z", "Pacific/Kwajalein": "1993-08-21T12:00:00Z",
		"Pacific/Kiritimati": "1995-01-01T00:00:00Z", "Pacific/Enderbury": "1995-01-01T00:00:00Z", "Asia/Manila": "1844-12-31T16:00:00Z",
	} {
		for _, spec := range []string{"0 9 * * *", "0 0 * * *", "59 23 * * *"} {
			requireDaily(t, schedule(t, spec, zone), moment(t, edge))
		}
	}
}

// requireDaily holds a daily schedule to a slot a day around a moment: each once, in order, and none before its wall shows it.
func requireDaily(t *testing.T, s Schedule, edge time.Time) {
	t.Helper()
	after := edge.Add(-73 * time.Hour)
	var last time.Time
	seen := map[string]bool{}
	for n := 0; after.Before(edge.Add(73 * time.Hour)); n++ {
		slot, at, ok := s.Next(after)
		require.True(t, ok)
		require.True(t, at.After(after), "%s: time goes on", s)
		require.False(t, seen[slot], "%s: %s comes twice", s, slot)
		seen[slot] = true
		due, ok := s.At(slot)
		require.True(t, ok)
		require.Equal(t, at, due, "%s: %s has one moment", s, slot)
		wall, err := time.Parse(SlotLayout, slot)
		require.NoError(t, err)
		require.False(t, s.wall(at).Before(wall), "%s: %s comes when the wall shows %s", s, slot, s.wall(at))
		if n > 0 && wall.Sub(last) != 24*time.Hour {
			// Two slots of one moment are one, under the later name: only a day that never was does that.
			require.Equal(t, 48*time.Hour, wall.Sub(last), "%s: no day is left out before %s", s, slot)
			gone, _ := s.At(last.Add(24 * time.Hour).Format(SlotLayout))
			require.Equal(t, at, gone)
		}
		latest, _, ok := s.Latest(at)
		require.True(t, ok)
		require.Equal(t, slot, latest)
		last, after = wall, at
	}
}

// TestEdgesWithCrashes: over a change of the clocks in a zone, the program stopped at any of its effects and started again, the
// readers there have each slot once. Of all zones and stops a sample, another in each of many runs.
func TestEdgesWithCrashes(t *testing.T) {
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	zones := everyZone(t)
	for range 120 / pace.Stride(10) {
		zone := zones[chance.IntN(len(zones))]
		place, err := time.LoadLocation(zone)
		require.NoError(t, err)
		at, by := edges(place, from, to)
		if len(at) == 0 {
			continue
		}
		i := chance.IntN(len(at))
		specs := inside(schedule(t, "0 0 * * *", zone), at[i], by[i])
		edgeWithCrash(t, chance, zone, specs[chance.IntN(len(specs))], at[i])
	}
}

func edgeWithCrash(t *testing.T, chance *rand.Rand, zone, spec string, edge time.Time) {
	t.Helper()
	w := newWorld(t, edge.Add(-40*time.Hour))
	w.people.moves(bob, zone)
	w.people.moves(dave, zone)
	w.toPeople("theirs", spec, "reader", string(bob))
	w.toPeople("ours", spec, zone, string(dave))
	w.configure("channel", spec, zone)
	w.start()
	begin, end := w.now, edge.Add(40*time.Hour)
	for w.now.Before(end) {
		w.Effects, w.Stop = 0, 1+chance.IntN(60)
		crashed := w.Crashes(func() { w.until(end) })
		w.Stop = 0
		if crashed {
			w.startAt(w.now.Add(time.Duration(chance.IntN(90)) * time.Minute))
		}
	}
	var want []string
	s := schedule(t, spec, zone)
	for slot, at, _ := s.Next(begin); !at.After(end); slot, at, _ = s.Next(at) {
		want = append(want, slot)
	}
	had := map[string][]string{}
	for _, p := range w.slack.posts {
		had[p.Name] = append(had[p.Name], p.Slot)
	}
	require.Equal(t, map[string][]string{"theirs": want, "ours": want, "channel": want}, had, "%s in %s around %s", spec, zone, edge)
}
