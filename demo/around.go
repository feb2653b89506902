package demo

import (
	"net/http"

	"github.com/usherbot/usher/demo/world"
)

// semrushSeats is how many seats the company has bought in Semrush, as its configuration says.
const semrushSeats = 5

// around has what stands beside the workspace at /world.
func (s *Stage) around(rooms *http.ServeMux) {
	beside := world.New(world.Options{Slack: s.Slack, Vendor: s.Vendor, Wire: s.passed, Folder: s.answers, Seats: semrushSeats, Now: s.clock.Now, Look: s.look})
	rooms.Handle("/world", beside)
	rooms.Handle("/world/", beside)
}
