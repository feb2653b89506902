package alone

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/usherbot/usher/sim/slacksim"
)

// control is the door by which tests in another process act as people. openapi.json describes it, route by route, and a test holds
// each to the other.
type control struct {
	sim *slacksim.Server

	mu         sync.Mutex
	deliveries []*slacksim.Delivery
}

// description is the door's in OpenAPI 3.1.
//
//go:embed openapi.json
var description []byte

// order is the body of every POST that is an act or a fault; each uses the fields it needs.
type order struct {
	slacksim.Forged
	User    string         `json:"user"`
	Text    string         `json:"text"`
	Button  string         `json:"button"`
	Choice  any            `json:"choice"` // of a select; "value" works too, as text
	View    string         `json:"view"`
	Values  map[string]any `json:"values"`
	ID      int            `json:"id"`
	Payload map[string]any `json:"payload"`
	Wait    *bool          `json:"wait"`

	Kind    string         `json:"kind"`
	Method  string         `json:"method"`
	N       int            `json:"n"`
	Seconds float64        `json:"seconds"`
	Undo    bool           `json:"undo"`
	Code    string         `json:"code"`
	Scopes  []string       `json:"scopes"`
	Fault   slacksim.Fault `json:"fault"`
}

func newControl(sim *slacksim.Server) http.Handler {
	mux := http.NewServeMux()
	for route, serve := range (&control{sim: sim}).routes() {
		mux.HandleFunc(route, serve)
	}
	return mux
}

// routes are all there are.
func (c *control) routes() map[string]http.HandlerFunc {
	all := map[string]http.HandlerFunc{
		"GET /sim/openapi.json": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = w.Write(description) // a reader who has gone needs no answer
		},
		"GET /sim/outcome":    c.outcome,
		"POST /sim/redeliver": c.redeliver,
		"POST /sim/faults":    c.faults,
	}
	for name, act := range c.acts() {
		all["POST /sim/"+name] = c.act(act)
	}
	for name, add := range c.furnish() {
		all["POST /sim/"+name] = add
	}
	for name, read := range c.reads() {
		all["GET /sim/"+name] = func(w http.ResponseWriter, r *http.Request) { answer(w, read(r)) }
	}
	return all
}

// act has somebody do something, and answers once the app has acknowledged it or Slack has given up.
func (c *control) act(do func(order) *slacksim.Delivery) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var o order
		if !read(w, r, &o) {
			return
		}
		d := do(o)
		c.mu.Lock()
		c.deliveries = append(c.deliveries, d)
		id := len(c.deliveries)
		c.mu.Unlock()
		if o.Wait == nil || *o.Wait {
			select {
			case <-d.Done():
			case <-r.Context().Done():
			}
		}
		answer(w, report(id, d))
	}
}

func report(id int, d *slacksim.Delivery) map[string]any {
	done := false
	select {
	case <-d.Done():
		done = true
	default:
	}
	return map[string]any{"id": id, "done": done, "outcome": d.Outcome(), "payload": d.Payload(), "envelope_id": d.EnvelopeID()}
}

func (c *control) outcome(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.URL.Query().Get("id")) // 0, of which there is none, where nothing is said
	d := c.delivery(id)
	if d == nil {
		refuse(w, http.StatusNotFound, "no such delivery")
		return
	}
	answer(w, report(id, d))
}

func (c *control) redeliver(w http.ResponseWriter, r *http.Request) {
	var o order
	if !read(w, r, &o) {
		return
	}
	d := c.delivery(o.ID)
	if d == nil {
		refuse(w, http.StatusNotFound, "no such delivery")
		return
	}
	answer(w, map[string]any{"sent": c.sim.Redeliver(d)})
}

func (c *control) delivery(id int) *slacksim.Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id < 1 || id > len(c.deliveries) {
		return nil
	}
	return c.deliveries[id-1]
}

// read reads what was asked. A field nobody knows is refused, so that a misspelt one cannot make a test pass.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		refuse(w, http.StatusBadRequest, fmt.Sprintf("read the order: %v", err))
		return false
	}
	return true
}

func answer(w http.ResponseWriter, v any) { write(w, http.StatusOK, v) }

// refuse says what was wrong with an order.
func refuse(w http.ResponseWriter, status int, why string) {
	write(w, status, map[string]string{"error": why})
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false) // people look for <@U0BOB> in it
	_ = out.Encode(v)        // a driver that hung up gets nothing
}
