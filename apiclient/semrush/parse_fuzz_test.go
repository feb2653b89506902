package semrush

import (
	"strconv"
	"strings"
	"testing"

	"github.com/usherbot/usher/apiclient"
)

// FuzzParseUnits: a balance is read from nothing but a whole number, and read back it is that number.
func FuzzParseUnits(f *testing.F) {
	for _, body := range []string{"", "0", "48210\n", "1,000", "1 000", "1\u00a0000\u202f000", "1.5", "-5", "+5", "٣", "99999999999999999999", "1e9", "0x10",
		"ERROR 120 :: WRONG KEY - ID PAIR", "error 132 :: API UNITS BALANCE IS ZERO", "<html>1000</html>", "{\"units\":5}", "\xff", "ERROR\x00"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		line, failed := errorLine(body)
		if strings.Contains(line, "\n") {
			t.Fatalf("more than a line of %q", body)
		}
		if failed && kindOfLine(line) == apiclient.Temporary {
			t.Fatalf("a refusal that would be asked again: %q", line)
		}
		n, err := parseUnits(body)
		if err != nil {
			return
		}
		digits := strings.TrimLeft(grouping.Replace(strings.TrimSpace(body)), "0")
		if n < 0 || failed || digits != strings.TrimLeft(strconv.FormatInt(n, 10), "0") {
			t.Fatalf("%q read as %d", body, n)
		}
	})
}
