package seranking

import (
	"fmt"
	"io"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

func TestListReadsAllPages(t *testing.T) {
	for _, n := range []int{0, 1, 99, 100, 101, 200, 250} {
		v := newVendor(t)
		v.do("GET project-management/users", paged(n, fmt.Sprintf(`,"all_count":"%d"`, n)))
		all, err := v.client(Unified).ListAccounts(t.Context())
		require.NoError(t, err)
		require.Len(t, all, n)
		require.Equal(t, "0", v.calls[0].query.Get("offset"))
		require.Equal(t, "100", v.calls[0].query.Get("limit"))
	}
}

func TestListOfAServerThatPagesDifferently(t *testing.T) {
	ignoresOffset := func(n int, count string) func(seen) reply {
		return func(seen) reply { return ok(fmt.Sprintf(`{"list":[%s]%s}`, accountsJSON(1, n), count)) }
	}
	smallPages := func(s seen) reply {
		var offset int
		_, _ = fmt.Sscan(s.query.Get("offset"), &offset)
		return ok(fmt.Sprintf(`{"list":[%s],"all_count":"120"}`, accountsJSON(offset+1, min(offset+50, 120))))
	}
	for name, c := range map[string]struct {
		serve func(seen) reply
		want  int // -1: an error, because a part is not the list
	}{
		"pages of 50":                        {smallPages, 120},
		"ignores offset, all fits":           {ignoresOffset(40, `,"all_count":"40"`), 40},
		"ignores offset, exactly one page":   {ignoresOffset(100, `,"all_count":"100"`), 100},
		"ignores offset, hides the rest":     {ignoresOffset(100, `,"all_count":"250"`), -1},
		"ignores offset, does not count":     {ignoresOffset(100, ``), -1},
		"ignores limit too":                  {ignoresOffset(250, `,"all_count":"250"`), 250},
		"ignores limit too, does not count":  {ignoresOffset(250, ``), 250},
		"counts the owner, who is not shown": {paged(40, `,"all_count":"41"`), 40},
	} {
		v := newVendor(t)
		v.do("GET users", c.serve)
		all, err := v.client(Legacy).ListAccounts(t.Context())
		if c.want < 0 {
			kind(t, apiclient.Temporary, err)
			require.Nil(t, all, name)
			continue
		}
		require.NoError(t, err, name)
		require.Len(t, all, c.want, name)
	}
}

func TestListIsNeverAPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		whole := paged(150, `,"all_count":150`)
		v.do("GET users", func(s seen) reply {
			if s.query.Get("offset") != "0" {
				return cut(io.ErrUnexpectedEOF)
			}
			return whole(s)
		})
		all, err := v.client(Legacy).ListAccounts(t.Context())
		kind(t, apiclient.Temporary, err)
		require.Nil(t, all)
		for _, bad := range []string{`{}`, `{"list":null}`, `{"list":{}}`, `[]`, `{"list":[{"account_email":"x"}]}`, `null`} {
			v.do("GET users", func(seen) reply { return ok(bad) })
			_, err := v.client(Legacy).ListAccounts(t.Context())
			kind(t, apiclient.Temporary, err)
		}
	})
}

func TestCreateSendsEverythingAsked(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.create(), status(201, `{"id":"36872"}`))
		amount := int64(0)
		id, err := c.Create(t.Context(), NewAccount{
			Email: " Ann@acme.example ", FirstName: "Ann", LastName: "Lee & Söhne", Type: TypeUser, Lang: "en",
			Access: []string{"report_scheduled"}, Amount: &amount, Period: "month",
		})
		require.NoError(t, err)
		require.EqualValues(t, 36872, id)
		require.JSONEq(t, `[{"key":"data","value":[
			{"setting.account_email":"Ann@acme.example"},{"setting.account_first_name":"Ann"},{"setting.account_last_name":"Lee & Söhne"},
			{"setting.account_password":"`+v.passwords()[0]+`"},{"setting.account_lang":"en"},{"setting.account_type":"user"},
			{"limit.balance.period":"month"},{"limit.balance.amount":0},{"access":["report_sheduled"]}]}]`, v.asked(at.create())[0].body)
		_, err = c.Create(t.Context(), ann)
		require.NoError(t, err)
		body := v.asked(at.create())[1].body
		require.Contains(t, body, `{"setting.account_type":"client"}`, "the type is always sent")
		require.NotContains(t, body, `access`)
		require.NotContains(t, body, `limit`)
		require.NotEqual(t, v.passwords()[0], v.passwords()[1])
	})
}

func TestUpdateReportsWhatTheVendorDropped(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.user("GET", 7),
			ok(`{"setting":{"account_lang":"en","account_first_name":"Ann"},"access":["audit_website"],"limit":{"balance":{"amount":"1","period":"day"}}}`),
			ok(`{"setting":{"account_lang":"en","account_first_name":"Ann"},"access":["report_manual","show_groups"],"limit":{"balance":{"amount":"1","period":"day"}}}`))
		v.on(at.user("PATCH", 7), ok(`{[]}`))
		two := int64(2)
		r, err := c.Update(t.Context(), 7, Patch{FirstName: "Anne", Lang: "en", Access: []string{"report_manual", "tipo", "TIPO"}, Amount: &two, Period: "week"})
		require.NoError(t, err)
		require.Equal(t, []string{"audit_website"}, r.Before.Access)
		require.Equal(t, []string{"report_manual", "show_groups"}, r.After.Access)
		require.Equal(t, []string{"tipo"}, r.Dropped)
		require.Equal(t, []string{"show_groups"}, r.Kept)
		require.Equal(t, []string{"first_name", "period", "amount"}, r.Unmatched)
	})
}

func TestUpdateClearsAccess(t *testing.T) {
	v := newVendor(t)
	v.on("GET users/7", ok(`{"setting":{},"access":["audit_website"]}`), ok(`{"setting":{},"access":[]}`))
	v.on("PATCH users/7", ok(`[]`))
	r, err := v.client(Legacy).Update(t.Context(), 7, Patch{Access: []string{}})
	require.NoError(t, err)
	require.Empty(t, append(r.Dropped, r.Kept...))
	require.Equal(t, `[{"key":"data","value":[{"access":[]}]}]`, v.asked("PATCH users/7")[0].body)
}

func TestUpdateThatCannotSeeAccessSaysSo(t *testing.T) {
	v := newVendor(t)
	v.do("GET project-management/users?user_id=7", paged(10, `,"all_count":10`))
	v.do("GET project-management/users", paged(10, `,"all_count":10`))
	v.on("PATCH project-management/users?user_id=7", ok(`[]`))
	r, err := v.client(Unified).Update(t.Context(), 7, Patch{Access: []string{"report_manual"}})
	require.NoError(t, err)
	require.Equal(t, []string{"access"}, r.Unmatched)
}

func TestUpdateOfNobodyWritesNothing(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		_, err := c.Update(t.Context(), 7, Patch{Lang: "en"})
		kind(t, apiclient.NotFound, err)
		require.Empty(t, v.asked(at.user("PATCH", 7)))
	})
}

func TestSitesAndProfile(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.sites(), ok(`[{"id":39,"title":"Acme shop","name":"www.acme.example","is_active":1,"check_day":null,
			"guest_link":"https://online.seranking.com/guest/s3cr3t","keyword_count":12},
			{"id":44,"title":"Acme shop","name":"HTTP://blog.acme.example:8080/x","is_active":0},{"id":50,"title":null,"name":"%zz"}]`))
		sites, err := c.Sites(t.Context())
		require.NoError(t, err)
		require.Equal(t, []Site{
			{ID: 39, Title: "Acme shop", URL: "www.acme.example", Host: "acme.example", Active: true, Keywords: 12},
			{ID: 44, Title: "Acme shop", URL: "HTTP://blog.acme.example:8080/x", Host: "blog.acme.example"},
			{ID: 50, URL: "%zz", Active: true},
		}, sites)
		require.NotContains(t, fmt.Sprintf("%+v", sites), "s3cr3t")
		v.on(at.me(), ok(`{"email":"owner@acme.example","email_verified":true,"first_name":"Olga","last_name":null,"lang":"en","picture":null}`))
		p, err := c.Profile(t.Context())
		require.NoError(t, err)
		require.Equal(t, Profile{Email: "owner@acme.example", EmailVerified: true, FirstName: "Olga", Lang: "en"}, p)
	})
}

func TestAccessTable(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range AccessCodes {
		require.False(t, seen[a.Code], a.Code)
		seen[a.Code] = true
		require.NotEmpty(t, a.Label, a.Code)
		require.Equal(t, a.Code == "hide_search_volume", a.Restriction, a.Code)
		found, there := LookupAccess(a.Code)
		require.True(t, there)
		require.Equal(t, a, found)
	}
	require.False(t, seen["report_sheduled"])
	_, there := LookupAccess("report")
	require.False(t, there)
}

func TestDetailsOfAnotherAccountAreNoAnswer(t *testing.T) {
	both(t, func(t *testing.T, v *vendor, c *Client, at routes) {
		v.on(at.user("GET", 7), ok(`{"setting":{"account_id":"7","account_email":"a@acme.example"}}`), ok(`{"setting":{"account_id":8}}`))
		d, err := c.Account(t.Context(), 7)
		require.NoError(t, err)
		require.Equal(t, "a@acme.example", d.Email)
		_, err = c.Account(t.Context(), 7)
		kind(t, apiclient.Temporary, err)
	})
}
