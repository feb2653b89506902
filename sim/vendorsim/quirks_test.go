package vendorsim_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

const (
	priyaID = 36872
	amiraID = 36878
)

// quirkCases: under these quirks, this call is answered so. Each body is a Go regular expression.
var quirkCases = []struct {
	name   string
	quirks vendorsim.Quirks
	op     vendorsim.Op
	id     int64
	body   string // "share" stands for a share list of site 103 in the dialect's form
	status int
	want   string
}{
	{"AllCountNumber", vendorsim.Quirks{AllCountNumber: true}, vendorsim.List, 0, "", 200, `"all_count":8,`},
	{"AllCountOff", vendorsim.Quirks{AllCountOff: -3}, vendorsim.List, 0, "", 200, `"all_count":"5",`},
	{"SettingsKey", vendorsim.Quirks{SettingsKey: true}, vendorsim.Details, priyaID, "", 200, `"settings":\{`},
	{"DetailsWithID", vendorsim.Quirks{}, vendorsim.Details, priyaID, "", 200, `"setting":\{.*"account_id":36872`},
	{"DetailsWithoutID", vendorsim.Quirks{DetailsWithoutID: true}, vendorsim.Details, priyaID, "", 200, `"setting":\{"account_email"[^}]*"account_type":"client"\}`},
	{"NumbersAsStrings in details", vendorsim.Quirks{NumbersAsStrings: true}, vendorsim.Details, priyaID, "", 200, `"site":"10"`},
	{"NumbersAsStrings in the list", vendorsim.Quirks{NumbersAsStrings: true}, vendorsim.List, 0, "", 200, `"account_sites_count":"2"`},
	{"NumbersAsStrings in create", vendorsim.Quirks{NumbersAsStrings: true}, vendorsim.Create, 0, newcomer("j@acme.example"), 200, `\{"id":"36880"\}`},
	{"Booleans strings", vendorsim.Quirks{Booleans: "strings"}, vendorsim.List, 0, "", 200, `"is_blocked_by_limits":"true"`},
	{"Booleans numbers", vendorsim.Quirks{Booleans: "numbers"}, vendorsim.List, 0, "", 200, `"is_blocked_by_limits":0`},
	{"Booleans numbers in profile", vendorsim.Quirks{Booleans: "numbers"}, vendorsim.Profile, 0, "", 200, `"email_verified":1`},
	{"IDs strings", vendorsim.Quirks{IDs: "strings"}, vendorsim.Shared, priyaID, "", 200, `^\["101","102"\]$`},
	{"IDs id", vendorsim.Quirks{IDs: "id"}, vendorsim.Shared, priyaID, "", 200, `^\[\{"id":101\},\{"id":102\}\]$`},
	{"IDs site_id", vendorsim.Quirks{IDs: "site_id"}, vendorsim.Shared, priyaID, "", 200, `^\[\{"site_id":101\}`},
	{"MaxPage", vendorsim.Quirks{MaxPage: 1}, vendorsim.List, 0, "", 200, `"all_count":"8","list":\[\{[^}]*\}\]`},
	{"WriteBody array", vendorsim.Quirks{WriteBody: "[]"}, vendorsim.SetShares, priyaID, "share", 200, `^\[\]$`},
	{"WriteBody object", vendorsim.Quirks{WriteBody: "{}"}, vendorsim.Delete, priyaID, "", 200, `^\{\}$`},
	{"WriteBody nonsense", vendorsim.Quirks{WriteBody: "{[]}"}, vendorsim.Delete, priyaID, "", 200, `^\{\[\]\}$`},
	{"WriteBody empty", vendorsim.Quirks{WriteBody: "empty"}, vendorsim.Update, priyaID, data(`{"access":[]}`), 200, `^$`},
	{"WriteStatus 201", vendorsim.Quirks{WriteStatus: 201}, vendorsim.SetShares, priyaID, "share", 201, `^\{\[\]\}$`},
	{"WriteStatus 201 of create", vendorsim.Quirks{WriteStatus: 201}, vendorsim.Create, 0, newcomer("j@acme.example"), 201, `"id":36880`},
	{"WriteStatus 204", vendorsim.Quirks{WriteStatus: 204}, vendorsim.Delete, priyaID, "", 204, `^$`},
	{"WriteStatus 204 of create", vendorsim.Quirks{WriteStatus: 204}, vendorsim.Create, 0, newcomer("j@acme.example"), 200, `"id":36880`},
	{"Envelope message", vendorsim.Quirks{Envelope: "message"}, vendorsim.Details, 99, "", 404, `^\{"message":"User not found"\}$`},
	{"Envelope error", vendorsim.Quirks{Envelope: "error"}, vendorsim.Details, 99, "", 404, `^\{"error":\{"code":404,`},
	{"Envelope string", vendorsim.Quirks{Envelope: "string"}, vendorsim.Details, 99, "", 404, `^\{"error":"User not found"\}$`},
	{"Envelope text", vendorsim.Quirks{Envelope: "text"}, vendorsim.Details, 99, "", 404, `^User not found$`},
	{"Envelope html", vendorsim.Quirks{Envelope: "html"}, vendorsim.Details, 99, "", 404, `^<!DOCTYPE html>`},
	{"ShareRefusal", vendorsim.Quirks{ShareForm: "array", ShareRefusal: 422}, vendorsim.SetShares, priyaID, `{"site_ids":[103]}`, 422, `must be an array`},
	{"ShareForm array", vendorsim.Quirks{ShareForm: "array"}, vendorsim.SetShares, priyaID, `[103]`, 200, ``},
	{"ShareForm array refuses an object", vendorsim.Quirks{ShareForm: "array"}, vendorsim.SetShares, priyaID, `{"site_ids":[103]}`, 400, `must be an array`},
	{"ShareForm object", vendorsim.Quirks{ShareForm: "object"}, vendorsim.SetShares, priyaID, `{"site_ids":[103]}`, 200, ``},
	{"ShareForm object refuses an array", vendorsim.Quirks{ShareForm: "object"}, vendorsim.SetShares, priyaID, `[103]`, 400, `must be an object`},
	{"ShareForm both, array", vendorsim.Quirks{ShareForm: "both"}, vendorsim.SetShares, priyaID, `[103]`, 200, ``},
	{"ShareForm both, object", vendorsim.Quirks{ShareForm: "both"}, vendorsim.SetShares, priyaID, `{"site_ids":[103]}`, 200, ``},
	{"ShareForm integer-adds", vendorsim.Quirks{ShareForm: "integer-adds"}, vendorsim.SetShares, priyaID, `{"site_ids":103}`, 200, ``},
	{"ShareForm integer-adds refuses a list in an object", vendorsim.Quirks{ShareForm: "integer-adds"}, vendorsim.SetShares, priyaID, `{"site_ids":[103]}`, 400, `site_ids: This value should be of type integer`},
	{"ShareForm integer-replaces", vendorsim.Quirks{ShareForm: "integer-replaces"}, vendorsim.SetShares, priyaID, `{"site_ids":103}`, 200, ``},
	{"ShareForm integer-replaces refuses a bare list", vendorsim.Quirks{ShareForm: "integer-replaces"}, vendorsim.SetShares, priyaID, `[103]`, 400, `site_ids: This value should be of type integer`},
	{"ShareForm integer-replaces refuses nothing", vendorsim.Quirks{ShareForm: "integer-replaces"}, vendorsim.SetShares, priyaID, `{}`, 400, `of type integer`},
	{"RefuseNoShares", vendorsim.Quirks{RefuseNoShares: true, ShareForm: "both"}, vendorsim.SetShares, priyaID, `[]`, 400, `required`},
	{"DeleteUnknownOK", vendorsim.Quirks{DeleteUnknownOK: true}, vendorsim.Delete, 99, "", 200, `^\[\]$`},
}

func TestQuirks(t *testing.T) {
	for _, c := range quirkCases {
		t.Run(c.name, func(t *testing.T) {
			both(t, vendorsim.Options{Quirks: c.quirks}, func(t *testing.T, w *world, d vendorsim.Dialect) {
				body := c.body
				if body == "share" {
					body = shareBody(d, 103)
				}
				a := w.call(d, c.op, c.id, body)
				require.Equal(t, c.status, a.status, a.body)
				require.Regexp(t, c.want, a.body)
				changes := c.op.Writes() && a.status < 300 && c.id != 99
				require.Equal(t, changes, len(w.Effects()) == 1, w.effects())
			})
		})
	}
}

func TestQuirkIgnoreUserIDAnswersTheList(t *testing.T) {
	both(t, vendorsim.Options{Quirks: vendorsim.Quirks{IgnoreUserID: true}}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		_, isList := decode[object](t, w.call(d, vendorsim.Details, priyaID, "").body)["list"]
		require.Equal(t, d == vendorsim.Unified, isList, "only in the unified dialect do they share a path")
	})
}

func TestQuirkIgnoreOffset(t *testing.T) {
	bubble(t, vendorsim.Options{Quirks: vendorsim.Quirks{IgnoreOffset: true}}, func(t *testing.T, w *world) {
		a, err := w.send(w.authorized("GET", "/v1/project-management/users?limit=2&offset=2", ""))
		require.NoError(t, err)
		require.Contains(t, a.body, "priya.nair@acme.example")
	})
}

func TestQuirkShiftPages(t *testing.T) {
	for shift, first := range map[int]string{1: "marco.bianchi@acme.example", -1: "tomas.lind@acme.example", 0: "ingrid.solberg@acme.example"} {
		bubble(t, vendorsim.Options{Quirks: vendorsim.Quirks{ShiftPages: shift}}, func(t *testing.T, w *world) {
			a, err := w.send(w.authorized("GET", "/v1/project-management/users?limit=1&offset=2", ""))
			require.NoError(t, err)
			require.Contains(t, a.body, first)
		})
	}
}

func TestQuirkSharesAdd(t *testing.T) {
	both(t, vendorsim.Options{Quirks: vendorsim.Quirks{SharesAdd: true}}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		w.call(d, vendorsim.SetShares, priyaID, shareBody(d, 107))
		require.JSONEq(t, `[101,102,107]`, w.call(d, vendorsim.Shared, priyaID, "").body)
	})
}

func TestQuirkOneSiteARequest(t *testing.T) {
	for form, want := range map[string]string{"integer-adds": `[101,102,107]`, "integer-replaces": `[107]`} {
		both(t, vendorsim.Options{Quirks: vendorsim.Quirks{ShareForm: form}}, func(t *testing.T, w *world, d vendorsim.Dialect) {
			require.Equal(t, 400, w.call(d, vendorsim.SetShares, priyaID, `{"site_ids":999}`).status)
			require.Equal(t, 200, w.call(d, vendorsim.SetShares, priyaID, `{"site_ids":107}`).status)
			require.JSONEq(t, want, w.call(d, vendorsim.Shared, priyaID, "").body)
		})
	}
}

func TestQuirkLowerEmails(t *testing.T) {
	both(t, vendorsim.Options{Quirks: vendorsim.Quirks{LowerEmails: true}}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		w.call(d, vendorsim.Create, 0, newcomer("Jane@Acme.example"))
		require.Contains(t, w.call(d, vendorsim.List, 0, "").body, `"jane@acme.example"`)
		w.SetQuirks(vendorsim.Quirks{NoPacing: true})
		require.Contains(t, w.call(d, vendorsim.List, 0, "").body, `"Jane@Acme.example"`)
	})
}

func TestQuirkDropAccess(t *testing.T) {
	both(t, vendorsim.Options{Quirks: vendorsim.Quirks{DropAccess: []string{"marketing_plan"}}}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		w.call(d, vendorsim.Update, amiraID, data(`{"access":["marketing_plan","seo_potential"]}`))
		amira, _ := w.Account("amira.haddad@acme.example")
		require.Equal(t, []string{"seo_potential"}, amira.Access)
	})
}

func TestQuirkDropTypeAndLimit(t *testing.T) {
	both(t, vendorsim.Options{Quirks: vendorsim.Quirks{DropType: true, DropLimit: true}}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		before, _ := w.Account("amira.haddad@acme.example")
		w.call(d, vendorsim.Update, amiraID, data(`{"setting.account_type":"user"}`, `{"limit.balance.amount":77}`, `{"limit.balance.period":"day"}`, `{"setting.account_lang":"fr"}`))
		after, _ := w.Account("amira.haddad@acme.example")
		require.Equal(t, "fr", after.Lang)
		require.Equal(t, before.Type, after.Type)
		require.Equal(t, before.Limits, after.Limits)
	})
}

func TestHideSearchVolumeIsForClientsOnly(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		for email, want := range map[string]int{"ingrid.solberg@acme.example": 0, "wei.chen@acme.example": 1} {
			w.call(d, vendorsim.Update, w.id(email), data(`{"access":["hide_search_volume"]}`))
			a, _ := w.Account(email)
			require.Len(t, a.Access, want, email)
		}
	})
}

func TestQuirkNoContentType(t *testing.T) {
	both(t, vendorsim.Options{Quirks: vendorsim.Quirks{NoContentType: true}}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		a := w.call(d, vendorsim.Sites, 0, "")
		require.Equal(t, "text/plain; charset=utf-8", a.header.Get("Content-Type"))
		require.True(t, json.Valid([]byte(a.body)))
	})
}

func TestADialectThatIsSwitchedOff(t *testing.T) {
	bubble(t, vendorsim.Options{Quirks: vendorsim.Quirks{LegacyOff: true}}, func(t *testing.T, w *world) {
		a := w.call(vendorsim.Legacy, vendorsim.Sites, 0, "")
		require.Equal(t, `403 {"message":"No token"}`, fmt.Sprint(a.status, " ", a.body))
		require.Equal(t, 200, w.call(vendorsim.Unified, vendorsim.Sites, 0, "").status)
		w.SetQuirks(vendorsim.Quirks{UnifiedOff: true, NoPacing: true})
		require.Equal(t, 404, w.call(vendorsim.Unified, vendorsim.Sites, 0, "").status)
		require.Equal(t, 200, w.call(vendorsim.Legacy, vendorsim.Sites, 0, "").status)
	})
}
