package pace

import (
	"flag"
	"fmt"
	"testing"
)

// Waiting runs the tests of a package, so many of those that may side by side, unless -parallel says how many. What waits for a
// browser, another program or a vendor's pace leaves the processors to others meanwhile, and the usual number is theirs.
func Waiting(m *testing.M, n int) int {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		if err := flag.Set("test.parallel", fmt.Sprint(n)); err != nil {
			panic(err)
		}
	}
	return m.Run()
}
