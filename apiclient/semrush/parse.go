package semrush

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

// wholeNumber is digits alone, or in groups of three: a number that broke off half way has others.
var wholeNumber = regexp.MustCompile(`^(\d+|\d{1,3}([, \x{a0}\x{202f}]\d{3})+)$`)

// grouping removes what the vendor may put between thousands: commas, and spaces of
// three widths. A full stop is not among them: it could be a decimal.
var grouping = strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "")

// What stands where a number should, as far as it can be told; errors.Is finds it in what Units returns.
var (
	// ErrPage is a web page: mostly one that asks somebody to sign in.
	ErrPage = errors.New("the answer is a web page, so the balance is not known")
	// ErrNewer is an answer in the form of API version 4.
	ErrNewer = errors.New("the answer has the form of API version 4, so the balance is not known")
)

// parseUnits reads "48210\n" or "1,000"; anything that is not a whole number is an error.
func parseUnits(body string) (int64, error) {
	body = strings.TrimSpace(body)
	switch {
	case strings.HasPrefix(body, "<"):
		return 0, ErrPage
	case !wholeNumber.MatchString(body):
		return 0, errors.New("the answer is not a number, so the balance is not known")
	}
	n, err := strconv.ParseInt(grouping.Replace(body), 10, 64)
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

// newerForm returns what an answer of API version 4 says is wrong: {"meta":{…},"error":{"code":…,"message":…}}.
func newerForm(body string) (words string, ok bool) {
	var answer struct {
		Meta  json.RawMessage `json:"meta"`
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal([]byte(body), &answer) != nil || answer.Meta == nil {
		return "", false
	}
	return answer.Error.Message, true
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

// kindOfRefusal is what a status says that is an answer's own, and "" where the body alone says what is wrong.
func kindOfRefusal(status int) apiclient.Kind {
	if status == http.StatusOK {
		return ""
	}
	return kindOfStatus(status)
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
