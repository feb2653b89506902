package world

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/otlpsim"
	"github.com/usherbot/usher/traces"
)

// Trace has every life from now on traced, and is who takes the spans.
func (w *World) Trace() *otlpsim.Receiver {
	var keys []string
	for _, k := range traces.Keys() {
		keys = append(keys, string(k))
	}
	w.Spans = otlpsim.New(otlpsim.Options{Keys: keys, Violation: func(what string) { w.T.Errorf("violation: %s", what) }})
	return w.Spans
}

// traced has a life traced, where anybody watches. A life that is struck sends nothing any more.
func (w *World) traced(around *app.Surroundings, now *life) {
	if w.Spans == nil {
		return
	}
	client := w.Spans.Client()
	client.Transport = transport{client.Transport, now, &points{}}
	out, err := traces.Open(traces.Config{URL: "http://collector:4318/v1/traces", HTTP: client, Random: rand.Reader, Now: time.Now, Log: slog.New(lifeLog{w.Logs, now}),
		Resource: map[string]string{"service.name": "usher", "service.instance.id": fmt.Sprint(time.Now().UnixNano())}})
	require.NoError(w.T, err)
	around.Traces = out
	w.untrace = func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		out.Close(ctx)
	}
}

// Private are the words of this world that nobody outside may read: who people are, where they are reached, what they asked
// for and why, and what it's about at the vendor.
func (w *World) Private() (out []string) {
	for _, u := range w.N.Slack.Users() {
		if !u.Bot {
			out = append(out, u.ID, u.Email, u.RealName, u.DisplayName)
		}
	}
	for _, a := range w.N.Vendor.Accounts() {
		out = append(out, a.Email, a.FirstName, a.LastName)
	}
	for _, s := range w.N.Vendor.Sites() {
		out = append(out, s.Title, s.URL)
	}
	all, err := w.App.Desk.Requests(context.Background(), approvals.Filter{All: true}, 1000)
	require.NoError(w.T, err)
	for _, r := range all {
		out = append(out, r.Reason, r.Change.Email, r.Nonce, string(r.Requester))
		for _, v := range r.Votes {
			out = append(out, v.Reason, string(v.By))
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return len(s) < 3 })
}

// Told are the private words that stand in a span, and where.
func Told(s otlpsim.Span, private []string) (out []string) {
	texts := append([]string{s.Name}, s.Events...)
	for _, attrs := range append([]map[string]string{s.Attrs, s.By}, s.EventAttrs...) {
		for _, v := range attrs {
			texts = append(texts, v)
		}
	}
	for _, text := range texts {
		for _, word := range private {
			if holdsWord(text, word) {
				out = append(out, fmt.Sprintf("%q in %q", word, text))
			}
		}
	}
	return out
}

// holdsWord reports whether a text has these words in it, and not only their letters.
func holdsWord(text, word string) bool {
	i := strings.Index(text, word)
	if i < 0 {
		return false
	}
	return (i == 0 || !letter(text[i-1])) && (i+len(word) == len(text) || !letter(text[i+len(word)]))
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
