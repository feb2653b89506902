package badday

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/pace"
)

// reportTo is the demo's configuration with a daily report at nine in London to whom a word stands for; what is asked waits for long.
func reportTo(word, zone string) string {
	return strings.NewReplacer("  - name: seats\n", "  - name: seats\n    expires_after: 30d\n    remind_after: 0\n",
		"    schedule: \"0 9 * * MON\"\n    timezone: Europe/London\n", "    schedule: \"0 9 * * *\"\n    timezone: "+zone+"\n    people: ["+word+"]\n").Replace(demo.Config)
}

// TestCallsOfAReportOfWhatNeedsPeople counts the calls of a day on which twelve requests wait for Bob: he has one message, and who is needed
// is looked up every hour as it may be somebody's hour where they are.
func TestCallsOfAReportOfWhatNeedsPeople(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	onADay(t, reportTo("needed", "reader"), func(d *busyDay) {
		for range 12 {
			d.heard(d.ask())
			d.Pass(5 * time.Minute)
		}
		d.Pass(47 * time.Hour)
		d.budget(24*time.Hour, map[string]int{"chat.postMessage": 1, "chat.update": 0, "conversations.open": 0, "conversations.history": 12, "users.info": 2 * 24, "users.profile.get": 0})
	})
}

// TestCallsOfAReportToManagers counts the calls of a day on which three managers are told of four people each: a message each, and no
// profile is read for it, as each is read behind twice a day.
func TestCallsOfAReportToManagers(t *testing.T) {
	pace.Apart(t, "counts the calls of lives that other tests live under it")
	const managers, people = 3, 12
	onADay(t, strings.Replace(reportTo("managers", "Europe/London"), "apps:\n", "people: {manager_field: Manager}\napps:\n", 1), func(d *busyDay) {
		d.N.Slack.AddProfileField(slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user", Protected: true})
		for i := range people {
			id := fmt.Sprintf("U0PAT%02d", i)
			d.N.Slack.AddUser(slacksim.User{ID: id, Name: strings.ToLower(id), RealName: "Pat " + id, Email: strings.ToLower(id) + "@acme.example", TZ: "Europe/London"})
			d.N.Slack.SetProfile(id, "Xf1", []string{"U0BOB", "U0ERIN", "U0DAVE"}[i%managers])
			d.heard(d.N.Slack.Type(id, "C0GENERAL", fmt.Sprintf("/access create %s@acme.example Pat because they start", strings.ToLower(id))))
			d.Pass(5 * time.Minute)
		}
		d.Pass(47 * time.Hour)
		d.budget(24*time.Hour, map[string]int{"chat.postMessage": managers, "chat.update": 0, "conversations.open": 2, "conversations.history": people, "users.info": 2*managers + people,
			"users.profile.get": 2 * people})
	})
}

// budget lets a while pass, in which each card that waits is looked for once, and holds how often each method is called to the
// most that it may be.
func (d *busyDay) budget(while time.Duration, most map[string]int) {
	began := d.calls()
	d.Pass(while)
	made := d.calls()
	for method, most := range most {
		require.LessOrEqual(d.T, made[method]-began[method], most, method)
	}
	require.Equal(d.T, most["chat.postMessage"], made["chat.postMessage"]-began["chat.postMessage"], "everybody has theirs")
}
