package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/provision/manual"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/terminal"
)

// Kind is a kind of app: what can be asked of one, and what makes the hands and eyes of one.
type Kind struct {
	Entry *catalog.Entry
	// Make joins one configured app to its vendor; what is wrong with its configuration is its error.
	Make func(c config.AppConfig, a Around) (Hands, error)
}

// Hands carry out the deeds of one app, and read what it holds.
type Hands interface {
	provision.Kind
	provision.Reader
}

// Around is what stands around the apps.
type Around struct {
	config.Env
	Surroundings
	Now func() time.Time
	Log *slog.Logger
	// Memory keeps what is found out about a vendor. It is there once the program runs.
	Memory byapi.Memory
	// shared is what other processes have a part in; nil: nothing.
	shared *shared
}

// Kinds are the kinds of app that the program carries out: one line for each.
func Kinds() []Kind {
	return []Kind{seRanking()}
}

// seRanking is SE Ranking by its API; apps of one key share its pace and its locks.
func seRanking() Kind {
	pool := &seranking.Pool{}
	return Kind{Entry: byapi.Entry(), Make: func(c config.AppConfig, a Around) (Hands, error) {
		client, err := pool.New(seranking.Config{BaseURL: c.BaseURL, AllowHTTP: a.AllowHTTP, Key: a.SERankingKey, Dialect: c.Dialect,
			HTTP: a.VendorHTTP, Pace: a.shared.pace("seranking", a.SERankingKey, seranking.RequestsPerSecond, a.Now), Locks: a.shared.locks(), Now: a.Now, Random: a.Random, Log: a.Log})
		return byapi.Hands{Client: client, App: c.ID, Memory: a.Memory}, err
	}}
}

// ofPeople is an app that a person carries out: what can be asked of it stands in a file of its own.
func ofPeople(c config.AppConfig) Kind {
	return Kind{Entry: c.Manual.Entry, Make: func(config.AppConfig, Around) (Hands, error) { return manual.Hands{}, nil }}
}

// Vendor is one configured app and what carries out its deeds.
type Vendor struct {
	provision.App
	Hands Hands
}

// Vendors joins each configured app to its vendor.
func Vendors(cfg *config.Config, a Around) ([]Vendor, error) {
	var out []Vendor
	kinds := map[string]Kind{}
	for _, k := range append(Kinds(), a.Kinds...) {
		if err := k.Entry.Check(); err != nil {
			return nil, terminal.Wrong(fmt.Sprintf("usher: %v", err))
		}
		kinds[k.Entry.Kind] = k
	}
	for _, c := range cfg.Apps {
		k, ok := kinds[c.Kind]
		if c.Manual != nil {
			k, ok = ofPeople(c), true
		}
		if !ok {
			return nil, terminal.Wrong(fmt.Sprintf("%s:%d:%d: app %s: nothing here carries out the kind %s", cfg.File, c.At.Line, c.At.Column, c.ID, c.Kind))
		}
		hands, err := k.Make(c, a)
		if err != nil {
			return nil, terminal.Wrong(fmt.Sprintf("%s:%d:%d: app %s: %v", cfg.File, c.At.Line, c.At.Column, c.ID, err))
		}
		out = append(out, Vendor{provision.App{App: c.App(k.Entry), Reader: hands, Bought: c.Seats}, hands})
	}
	return out, nil
}

// byHand reports whether people carry out anything of any app.
func byHand(vendors []Vendor) bool {
	return slices.ContainsFunc(vendors, func(v Vendor) bool {
		return slices.ContainsFunc(v.Entry.Actions, catalog.Action.ByHand)
	})
}

func inventoried(vendors []Vendor) (apps []provision.App) {
	for _, v := range vendors {
		apps = append(apps, v.App)
	}
	return apps
}

// carriers are what carries out each app's deeds.
func carriers(vendors []Vendor, with between) map[string]provision.Kind {
	all := map[string]provision.Kind{}
	for _, v := range vendors {
		all[v.ID] = with.kind(v.Hands)
	}
	return all
}

// lateMemory is a memory that is there once the store is open: which apps there are is known before, so that nothing is
// made where the configuration is wrong.
type lateMemory struct{ byapi.Memory }

var errNoMemory = errors.New("the store is not open yet")

// Learned implements byapi.Memory.
func (m *lateMemory) Learned(ctx context.Context, name string) ([]byte, error) {
	if m.Memory == nil {
		return nil, errNoMemory
	}
	return m.Memory.Learned(ctx, name)
}

// Learn implements byapi.Memory.
func (m *lateMemory) Learn(ctx context.Context, name string, raw []byte) error {
	if m.Memory == nil {
		return errNoMemory
	}
	return m.Memory.Learn(ctx, name, raw)
}
