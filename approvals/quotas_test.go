package approvals

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestQuotasHaveUnitsAndSayNothingOfWhatNobodyKnows: a 0 is told by an app alone that says what it means.
func TestQuotasHaveUnitsAndSayNothingOfWhatNobodyKnows(t *testing.T) {
	pages := catalog.Field{Key: "pages", Label: "Page limit", Kind: catalog.Number, Noun: catalog.Noun{One: "page", Many: "pages"}}
	vague := pages
	vague.Zero = "Nobody says what 0 means."
	money := catalog.Field{Key: "amount", Label: "Allowance", Kind: catalog.Money, Per: "period", Unit: "in euros", Zero: "Nobody says what 0 means."}
	one := func(key, is string) catalog.Value { return catalog.Value{Key: key, Items: []catalog.Item{{ID: is}}} }
	for name, row := range map[string]struct {
		field catalog.Field
		v     catalog.Values
		want  string
	}{
		"many":                {pages, catalog.Values{one("pages", "1200")}, "1,200 pages"},
		"one":                 {pages, catalog.Values{one("pages", "1")}, "1 page"},
		"none allowed":        {pages, catalog.Values{one("pages", "0")}, "0 pages"},
		"0 of unknown sense":  {vague, catalog.Values{one("pages", "0")}, ""},
		"not read":            {pages, nil, ""},
		"no number":           {pages, catalog.Values{one("pages", "many")}, ""},
		"money":               {money, catalog.Values{one("amount", "50"), one("period", "week")}, "allowance 50 a week in euros"},
		"money 0":             {money, catalog.Values{one("amount", "0"), one("period", "week")}, ""},
		"money for no period": {money, catalog.Values{one("amount", "50")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.want, Join(Quotas([]catalog.Field{row.field}, row.v), ", ").Plain())
		})
	}
}
