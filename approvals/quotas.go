package approvals

import (
	"strconv"
	"strings"

	"github.com/usherbot/usher/catalog"
)

// Quotas are how much an account may have by some fields of its app, each with its unit: "1,200 pages", "allowance 50 a month in
// euros". Of 0 nothing is said where the app doesn't say what it means, nor of money for no time.
func Quotas(fields []catalog.Field, v catalog.Values) (list []Text) {
	for _, f := range fields {
		amount, err := strconv.ParseInt(v.ID(f.Key), 10, 64)
		switch {
		case err != nil || amount == 0 && f.Zero != "" || f.Per != "" && v.ID(f.Per) == "":
		case f.Kind == catalog.Money && f.Unit != "":
			list = append(list, Sayf("%v %v %v", strings.ToLower(f.Label), Shown(f, v), f.Unit))
		case f.Kind == catalog.Money:
			list = append(list, Sayf("%v %v", strings.ToLower(f.Label), Shown(f, v)))
		case amount == 1:
			list = append(list, Sayf("1 %v", f.Noun.One))
		default:
			list = append(list, Sayf("%v %v", Grouped(amount), f.Noun.Many))
		}
	}
	return list
}
