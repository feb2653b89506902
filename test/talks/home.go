package talks

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// home does what a line says of somebody's Home; false: it is not about one.
func (k *talk) home(f []string, line string) bool {
	k.T.Helper()
	who, its := strings.CutSuffix(f[0], "'s")
	switch {
	case its && f[1] == "home":
		k.homeNow(person(who), f[2], line)
	case strings.HasSuffix(line, " has no home"):
		_, has := k.N.Slack.Home(person(f[0]))
		require.False(k.T, has, k.line)
	case strings.HasSuffix(line, " opens home"):
		k.N.Slack.OpenHome(person(f[0])).Wait()
		k.Pass(10 * time.Second)
	default:
		return false
	}
	return true
}

// onHome presses a button on somebody's Home: the first of a label, or that about a request.
func (k *talk) onHome(id, label string, of []string) *slacksim.Delivery {
	if len(of) == 2 {
		label += ", request " + of[1]
	}
	return k.N.Slack.ClickView(id, "home", label, nil)
}

// homeNow holds a line against what stands on somebody's Home now.
func (k *talk) homeNow(id, verb, line string) {
	k.T.Helper()
	v, has := k.N.Slack.Home(id)
	require.True(k.T, has, "%s: nothing was ever published there", k.line)
	switch verb {
	case "says":
		k.holds(slacksim.ViewText(v), after(line, " says "))
	case "offers":
		want := quoted(after(line, " offers "))
		for i, m := range words.FindAllStringSubmatch(after(line, " offers "), -1) {
			want[i] = m[1] + m[2]
		}
		if want[0] == "nothing" {
			want = nil
		}
		require.Equal(k.T, want, world.ButtonsOf(v), k.line)
		k.oldHomes[id] = v
	default:
		require.Equal(k.T, "is", verb, k.line)
		k.N.Slack.ForgetHome(id)
	}
}
