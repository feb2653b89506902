package seranking

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usherbot/usher/apiclient"
)

// FuzzDecode: whatever a vendor answers, every decoder returns; what it returns names accounts and
// websites by ids above zero, and a set of shares is read from nothing but a list.
func FuzzDecode(f *testing.F) {
	for _, body := range answersSeen {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if p, err := decodePage(body); err == nil {
			for _, a := range p.accounts {
				above(t, "account", a.ID)
			}
		}
		if ids, err := decodeIDs(body); err == nil {
			if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) || !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
				t.Fatalf("shares %v read from %q", ids, body)
			}
			for _, id := range ids {
				above(t, "website", id)
			}
		}
		if sites, err := decodeSites(body); err == nil {
			for _, s := range sites {
				above(t, "website", s.ID)
			}
		}
		if id, err := decodeCreated(body); err == nil {
			above(t, "account", id)
		}
		if d, err := decodeDetails(body, 7); err == nil && d != nil && d.Partial {
			t.Fatalf("details of one account called part of a list: %q", body)
		}
		_, _ = decodeProfile(body)
		_, _ = decodeSubscription(body)
	})
}

func above(t *testing.T, what string, id int64) {
	t.Helper()
	if id <= 0 {
		t.Fatalf("%s with the id %d", what, id)
	}
}

// FuzzJudge: whatever the status and the body, an answer means success or an error of a known kind; a
// create succeeds with an id alone, a web page is never success, a refused read is never taken for
// "done", and no error shows the key or more of the vendor's words than fit a message.
func FuzzJudge(f *testing.F) {
	for _, body := range answersSeen {
		for _, status := range []int{200, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503} {
			f.Add(status, body, "120")
		}
	}
	f.Fuzz(func(t *testing.T, status int, body, after string) {
		if status < 200 || status > 599 {
			return // net/http makes an error of these, or goes on reading
		}
		c := &Client{key: key, now: func() time.Time { return time.Unix(0, 0) }}
		body = strings.ReplaceAll(body, "KEY", key.Reveal())
		for _, s := range []safety{read, repeatable, once} {
			q := call{op: "fuzz", safety: s, decode: func(b []byte) error { _, err := decodeCreated(b); return err }}
			resp := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {after}}, Request: &http.Request{}}
			failed := c.judge(q, resp, []byte(body), nil)
			if failed == nil {
				_, err := decodeCreated([]byte(body))
				if status/100 != 2 || isWebPage([]byte(body)) || s != repeatable && err != nil {
					t.Fatalf("%d with %q was taken for success", status, body)
				}
				continue
			}
			said := failed.err.Error()
			if strings.Contains(said, key.Reveal()) || len([]rune(failed.err.Words)) > 200 || strings.ContainsAny(said, "\n\r\x00\x1b") {
				t.Fatalf("unfit to be shown: %q", said)
			}
			if failed.err.Kind == apiclient.NotFound && isWebPage([]byte(body)) {
				t.Fatalf("a page of a gateway called an account gone: %q", body)
			}
			if s == read && failed.err.Kind == apiclient.OutcomeUnknown || failed.err.RetryAfter < 0 || failed.err.RetryAfter > maxRetryAfter {
				t.Fatalf("%v after %v", failed.err.Kind, failed.err.RetryAfter)
			}
		}
	})
}

// answersSeen are the forms of answer in the vendor's documents and clients, and hostile ones.
var answersSeen = []string{
	``, `[]`, `{}`, `{[]}`, `null`, `0`, `"x"`, `[1,"2",{"id":3},{"site_id":"4"}]`, `[0]`, `[-1]`, `[null]`, `[1e9]`, `[99999999999999999999]`, `[[[[[[[[1]]]]]]]]`,
	`{"id":36872}`, `{"id":"36872"}`, `{"id":0}`, `{"id":[1]}`, `{"list":[{"account_id":7,"account_email":"a@b.example","is_blocked_by_limits":"1"}],"all_count":"1"}`,
	`{"list":[{"account_id":"0"}]}`, `{"list":{}}`, `{"list":[{"account_id":7,"account_sites_count":{}}],"all_count":-5}`,
	`{"setting":{"account_id":7,"account_email":"a@b.example"},"access":["report_sheduled"],"limit":{"balance":{"amount":"1.00","period":"day"}}}`,
	`{"settings":{"account_id":8}}`, `[{"id":39,"title":"Acme","name":"https://www.acme.example/","is_active":0}]`, `[{"id":39,"name":"http://[::1"}]`,
	`{"email":"a@b.example","email_verified":2}`, `{"type":"trial","is_expired":"yes","balance":{"currency":"rur"}}`, `{"subscription_info":{"expiraton_date":"2027-01-01"}}`,
	`{"message":"Limit reached KEY"}`, `{"error":{"code":403,"message":"No token","description":"<!channel> https://evil.example/?k=KEY"}}`, `{"error":"No such user"}`,
	`<html><title>502 Bad Gateway</title></html>`, "\ufeff <!DOCTYPE html>", `{"message":"\u0000\u001b[31m\u202egnp"}`, `{"error":{"code":"404"}}`, `{"error":{"error":{"error":1}}}`, "\xff\xfe", `{"message":"KE\u0059"}`,
}
