// Package world is what stands beside the workspace in the demo: the vendors as pages that one can look at and change, every call between
// Usher, Slack and the vendors in a live log that explains itself, and what Usher keeps, growing.
//
//	world.go    the World: what it's made of, and its paths
//	events.go   one line a change, upon which the page asks again
//	calls.go    the log: each exchange as a line, told once, in order
//	say.go      one sentence for each call of Slack's Web API (say_text.go: what a message says)
//	frames.go   one for each frame of Socket Mode
//	deeds.go    one for each call of a vendor
//	vendors.go  the vendors as they are
//	hands.go    what one can do at them by hand
//	store.go    requests, promises and the audit log, read from the running Usher as any command reads them
//	promises.go one sentence for each promise
//
// It knows Usher from outside only: the bytes on the wire, and the socket in the data folder. What is typed or
// pressed here acts on the neighbours alone, so that Usher finds it out as it would find out what somebody did at a real vendor.
package world

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/sim/door"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/sim/wire"
)

// Options are what a World is about.
type Options struct {
	Slack  *slacksim.Server
	Vendor *vendorsim.Vendor
	Wire   *wire.Log
	// Folder is the data folder of an Usher that runs; where several do on one database, of one that answers.
	Folder func() control.Folder
	// Seats are how many are bought in Semrush.
	Seats int
	// Look has Usher read the vendors now, and says in words what it did and what comes next; why it can't is a sentence too.
	Look func(ctx context.Context) (said string, err error)
	// Now is the real clock.
	Now func() time.Time
}

// World is all of it. It is safe for concurrent use, and starts no goroutine.
type World struct {
	Options
	teller teller
	keeper keeper
	mux    *http.ServeMux
}

// New makes one. It serves /world and what is below; nothing is read before somebody asks.
func New(o Options) *World {
	w := &World{Options: o, mux: http.NewServeMux()}
	w.teller = newTeller(o.Slack, o.Vendor)
	w.keeper = keeper{folder: o.Folder, names: names{o.Slack}, now: o.Now}
	w.mux.Handle("GET /world", slacksim.BuiltPage("world.html"))
	w.mux.HandleFunc("GET /world/calls", w.serveCalls)
	w.mux.HandleFunc("GET /world/calls/{n}", w.serveCall)
	w.mux.HandleFunc("GET /world/events", w.serveEvents)
	w.mux.HandleFunc("GET /world/store", w.serveStore)
	w.mux.HandleFunc("GET /world/vendors", w.serveVendors)
	w.mux.HandleFunc("GET /world/vendors/semrush-members.csv", w.serveMembers)
	w.mux.Handle("POST /world/vendors/{deed}", ofThisPage(w.serveDeed))
	w.mux.Handle("POST /world/look", ofThisPage(w.serveLook))
	return w
}

// ServeHTTP answers at /world and below. Whoever serves it sees to it that no other site's page gets this far.
func (w *World) ServeHTTP(out http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(out, r) }

// ofThisPage takes what this page alone sends: another site's could neither send JSON nor pass the check of origins.
func ofThisPage(do http.HandlerFunc) http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			refuse(out, http.StatusUnsupportedMediaType, "This takes JSON.")
			return
		}
		do(out, r)
	}))
}

// serveLook has Usher look at the vendors, which it would do by itself later.
func (w *World) serveLook(out http.ResponseWriter, r *http.Request) {
	said, err := w.Look(r.Context())
	if err != nil {
		refuse(out, http.StatusConflict, "%v", err)
		return
	}
	door.Answer(out, http.StatusOK, map[string]string{"said": said})
}

// refuse answers with a sentence that the page shows as it is.
func refuse(out http.ResponseWriter, status int, format string, args ...any) {
	door.Answer(out, status, map[string]string{"error": fmt.Sprintf(format, args...)})
}
