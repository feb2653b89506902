package vendorsim_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

// faultCases: what a create meets, what its caller sees, and whether the account is there afterwards.
var faultCases = []struct {
	name    string
	fault   vendorsim.Fault
	lost    bool // the caller gets no answer at all
	status  int
	body    string
	applied bool
}{
	{"cut before", vendorsim.Fault{Kind: vendorsim.Cut}, true, 0, "", false},
	{"cut after", vendorsim.Fault{Kind: vendorsim.Cut, When: vendorsim.After}, true, 0, "", true},
	{"500 before", vendorsim.Fault{Kind: vendorsim.Status}, false, 500, "went wrong", false},
	{"503 after", vendorsim.Fault{Kind: vendorsim.Status, Status: 503, When: vendorsim.After}, false, 503, "went wrong", true},
	{"page 200 before", vendorsim.Fault{Kind: vendorsim.HTML}, false, 200, "<!DOCTYPE html>", false},
	{"page 502 after", vendorsim.Fault{Kind: vendorsim.HTML, Status: 502, When: vendorsim.After}, false, 502, "Bad Gateway", true},
	{"rate limited", vendorsim.Fault{Kind: vendorsim.RateLimited}, false, 429, "Too Many Requests", false},
	{"redirect before", vendorsim.Fault{Kind: vendorsim.Redirect}, false, 302, "", false},
	{"redirect after", vendorsim.Fault{Kind: vendorsim.Redirect, Status: 307, When: vendorsim.After}, false, 307, "", true},
	{"wrong id", vendorsim.Fault{Kind: vendorsim.WrongID, Match: vendorsim.Match{Op: vendorsim.Create}}, false, 200, `{"id":37880}`, true},
	{"garbage before", vendorsim.Fault{Kind: vendorsim.Garbage}, false, 200, "\x1f\x8b", false},
	{"garbage after", vendorsim.Fault{Kind: vendorsim.Garbage, When: vendorsim.After}, false, 200, "\x1f\x8b", true},
	{"truncated", vendorsim.Fault{Kind: vendorsim.Truncated}, true, 200, `{"id"`, true},
	{"slow before", vendorsim.Fault{Kind: vendorsim.Slow, Delay: time.Minute}, false, 200, `{"id":36880}`, true},
	{"slow after", vendorsim.Fault{Kind: vendorsim.Slow, Delay: time.Minute, When: vendorsim.After}, false, 200, `{"id":36880}`, true},
	{"late", vendorsim.Fault{Kind: vendorsim.Late, Delay: time.Minute}, false, 200, `{"id":36880}`, true},
}

func TestFaults(t *testing.T) {
	for _, c := range faultCases {
		t.Run(c.name, func(t *testing.T) {
			both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
				require.NoError(t, w.Plan(c.fault))
				a, err := w.try(d, vendorsim.Create, 0, newcomer("jane@acme.example"))
				require.Equal(t, c.lost, err != nil, "%v", err)
				require.Equal(t, c.status, a.status)
				require.Contains(t, a.body, c.body)
				_, there := w.Account("jane@acme.example")
				require.Equal(t, c.applied, there)
				require.Equal(t, c.applied, len(w.Effects()) == 1)

				call := w.Calls()[0]
				require.NotEmpty(t, call.Fault)
				require.True(t, call.Done)
				require.Equal(t, c.status, call.Status)
				require.Empty(t, w.Faults(), "it is used up")
				require.Equal(t, http.StatusOK, w.call(d, vendorsim.Create, 0, newcomer("joe@acme.example")).status)
			})
		})
	}
}

func TestFaultsOnReads(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		w.call(d, vendorsim.Sites, 0, "") // so that the next request finds an open connection
		require.NoError(t, w.Plan(
			vendorsim.Fault{Kind: vendorsim.Cut},
			vendorsim.Fault{Kind: vendorsim.Truncated},
			vendorsim.Fault{Kind: vendorsim.WrongID, Match: vendorsim.Match{Op: vendorsim.Details}},
		))
		_, err := w.try(d, vendorsim.List, 0, "")
		require.Error(t, err, "a cut read is seen by the caller, not mended by Go's transport")
		_, err = w.try(d, vendorsim.List, 0, "")
		require.Error(t, err)
		require.Contains(t, w.call(d, vendorsim.Details, priyaID, "").body, "tomas.lind@acme.example")
		require.Len(t, w.Calls(), 4, "nothing was repeated")
	})
}

func TestRetryAfterIsSentAsPlanned(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		require.NoError(t, w.Plan(vendorsim.Fault{Kind: vendorsim.RateLimited, RetryAfter: "Mon, 23 Nov 2026 09:00:00 GMT"}, vendorsim.Fault{Kind: vendorsim.RateLimited}))
		require.Equal(t, "Mon, 23 Nov 2026 09:00:00 GMT", w.call(vendorsim.Unified, vendorsim.List, 0, "").header.Get("Retry-After"))
		second := w.call(vendorsim.Unified, vendorsim.List, 0, "")
		require.Equal(t, 429, second.status)
		require.NotContains(t, second.header, "Retry-After")
	})
}

func TestRedirectPointsAtATrap(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		elsewhere := vendorsim.Fault{Kind: vendorsim.Redirect, Location: "https://elsewhere.example/"}
		require.NoError(t, w.Plan(vendorsim.Fault{Kind: vendorsim.Redirect}, elsewhere))
		require.Equal(t, "/redirected?from=DELETE", w.call(vendorsim.Unified, vendorsim.Delete, priyaID, "").header.Get("Location"))
		require.Equal(t, "https://elsewhere.example/", w.call(vendorsim.Unified, vendorsim.List, 0, "").header.Get("Location"))
		require.Equal(t, 404, func() int { a, _ := w.send(w.request("GET", "/redirected?from=GET", "")); return a.status }(), "a read may follow")
	})
}

// TestWhoeverLeaves: the caller's patience is a second, the vendor's answer takes a minute.
func TestWhoeverLeaves(t *testing.T) {
	for name, c := range map[string]struct {
		fault           vendorsim.Fault
		atOnce, finally bool // is the account there when the caller leaves, and in the end?
	}{
		"slow before": {vendorsim.Fault{Kind: vendorsim.Slow, Delay: time.Minute}, false, false},
		"slow after":  {vendorsim.Fault{Kind: vendorsim.Slow, Delay: time.Minute, When: vendorsim.After}, true, true},
		"late":        {vendorsim.Fault{Kind: vendorsim.Late, Delay: time.Minute}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
				require.NoError(t, w.Plan(c.fault))
				w.client.Timeout = time.Second
				start := time.Now()
				_, err := w.try(d, vendorsim.Create, 0, newcomer("jane@acme.example"))
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, time.Second, time.Since(start))
				synctest.Wait()
				_, there := w.Account("jane@acme.example")
				require.Equal(t, c.atOnce, there)
				<-time.After(2 * time.Minute)
				_, there = w.Account("jane@acme.example")
				require.Equal(t, c.finally, there)
				require.True(t, w.Calls()[0].Done)
			})
		})
	}
}

func TestPlanMatchesAndCounts(t *testing.T) {
	bubble(t, vendorsim.Options{}, func(t *testing.T, w *world) {
		fail := func(m vendorsim.Match) vendorsim.Fault { return vendorsim.Fault{Kind: vendorsim.Status, Match: m} }
		statuses := func(op vendorsim.Op, n int) (list []int) {
			for range n {
				list = append(list, w.call(vendorsim.Unified, op, priyaID, "").status)
			}
			return list
		}
		require.NoError(t, w.Plan(fail(vendorsim.Match{Op: vendorsim.Shared, Nth: 2, Times: 2})))
		require.Equal(t, []int{200}, statuses(vendorsim.Owned, 1))
		require.Equal(t, []int{200, 500, 500, 200}, statuses(vendorsim.Shared, 4))

		require.NoError(t, w.Plan(fail(vendorsim.Match{Method: "GET"}), fail(vendorsim.Match{Op: vendorsim.Owned})))
		require.Equal(t, []int{500, 500, 200}, statuses(vendorsim.Owned, 3), "one request, one fault")

		require.NoError(t, w.Plan(fail(vendorsim.Match{UserID: 99}), fail(vendorsim.Match{Dialect: vendorsim.Legacy})))
		require.Equal(t, []int{200}, statuses(vendorsim.Details, 1))
		require.Len(t, w.Faults(), 2, "neither fits")
		w.Heal()
		require.Empty(t, w.Faults())

		require.NoError(t, w.Plan(fail(vendorsim.Match{Times: -1})))
		require.Equal(t, []int{500, 500, 500, 500}, statuses(vendorsim.Details, 4))
	})
}

func TestPlanRefusesWhatCannotHappen(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	for want, f := range map[string]vendorsim.Fault{
		"none of":       {Kind: "explode"},
		"neither":       {Kind: vendorsim.Cut, When: "during"},
		"after the":     {Kind: vendorsim.RateLimited, When: vendorsim.After},
		"before the":    {Kind: vendorsim.Truncated, When: vendorsim.Before},
		"match.op":      {Kind: vendorsim.WrongID},
		"needs a delay": {Kind: vendorsim.Slow},
		"status 42":     {Kind: vendorsim.Status, Status: 42},
	} {
		require.ErrorContains(t, v.Plan(vendorsim.Fault{Kind: vendorsim.Cut}, f), want)
		require.Empty(t, v.Faults(), "all or none")
	}
}

func TestFaultOnSemrush(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Units: 5})
	require.NoError(t, v.Plan(vendorsim.Fault{Kind: vendorsim.HTML, Match: vendorsim.Match{Op: vendorsim.Balance}}))
	require.Contains(t, record(v, balanceURL, "").Body.String(), "sign in")
	require.Equal(t, "5", record(v, balanceURL, "").Body.String())
}

func TestFaultAsJSON(t *testing.T) {
	f := vendorsim.Fault{Kind: vendorsim.Slow, When: vendorsim.After, Delay: 90 * time.Second, Match: vendorsim.Match{Op: vendorsim.Create, Nth: 2}}
	text, err := json.Marshal(f)
	require.NoError(t, err)
	require.JSONEq(t, `{"kind":"slow","when":"after","delay":"1m30s","match":{"op":"create","nth":2}}`, string(text))
	var back vendorsim.Fault
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, f, back)
	require.ErrorContains(t, json.Unmarshal([]byte(`{"kind":"slow","delya":"1s"}`), &back), "delya")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"kind":"slow","delay":"soon"}`), &back), "parse delay")
}
