package demo

import (
	"net/http"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/door"
)

// tells is what there is to live through here, as others than the page read it.
func (s *Stage) tells(w http.ResponseWriter, _ *http.Request) {
	door.Answer(w, http.StatusOK, stories.All(stories.Scene{Now: s.clock.Now()}))
}

// Kill ends every bot there is this instant, as SIGKILL does where it's a process of its own; a moment later it's begun again. It reports
// whether there was one.
func (s *Stage) Kill() bool { return s.bots.kill() }
