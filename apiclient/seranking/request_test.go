package seranking

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"github.com/usherbot/usher/apiclient"
)

func TestReadsAndRepeatableWritesTryFiveTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		c := v.client(Unified)
		at := routes{Unified}
		for _, route := range []string{at.me(), at.user("DELETE", 7), at.user("PATCH", 7)} {
			v.on(route, status(500, ``))
		}
		v.on(at.user("GET", 7), ok(`{"setting":{},"access":[]}`))
		start := time.Now()
		_, err := c.Profile(t.Context())
		kind(t, apiclient.Temporary, err)
		waited := time.Since(start)
		require.InDelta(t, 15, waited.Seconds(), 3, "1, 2, 4 and 8 s, each a fifth more or less")
		kind(t, apiclient.OutcomeUnknown, c.Delete(t.Context(), 7))
		r, err := c.Update(t.Context(), 7, Patch{Lang: "en"})
		kind(t, apiclient.OutcomeUnknown, err)
		require.NotNil(t, r.Before.Access, "what was read before the doubt is kept")
		for _, route := range []string{at.me(), at.user("DELETE", 7), at.user("PATCH", 7)} {
			require.Len(t, v.asked(route), 5, route)
		}
	})
}

func TestARetrySucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		v.on("GET project-management/users/me", cut(io.ErrUnexpectedEOF), status(429, ``), ok(`{"email"`), ok(`{"email":"o@acme.example"}`))
		p, err := v.client(Unified).Profile(t.Context())
		require.NoError(t, err)
		require.Equal(t, "o@acme.example", p.Email)
	})
}

func TestRefusalsAreNotRepeated(t *testing.T) {
	for _, code := range []int{400, 401, 403, 404, 422} {
		v := newVendor(t)
		v.on("GET project-management/users/me", status(code, `{"message":"no"}`))
		_, err := v.client(Unified).Profile(t.Context())
		require.Error(t, err)
		require.Len(t, v.calls, 1, code)
	}
}

func TestCreateIsNeverRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		answer reply
		want   apiclient.Kind
	}{
		"500":     {status(500, ``), apiclient.OutcomeUnknown},
		"429":     {status(429, ``), apiclient.RateLimited},
		"timeout": {slow(time.Hour), apiclient.OutcomeUnknown},
	} {
		synctest.Test(t, func(t *testing.T) {
			v := newVendor(t)
			v.on("POST users", c.answer)
			start := time.Now()
			_, err := v.client(Legacy).Create(t.Context(), ann)
			kind(t, c.want, err)
			require.Len(t, v.asked("POST users"), 1, name)
			require.LessOrEqual(t, time.Since(start), defaultWriteTimeout)
			require.Equal(t, name == "timeout", errors.Is(err, context.DeadlineExceeded))
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		want   time.Duration
	}{
		"seconds":   {"7", 7 * time.Second},
		"date":      {"Sat, 01 Jan 2000 00:00:09 GMT", 9 * time.Second}, // bubbles begin on 1 January 2000
		"capped":    {"86400", time.Minute},
		"far date":  {"Sun, 02 Jan 2000 00:00:00 GMT", time.Minute},
		"huge":      {"2147483647", time.Minute},
		"past date": {"Fri, 31 Dec 1999 00:00:00 GMT", time.Second},
		"nonsense":  {"soon", time.Second},
		"zero":      {"0", time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			v := newVendor(t)
			busy := status(429, `{"error":{"code":429,"message":"Too Many Requests"}}`)
			busy.headers = map[string]string{"Retry-After": c.header}
			v.on("GET users/7/shared-sites", busy, ok(`[]`))
			start := time.Now()
			_, err := v.client(Legacy).SharedSites(t.Context(), 7)
			require.NoError(t, err)
			if c.want > time.Second {
				require.Equal(t, c.want, time.Since(start), name)
			} else {
				require.InDelta(t, 1, time.Since(start).Seconds(), 0.2, name)
			}
		})
	}
}

func TestCreateTellsHowLongToWait(t *testing.T) {
	v := newVendor(t)
	busy := status(429, ``)
	busy.headers = map[string]string{"Retry-After": "7"}
	v.on("POST users", busy)
	_, err := v.client(Legacy).Create(t.Context(), ann)
	require.Equal(t, 7*time.Second, asError(t, err).RetryAfter)
}

func TestRetriesStayWithinTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		busy := status(429, ``)
		busy.headers = map[string]string{"Retry-After": "30"}
		v.on("GET users/7/shared-sites", busy)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		start := time.Now()
		_, err := v.client(Legacy).SharedSites(ctx, 7)
		kind(t, apiclient.RateLimited, err)
		require.Zero(t, time.Since(start), "a wait that cannot end in time is not begun")
	})
}

func TestCancelingEndsACallAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		at := routes{Unified}
		v.on(at.me(), slow(time.Hour))
		v.on(at.create(), slow(time.Hour))
		v.on(at.user("DELETE", 7), slow(time.Hour))
		c := v.client(Unified)
		for want, do := range map[apiclient.Kind][]func(context.Context) error{
			apiclient.Temporary: {func(ctx context.Context) error { _, err := c.Profile(ctx); return err }},
			apiclient.OutcomeUnknown: {
				func(ctx context.Context) error { _, err := c.Create(ctx, ann); return err },
				func(ctx context.Context) error { return c.Delete(ctx, 7) },
			},
		} {
			for _, f := range do {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				start := time.Now()
				err := f(ctx)
				kind(t, want, err)
				require.ErrorIs(t, err, context.Canceled)
				require.Equal(t, 3*time.Second, time.Since(start))
			}
		}
		require.Len(t, v.calls, 3)
	})
}

func TestCanceledBeforeSendingIsNoDoubt(t *testing.T) {
	v := newVendor(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := v.client(Unified, func(cfg *Config) { cfg.Pace = nil }).Create(ctx, ann)
	kind(t, apiclient.Temporary, err)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, v.calls)
}

// TestAWriteThatNobodyAnsweredIsNotRepeated: it may still be on its way, and what is written meanwhile would be undone.
func TestAWriteThatNobodyAnsweredIsNotRepeated(t *testing.T) {
	for name, lost := range map[string]reply{"cut": cut(io.ErrUnexpectedEOF), "502": status(502, ``), "504": status(504, ``)} {
		v := newVendor(t)
		at := routes{Unified}
		v.on(at.user("GET", 7), ok(`{"setting":{},"access":[]}`))
		v.on(at.user("PATCH", 7), lost)
		v.on(at.user("DELETE", 7), lost)
		_, err := v.client(Unified).Update(t.Context(), 7, Patch{Lang: "en"})
		kind(t, apiclient.OutcomeUnknown, err)
		require.False(t, asError(t, err).Answered(), name)
		kind(t, apiclient.OutcomeUnknown, v.client(Unified).Delete(t.Context(), 7))
		for _, route := range []string{at.user("PATCH", 7), at.user("DELETE", 7)} {
			require.Len(t, v.asked(route), 1, "%s after %s", route, name)
		}
	}
}

func TestALaterRefusalDoesNotSettleAnEarlierDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		at := routes{Unified}
		v.on(at.user("GET", 7), ok(`{"setting":{},"access":[]}`))
		v.on(at.user("PATCH", 7), status(500, ``), status(403, `{"message":"Subscription required"}`))
		_, err := v.client(Unified).Update(t.Context(), 7, Patch{Lang: "en"})
		kind(t, apiclient.OutcomeUnknown, err)
		require.Equal(t, "Subscription required", asError(t, err).Words)
	})
}

func TestDeleteThatLostItsAnswerIsContentWith404(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := status(404, `{"message":"User not found"}`)
		v := newVendor(t)
		v.on("DELETE users/7", status(500, ``), gone)
		require.NoError(t, v.client(Legacy).Delete(t.Context(), 7))
		v.on("DELETE users/8", gone)
		kind(t, apiclient.NotFound, v.client(Legacy).Delete(t.Context(), 8))
		v.on("DELETE users/9", status(429, ``), gone)
		kind(t, apiclient.NotFound, v.client(Legacy).Delete(t.Context(), 9))
		v.on("DELETE users/10", ok(htmlPage), ok(`[]`))
		kind(t, apiclient.OutcomeUnknown, v.client(Legacy).Delete(t.Context(), 10))
	})
}

func TestPaceStaysBelowFiveInAnySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		v.on("GET users/7/shared-sites", ok(`[]`))
		v.on("GET users/8/own-sites", status(429, ``), ok(`[]`))
		pace := rate.NewLimiter(RequestsPerSecond, 1)
		clients := []*Client{
			v.client(Legacy, func(cfg *Config) { cfg.Pace = pace }),
			v.client(Legacy, func(cfg *Config) { cfg.Pace = pace }),
		}
		<-time.After(time.Minute) // an idle client saves up no burst; the bubble's clock does not wait
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				_, err := clients[i%2].SharedSites(t.Context(), 7)
				require.NoError(t, err)
				_, err = clients[i%2].OwnedSites(t.Context(), 8)
				require.NoError(t, err)
			})
		}
		wg.Wait()
		require.Len(t, v.calls, 81)
		for i := range v.calls {
			inSecond := 0
			for _, later := range v.calls[i:] {
				if later.at.Sub(v.calls[i].at) < time.Second {
					inSecond++
				}
			}
			require.Less(t, inSecond, 5, "from request %d on", i)
		}
	})
}

func TestDefaultPaceIsFourASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(t)
		v.on("GET users/7/shared-sites", ok(`[]`))
		c := v.client(Legacy, func(cfg *Config) { cfg.Pace = nil })
		start := time.Now()
		for range 9 {
			_, err := c.SharedSites(t.Context(), 7)
			require.NoError(t, err)
		}
		require.Equal(t, 2*time.Second, time.Since(start))
	})
}
