package talks

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
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// twoApps is the demo's configuration with a second app at the same vendor, its address spelt otherwise.
var twoApps = strings.Replace(demo.Config, "bundles:\n", `  agency:
    kind: seranking
    name: Agency
    base_url: http://127.0.0.1/v1/
bundles:
`, 1)

// TestTwoAppsOfOneKeyShareItsPaceAndItsLocks: the vendor counts requests by key and knows each account once,
// whatever the apps are called that lead to it.
func TestTwoAppsOfOneKeyShareItsPaceAndItsLocks(t *testing.T) {
	world.In(t, twoApps, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Start()
		apps, err := app.Vendors(w.Cfg, app.Around{Env: w.N.Env(), Surroundings: w.N.Surroundings(), Now: w.App.Clock.Now, Log: w.App.Log})
		require.NoError(t, err)
		require.Len(t, apps, 2)
		before, ok := w.N.Vendor.Account("jane@acme.example")
		if !ok {
			before.ID = w.N.Vendor.AddAccount(vendorsim.Account{Email: "jane@acme.example", FirstName: "Jane"})
		}
		sites := w.N.Vendor.Sites()
		var all sync.WaitGroup
		var results [12]error
		for i := range results {
			all.Go(func() {
				r, err := apps[i%2].Hands.(byapi.Hands).Client.Share(context.Background(), before.ID, []int64{sites[i%10].ID})
				if len(r.Lost)+len(r.Missing) > 0 {
					err = fmt.Errorf("lost %v, missing %v", r.Lost, r.Missing)
				}
				results[i] = err
			})
		}
		all.Wait()
		require.NoError(t, errors.Join(results[:]...))
		after, _ := w.N.Vendor.Account("jane@acme.example")
		require.Len(t, after.SharedSites, 10, "no share was written over by one through the other app")
		w.NeverTooFast(30)
	})
}
