package vendorsim

import (
	"cmp"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/wire"
)

// Keys that are valid where Options names no other. Their shapes are the vendors'; nothing real accepts them.
const (
	DefaultUnifiedKey = "5eed5eed-0000-4000-8000-5eed5eed5eed"
	DefaultLegacyKey  = "5eed5eed00005eed5eed00005eed5eed00005eed"
	DefaultSemrushKey = "5eed5eed5eed00005eed5eed5eed0000"
)

// Dialect is one of the ways of speaking to the vendors.
type Dialect string

// SE Ranking's two dialects, and Semrush.
const (
	Unified Dialect = "unified"
	Legacy  Dialect = "legacy"
	Semrush Dialect = "semrush"
)

// Options is what a Vendor is made with. The zero value is a vendor with unlimited seats and the default keys.
type Options struct {
	Now        func() time.Time // the vendor's clock; nil: time.Now
	Seats      int              // sub-accounts that may exist; a create beyond is 403 "Limit reached"; 0: unlimited
	UnifiedKey string           // "": DefaultUnifiedKey
	LegacyKey  string           // "": DefaultLegacyKey
	SemrushKey string           // "": DefaultSemrushKey
	Units      int64            // Semrush API units left
	Rate       int              // SE Ranking requests per rolling second and key; 0: the documented 5
	Violation  func(string)     // told of each violation, outside any lock; may be nil (see Vendor.Violations)
	Quirks     Quirks
	Wire       *wire.Log // keeps every call as it passed; nil: nothing is kept
}

// Vendor is the simulated vendors' whole state. All methods may be called concurrently.
type Vendor struct {
	now       func() time.Time
	violation func(string)
	keys      map[Dialect]string
	rate      int
	wire      *wire.Log
	handler   http.Handler // ServeHTTP, as the wire hears it

	mu         sync.Mutex // guards everything below; never held while waiting or while a hook runs
	seats      int
	units      int64
	quirks     Quirks
	accounts   map[int64]*Account
	passwords  map[int64]string
	elsewhere  map[string]bool // lower-cased addresses that belong to other SE Ranking customers
	sites      map[int64]*Site
	members    map[string]Member // Semrush's, by address
	nextID     int64
	windows    map[string][]time.Time // by key: when it was served within the last second
	faults     []*planned
	calls      []*Call
	effects    []*Call
	served     int
	violations []string
	watchers   map[chan struct{}]struct{}
}

// New makes a vendor without accounts and sites; see SeedDemo and SeedDigest.
func New(o Options) *Vendor {
	v := &Vendor{
		now: o.Now, violation: o.Violation, rate: o.Rate, wire: o.Wire,
		seats: o.Seats, units: o.Units, quirks: o.Quirks.clone(),
		keys: map[Dialect]string{
			Unified: cmp.Or(o.UnifiedKey, DefaultUnifiedKey),
			Legacy:  cmp.Or(o.LegacyKey, DefaultLegacyKey),
			Semrush: cmp.Or(o.SemrushKey, DefaultSemrushKey),
		},
		accounts: map[int64]*Account{}, passwords: map[int64]string{}, elsewhere: map[string]bool{},
		sites: map[int64]*Site{}, members: map[string]Member{}, nextID: firstAccountID,
		windows: map[string][]time.Time{}, watchers: map[chan struct{}]struct{}{},
	}
	v.handler = v.wire.Handler(heardAs, http.HandlerFunc(v.dispatch))
	if v.now == nil {
		v.now = time.Now
	}
	if v.rate == 0 {
		v.rate = documentedRate
	}
	return v
}

// ServeHTTP serves everything on one host: the unified dialect under /v1, the legacy one under /legacy, and Semrush at
// its own two paths. So the base URLs are http://HOST/v1, http://HOST/legacy and http://HOST.
func (v *Vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) { v.handler.ServeHTTP(w, r) }

// heardAs names the vendor that a call is to, to the wire.
func heardAs(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/v1/") || strings.HasPrefix(r.URL.Path, "/legacy/") {
		return "seranking"
	}
	return "semrush"
}

func (v *Vendor) dispatch(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/v1/"):
		v.serve(w, r, Unified, strings.TrimPrefix(path, "/v1"))
	case strings.HasPrefix(path, "/legacy/"):
		v.serve(w, r, Legacy, strings.TrimPrefix(path, "/legacy"))
	default:
		v.serve(w, r, Semrush, path)
	}
}

// Unified is api.seranking.com: the unified dialect under /v1 and nothing else.
func (v *Vendor) Unified() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := strings.CutPrefix(r.URL.Path, "/v1")
		if !ok {
			path = "/outside-v1"
		}
		v.serve(w, r, Unified, path)
	})
}

// Legacy is api4.seranking.com: the legacy dialect at the root and nothing else.
func (v *Vendor) Legacy() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { v.serve(w, r, Legacy, r.URL.Path) })
}

// Key is the key this vendor accepts in the dialect.
func (v *Vendor) Key(d Dialect) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.keys[d]
}

// Rekey makes another key the only one that this vendor accepts in the dialect.
func (v *Vendor) Rekey(d Dialect, key string) { v.change(func() { v.keys[d] = key }) }

// SetSeats changes how many sub-accounts may exist; 0: unlimited. Accounts that exist stay.
func (v *Vendor) SetSeats(n int) { v.change(func() { v.seats = n }) }

// SetUnits sets the Semrush unit balance.
func (v *Vendor) SetUnits(n int64) { v.change(func() { v.units = n }) }

// UseUnits takes units from the balance, as reports that cost some do; a negative number adds some. It never falls below 0.
func (v *Vendor) UseUnits(n int64) { v.change(func() { v.units = max(v.units-n, 0) }) }

// Units is the balance as it is.
func (v *Vendor) Units() int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.units
}

// Subscribe returns a channel that holds a tick whenever something changed or a request was served since it was last
// read. Ticks are merged, never queued; cancel must be called when done.
func (v *Vendor) Subscribe() (ticks <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.watchers[c] = struct{}{}
	return c, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.watchers, c)
	}
}

// change runs f under the lock, then ticks the watchers.
func (v *Vendor) change(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	f()
	v.tick()
}

func (v *Vendor) tick() {
	for c := range v.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
