package seranking

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

// One test for each of the inconsistencies between the vendor's documents, examples and answers
// that a client must live with, by their numbers in the list of facts.

func TestInconsistency01AllCountIsAString(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		for _, count := range []string{`,"all_count":"250"`, `,"all_count":250`, ``, `,"all_count":"3"`, `,"all_count":"9999"`} {
			v.do(at.list(), paged(250, count))
			all, err := c.ListAccounts(t.Context())
			require.NoError(t, err, count)
			require.Len(t, all, 250, "the count %q is only a hint", count)
			require.EqualValues(t, 250, all[249].ID)
		}
	})
}

func TestInconsistency02SettingOrSettings(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		for _, word := range []string{"setting", "settings"} {
			v.on(at.user("GET", 7), ok(`{"`+word+`":{"account_email":"jane@acme.example","account_type":"client"},"access":[]}`))
			d, err := c.Account(t.Context(), 7)
			require.NoError(t, err)
			require.Equal(t, "jane@acme.example", d.Email)
			require.Equal(t, TypeClient, d.Type)
		}
	})
}

func TestInconsistency03WriteAnswersAreNotParsed(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		for _, answer := range []reply{ok(`{[]}`), ok(`[]`), ok(``), ok(`{}`), ok("done"), status(201, `{[]}`), status(204, ``), broken(200, `{`)} {
			v.on(at.user("GET", 7), ok(`{"setting":{"account_lang":"en"},"access":["report_manual"]}`))
			v.on(at.user("PATCH", 7), answer)
			v.on(at.shared("GET", 7), ok(`[]`), ok(`[39]`))
			v.on(at.shared("POST", 7), answer)
			v.on(at.user("DELETE", 7), answer)
			r, err := c.Update(t.Context(), 7, Patch{Access: []string{"report_manual"}})
			require.NoError(t, err, "%+v", answer)
			require.Empty(t, r.Dropped)
			s, err := c.Share(t.Context(), 7, []int64{39})
			require.NoError(t, err, "%+v", answer)
			require.Equal(t, []int64{39}, s.After)
			require.NoError(t, c.Delete(t.Context(), 7), "%+v", answer)
		}
	})
}

func TestInconsistency04AccessIsSentAsAnObject(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.create(), ok(`{"id":1}`))
		_, err := c.Create(t.Context(), NewAccount{Email: "a@acme.example", FirstName: "Ann", Access: []string{"report_manual"}})
		require.NoError(t, err)
		body := v.asked(at.create())[0].body
		require.Contains(t, body, `{"access":["report_manual"]}`)
		require.True(t, strings.HasPrefix(body, `[{"key":"data","value":[{"setting.account_email":"a@acme.example"},`), body)
	})
}

func TestInconsistency05AddWebsiteIsAllowed(t *testing.T) {
	require.Len(t, AccessCodes, 32, "31 in the vendor's table and add_website")
	code, found := LookupAccess("add_website")
	require.True(t, found)
	require.True(t, code.Undocumented)
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.user("GET", 7), ok(`{"setting":{},"access":["add_website","from_the_future"]}`))
		d, err := c.Account(t.Context(), 7)
		require.NoError(t, err)
		require.Equal(t, []string{"add_website", "from_the_future"}, d.Access)
	})
}

func TestInconsistency06ReportSheduledOnTheWireOnly(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.user("GET", 7), ok(`{"setting":{},"access":["report_sheduled"]}`))
		v.on(at.user("PATCH", 7), ok(``))
		for _, typed := range []string{"report_scheduled", "report_sheduled", " Report_Scheduled"} {
			r, err := c.Update(t.Context(), 7, Patch{Access: []string{typed}})
			require.NoError(t, err)
			require.Equal(t, []string{"report_scheduled"}, r.After.Access)
			require.Empty(t, r.Dropped)
			require.Empty(t, r.Kept)
			code, found := LookupAccess(typed)
			require.True(t, found)
			require.Equal(t, "report_scheduled", code.Code)
			require.Equal(t, "scheduled reports", code.Label)
		}
		for _, s := range v.asked(at.user("PATCH", 7)) {
			require.Contains(t, s.body, `"report_sheduled"`)
			require.NotContains(t, strings.ToLower(s.body), `report_scheduled`)
		}
	})
}

func TestInconsistency07DetailsMayAnswerWithTheList(t *testing.T) {
	v := newVendor(t)
	c := v.client(Unified)
	for _, id := range []string{"2", "140", "900"} {
		v.do("GET project-management/users?user_id="+id, paged(100, `,"all_count":"140"`))
	}
	v.do("GET project-management/users", paged(140, `,"all_count":"140"`))
	d, err := c.Account(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, "p2@acme.example", d.Email)
	require.True(t, d.Partial, "a line of the list knows no access")
	d, err = c.Account(t.Context(), 140)
	require.NoError(t, err)
	require.Equal(t, "p140@acme.example", d.Email, "on the second page")
	_, err = c.Account(t.Context(), 900)
	kind(t, apiclient.NotFound, err)
}

func TestInconsistency08OwnSitesOrOwnedSites(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.owned(7), ok(`[44]`))
		ids, err := c.OwnedSites(t.Context(), 7)
		require.NoError(t, err)
		require.Equal(t, []int64{44}, ids)
	})
}

func TestInconsistency09IdsInManyForms(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		for _, good := range []string{`[39,44]`, `["39","44"]`, `[{"id":39},{"site_id":"44"}]`, `[44,39,"39"]`, ` [39.0, {"id":"44","title":"x"}]`} {
			v.on(at.shared("GET", 7), ok(good))
			ids, err := c.SharedSites(t.Context(), 7)
			require.NoError(t, err, good)
			require.Equal(t, []int64{39, 44}, ids, good)
		}
		v.on(at.shared("GET", 7), ok(`[]`))
		ids, err := c.SharedSites(t.Context(), 7)
		require.NoError(t, err)
		require.Empty(t, ids)
		for _, bad := range []string{`[0]`, `[-3]`, `["x"]`, `[39.5]`, `[null]`, `[{}]`, `{"39":true}`, `null`, `39`, `[[39]]`} {
			v.on(at.shared("GET", 7), ok(bad))
			_, err := c.SharedSites(t.Context(), 7)
			kind(t, apiclient.Temporary, err)
		}
	})
}

func TestInconsistency10BooleansInManyForms(t *testing.T) {
	v := newVendor(t)
	c := v.client(Legacy)
	for raw, want := range map[string]bool{`true`: true, `false`: false, `1`: true, `2`: false, `0`: false, `"1"`: true, `"2"`: false,
		`"true"`: true, `"false"`: false, `"Yes"`: true, `null`: false, `""`: false, `[]`: false} {
		v.on("GET account/profile", ok(`{"email":"o@acme.example","email_verified":`+raw+`}`))
		p, err := c.Profile(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, p.EmailVerified, raw)
		v.on("GET account/subscription", ok(`{"type":"trial","is_expired":`+raw+`}`))
		s, err := c.Subscription(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, s.Expired, raw)
	}
}

func TestInconsistency11ExpiratonDate(t *testing.T) {
	v := newVendor(t)
	c := v.client(Unified)
	for _, word := range []string{"expiraton_date", "expiration_date"} {
		v.on("GET account/subscription", ok(`{"subscription_info":{"status":"active","`+word+`":"2026-12-31","units_limit":"1000","units_left":12}}`))
		s, err := c.Subscription(t.Context())
		require.NoError(t, err)
		require.Equal(t, Subscription{Status: "active", Ends: "2026-12-31", UnitsLimit: 1000, UnitsLeft: 12}, s)
	}
}

func TestInconsistency12CurrencyCodeBeforeCurrency(t *testing.T) {
	v := newVendor(t)
	c := v.client(Legacy)
	for raw, want := range map[string]string{`"currency":"rur","currency_code":"USD"`: "USD", `"currency":"usd"`: "usd", `"currency_code":"EUR"`: "EUR"} {
		v.on("GET account/subscription", ok(`{"type":"subscription","balance":{"amount":"12.50",`+raw+`}}`))
		s, err := c.Subscription(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, s.Currency)
		require.Equal(t, "12.50", s.Balance)
	}
}

func TestInconsistency13ErrorBodiesInManyForms(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		for body, words := range map[string]string{
			`{"message":"E-mail is in use"}`:                                                      "E-mail is in use",
			`{"error":{"code":400,"message":"Bad field","description":"E-mail is in use"}}`:       "Bad field: E-mail is in use",
			`{"error":"E-mail is in use"}`:                                                        "E-mail is in use",
			`E-mail is in use`:                                                                    "E-mail is in use",
			`<html><head><title> 400 Bad Request </title></head><body>nothing else</body></html>`: "400 Bad Request",
			`{"reason":"odd"}`:                                                                    "",
			``:                                                                                    "",
		} {
			v.on(at.create(), status(400, body))
			_, err := c.Create(t.Context(), NewAccount{Email: "a@acme.example", FirstName: "Ann"})
			kind(t, apiclient.Rejected, err)
			require.Equal(t, words, asError(t, err).Words, body)
		}
	})
}

func TestInconsistency14BadKeyIs401Or403(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		for _, a := range []struct {
			answer reply
			want   apiclient.Kind
		}{
			{status(403, `{"message":"No token"}`), apiclient.NotAllowed},
			{status(403, `{"message":"incorrect token"}`), apiclient.NotAllowed},
			{status(401, `{"error":{"code":401,"message":"Unauthorized"}}`), apiclient.NotAllowed},
			{status(403, `{"error":{"code":403,"message":"Subscription required"}}`), apiclient.NotAllowed},
			{status(403, `{"error":{"code":403,"message":"Limit reached"}}`), apiclient.LimitReached},
			{status(403, `{"message":"Limit reached"}`), apiclient.LimitReached},
			{status(403, `{"error":{"code":403,"message":"Insufficient funds"}}`), apiclient.LimitReached},
		} {
			v.on(at.create(), a.answer)
			_, err := c.Create(t.Context(), NewAccount{Email: "a@acme.example", FirstName: "Ann"})
			kind(t, a.want, err)
			v.on(at.me(), a.answer)
			_, err = c.Profile(t.Context())
			kind(t, a.want, err)
		}
	})
}

func TestInconsistency15CurlyQuotesAndMaskedEmails(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.list(), ok(`{"list":[{"account_id":1,"account_email":"j***@acme.example"},{"account_id":2,"account_email":" Jane@Acme.example"}],"all_count":"2"}`))
		found, err := c.FindByEmail(t.Context(), "jane@acme.example")
		require.NoError(t, err)
		require.Len(t, found, 1, "a masked address is nobody's")
		require.EqualValues(t, 2, found[0].ID)
		v.on(at.create(), ok(`{“id”: 36872}`))
		_, err = c.Create(t.Context(), NewAccount{Email: "a@acme.example", FirstName: "Ann"})
		kind(t, apiclient.OutcomeUnknown, err)
	})
}

func TestInconsistency16ContentDecidesNotContentType(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		for _, contentType := range []string{"", "text/html", "application/octet-stream"} {
			r := ok("\n [39]")
			r.headers = map[string]string{"Content-Type": contentType}
			v.on(at.shared("GET", 7), r)
			ids, err := c.SharedSites(t.Context(), 7)
			require.NoError(t, err)
			require.Equal(t, []int64{39}, ids)
		}
		page := ok("<!doctype html><title>Sign in</title>")
		page.headers = map[string]string{"Content-Type": "application/json"}
		v.on(at.shared("GET", 7), page)
		_, err := c.SharedSites(t.Context(), 7)
		kind(t, apiclient.Temporary, err)
		require.ErrorIs(t, err, errWebPage)
	})
}

func TestInconsistency17NumbersAsStrings(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.list(), ok(`{"list":[{"account_id":"7","account_email":"a@acme.example","account_sites_count":"3","is_blocked_by_limits":"1"}],"all_count":1}`))
		all, err := c.ListAccounts(t.Context())
		require.NoError(t, err)
		require.Equal(t, []Account{{ID: 7, Email: "a@acme.example", Sites: 3, Blocked: true}}, all)
		v.on(at.user("GET", 7), ok(`{"setting":{"account_lang":null},"access":null,"limit":{"site":"5","keyword":250,"backlink":"",
			"audit_account":"unlimited","audit_site":null,"balance":{"amount":"10.00","period":"month"}}}`))
		d, err := c.Account(t.Context(), 7)
		require.NoError(t, err)
		require.Equal(t, Limits{Sites: 5, Keywords: 250, AuditAccount: Unreadable, Amount: 10, Period: "month"}, d.Limits)
		v.on(at.sites(), ok(`[{"id":"39","title":"Acme","name":"https://www.Acme.example/shop","is_active":"0","group_id":"4","keyword_count":"12"}]`))
		sites, err := c.Sites(t.Context())
		require.NoError(t, err)
		require.Equal(t, []Site{{ID: 39, Title: "Acme", URL: "https://www.Acme.example/shop", Host: "acme.example", GroupID: 4, Keywords: 12}}, sites)
	})
}

func TestInconsistency18UpdateIsPatch(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.user("GET", 7), ok(`{"setting":{"account_lang":"de"},"access":[],"limit":{"balance":{"amount":5,"period":"week"}}}`))
		v.on(at.user("PATCH", 7), ok(`{[]}`))
		five := int64(5)
		r, err := c.Update(t.Context(), 7, Patch{Lang: "de", Amount: &five, Period: "week"})
		require.NoError(t, err)
		require.Empty(t, r.Unmatched)
		require.Len(t, v.asked(at.user("PATCH", 7)), 1)
		require.Empty(t, v.asked(at.user("PUT", 7)))
		require.JSONEq(t, `[{"key":"data","value":[{"setting.account_lang":"de"},{"limit.balance.period":"week"},{"limit.balance.amount":5}]}]`,
			v.asked(at.user("PATCH", 7))[0].body)
	})
}
