package vendorsim

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
)

// Semrush's two free calls: the unit balance (key in the query) and the Trends limits (key in the path).
const (
	balancePath = "/users/countapiunits.html"
	trendsPath  = "/analytics/ta/limits/key/"
)

// refuseSemrush checks path, pace and key. Semrush's errors are a line of text whose HTTP status tells nothing.
func (v *Vendor) refuseSemrush(a *ask) (reply, bool) {
	switch {
	case a.op == "" && a.allow == "":
		return page(http.StatusNotFound), true
	case a.op == "":
		return page(http.StatusMethodNotAllowed), true
	case a.key == "":
		return v.semrushError("ERROR 122 :: WRONG FORMAT OR EMPTY KEY"), true
	case a.key != v.Key(Semrush):
		return v.semrushError("ERROR 120 :: WRONG KEY - ID PAIR"), true
	}
	rep, refused := v.refusePace(a, semrushRate)
	if refused {
		rep = raw(http.StatusTooManyRequests, "text/plain; charset=utf-8", []byte("Too Many Requests"))
	}
	return rep, refused
}

func (v *Vendor) semrushError(line string) reply {
	return raw(cmp.Or(v.Quirks().SemrushStatus, http.StatusOK), "text/plain; charset=utf-8", []byte(line))
}

func (v *Vendor) balance(*ask, func(string)) reply {
	body := cmp.Or(v.quirks.UnitsBody, unitsText(v.units, v.quirks.UnitsForm))
	return raw(http.StatusOK, "text/html; charset=utf-8", []byte(body))
}

// unitsText writes a balance in one of the forms seen: grouped by comma (documented), by a no-break or a narrow no-break
// space, plain, or plain with a newline.
func unitsText(n int64, form string) string {
	plain := strconv.FormatInt(n, 10)
	switch form {
	case "plain":
		return plain
	case "newline":
		return plain + "\n"
	case "nbsp":
		return grouped(plain, "\u00a0")
	case "narrow":
		return grouped(plain, "\u202f")
	}
	return grouped(plain, ",")
}

func grouped(digits, sign string) string {
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, parts...), sign)
}

// trends answers in a form that is published nowhere; this is a guess, and nothing should read more into it than text.
func (v *Vendor) trends(*ask, func(string)) reply {
	body := cmp.Or(v.quirks.TrendsBody, "monthly_limit;monthly_used\n10000;1250\n")
	return raw(http.StatusOK, "text/plain; charset=utf-8", []byte(body))
}
