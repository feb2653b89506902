package talks

import (
	"strconv"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/roster"
)

// okta does what a line says of a directory beside Slack. Its people have their first address as their id.
func (k *talk) okta(f []string) {
	k.T.Helper()
	o := k.Okta()
	change := func(how func(*roster.Person)) { o.Change(f[1], how) }
	switch f[0] {
	case "has":
		for _, a := range f[1:] {
			o.Put(roster.Person{ID: a, Email: a, Created: time.Now()})
		}
	case "off":
		o.SwitchOff(f[1])
	case "on":
		change(func(p *roster.Person) { p.Off = time.Time{} })
	case "deletes":
		change(func(p *roster.Person) { p.Deleted = time.Now() })
	case "renames":
		change(func(p *roster.Person) { p.Email = f[2] })
	case "tells":
		o.Tell(roster.Lie(f[1]))
	case "fails":
		status, err := strconv.Atoi(f[1])
		require.NoError(k.T, err, k.line)
		o.Plan(roster.Fault{Trouble: roster.Status, Status: status, Times: -1})
	case "heals":
		o.Heal()
	default:
		k.T.Fatalf("%s: a directory can't do that", k.line)
	}
}
