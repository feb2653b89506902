package census_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/provision"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/census"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/stops"
)

// vendor is a simulated SE Ranking, its client, and censuses of it over a real store.
type vendor struct {
	*testing.T
	*vendorsim.Vendor
	client   *seranking.Client
	app      approvals.App
	store    *bolt.Store
	censuses *census.Censuses
}

// atVendor runs f in a bubble.
func atVendor(t *testing.T, f func(v *vendor)) {
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{T: t, app: approvals.App{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}, store: stops.Store(t)}
		v.Vendor = vendorsim.New(vendorsim.Options{Now: time.Now, Violation: func(s string) { t.Error("violation: " + s) }})
		transport, end := pipenet.Serve("vendor.test", v.Vendor)
		defer func() {
			require.NoError(t, end())
			synctest.Wait()
		}()
		var err error
		v.client, err = seranking.New(seranking.Config{BaseURL: "http://vendor.test/v1", AllowHTTP: true, Key: apiclient.Secret(v.Key(vendorsim.Unified)),
			HTTP: &http.Client{Transport: transport}, Now: time.Now, Random: rand.NewChaCha8([32]byte{12})})
		require.NoError(t, err)
		v.start()
		f(v)
	})
}

// start is the program beginning (again).
func (v *vendor) start() {
	inventory := provision.NewInventory([]provision.App{{App: v.app, Reader: byapi.Hands{Client: v.client, App: v.app.ID}, Bought: 300}}, time.Minute, time.Now)
	v.censuses = &census.Censuses{Vendors: inventory, Shelf: v.store, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
}

func (v *vendor) taken() reports.Census {
	c, err := v.censuses.Census(v.Context(), v.app, time.Now(), nil)
	require.NoError(v, err)
	return c
}

// blocked are the addresses of those that are blocked, and how many accounts there are.
func blocked(t *testing.T, c reports.Census) (out []string, all int) {
	for s, err := range c.All {
		require.NoError(t, err)
		if all++; s.Blocked {
			out = append(out, s.Email)
		}
	}
	return out, all
}

// TestAVendorWhosePagesMove: under each way in which the vendor's list can be off, what it shows is counted once and the
// rest is said.
func TestAVendorWhosePagesMove(t *testing.T) {
	for name, c := range map[string]struct {
		quirks vendorsim.Quirks
		count  int
		drift  string
	}{
		"as documented":        {vendorsim.Quirks{}, 250, ""},
		"pages of 30":          {vendorsim.Quirks{MaxPage: 30}, 250, ""},
		"some come twice":      {vendorsim.Quirks{ShiftPages: -3}, 250, "The list changed while I read it: 3 accounts came twice, and each counts once."},
		"some are passed over": {vendorsim.Quirks{ShiftPages: 2}, 250, "The list moved between two of its pages, so I read one of them again."},
		"counts too many":      {vendorsim.Quirks{AllCountOff: 1}, 250, "SE Ranking says it has 251 accounts and showed me 250, so the figures may be off by 1."},
		"counts too few":       {vendorsim.Quirks{AllCountOff: -140}, 250, "SE Ranking says it has 110 accounts and showed me 250, so the figures may be off by 140."},
		"counts in numbers":    {vendorsim.Quirks{AllCountNumber: true, NumbersAsStrings: true, Booleans: "strings"}, 250, ""},
		"never says how many":  {vendorsim.Quirks{AllCountOff: -250}, 250, ""},
	} {
		atVendor(t, func(v *vendor) {
			want := vendorsim.SeedDigest(v.Vendor, 250, 37)
			v.SetQuirks(c.quirks)
			got := v.taken()
			require.Equal(v, c.count, got.Count, name)
			require.Equal(v, 300, got.Bought)
			require.Equal(v, c.drift, got.Drift.Plain(), name)
			if addresses, all := blocked(v.T, got); c.count == 250 {
				require.Equal(v, want, addresses, name)
				require.Equal(v, 250, all)
			}
		})
	}
}

// TestAWalkOutlivesFaultsAndRestarts: at a vendor that fails again and again, and with a program that begins anew after each,
// the walk comes to its end and no page is lost; what the vendor is asked stays in proportion.
func TestAWalkOutlivesFaultsAndRestarts(t *testing.T) {
	atVendor(t, func(v *vendor) {
		want := vendorsim.SeedDigest(v.Vendor, 1250, 99)
		lots, since := rand.New(rand.NewPCG(1, 2)), time.Now()
		for {
			kind := []vendorsim.Kind{vendorsim.Cut, vendorsim.Garbage, vendorsim.RateLimited, vendorsim.HTML, vendorsim.Truncated}[lots.IntN(5)]
			require.NoError(v, v.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.List, Nth: 1 + lots.IntN(4), Times: 5}, Kind: kind}))
			c, err := v.censuses.Census(v.Context(), v.app, since, nil)
			if err == nil {
				got, all := blocked(v.T, c)
				require.Equal(v, want, got)
				require.Equal(v, 1250, all)
				require.Nil(v, c.Drift)
				break
			}
			require.NotErrorIs(v, err, reports.ErrUnkept)
			v.Heal()
			<-time.After(time.Minute)
			v.start()
		}
		read := slices.DeleteFunc(v.Calls(), func(c vendorsim.Call) bool { return c.Op != vendorsim.List })
		require.Less(v, len(read), 13*6)
	})
}

// TestALongWalkKeepsThePaceAndStarvesNobody: the vendor polices its pace; a deed's calls wait for one page at most.
func TestALongWalkKeepsThePaceAndStarvesNobody(t *testing.T) {
	atVendor(t, func(v *vendor) {
		vendorsim.SeedDigest(v.Vendor, 3000, 5)
		began, done := time.Now(), make(chan struct{})
		go func() { defer close(done); v.taken() }()
		for range 10 {
			<-time.After(300 * time.Millisecond)
			asked := time.Now()
			_, err := v.client.SharedSites(v.Context(), v.Accounts()[0].ID)
			require.NoError(v, err)
			require.LessOrEqual(v, time.Since(asked), 2*time.Second/seranking.RequestsPerSecond, "a call of a deed")
		}
		<-done
		require.GreaterOrEqual(v, time.Since(began), 40*time.Second/seranking.RequestsPerSecond)
		limited := slices.ContainsFunc(v.Calls(), func(c vendorsim.Call) bool { return c.Status == http.StatusTooManyRequests })
		require.False(v, limited, fmt.Sprint(v.Violations()))
	})
}

// TestListsThatMoveAllTheTime: people come, or go, while the list is read, and its pages are of any length. Each account that
// was there all the time is given exactly once, none twice, and none that never was; also where as many come as go between the same two
// pages, so that the vendor's count shows neither.
func TestListsThatMoveAllTheTime(t *testing.T) {
	for seed := range uint64(18) {
		atVendor(t, func(v *vendor) {
			lots := rand.New(rand.NewPCG(seed, 12))
			vendorsim.SeedDigest(v.Vendor, 200+lots.IntN(200), 20)
			v.SetQuirks(vendorsim.Quirks{MaxPage: 20 + lots.IntN(60)})
			there, ever := map[string]bool{}, map[string]bool{}
			for _, a := range v.Accounts() {
				there[a.Email], ever[a.Email] = true, true
			}
			since, over, moved := time.Now(), make(chan struct{}), make(chan struct{})
			go func() {
				defer close(moved)
				for n := 0; ; n++ {
					select {
					case <-over:
						return
					case <-time.After(time.Duration(100+lots.IntN(900)) * time.Millisecond):
					}
					goes, comes := []int{1, 0, 1 + lots.IntN(4)}[seed%3], []int{0, 1, 0}[seed%3]
					if seed%3 == 2 {
						comes = goes
					}
					for range goes {
						all := v.Accounts()
						email := all[lots.IntN(len(all))].Email
						v.RemoveAccount(email)
						delete(there, email)
					}
					for i := range comes {
						email := fmt.Sprintf("new.%d.%d@acme.example", n, i)
						ever[email] = true
						v.AddAccount(vendorsim.Account{Email: email, FirstName: "New"})
					}
				}
			}()
			c, err := v.censuses.Census(v.Context(), v.app, since, nil)
			close(over)
			<-moved
			require.NoError(v, err)
			times := map[string]int{}
			for s, err := range c.All {
				require.NoError(v, err)
				times[s.Email]++
			}
			require.Len(v, times, c.Count, "seed %d: none is given twice", seed)
			for email := range times {
				require.True(v, ever[email], "seed %d: %s never was", seed, email)
			}
			for email := range there {
				require.Equal(v, 1, times[email], "seed %d: %s was there all the time", seed, email)
			}
		})
	}
}
