package world

import (
	"flag"
	"testing"
	"time"
)

// Every is what .ci/run gives: every place of the crash matrix, every kill, however long it takes.
var Every = flag.Bool("every", false, "strike at every place and play every row, however long it takes")

// Tired is when a machine that is too busy for everything leaves a long test at what it has played: two thirds into
// the time that go test gives the package, of which other tests need theirs. Slowness fails no test; what is asked
// for by a flag is played whole; so it is where whole says that another flag asks for it.
func Tired(t *testing.T, whole bool) time.Time {
	end, limited := t.Deadline()
	if !limited || whole || *Every {
		return time.Now().Add(24 * time.Hour)
	}
	return time.Now().Add(time.Until(end) * 2 / 3)
}

// Rest skips a row of a long table where the machine is tired by now.
func Rest(t *testing.T, tired time.Time) {
	t.Helper()
	if time.Now().After(tired) {
		t.Skip("left out, since this machine is too busy for all rows in the time there is: -timeout 30m gives them more, and -every plays them however long it takes")
	}
}
