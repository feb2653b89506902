package vendorsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// reply is an answer as it will go out. partial breaks off half way through; cut ends the connection without an answer, or,
// with partial, after its header.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	cut     bool
	partial bool
}

// write sends the reply, or aborts the connection. A read that is cut has its header sent first: with no byte answered Go's
// transport would repeat a GET by itself on some connections and not on others, and the fault would sometimes be invisible.
func (r reply) write(w http.ResponseWriter) {
	if r.cut && !r.partial {
		panic(http.ErrAbortHandler)
	}
	for k, values := range r.header {
		w.Header()[k] = values
	}
	if !r.partial {
		w.WriteHeader(r.status)
		_, _ = w.Write(r.body) // whoever went away needs no answer
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)+1))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body[:len(r.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func raw(status int, contentType string, body []byte) reply {
	return reply{status: status, header: http.Header{"Content-Type": {contentType}}, body: body}
}

// page is what a load balancer or a sign-in redirect answers where an API should be.
func page(status int) reply {
	text := fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%s</title></head><body><h1>%s</h1><p>Please sign in.</p></body></html>\n",
		http.StatusText(status), http.StatusText(status))
	return raw(status, "text/html; charset=utf-8", []byte(text))
}

// json answers with x; called with the lock held.
func (v *Vendor) json(status int, x any) reply {
	body, err := json.Marshal(x)
	if err != nil {
		return page(http.StatusInternalServerError) // unreachable: everything answered is made of maps, slices and scalars
	}
	return raw(status, v.contentType(), body)
}

func (v *Vendor) contentType() string {
	if v.quirks.NoContentType {
		return "text/plain; charset=utf-8"
	}
	return "application/json"
}

// written answers a write that has nothing to tell; called with the lock held.
func (v *Vendor) written(documented string) reply {
	status := cmp.Or(v.quirks.WriteStatus, http.StatusOK)
	body := cmp.Or(v.quirks.WriteBody, documented)
	if body == "empty" || status == http.StatusNoContent {
		body = ""
	}
	return raw(status, v.contentType(), []byte(body))
}

// fail answers with an error in the dialect's envelope, or the one that the quirks choose.
func (v *Vendor) fail(a *ask, status int, message string) reply {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.failed(a.dialect, status, message)
}

// failed is fail with the lock held.
func (v *Vendor) failed(d Dialect, status int, message string) reply {
	form := v.quirks.Envelope
	if form == "" {
		form = map[Dialect]string{Legacy: "message", Unified: "error"}[d]
	}
	switch form {
	case "message":
		return v.json(status, map[string]any{"message": message})
	case "string":
		return v.json(status, map[string]any{"error": message})
	case "text":
		return raw(status, "text/plain; charset=utf-8", []byte(message))
	case "html":
		return page(status)
	}
	return v.json(status, map[string]any{"error": map[string]any{
		"code": status, "message": message, "description": fmt.Sprintf("%s (%d)", message, status),
	}})
}

// num, flag and ids are values as the quirks write them; called with the lock held.
func (v *Vendor) num(n int64) any {
	if v.quirks.NumbersAsStrings {
		return strconv.FormatInt(n, 10)
	}
	return n
}

func (v *Vendor) flag(b bool, no int) any {
	switch v.quirks.Booleans {
	case "strings":
		return strconv.FormatBool(b)
	case "numbers":
		if b {
			return 1
		}
		return no
	}
	return b
}

func (v *Vendor) ids(list []int64) []any {
	out := make([]any, 0, len(list))
	for _, id := range list {
		switch v.quirks.IDs {
		case "strings":
			out = append(out, strconv.FormatInt(id, 10))
		case "id", "site_id":
			out = append(out, map[string]any{v.quirks.IDs: v.num(id)})
		default:
			out = append(out, v.num(id))
		}
	}
	return out
}
