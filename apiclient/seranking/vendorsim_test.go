package seranking_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/vendorsim"
)

// The simulated vendor was written from the vendor's documents by another hand than the
// client, so the two check each other. It holds the client to the protocol and to the pace.

// dialects are the two ways to reach the simulated vendor, with the key each takes.
var dialects = map[seranking.Dialect]struct {
	path string
	sim  vendorsim.Dialect
}{
	seranking.Unified: {"/v1", vendorsim.Unified},
	seranking.Legacy:  {"/legacy", vendorsim.Legacy},
}

// world runs f in a bubble with a vendor, and a client that has to find the dialect out.
func world(t *testing.T, d seranking.Dialect, f func(*testing.T, *vendorsim.Vendor, *seranking.Client)) {
	synctest.Test(t, func(t *testing.T) {
		v := vendorsim.New(vendorsim.Options{Now: time.Now, Seats: 25, Violation: func(s string) { t.Error("violation: " + s) }})
		transport, end := pipenet.Serve("vendor.test", v)
		defer func() {
			require.NoError(t, end())
			synctest.Wait()
		}()
		c, err := seranking.New(seranking.Config{
			BaseURL: "http://vendor.test" + dialects[d].path, AllowHTTP: true, Key: apiclient.Secret(v.Key(dialects[d].sim)),
			HTTP: &http.Client{Transport: transport}, Now: time.Now, Random: rand.NewChaCha8([32]byte{3}),
		})
		require.NoError(t, err)
		f(t, v, c)
	})
}

func TestALifeAtTheSimulatedVendor(t *testing.T) {
	quirks := map[string]vendorsim.Quirks{
		"as documented": {},
		"odd answers": {AllCountNumber: true, SettingsKey: true, DetailsWithoutID: true, NumbersAsStrings: true, Booleans: "strings", IDs: "id",
			WriteBody: "{[]}", WriteStatus: 201, NoContentType: true, MaxPage: 3},
		"odder answers": {Booleans: "numbers", IDs: "site_id", WriteBody: "empty", WriteStatus: 204, ShareForm: "array", LowerEmails: true},
		"other forms":   {IDs: "strings", WriteBody: "{}", ShareForm: "object", ShareRefusal: 422},
	}
	for d := range dialects {
		for name, q := range quirks {
			t.Run(fmt.Sprintf("%s, %s", d, name), func(t *testing.T) {
				world(t, d, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
					vendorsim.SeedDemo(v)
					v.SetQuirks(q)
					live(t, v, c)
					found, err := c.Dialect(t.Context())
					require.NoError(t, err)
					require.Equal(t, d, found)
				})
			})
		}
	}
}

// live takes one account from its creation to its end.
func live(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
	ctx := t.Context()
	before, err := c.ListAccounts(ctx)
	require.NoError(t, err)
	require.Len(t, before, len(v.Accounts()))
	five := int64(5)
	id, err := c.Create(ctx, seranking.NewAccount{Email: "New.Person@acme.example", FirstName: "New", LastName: "Person", Lang: "en",
		Access: []string{"report_scheduled", "tipo"}, Amount: &five, Period: "week"})
	require.NoError(t, err)
	_, err = c.Create(ctx, seranking.NewAccount{Email: "new.person@ACME.example", FirstName: "Again"})
	require.Equal(t, apiclient.Rejected, apiclient.KindOf(err))
	found, err := c.FindByEmail(ctx, "new.person@acme.example")
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, id, found[0].ID)
	details, err := c.Account(ctx, id)
	require.NoError(t, err)
	require.Equal(t, seranking.TypeClient, details.Type)
	require.EqualValues(t, 5, details.Limits.Amount)
	require.Equal(t, []string{"tipo"}, seranking.Dropped([]string{"report_scheduled", "tipo"}, details.Access))
	u, err := c.Update(ctx, id, seranking.Patch{FirstName: "Newer", Access: []string{"report_manual"}, Period: "month"})
	require.NoError(t, err)
	require.Empty(t, append(append(u.Dropped, u.Kept...), u.Unmatched...))
	share(t, v, c, id)
	owned, err := c.OwnedSites(ctx, id)
	require.NoError(t, err)
	require.Empty(t, owned)
	_, err = c.Profile(ctx)
	require.NoError(t, err)
	_, err = c.Subscription(ctx)
	require.NoError(t, err)
	require.NoError(t, c.Delete(ctx, id))
	require.Equal(t, apiclient.NotFound, apiclient.KindOf(c.Delete(ctx, id)))
	_, err = c.Account(ctx, id)
	require.Equal(t, apiclient.NotFound, apiclient.KindOf(err))
	require.Len(t, v.Accounts(), len(before))
}

func share(t *testing.T, v *vendorsim.Vendor, c *seranking.Client, id int64) {
	sites, err := c.Sites(t.Context())
	require.NoError(t, err)
	require.Len(t, sites, len(v.Sites()))
	for i, s := range v.Sites() {
		require.Equal(t, s.Title, sites[i].Title)
		require.Equal(t, s.Paused, !sites[i].Active)
	}
	a, b := sites[0].ID, sites[1].ID
	for _, s := range []int64{a, b} {
		_, err = c.Share(t.Context(), id, []int64{s})
		require.NoError(t, err)
	}
	r, err := c.Unshare(t.Context(), id, []int64{a})
	require.NoError(t, err)
	require.Equal(t, []int64{a, b}, r.Before)
	require.Equal(t, []int64{b}, r.After)
	acc, there := v.Account("new.person@acme.example")
	require.True(t, there)
	require.Equal(t, []int64{b}, acc.SharedSites)
}

// deeds are the writes, each on an account and a website that exist, with what shows that it happened.
var deeds = map[vendorsim.Op]struct {
	do   func(ctx context.Context, c *seranking.Client, id, site int64) error
	done func(v *vendorsim.Vendor, site int64) bool
}{
	vendorsim.Create: {
		func(ctx context.Context, c *seranking.Client, _, _ int64) error {
			_, err := c.Create(ctx, seranking.NewAccount{Email: "new@acme.example", FirstName: "New"})
			return err
		},
		func(v *vendorsim.Vendor, _ int64) bool { _, there := v.Account("new@acme.example"); return there },
	},
	vendorsim.Update: {
		func(ctx context.Context, c *seranking.Client, id, _ int64) error {
			r, err := c.Update(ctx, id, seranking.Patch{Lang: "fr"})
			return errors.Join(err, notTaken(r.Unmatched))
		},
		func(v *vendorsim.Vendor, _ int64) bool { a, _ := v.Account("old@acme.example"); return a.Lang == "fr" },
	},
	vendorsim.SetShares: {
		func(ctx context.Context, c *seranking.Client, id, site int64) error {
			r, err := c.Share(ctx, id, []int64{site})
			return errors.Join(err, notTaken(r.Missing))
		},
		func(v *vendorsim.Vendor, site int64) bool {
			a, _ := v.Account("old@acme.example")
			return reflect.DeepEqual(a.SharedSites, []int64{site})
		},
	},
	vendorsim.Delete: {
		func(ctx context.Context, c *seranking.Client, id, _ int64) error { return c.Delete(ctx, id) },
		func(v *vendorsim.Vendor, _ int64) bool { _, there := v.Account("old@acme.example"); return !there },
	},
}

// notTaken stands for what a result says did not take; its kind is "".
func notTaken[T any](rest []T) error {
	if len(rest) > 0 {
		return fmt.Errorf("did not take: %v", rest)
	}
	return nil
}

// TestTheClientsWordIsTrue is the fault table of the writes: whatever goes wrong, once or for ever,
// before the effect or after, success means that it happened, a refusal that it did not, and only
// OutcomeUnknown leaves it open. Create is asked once in every case. The one exception is a delete
// answered with 200 and senseless bytes: write answers are not parsed, and Delete alone reads nothing back.
func TestTheClientsWordIsTrue(t *testing.T) {
	kinds := []vendorsim.Kind{vendorsim.Cut, vendorsim.Status, vendorsim.Slow, vendorsim.Late, vendorsim.HTML, vendorsim.RateLimited,
		vendorsim.Redirect, vendorsim.Garbage, vendorsim.Truncated}
	cases := 0
	for d := range dialects {
		for op := range deeds {
			for _, k := range kinds {
				for _, when := range []vendorsim.When{vendorsim.Before, vendorsim.After} {
					for _, times := range []int{1, -1} {
						f := vendorsim.Fault{Match: vendorsim.Match{Op: op, Times: times}, Kind: k, When: when}
						if k == vendorsim.Slow || k == vendorsim.Late {
							f.Delay = 10 * time.Minute
						}
						if tell(t, d, op, f) {
							cases++
						}
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
	require.Greater(t, cases, 150)
}

// tell runs one case; false when the simulator has no such fault.
func tell(t *testing.T, d seranking.Dialect, op vendorsim.Op, f vendorsim.Fault) (possible bool) {
	name := fmt.Sprintf("%s, %s %s %s times %d", d, op, f.Kind, f.When, f.Match.Times)
	world(t, d, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
		site := v.AddSite(vendorsim.Site{Title: "Acme", URL: "https://acme.example"})
		id := v.AddAccount(vendorsim.Account{Email: "old@acme.example", FirstName: "Old", Lang: "en"})
		if possible = v.Plan(f) == nil; !possible {
			return
		}
		err := deeds[op].do(t.Context(), c, id, site)
		if f.Kind == vendorsim.Late {
			<-time.After(time.Hour) // what the vendor still does after everybody left, on the bubble's clock
		}
		done := deeds[op].done(v, site)
		switch k := apiclient.KindOf(err); {
		case err == nil && op == vendorsim.Delete && f.Kind == vendorsim.Garbage:
		case err == nil:
			require.True(t, done, "%s: told done", name)
		case k != apiclient.OutcomeUnknown:
			require.False(t, done, "%s: told not done: %v", name, err)
		}
		if op == vendorsim.Create {
			require.Len(t, v.CallsOf(op), 1, name)
		}
		if password, ok := v.Password("new@acme.example"); ok && err != nil {
			require.False(t, strings.Contains(err.Error(), password), name)
		}
	})
	return possible
}

func TestNoSeatIsALimit(t *testing.T) {
	for d := range dialects {
		world(t, d, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
			v.SetSeats(1)
			v.AddAccount(vendorsim.Account{Email: "old@acme.example", FirstName: "Old"})
			_, err := c.Create(t.Context(), seranking.NewAccount{Email: "new@acme.example", FirstName: "New"})
			require.Equal(t, apiclient.LimitReached, apiclient.KindOf(err))
			require.ErrorContains(t, err, "Limit reached")
		})
	}
}

func TestADigestsWorthOfAccountsIsReadWhole(t *testing.T) {
	for d := range dialects {
		world(t, d, func(t *testing.T, v *vendorsim.Vendor, c *seranking.Client) {
			want := vendorsim.SeedDigest(v, 250, 17)
			all, err := c.ListAccounts(t.Context())
			require.NoError(t, err)
			require.Len(t, all, 250)
			var blocked []string
			for _, a := range all {
				if a.Blocked {
					blocked = append(blocked, a.Email)
				}
			}
			require.Equal(t, want, blocked)
		})
	}
}
