package vendorsim_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

func TestListShowsEachAccount(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		a := w.call(d, vendorsim.List, 0, "")
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "application/json", a.header.Get("Content-Type"))
		reply := decode[object](t, a.body)
		require.Equal(t, "8", reply["all_count"], "a string, as documented")
		rows := reply["list"].([]any)
		require.Len(t, rows, 8)
		marco := rows[3].(object)
		require.Equal(t, "marco.bianchi@acme.example", marco["account_email"])
		require.Equal(t, true, marco["is_blocked_by_limits"])
		require.Equal(t, "2", fmt.Sprint(marco["account_sites_count"]))
		require.Equal(t, "it", marco["account_lang"])
	})
}

func TestListPagesPastAHundred(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		blocked := vendorsim.SeedDigest(w.Vendor, 250, 17)
		require.Len(t, blocked, 17)
		var lengths []int
		seen, stopped := map[string]bool{}, 0
		for offset := 0; offset < 400; offset += 100 {
			a, err := w.send(w.authorized("GET", fmt.Sprintf("/v1/project-management/users?limit=1000&offset=%d", offset), ""))
			require.NoError(t, err)
			rows := decode[object](t, a.body)["list"].([]any)
			lengths = append(lengths, len(rows))
			for _, row := range rows {
				seen[row.(object)["account_email"].(string)] = true
				if row.(object)["is_blocked_by_limits"] == true {
					stopped++
				}
			}
		}
		require.Equal(t, []int{100, 100, 58, 0}, lengths, "250 and the demo's 8, never more than 100 a page")
		require.Len(t, seen, 258)
		require.Equal(t, 17+2, stopped)
	})
}

func TestListRefusesNonsense(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		for _, query := range []string{"limit=x", "limit=0", "offset=-1"} {
			a, err := w.send(w.authorized("GET", "/v1/project-management/users?"+query, ""))
			require.NoError(t, err)
			require.Equal(t, http.StatusBadRequest, a.status, query)
		}
	})
}

func TestDetailsTellSettingAccessLimit(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		id := w.id("priya.nair@acme.example")
		reply := decode[object](t, w.call(d, vendorsim.Details, id, "").body)
		require.Equal(t, "priya.nair@acme.example", reply["setting"].(object)["account_email"])
		require.Equal(t, []any{"report_manual", "report_sheduled"}, reply["access"])
		require.Equal(t, "month", reply["limit"].(object)["balance"].(object)["period"])

		missing := w.call(d, vendorsim.Details, 99, "")
		require.Equal(t, http.StatusNotFound, missing.status)
		require.Contains(t, missing.body, "User not found")
	})
}

func TestCreateMakesAnAccount(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		a := w.call(d, vendorsim.Create, 0, newcomer("jane@acme.example",
			`{"setting.account_last_name":"Lee"}`, `{"setting.account_lang":"de"}`, `{"limit.balance.amount":25}`,
			`{"limit.balance.period":"week"}`, `{"access":["report_manual","no_such_code","audit_website","report_manual"]}`))
		require.Equal(t, http.StatusOK, a.status)
		require.JSONEq(t, `{"id":36880}`, a.body)

		jane, ok := w.Account("JANE@acme.example")
		require.True(t, ok, "addresses are compared without regard to case")
		require.Equal(t, int64(36880), jane.ID)
		require.Equal(t, "Lee de client week 25", fmt.Sprint(jane.LastName, " ", jane.Lang, " ", jane.Type, " ", jane.Limits.Period, " ", jane.Limits.Amount))
		require.Equal(t, []string{"audit_website", "report_manual"}, jane.Access, "unknown codes are dropped without a word")
		password, ok := w.Password("jane@acme.example")
		require.True(t, ok)
		require.Equal(t, "correct-Horse-7", password)
		require.Equal(t, []string{"created client account 36880 for jane@acme.example"}, w.effects())
		require.Equal(t, int64(36880), w.Effects()[0].UserID)
	})
}

func TestCreateRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		status int
		words  string
	}{
		"address in use, other case": {newcomer("PRIYA.nair@acme.example"), 400, "already exists"},
		"address of a stranger":      {newcomer("trial@elsewhere.example"), 400, "already exists"},
		"no seat":                    {newcomer("jane@acme.example"), 403, "Limit reached"},
		"no password":                {data(`{"setting.account_email":"j@acme.example"}`, `{"setting.account_first_name":"J"}`), 400, "required"},
		"weak password":              {newcomer("jane@acme.example", `{"setting.account_password":"short"}`), 400, "account_password"},
		"no address":                 {newcomer("jane"), 400, "account_email"},
		"no such type":               {newcomer("jane@acme.example", `{"setting.account_type":"admin"}`), 400, "account_type"},
		"no such period":             {newcomer("jane@acme.example", `{"limit.balance.period":"year"}`), 400, "period"},
		"negative amount":            {newcomer("jane@acme.example", `{"limit.balance.amount":-1}`), 400, "amount"},
		"long language":              {newcomer("jane@acme.example", `{"setting.account_lang":"eng"}`), 400, "account_lang"},
		"access is no list":          {newcomer("jane@acme.example", `{"access":"all"}`), 400, "access"},
		"two keys in one object":     {data(`{"setting.account_email":"j@acme.example","setting.account_first_name":"J"}`), 400, "key data"},
		"flat object":                {`{"account_email":"jane@acme.example"}`, 400, "key data"},
		"bare access, as documented": {`[{"key":"data","value":[{"setting.account_email":"j@acme.example"},"access":["x"]]}]`, 400, "key data"},
		"other key":                  {`[{"key":"settings","value":[{"access":[]}]}]`, 400, "key data"},
		"empty object":               {`{}`, 400, "key data"},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, vendorsim.Options{Seats: 8}, func(t *testing.T, w *world, d vendorsim.Dialect) {
				w.TakeElsewhere("Trial@elsewhere.example")
				a := w.call(d, vendorsim.Create, 0, c.body)
				require.Equal(t, c.status, a.status, a.body)
				require.Contains(t, a.body, c.words)
				require.Empty(t, w.effects())
				require.Len(t, w.Accounts(), 8)
			})
		})
	}
}

func TestCreateWithoutTypeMakesTheOneThatSeesAll(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		w.call(vendorsim.Unified, vendorsim.Create, 0, data(`{"setting.account_email":"j@acme.example"}`,
			`{"setting.account_first_name":"J"}`, `{"setting.account_password":"correct-Horse-7"}`))
		j, _ := w.Account("j@acme.example")
		require.Equal(t, vendorsim.TypeUser, j.Type)
	})
}

func TestUpdateKeepsWhatItOmitsAndReplacesAccess(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		id := w.id("priya.nair@acme.example")
		a := w.call(d, vendorsim.Update, id, data(`{"access":["marketing_plan","bogus"]}`, `{"limit.balance.amount":7}`))
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "{[]}", a.body, "the documents' own senseless answer")
		priya, _ := w.Account("priya.nair@acme.example")
		require.Equal(t, []string{"marketing_plan"}, priya.Access)
		require.Equal(t, int64(7), priya.Limits.Amount)
		require.Equal(t, "Nair", priya.LastName)
		require.Equal(t, []int64{101, 102}, priya.SharedSites)

		w.call(d, vendorsim.Update, id, data(`{"access":[]}`))
		priya, _ = w.Account("priya.nair@acme.example")
		require.Empty(t, priya.Access, "[] clears everything")
		w.call(d, vendorsim.Update, id, data(`{"access":[]}`))
		require.Equal(t, []string{"updated account 36872: access, balance", "updated account 36872: access"}, w.effects(),
			"an update that changes nothing has no effect")
	})
}

func TestUpdateRefusals(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		id := w.id("priya.nair@acme.example")
		require.Equal(t, 404, w.call(d, vendorsim.Update, 99, data(`{"access":[]}`)).status)
		require.Equal(t, 400, w.call(d, vendorsim.Update, id, `{}`).status)
		require.Equal(t, 400, w.call(d, vendorsim.Update, id, data(`{"setting.account_email":"Dale@globex.example"}`)).status)
		require.Empty(t, w.effects())
	})
}

func TestUpdateToUserLosesTheShares(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		w.call(vendorsim.Unified, vendorsim.Update, w.id("priya.nair@acme.example"),
			data(`{"setting.account_type":"user"}`, `{"setting.account_password":"another-Horse-8"}`))
		priya, _ := w.Account("priya.nair@acme.example")
		require.Empty(t, priya.SharedSites)
		require.Equal(t, []string{"updated account 36872: type, shared sites, password"}, w.effects())
	})
}

func TestDeleteOnce(t *testing.T) {
	both(t, vendorsim.Options{Seats: 8}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		id := w.id("tomas.lind@acme.example")
		a := w.call(d, vendorsim.Delete, id, "")
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "[]", a.body)
		require.Equal(t, http.StatusNotFound, w.call(d, vendorsim.Delete, id, "").status)
		require.Equal(t, []string{"deleted account 36873 of tomas.lind@acme.example"}, w.effects())
		require.Len(t, w.Sites(), 8, "the two sites he owned went with him")
		amira, _ := w.Account("amira.haddad@acme.example")
		require.Equal(t, []int64{101, 105}, amira.SharedSites, "and so did their shares")
		require.Equal(t, http.StatusOK, w.call(d, vendorsim.Create, 0, newcomer("jane@acme.example")).status, "his seat is free")
	})
}

func (w *world) authorized(method, path, body string) *http.Request {
	r := w.request(method, path, body)
	r.Header.Set("Authorization", "Token "+w.Key(vendorsim.Unified))
	return r
}
