package vendorsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/vendorsim"
)

func TestJournalTellsWhatWasAskedAndWhatItChanged(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		w.call(d, vendorsim.List, 0, "")
		w.call(d, vendorsim.Create, 0, newcomer("jane@acme.example"))
		w.call(d, vendorsim.Create, 0, newcomer("jane@acme.example"))
		w.call(d, vendorsim.Delete, priyaID, "")
		rows := []string{}
		for _, c := range w.Calls() {
			rows = append(rows, fmt.Sprintln(c.N, c.Dialect, c.Method, c.Op, c.UserID, c.Status, c.Effect != ""))
		}
		require.Equal(t, []string{
			fmt.Sprintln(1, d, "GET", "list", 0, 200, false),
			fmt.Sprintln(2, d, "POST", "create", 36880, 200, true),
			fmt.Sprintln(3, d, "POST", "create", 0, 400, false),
			fmt.Sprintln(4, d, "DELETE", "delete", priyaID, 200, true),
		}, rows)
		require.Len(t, w.Effects(), 2)
		require.Len(t, w.CallsOf(vendorsim.Create), 2)
		require.Equal(t, w.Calls()[1].At, w.Effects()[0].At)
	})
}

func TestNothingShownHoldsASecret(t *testing.T) {
	both(t, vendorsim.Options{}, func(t *testing.T, w *world, d vendorsim.Dialect) {
		w.call(d, vendorsim.Create, 0, newcomer("jane@acme.example"))
		w.call(d, vendorsim.Sites, 0, "")
		text, err := json.Marshal(w.State())
		require.NoError(t, err)
		for _, secret := range []string{"correct-Horse-7", w.Key(d), "/guest/", "5eed"} {
			require.NotContains(t, string(text), secret)
		}
		require.Contains(t, string(text), "jane@acme.example")
	})
}

func TestStateIsADeepCopy(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Seats: 25})
	vendorsim.SeedDemo(v)
	s := v.State()
	require.Equal(t, 25, s.SeatsBought)
	require.Equal(t, 8, s.SeatsUsed)
	require.Equal(t, int64(48210), s.Units)
	s.Accounts[0].SharedSites[0], s.Accounts[0].Access[0], s.Sites[0].Title = 999, "x", "x"
	require.Equal(t, int64(101), v.Accounts()[0].SharedSites[0])
	require.Equal(t, "report_manual", v.Accounts()[0].Access[0])
	require.Equal(t, "Acme", v.Sites()[0].Title)

	require.True(t, v.Edit("wei.chen@acme.example", func(a *vendorsim.Account) { a.FirstName, a.ID = "Li", 1 }))
	wei, _ := v.Account("wei.chen@acme.example")
	require.Equal(t, "Li", wei.FirstName)
	require.NotEqual(t, int64(1), wei.ID, "an id never changes")
	require.False(t, v.Edit("nobody@acme.example", func(*vendorsim.Account) { t.Error("called for nobody") }))
}

func TestSeedDemoIsTheSmallCompanyItClaims(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Seats: 25})
	vendorsim.SeedDemo(v)
	var blocked, owning, without, users int
	for _, a := range v.Accounts() {
		blocked += count(a.Blocked)
		owning += count(len(a.OwnedSites) > 0)
		users += count(a.Type == vendorsim.TypeUser)
		without += count(a.Type == vendorsim.TypeClient && len(a.SharedSites)+len(a.OwnedSites) == 0)
	}
	require.Equal(t, []int{2, 1, 1, 1}, []int{blocked, owning, without, users})
	titles, paused := map[string]int{}, 0
	for _, s := range v.Sites() {
		titles[s.Title]++
		paused += count(s.Paused)
	}
	require.Equal(t, 2, titles["Acme Shop"])
	require.Len(t, v.Sites(), 10)
	require.Equal(t, 1, paused)
}

func TestSeedDigestBlocksExactlySo(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	named := vendorsim.SeedDigest(v, 250, 17)
	var blocked []string
	seen := map[string]bool{}
	pages := map[int]bool{}
	for i, a := range v.Accounts() {
		seen[a.Email] = true
		if a.Blocked {
			blocked = append(blocked, a.Email)
			pages[i/100] = true
		}
	}
	require.Len(t, seen, 250)
	require.Len(t, blocked, 17)
	require.Equal(t, named, blocked)
	require.Len(t, pages, 3, "each page of the list has some")
}

func TestDuplicateAddressesCanBeSeeded(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Seats: 1})
	first := v.AddAccount(vendorsim.Account{Email: "twin@acme.example"})
	v.AddAccount(vendorsim.Account{Email: "Twin@acme.example"})
	require.Len(t, v.Accounts(), 2)
	twin, _ := v.Account("TWIN@acme.example")
	require.Equal(t, first, twin.ID)
	require.True(t, v.RemoveAccount("twin@acme.example"))
	require.True(t, v.RemoveAccount("twin@acme.example"))
	require.False(t, v.RemoveAccount("twin@acme.example"))
}

func TestSubscribersHearOfChanges(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	ticks, cancel := v.Subscribe()
	v.AddAccount(vendorsim.Account{Email: "a@acme.example"})
	v.SetBlocked("a@acme.example", true)
	require.Len(t, ticks, 1, "ticks are merged")
	<-ticks
	require.Equal(t, 401, record(v, "/v1/project-management/sites", "").Code)
	require.Len(t, ticks, 1, "a request is news")
	<-ticks
	cancel()
	v.SetSeats(3)
	require.Empty(t, ticks)
}

func TestManyAtOnceGetDistinctSeats(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{Seats: 5, Quirks: vendorsim.Quirks{NoPacing: true}})
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for i := range 20 {
		wg.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "/legacy/users", strings.NewReader(newcomer(fmt.Sprintf("p%d@acme.example", i%10))))
			r.Header.Set("Authorization", "Token "+vendorsim.DefaultLegacyKey)
			r.Header.Set("Content-Type", "application/json")
			rec := httptest.NewRecorder()
			v.ServeHTTP(rec, r)
			_ = v.State()
			mu.Lock()
			defer mu.Unlock()
			statuses[rec.Code]++
		})
	}
	wg.Wait()
	require.Equal(t, 5, statuses[200])
	require.Equal(t, 15, statuses[400]+statuses[403])
	require.Len(t, v.Accounts(), 5)
	require.Len(t, v.Effects(), 5)
}

func TestJournalIsBounded(t *testing.T) {
	v := vendorsim.New(vendorsim.Options{})
	for range 10010 {
		record(v, "/nowhere", "")
	}
	calls := v.Calls()
	require.Len(t, calls, 10000)
	require.Equal(t, 11, calls[0].N)
	require.Len(t, v.State().Calls, 50)
	require.Equal(t, 10010, v.State().Served)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
