package alone

import (
	"net/http"

	"github.com/usherbot/usher/sim/slacksim"
)

// furnish adds people, groups and channels to the workspace, or replaces those with the same id, and sets its manners.
func (c *control) furnish() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"users":    added(c.sim.AddUser, func(u slacksim.User) bool { return u.ID != "" }, "a user needs an id"),
		"groups":   added(c.sim.AddGroup, func(g slacksim.Group) bool { return g.ID != "" }, "a group needs an id"),
		"channels": added(c.sim.AddChannel, func(ch slacksim.Channel) bool { return ch.ID != "" }, "a channel needs an id"),
		"manners":  added(c.sim.Behave, func(m slacksim.Manners) bool { return m.Reading.Known() }, "nobody knows that reading"),
	}
}

// added hands on what was sent, if it is good.
func added[T any](add func(T), good func(T) bool, otherwise string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var one T
		if !read(w, r, &one) {
			return
		}
		if !good(one) {
			refuse(w, http.StatusBadRequest, "read the order: "+otherwise)
			return
		}
		add(one)
		answer(w, map[string]any{"done": true})
	}
}
