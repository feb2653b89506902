package provision_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/provision"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/stops"
)

// crowd is a vendor of many accounts, a store, and a program that reads behind and can end.
type crowd struct {
	*testing.T
	*vendorsim.Vendor
	client *seranking.Client
	store  *bolt.Store
	end    func()
	*provision.Inventory
}

// inCrowd runs f in a bubble with a vendor of so many accounts.
func inCrowd(t *testing.T, accounts, blocked int, f func(c *crowd, blocked []string)) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{T: t, store: stops.Store(t)}
		c.Vendor = vendorsim.New(vendorsim.Options{Now: time.Now, Violation: func(s string) { t.Error("violation: " + s) }})
		want := vendorsim.SeedDigest(c.Vendor, accounts, blocked)
		transport, end := pipenet.Serve("vendor.test", c.Vendor)
		defer func() {
			c.end()
			require.NoError(t, end())
			synctest.Wait()
		}()
		var err error
		c.client, err = seranking.New(seranking.Config{BaseURL: "http://vendor.test/v1", AllowHTTP: true, Key: apiclient.Secret(c.Key(vendorsim.Unified)),
			HTTP: &http.Client{Transport: transport}, Now: time.Now, Random: rand.NewChaCha8([32]byte{12})})
		require.NoError(t, err)
		c.start()
		f(c, want)
	})
}

// start is the program beginning (again).
func (c *crowd) start() {
	c.Inventory = provision.NewInventory([]provision.App{{App: approvals.App{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()},
		Reader: byapi.Hands{Client: c.client, App: "seranking"}, Bought: 300}}, 2*time.Minute, time.Now)
	c.Walks = &census.Censuses{Vendors: c.Inventory, Shelf: c.store, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(c.Context())
	done := make(chan struct{})
	go func() { defer close(done); c.Inventory.Run(ctx, slog.New(slog.DiscardHandler)) }()
	c.end = func() { stop(); <-done }
}

// lists is how many pages of accounts the vendor was asked for.
func (c *crowd) lists() (n int) {
	for _, call := range c.Calls() {
		if call.Op == vendorsim.List {
			n++
		}
	}
	return n
}

// refusal is what somebody reads who asks for the accounts.
func (c *crowd) refusal() string {
	c.Helper()
	_, err := c.Inventory.Accounts(c.Context(), "seranking", false)
	require.Equal(c, approvals.Unavailable, approvals.CodeOf(err))
	return err.Error()
}

// shown are the addresses of the blocked accounts that somebody is shown who asks, and how many accounts there are.
func (c *crowd) shown(fresh bool) (blocked []string, all int, at time.Time) {
	c.Helper()
	a, err := c.Inventory.Accounts(c.Context(), "seranking", fresh)
	require.NoError(c, err)
	require.NoError(c, a.Each(func(s approvals.Seat) bool {
		if all++; s.Blocked {
			blocked = append(blocked, s.Email)
		}
		return true
	}))
	require.Equal(c, all, a.Count)
	return blocked, all, a.At
}

// TestAnAppOfManyAccounts: whoever asks waits for no more than a page, and hears how far the first reading is; then exactly what is there, as
// of when. It is read anew once that is due, and not before; a program that begins anew shows what was kept.
func TestAnAppOfManyAccounts(t *testing.T) {
	inCrowd(t, 20_000, 99, func(c *crowd, want []string) {
		began := time.Now()
		require.Contains(t, c.refusal(), "SE Ranking has more accounts than I can read in a moment, so I'm reading them now.")
		require.Less(t, time.Since(began), time.Second)
		pass(20 * time.Second)
		require.Regexp(t, `SE Ranking has about 20,000 accounts and I'm still reading them: 7,\d{3} so far. Please ask me again at `, c.refusal())
		pass(time.Minute)
		got, all, at := c.shown(false)
		require.Equal(t, 20_000, all)
		require.Equal(t, want, got)
		require.Less(t, at.Sub(began), 2*time.Second)
		require.LessOrEqual(t, c.lists(), 205, "each page once, and the one that showed how many there are")

		c.end()
		c.start()
		before := c.lists()
		_, _, at2 := c.shown(false)
		require.Equal(t, at, at2)
		pass(5 * time.Minute)
		require.LessOrEqual(t, c.lists(), before+2, "it isn't due yet")
		pass(5 * time.Minute)
		c.AddAccount(vendorsim.Account{Email: "new@acme.example", FirstName: "New"})
		_, all, _ = c.shown(false)
		require.Equal(t, 20_000, all, "it is read behind")
		pass(2 * time.Minute)
		_, all, at = c.shown(false)
		require.Equal(t, 20_001, all)
		require.Less(t, time.Since(at), 3*time.Minute)
	})
}

// TestAFewAccountsAreReadAsEver: at once, in three calls, and none of it is kept page by page.
func TestAFewAccountsAreReadAsEver(t *testing.T) {
	inCrowd(t, 250, 37, func(c *crowd, want []string) {
		pass(time.Minute)
		require.Equal(t, 3, c.lists())
		got, all, _ := c.shown(false)
		require.Equal(t, 250, all)
		require.Equal(t, want, got)
		require.Equal(t, 3, c.lists())
		_, all, _ = c.shown(true)
		require.Equal(t, 250, all)
		require.Equal(t, 6, c.lists())
		names, err := c.store.Pieces(c.Context(), "")
		require.NoError(t, err)
		require.Empty(t, names)
	})
}

// TestAWalkThatWasCutOffGoesOn: what waits for nobody takes as long as it takes; stopped in the midst of it and begun anew, no page is read twice
// but the one in hand. What asks for all of it at once gets it too, once it is there.
func TestAWalkThatWasCutOffGoesOn(t *testing.T) {
	inCrowd(t, 8_000, 0, func(c *crowd, _ []string) {
		for range 3 {
			ctx, stop := context.WithTimeout(c.Context(), 6*time.Second)
			_, err := c.Walk(ctx, "seranking")
			stop()
			require.ErrorIs(t, err, context.DeadlineExceeded)
			c.end()
			pass(20 * time.Minute)
			c.start()
		}
		all, err := c.Walk(c.Context(), "seranking")
		require.NoError(t, err)
		require.Equal(t, 8_000, all.Count)
		require.Less(t, c.lists(), 95)
		l, err := c.Seats(c.Context(), "seranking", false)
		require.NoError(t, err)
		require.Len(t, l.Seats, 8_000)
		require.Less(t, c.lists(), 180, "that was read hours ago, and this is of now")
		read := c.lists()
		_, err = c.Seats(c.Context(), "seranking", false)
		require.NoError(t, err)
		require.Equal(t, read, c.lists())
	})
}
