package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/slacksim"
)

// control is the JSON API by which tests in another process act as people.
//
//	POST /sim/type      {user, channel, text}
//	POST /sim/click     {user, channel, ts, button, value}        value: for selects
//	POST /sim/forge     {user, channel, ts, action_id, block_id, value, team_id, …}
//	POST /sim/clickview {user, view, button, value}
//	POST /sim/suggest   {user, view, button, text}    what somebody typed into a menu that asks the app for options
//	POST /sim/submit    {user, view, values}   view "": the one on top
//	POST /sim/close     {user, view}
//	POST /sim/home      {user}
//	POST /sim/shortcut  {user, button}   its name or callback id; with channel and ts: on that message
//
// Each of these answers with an id and, once the app has acknowledged or Slack
// has given up, with the outcome; "wait": false in the body answers at once.
//
//	POST /sim/redeliver {id}          GET /sim/outcome?id=N
//	GET  /sim/messages?channel=C      GET /sim/ephemerals?user=U   GET /sim/dm?user=U
//	GET  /sim/views?user=U            GET /sim/home?user=U         GET /sim/users
//	GET  /sim/channels                GET /sim/calls?after=N       GET /sim/violations
//	GET  /sim/connections
//	POST /sim/faults    {kind: refresh | refresh_all | warning | disconnect_all | drop | drop_all | ghost | bury_ghosts |
//	                     socket_mode_off | rate_limit | fail | archive | kick | invite | deactivate | delete_message |
//	                     revoke | clear, …}
//
// disconnect_all tells every connection the reason that code names.
type control struct {
	sim *slacksim.Server

	mu         sync.Mutex
	deliveries []*slacksim.Delivery
}

// order is the body of every POST; each uses the fields it needs.
type order struct {
	slacksim.Forged
	User   string         `json:"user"`
	Text   string         `json:"text"`
	Button string         `json:"button"`
	Choice any            `json:"choice"` // of a select; "value" works too, as text
	View   string         `json:"view"`
	Values map[string]any `json:"values"`
	ID     int            `json:"id"`
	Wait   *bool          `json:"wait"`

	Kind    string         `json:"kind"`
	Method  string         `json:"method"`
	N       int            `json:"n"`
	Seconds float64        `json:"seconds"`
	Undo    bool           `json:"undo"`
	Code    string         `json:"code"`
	Fault   slacksim.Fault `json:"fault"`
}

func newControl(sim *slacksim.Server) http.Handler {
	c := &control{sim: sim}
	mux := http.NewServeMux()
	for name, act := range c.acts() {
		mux.HandleFunc("POST /sim/"+name, c.act(act))
	}
	for name, read := range c.reads() {
		mux.HandleFunc("GET /sim/"+name, func(w http.ResponseWriter, r *http.Request) { answer(w, read(r)) })
	}
	mux.HandleFunc("GET /sim/outcome", c.outcome)
	mux.HandleFunc("POST /sim/redeliver", c.redeliver)
	mux.HandleFunc("POST /sim/faults", c.faults)
	return mux
}

func (c *control) acts() map[string]func(order) *slacksim.Delivery {
	s := c.sim
	return map[string]func(order) *slacksim.Delivery{
		"type": func(o order) *slacksim.Delivery { return s.Type(o.User, o.Channel, o.Text) },
		"click": func(o order) *slacksim.Delivery {
			return s.Choose(o.User, o.Channel, o.TS, o.Button, o.choice())
		},
		"forge":     func(o order) *slacksim.Delivery { return s.ClickForged(o.User, o.Forged) },
		"clickview": func(o order) *slacksim.Delivery { return s.ClickView(o.User, o.View, o.Button, o.choice()) },
		"suggest":   func(o order) *slacksim.Delivery { return s.Suggest(o.User, o.View, o.Button, o.Text) },
		"shortcut": func(o order) *slacksim.Delivery {
			if o.TS != "" {
				return s.ShortcutOn(o.User, o.Channel, o.TS, o.Button)
			}
			return s.Shortcut(o.User, o.Button)
		},
		"submit": func(o order) *slacksim.Delivery { return s.Submit(o.User, o.View, o.Values) },
		"close":  func(o order) *slacksim.Delivery { return s.CloseView(o.User, o.View) },
		"home":   func(o order) *slacksim.Delivery { return s.OpenHome(o.User) },
	}
}

func (o order) choice() any {
	if o.Choice == nil && o.Value != "" {
		return o.Value
	}
	return o.Choice
}

func (c *control) reads() map[string]func(*http.Request) any {
	s := c.sim
	arg := func(r *http.Request, name string) string { return r.URL.Query().Get(name) }
	return map[string]func(*http.Request) any{
		"messages":    func(r *http.Request) any { return items(s.Messages(arg(r, "channel"))) },
		"ephemerals":  func(r *http.Request) any { return items(s.Ephemerals(arg(r, "user"))) },
		"dm":          func(r *http.Request) any { return items(s.DM(arg(r, "user"))) },
		"views":       func(r *http.Request) any { return items(s.Views(arg(r, "user"))) },
		"home":        func(r *http.Request) any { v, _ := s.Home(arg(r, "user")); return v },
		"users":       func(*http.Request) any { return s.Users() },
		"channels":    func(*http.Request) any { return items(s.Channels()) },
		"calls":       func(r *http.Request) any { return items(after(s.Calls(), arg(r, "after"))) },
		"violations":  func(*http.Request) any { return items(s.Violations()) },
		"connections": func(*http.Request) any { return s.Connections() },
	}
}

// after leaves out the first ones, where a number of them is named.
func after[T any](all []T, number string) []T {
	n, err := strconv.Atoi(number)
	if err != nil {
		return all
	}
	return all[min(max(n, 0), len(all)):]
}

// items makes an empty list of none, so that JSON says [] and not null.
func items[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func (c *control) act(do func(order) *slacksim.Delivery) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		o, ok := readOrder(w, r)
		if !ok {
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
	var id int
	if _, err := fmt.Sscan(r.URL.Query().Get("id"), &id); err != nil || c.delivery(id) == nil {
		http.Error(w, "no such delivery", http.StatusNotFound)
		return
	}
	answer(w, report(id, c.delivery(id)))
}

func (c *control) redeliver(w http.ResponseWriter, r *http.Request) {
	o, ok := readOrder(w, r)
	if !ok {
		return
	}
	d := c.delivery(o.ID)
	if d == nil {
		http.Error(w, "no such delivery", http.StatusNotFound)
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

// faults brings on a bad day.
func (c *control) faults(w http.ResponseWriter, r *http.Request) {
	o, ok := readOrder(w, r)
	if !ok {
		return
	}
	s, did := c.sim, true
	switch o.Kind {
	case "refresh":
		did = s.Refresh()
	case "refresh_all":
		did = s.RefreshAll() > 0
	case "warning":
		did = s.Disconnect("warning")
	case "disconnect_all":
		did = s.DisconnectAll(o.Code) > 0
	case "drop":
		did = s.Drop()
	case "drop_all":
		did = s.DropAll() > 0
	case "socket_mode_off":
		s.SocketMode(o.Undo)
	case "ghost":
		did = s.Ghost()
	case "bury_ghosts":
		s.BuryGhosts()
	case "rate_limit":
		s.RateLimit(o.Method, o.N, time.Duration(o.Seconds*float64(time.Second)))
	case "fail":
		s.Plan(o.Fault)
	case "archive":
		s.Archive(o.Channel, !o.Undo)
	case "kick":
		s.Kick(o.Channel, o.User)
	case "invite":
		s.Invite(o.Channel, o.User)
	case "deactivate":
		s.Deactivate(o.User, !o.Undo)
	case "delete_message":
		did = s.DeleteMessage(o.Channel, o.TS)
	case "revoke":
		s.Revoke(o.Code)
	case "clear":
		s.ClearFaults()
	default:
		http.Error(w, "unknown kind of fault: "+o.Kind, http.StatusBadRequest)
		return
	}
	answer(w, map[string]any{"done": did})
}

func readOrder(w http.ResponseWriter, r *http.Request) (order, bool) {
	var o order
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		http.Error(w, "read the order: "+err.Error(), http.StatusBadRequest)
		return o, false
	}
	return o, true
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // a driver that hung up gets nothing
}
