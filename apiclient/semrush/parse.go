package semrush

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

var onlyDigits = regexp.MustCompile(`^\d+$`)

// grouping removes what the vendor may put between thousands: commas, and spaces of
// three widths. A full stop is not among them: it could be a decimal.
var grouping = strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "")

// parseUnits reads "48210\n" or "1,000"; anything that is not a whole number is an error.
func parseUnits(body string) (int64, error) {
	digits := grouping.Replace(strings.TrimSpace(body))
	if !onlyDigits.MatchString(digits) {
		return 0, errors.New("the answer is not a number, so the balance is not known")
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, errors.New("the answer is no number of units")
	}
	return n, nil
}

// errorLine returns the first line of a body such as "ERROR 120 :: WRONG KEY - ID PAIR".
func errorLine(body string) (string, bool) {
	line, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
	return line, strings.HasPrefix(strings.ToUpper(line), "ERROR")
}

// kindOfLine goes by the text and not by the number, which documents in the wild pair wrongly.
func kindOfLine(line string) apiclient.Kind {
	said := strings.ToUpper(line)
	for _, c := range [...]struct {
		words string
		kind  apiclient.Kind
	}{
		{"BALANCE IS ZERO", apiclient.LimitReached},
		{"LIMIT EXCEEDED", apiclient.LimitReached},
		{"KEY", apiclient.NotAllowed},
		{"HASH", apiclient.NotAllowed},
		{"DISABLED", apiclient.NotAllowed},
		{"DENIED", apiclient.NotAllowed},
	} {
		if strings.Contains(said, c.words) {
			return c.kind
		}
	}
	return apiclient.Rejected
}

// kindOfStatus is for answers without an error line. A redirect, a 404 or a 410 means that the
// address itself has gone: version 3 ends at the end of 2027.
func kindOfStatus(status int) apiclient.Kind {
	switch {
	case status == http.StatusTooManyRequests:
		return apiclient.RateLimited
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return apiclient.NotAllowed
	case status >= 300 && status < 500 && status != http.StatusRequestTimeout:
		return apiclient.Rejected
	}
	return apiclient.Temporary
}
