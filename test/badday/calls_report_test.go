package badday

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
)

// TestCallsOfAReportToPeople counts the calls of a day with a report to people in three zones: one message each, and who they are is
// looked up every hour until theirs, as people travel. The group is read when the slot begins its way round the world, and when it's due for
// somebody who isn't named.
func TestCallsOfAReportToPeople(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	config := strings.Replace(demo.Config, "    schedule: \"0 9 * * MON\"\n    timezone: Europe/London\n",
		"    schedule: \"0 9 * * *\"\n    timezone: reader\n    people: [U0BOB, U0DAVE, S0LEADS]\n", 1)
	onADay(t, config, func(d *busyDay) {
		d.Pass(48 * time.Hour)
		began := d.calls()
		d.Pass(24 * time.Hour)
		made := d.calls()
		const readers = 3
		for method, most := range map[string]int{"chat.postMessage": readers, "chat.update": 0, "conversations.open": 0, "conversations.history": 0,
			"usergroups.users.list": 24 * 60 / 5, "users.info": readers * 24, "vendor " + string(vendorsim.List): 5} {
			require.LessOrEqual(t, made[method]-began[method], most, method)
		}
		require.Equal(t, readers, made["chat.postMessage"]-began["chat.postMessage"], "everybody has theirs")
	})
}
