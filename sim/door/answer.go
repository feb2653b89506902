package door

import (
	"encoding/json"
	"net/http"
)

// Answer answers a page of this machine with JSON that nobody keeps.
func Answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a reader who has gone needs no answer
}
