package slacksim

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/usherbot/usher/sim/door"
)

// maxPageFile is how large a picked file may be, as JSON writes its bytes.
const maxPageFile = 32 << 20

// serveAttach takes a file that somebody picked in a form, and answers with what the form bears of it.
func (p *Page) serveAttach(w http.ResponseWriter, r *http.Request) {
	var in struct {
		As      string `json:"as"`
		Name    string `json:"name"`
		Content []byte `json:"content"`
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		pageRefuse(w, http.StatusUnsupportedMediaType, "This takes JSON.")
		return
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPageFile)).Decode(&in); err != nil {
		pageRefuse(w, http.StatusRequestEntityTooLarge, "That file is too large for this page: %d MB at most.", maxPageFile*3/4>>20)
		return
	}
	if !p.mayBe(in.As) || in.Name == "" {
		pageRefuse(w, http.StatusNotFound, "Nobody here has the id %s, or the file has no name.", in.As)
		return
	}
	door.Answer(w, http.StatusOK, map[string]any{"files": p.server.Attach(in.As, in.Name, in.Content)})
}
