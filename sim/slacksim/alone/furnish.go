package alone

import (
	"net/http"

	"github.com/usherbot/usher/sim/slacksim"
)

// furnish adds people, groups and channels to the workspace, or replaces those with the same id, and sets its manners.
func (c *control) furnish() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"users":    added(func(u slacksim.User) bool { c.sim.AddUser(u); return true }, func(u slacksim.User) string { return u.ID }),
		"groups":   added(func(g slacksim.Group) bool { c.sim.AddGroup(g); return true }, func(g slacksim.Group) string { return g.ID }),
		"channels": added(func(ch slacksim.Channel) bool { c.sim.AddChannel(ch); return true }, func(ch slacksim.Channel) string { return ch.ID }),
		"manners":  added(func(m slacksim.Manners) bool { c.sim.Behave(m); return true }, func(slacksim.Manners) string { return "manners" }),
	}
}

// added hands what was sent on, if it has an id.
func added[T any](add func(T) bool, id func(T) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var one T
		if !read(w, r, &one) {
			return
		}
		if id(one) == "" {
			refuse(w, http.StatusBadRequest, "read the order: it needs an id")
			return
		}
		answer(w, map[string]any{"done": add(one)})
	}
}
