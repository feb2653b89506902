package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/usherbot/usher/terminal"
)

// Health is the answer of a running Usher to how it is.
type Health struct {
	// Unready says in words what isn't as it has to be; empty: all is.
	Unready []string `json:"unready"`
}

// Health asks the running Usher how it is, and prints that. It fails where none answers, and, if it's to be ready, where
// it isn't.
func (f Folder) Health(ctx context.Context, w io.Writer, ready bool) error {
	var h Health
	if err := f.remote().Ask(ctx, http.MethodGet, "/v1/health", nil, &h); err != nil {
		return err
	}
	why := terminal.Printable(strings.Join(h.Unready, "; "))
	switch {
	case why == "":
		_, err := fmt.Fprintln(w, "Usher is up and ready.")
		return err
	case ready:
		return fmt.Errorf("not ready: %s", why)
	}
	_, err := fmt.Fprintf(w, "Usher is up, and not ready: %s\n", why)
	return err
}
