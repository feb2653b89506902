package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/vendorsim"
)

// twoApps is the demo's configuration with a second app at the same vendor, its address spelt otherwise.
var twoApps = strings.Replace(demo.Config, "policies:\n", `  agency:
    kind: seranking
    name: Agency
    base_url: http://127.0.0.1/v1/
policies:
`, 1)

// TestTwoAppsOfOneKeyShareItsPaceAndItsLocks: the vendor counts requests by key and knows each account once,
// whatever the apps are called that lead to it.
func TestTwoAppsOfOneKeyShareItsPaceAndItsLocks(t *testing.T) {
	inTalk(t, twoApps, func(w *talkWorld) {
		vendorsim.SeedDemo(w.n.Vendor)
		w.start()
		apps, err := app.Vendors(w.cfg, w.n.Env(), w.n.Surroundings(), w.app.Clock.Now, w.app.Log)
		require.NoError(t, err)
		require.Len(t, apps, 2)
		before, ok := w.n.Vendor.Account("jane@acme.example")
		if !ok {
			before.ID = w.n.Vendor.AddAccount(vendorsim.Account{Email: "jane@acme.example", FirstName: "Jane"})
		}
		sites := w.n.Vendor.Sites()
		var all sync.WaitGroup
		var results [12]error
		for i := range results {
			all.Go(func() {
				r, err := apps[i%2].Client.Share(context.Background(), before.ID, []int64{sites[i%10].ID})
				if len(r.Lost)+len(r.Missing) > 0 {
					err = fmt.Errorf("lost %v, missing %v", r.Lost, r.Missing)
				}
				results[i] = err
			})
		}
		all.Wait()
		require.NoError(t, errors.Join(results[:]...))
		after, _ := w.n.Vendor.Account("jane@acme.example")
		require.Len(t, after.SharedSites, 10, "no share was written over by one through the other app")
		w.neverTooFast(30)
	})
}
