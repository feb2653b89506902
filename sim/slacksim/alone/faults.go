package alone

import (
	"net/http"
	"time"

	"github.com/usherbot/usher/sim/slacksim"
)

// faults brings on a bad day. It answers whether there was anything that it could happen to.
func (c *control) faults(w http.ResponseWriter, r *http.Request) {
	var o order
	if !read(w, r, &o) {
		return
	}
	bring, known := badDays(c.sim)[o.Kind]
	if !known {
		refuse(w, http.StatusBadRequest, "unknown kind of fault: "+o.Kind)
		return
	}
	answer(w, map[string]any{"done": bring(o)})
}

// badDays are the kinds of fault there are.
func badDays(s *slacksim.Server) map[string]func(order) bool {
	always := func(do func(order)) func(order) bool { return func(o order) bool { do(o); return true } }
	return map[string]func(order) bool{
		"refresh":         func(order) bool { return s.Refresh() },
		"refresh_all":     func(order) bool { return s.RefreshAll() > 0 },
		"warning":         func(order) bool { return s.Disconnect("warning") },
		"disconnect_all":  func(o order) bool { return s.DisconnectAll(o.Code) > 0 },
		"drop":            func(order) bool { return s.Drop() },
		"drop_all":        func(order) bool { return s.DropAll() > 0 },
		"ghost":           func(order) bool { return s.Ghost() },
		"bury_ghosts":     always(func(order) { s.BuryGhosts() }),
		"socket_mode_off": always(func(o order) { s.SocketMode(o.Undo) }),
		"storm":           func(o order) bool { return len(s.Storm(o.N)) > 0 },
		"lose_acks":       always(func(o order) { s.LoseAcks(o.N) }),
		"rate_limit": always(func(o order) {
			s.RateLimit(o.Method, o.N, time.Duration(o.Seconds*float64(time.Second)))
		}),
		"fail":           always(func(o order) { s.Plan(o.Fault) }),
		"archive":        always(func(o order) { s.Archive(o.Channel, !o.Undo) }),
		"kick":           always(func(o order) { s.Kick(o.Channel, o.User) }),
		"invite":         always(func(o order) { s.Invite(o.Channel, o.User) }),
		"deactivate":     always(func(o order) { s.Deactivate(o.User, !o.Undo) }),
		"delete_message": func(o order) bool { return s.DeleteMessage(o.Channel, o.TS) },
		"revoke":         always(func(o order) { s.Revoke(o.Code) }),
		"grant":          always(func(o order) { s.Grant(o.Scopes...) }),
		"clear":          always(func(order) { s.ClearFaults() }),
	}
}
