package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

func ptr[T any](v T) *T { return &v }

// site is a website as a condition meets it.
func siteOf(id, name, host string) catalog.Item {
	return catalog.Item{ID: id, Name: name, Host: host, Nameless: "site"}
}

// TestConditions: each holds, fails, or hangs on what is not known, and says so; of several all must hold, and one that
// fails decides whatever is not known.
func TestConditions(t *testing.T) {
	for _, rows := range []map[string]condition{ofFields(), ofTheRest()} {
		for name, row := range rows {
			t.Run(name, func(t *testing.T) {
				why := row.w.judge(row.s)
				require.Equal(t, row.want, all(why))
				var said []string
				for _, r := range why {
					said = append(said, r.Say.Plain())
				}
				if row.says == "" {
					return
				}
				require.Len(t, said, 1)
				require.Contains(t, said[0], row.says)
			})
		}
	}
}

// condition is one that is held against a situation.
type condition struct {
	w    When
	s    Situation
	want Held
	says string
}

// situations are one of which everything is known, and one of which nothing is.
func situations() (full, bare Situation) {
	app := ranked()
	app.Price = Price{Amount: 2000, Currency: "USD"}
	full = Situation{App: app, Action: catalog.Create, By: "U0ALICE", Lasts: 30 * 24 * time.Hour, Known: Known{In: []GroupID{"S0STAFF"}, Out: []GroupID{"S0LEADS"}, For: ForOther, Left: ptr(3)},
		Values: catalog.Values{{Key: "access", Items: []catalog.Item{{ID: "report_manual"}, {ID: "audit_website"}}}, {Key: "sites", Items: []catalog.Item{siteOf("39", "Acme", "acme.example")}}}}
	bare = Situation{App: ranked(), Action: catalog.Create, By: "U0ALICE", Values: catalog.Values{{Key: "sites", Typed: []string{"acme"}}}}
	return full, bare
}

func ofFields() map[string]condition {
	full, bare := situations()
	app := full.App
	one := func(f FieldIs) When { return When{Fields: []FieldIs{f}} }
	return map[string]condition{
		"nothing":                         {When{}, bare, Holds, ""},
		"a default":                       {one(FieldIs{Key: "type", In: []string{"client"}}), full, Holds, "type is client"},
		"another than the default":        {one(FieldIs{Key: "type", In: []string{"user"}}), full, Fails, "type is client, not user"},
		"only some of several":            {one(FieldIs{Key: "access", In: []string{"report_manual"}}), full, Fails, "access is report_manual, audit_website, not only report_manual"},
		"all of several":                  {one(FieldIs{Key: "access", In: []string{"AUDIT_website", "report_manual", "x"}}), full, Holds, "access is report_manual, audit_website"},
		"one of several":                  {one(FieldIs{Key: "access", In: []string{"report_manual"}, Any: true}), full, Holds, ""},
		"none of several":                 {one(FieldIs{Key: "access", In: []string{"y"}, Any: true}), full, Fails, "and has no y"},
		"a website by its address":        {one(FieldIs{Key: "sites", In: []string{"https://ACME.example/"}}), full, Holds, "sites is acme.example"},
		"a website by its number":         {one(FieldIs{Key: "sites", In: []string{"39"}}), full, Holds, ""},
		"a website by its name":           {one(FieldIs{Key: "sites", In: []string{"acme"}}), full, Holds, ""},
		"a website that isn't found yet":  {one(FieldIs{Key: "sites", In: []string{"acme"}}), bare, Unknown, "which ones are meant isn't known yet"},
		"a field that isn't given":        {one(FieldIs{Key: "period", In: []string{"day"}}), full, Fails, "it says no period, so that isn't day"},
		"an action that the app has lost": {one(FieldIs{Key: "type", In: []string{"client"}}), Situation{App: app, Action: "rename"}, Fails, "it says no type"},
	}
}

func ofTheRest() map[string]condition {
	const day = 24 * time.Hour
	full, bare := situations()
	app := full.App
	return map[string]condition{
		"who asks, by name":              {When{RequesterIn: []string{"U0ALICE"}}, bare, Holds, "@U0ALICE is named"},
		"who asks, in a group":           {When{RequesterIn: []string{"S0LEADS", "S0STAFF"}}, full, Holds, "@U0ALICE is in @S0STAFF"},
		"who asks, in none":              {When{RequesterIn: []string{"S0LEADS", "U0BOB"}}, full, Fails, "@U0ALICE isn't in @S0LEADS or @U0BOB"},
		"who asks, not known":            {When{RequesterIn: []string{"S0LEADS", "S0MORE"}}, full, Unknown, "whether @U0ALICE is in @S0LEADS or @S0MORE isn't known"},
		"for whom":                       {When{For: ForOther}, full, Holds, "it's for a colleague"},
		"for somebody else":              {When{For: ForSelf}, full, Fails, "it's for a colleague, and not for who asks"},
		"for whom, not known":            {When{For: ForExternal}, bare, Unknown, "whether it's for somebody outside the workspace isn't known"},
		"cheap":                          {When{CostUnder: ptr(int64(2001))}, full, Holds, "it costs 20 USD a month"},
		"not cheap":                      {When{CostUnder: ptr(int64(2000))}, full, Fails, "it costs 20 USD a month, which isn't under 20 USD a month"},
		"dear":                           {When{CostOver: ptr(int64(1990))}, full, Holds, ""},
		"not dear":                       {When{CostOver: ptr(int64(2050))}, full, Fails, "which isn't over 20.50 USD a month"},
		"of unknown cost":                {When{CostOver: ptr(int64(1))}, bare, Unknown, "what it costs isn't known"},
		"not as dear as that":            {When{CostOver: ptr(int64(12_500_50))}, full, Fails, "which isn't over 12,500.50 USD a month"},
		"what gives no seat costs none":  {When{CostUnder: ptr(int64(1))}, Situation{App: app, Action: catalog.Share}, Holds, "it costs 0 USD a month"},
		"seats left":                     {When{SeatsLeftOver: ptr(2), SeatsLeftUnder: ptr(4)}, full, Holds, "3 seats are left"},
		"too few left":                   {When{SeatsLeftOver: ptr(3)}, full, Fails, "3 seats are left, which isn't over 3"},
		"too many left":                  {When{SeatsLeftUnder: ptr(3)}, full, Fails, "which isn't under 3"},
		"seats not counted":              {When{SeatsLeftUnder: ptr(3)}, bare, Unknown, "how many seats are left isn't known yet"},
		"short":                          {When{ShorterThan: 31 * day, LongerThan: 29 * day}, full, Holds, "it's for 30 days"},
		"not short":                      {When{ShorterThan: 30 * day}, full, Fails, "it's for 30 days, which isn't shorter than 30 days"},
		"for good isn't short":           {When{ShorterThan: 90 * day}, bare, Fails, "it's for good, which isn't shorter than 90 days"},
		"for good is long":               {When{LongerThan: 90 * day}, bare, Holds, "it's for good"},
		"not long":                       {When{LongerThan: 30 * day}, full, Fails, "isn't longer than 30 days"},
		"one fails, another isn't known": {When{For: ForSelf, RequesterIn: []string{"S0MORE"}}, full, Fails, ""},
		"one holds, another isn't known": {When{For: ForOther, RequesterIn: []string{"S0MORE"}}, full, Unknown, ""},
		"all hold":                       {When{For: ForOther, RequesterIn: []string{"S0STAFF"}, SeatsLeftOver: ptr(0)}, full, Holds, ""},
		"one seat is one":                {When{SeatsLeftOver: ptr(0)}, Situation{App: app, Known: Known{Left: ptr(1)}}, Holds, "1 seat is left"},
	}
}
