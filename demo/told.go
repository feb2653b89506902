package demo

import (
	"encoding/json"
	"net/http"

	"github.com/usherbot/usher/demo/stories"
)

// tells is what there is to live through here, as a page reads it.
func (s *Stage) tells(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(stories.All(s.clock.Now())) // a reader who has gone needs no answer
}

// Kill ends the bot this instant, as SIGKILL does where it's a process of its own; a moment later it's begun again. It reports whether
// there was one.
func (s *Stage) Kill() bool { return s.keeper.kill() }
