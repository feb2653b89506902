package vendorsim_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

func TestSharesAreReplaced(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		id := w.id("priya.nair@acme.example")
		require.JSONEq(t, `[101,102]`, w.call(d, vendorsim.Shared, id, "").body)
		a := w.call(d, vendorsim.SetShares, id, shareBody(d, 107, 102, 107))
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "{[]}", a.body)
		require.JSONEq(t, `[102,107]`, w.call(d, vendorsim.Shared, id, "").body, "101 was left out, so it is gone")
		w.call(d, vendorsim.SetShares, id, shareBody(d, 102, 107))
		require.Equal(t, []string{"shared sites of account 36872: [102 107], before [101 102]"}, w.effects(), "a repeat changes nothing")
		w.call(d, vendorsim.SetShares, id, shareBody(d))
		require.JSONEq(t, `[]`, w.call(d, vendorsim.Shared, id, "").body)
	})
}

func TestSharesOfAUserAreANoOp(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		id := w.id("ingrid.solberg@acme.example")
		require.Equal(t, http.StatusOK, w.call(d, vendorsim.SetShares, id, shareBody(d, 101)).status)
		require.JSONEq(t, `[]`, w.call(d, vendorsim.Shared, id, "").body)
		require.Empty(t, w.effects())
	})
}

func TestShareRefusals(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		id := w.id("priya.nair@acme.example")
		other := map[vendorsim.Dialect]vendorsim.Dialect{vendorsim.Unified: vendorsim.Legacy, vendorsim.Legacy: vendorsim.Unified}[d]
		for name, c := range map[string]struct {
			id     int64
			body   string
			status int
		}{
			"unknown account":   {99, shareBody(d, 101), 404},
			"unknown site":      {id, shareBody(d, 101, 999), 400},
			"other form":        {id, shareBody(other, 101), 400},
			"text for a number": {id, `["101"]`, 400},
			"a single integer":  {id, `101`, 400},
			"nothing in it":     {id, `{}`, 400},
		} {
			a := w.call(d, vendorsim.SetShares, c.id, c.body)
			require.Equal(t, c.status, a.status, name)
		}
		require.Equal(t, 404, w.call(d, vendorsim.Shared, 99, "").status)
		require.Equal(t, 404, w.call(d, vendorsim.Owned, 99, "").status)
		require.Empty(t, w.effects())
	})
}

func TestOwnedSites(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		require.JSONEq(t, `[106,110]`, w.call(d, vendorsim.Owned, w.id("tomas.lind@acme.example"), "").body)
		require.JSONEq(t, `[]`, w.call(d, vendorsim.Owned, w.id("dale@globex.example"), "").body)
		tomas, _ := w.Account("tomas.lind@acme.example")
		require.Equal(t, []int64{106, 110}, tomas.OwnedSites)
	})
}

func TestSitesSwapTitleAndName(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		list := decode[[]object](t, w.call(d, vendorsim.Sites, 0, "").body)
		require.Len(t, list, 10)
		require.Equal(t, "Acme Shop", list[2]["title"])
		require.Equal(t, "Acme Shop", list[3]["title"], "two have the same title")
		require.Equal(t, "https://shop.acme-europe.example/", list[3]["name"])
		require.Equal(t, "0", fmt.Sprint(list[9]["is_active"]))
		require.Equal(t, "1", fmt.Sprint(list[0]["is_active"]))
		require.Nil(t, list[0]["check_day"])
		require.Contains(t, list[0]["guest_link"], "https://")

		require.True(t, w.RemoveSite(102))
		require.False(t, w.RemoveSite(102))
		priya, _ := w.Account("priya.nair@acme.example")
		require.Equal(t, []int64{101}, priya.SharedSites)
		require.Equal(t, int64(111), w.AddSite(vendorsim.Site{Title: "New", URL: "https://new.example/"}))
	})
}

func TestFigures(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		profile := decode[object](t, w.call(d, vendorsim.Profile, 0, "").body)
		require.Equal(t, "seo@acme.example", profile["email"])
		require.Equal(t, true, profile["email_verified"])
		subscription := w.call(d, vendorsim.Subscription, 0, "").body
		if d == vendorsim.Unified {
			require.Contains(t, subscription, `"expiraton_date":"2027-01-01"`)
			require.Contains(t, w.call(d, vendorsim.Credits, 0, "").body, `"wallet":{"remaining":1000}`)
		} else {
			require.Contains(t, subscription, `"is_expired":"false"`)
			require.Contains(t, w.call(d, vendorsim.Money, 0, "").body, `"currency":"rur","currency_code":"USD"`)
		}
	})
}
