package seranking

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// vendorWords finds what the vendor says in an error body, and the code it gives there
// (0: none). Seen so far: {"message":…} (legacy), {"error":{"code","message","description"}}
// (unified), {"error":"…"}, plain text and web pages, of which the title is taken.
func vendorWords(body []byte) (words string, code int) {
	body = bytes.TrimSpace(body)
	if isWebPage(body) {
		return pageTitle(body), 0
	}
	var outer told
	if err := json.Unmarshal(body, &outer); err != nil {
		return string(body[:min(len(body), 4096)]), 0
	}
	var inner struct {
		told
		Code lenientInt `json:"code"`
	}
	if err := json.Unmarshal(outer.Error, &inner); err == nil && len(outer.Error) > 0 {
		return inner.said(), int(inner.Code)
	}
	var text string
	if err := json.Unmarshal(outer.Error, &text); err == nil && text != "" {
		return text, 0
	}
	return outer.said(), 0
}

type told struct {
	Message     lenientText     `json:"message"`
	Description lenientText     `json:"description"`
	Error       json.RawMessage `json:"error"`
}

// said is the message and what the description adds to it.
func (t told) said() string {
	message, more := string(t.Message), string(t.Description)
	switch {
	case more == "" || message == more:
		return message
	case message == "" || strings.HasPrefix(more, message):
		return more
	}
	return message + ": " + more
}

// saysError reports whether a body has the shape of an error rather than of a result.
func saysError(body []byte) bool {
	var t told
	return json.Unmarshal(body, &t) == nil && (len(t.Error) > 0 || t.Message != "")
}

// isWebPage goes by the content: answers do not reliably bear a Content-Type.
func isWebPage(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, "\ufeff \t\r\n"), []byte("<"))
}

var titleTag = regexp.MustCompile(`(?is)<title[^>]*>([^<]*)</title>`)

func pageTitle(page []byte) string {
	if m := titleTag.FindSubmatch(page); m != nil {
		return string(bytes.TrimSpace(m[1]))
	}
	return "a web page without a title"
}
