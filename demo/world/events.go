package world

import (
	"fmt"
	"net/http"
	"time"
)

// looks is how often what Usher keeps is looked at while somebody watches: its socket tells nobody by itself. However many watch, it is read
// no more often than that.
const looks = time.Second

// serveEvents is the stream of server-sent events: one line for what has changed, upon which the page asks for that again. A reader who is slow
// misses nothing but in-between states.
func (w *World) serveEvents(out http.ResponseWriter, r *http.Request) {
	calls, stopCalls := w.Wire.Subscribe()
	defer stopCalls()
	vendor, stopVendor := w.Vendor.Subscribe()
	defer stopVendor()
	look := time.NewTicker(looks)
	defer look.Stop()

	out.Header().Set("Content-Type", "text/event-stream")
	out.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(out).Flush
	store := w.keeper.read(r.Context(), looks).Rev
	said := fmt.Sprintf(`{"calls":true,"vendors":true,"store":%d}`, store)
	for {
		if said != "" {
			if _, err := fmt.Fprintf(out, "data: %s\n\n", said); err != nil || flush() != nil {
				return
			}
		}
		said = ""
		select {
		case <-calls:
			said = fmt.Sprintf(`{"calls":true,"store":%d}`, store)
		case <-vendor:
			said = fmt.Sprintf(`{"vendors":true,"store":%d}`, store)
		case <-look.C:
			if now := w.keeper.read(r.Context(), looks).Rev; now != store {
				store = now
				said = fmt.Sprintf(`{"store":%d}`, store)
			}
		case <-r.Context().Done():
			return
		}
	}
}
