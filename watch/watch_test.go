package watch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// watched is a server on this machine, and whose numbers it shows.
type watched struct {
	*Server
	t   *testing.T
	why []string
	err error
}

func open(t *testing.T) *watched {
	t.Helper()
	s, err := Open("127.0.0.1:0", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return &watched{Server: s, t: t}
}

func (w *watched) subject() *Subject {
	return &Subject{Format: "text/plain; version=0.0.4",
		Metrics: func(_ context.Context, out io.Writer) error {
			_, err := io.WriteString(out, "usher_requests 3\n")
			return errors.Join(w.err, err)
		},
		Unready: func(context.Context) []string { return w.why }}
}

// asks is one call, under the name of a host; "": the address itself.
func (w *watched) asks(method, path, host string) (int, string, http.Header) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, "http://"+w.Addr()+path, nil)
	require.NoError(w.t, err)
	r.Host = host
	answer, err := http.DefaultClient.Do(r)
	require.NoError(w.t, err)
	defer func() { require.NoError(w.t, answer.Body.Close()) }()
	text, err := io.ReadAll(answer.Body)
	require.NoError(w.t, err)
	return answer.StatusCode, string(text), answer.Header
}

func (w *watched) shows(path string, status int, text string) {
	w.t.Helper()
	got, said, _ := w.asks("GET", path, "")
	require.Equal(w.t, status, got, said)
	require.Equal(w.t, text, said)
}

// TestWhatIsServed: three addresses, each life of Usher, and the end.
func TestWhatIsServed(t *testing.T) {
	w := open(t)
	w.shows("/healthz", 200, "ok\n")
	w.shows("/readyz", 503, "Usher is starting\n")
	w.shows("/metrics", 503, "there are no numbers at the moment: Usher is starting or stopping\n")
	w.Watch(w.subject())
	w.shows("/readyz", 200, "ready\n")
	w.why = []string{"Slack isn't heard", "overdue for 20m0s: a report"}
	w.shows("/readyz", 503, "Slack isn't heard\noverdue for 20m0s: a report\n")
	w.shows("/metrics", 200, "usher_requests 3\n")
	_, _, header := w.asks("GET", "/metrics", "")
	require.Equal(t, "text/plain; version=0.0.4", header.Get("Content-Type"))
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	w.err = errors.New("a disk that has gone")
	w.shows("/metrics", 503, "the numbers can't be read; the log says why\n")
	w.Stopping()
	w.shows("/readyz", 503, "Usher is stopping\n")
	w.shows("/healthz", 200, "ok\n")
	require.NoError(t, w.Close())
	again, err := net.Listen("tcp", w.Addr())
	require.NoError(t, err, "it has let the address go")
	require.NoError(t, again.Close())
}

// TestNothingElseIsServed, by whatever method, and nothing can be sent.
func TestNothingElseIsServed(t *testing.T) {
	w := open(t)
	w.Watch(w.subject())
	for _, path := range []string{"/", "/v1/requests", "/metrics/", "/healthz/x", "/debug/pprof/"} {
		status, _, _ := w.asks("GET", path, "")
		require.Equal(t, 404, status, path)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		status, _, _ := w.asks(method, "/metrics", "")
		require.Equal(t, 405, status, method)
	}
	status, text, _ := w.asks("HEAD", "/readyz", "")
	require.Equal(t, 200, status)
	require.Empty(t, text)
}

// TestItAnswersToItsOwnName: a page from elsewhere that gave its name this machine's address is told nothing.
func TestItAnswersToItsOwnName(t *testing.T) {
	w := open(t)
	w.Watch(w.subject())
	for host, status := range map[string]int{"": 200, "localhost:9090": 200, "LOCALHOST": 200, "127.0.0.1": 200, "127.8.8.8:1": 200, "[::1]:9090": 200,
		"evil.example": 421, "evil.example:9090": 421, "10.0.0.1": 421, "localhost.evil.example": 421} {
		got, _, _ := w.asks("GET", "/metrics", host)
		require.Equal(t, status, got, host)
	}
}

// TestALookThatHangs holds up neither who asks whether Usher lives nor the end.
func TestALookThatHangs(t *testing.T) {
	w := open(t)
	began := make(chan struct{}, atOnce)
	s := w.subject()
	s.Unready = func(ctx context.Context) []string {
		began <- struct{}{}
		<-ctx.Done()
		return []string{"the store doesn't answer"}
	}
	w.Watch(s)
	ctx, hangUp := context.WithCancel(t.Context())
	for range atOnce {
		r, err := http.NewRequestWithContext(ctx, "GET", "http://"+w.Addr()+"/readyz", nil)
		require.NoError(t, err)
		go func() {
			if answer, err := http.DefaultClient.Do(r); err == nil {
				_ = answer.Body.Close() // nobody waits for it
			}
		}()
		<-began
	}
	w.shows("/healthz", 200, "ok\n")
	hangUp()
	begun := time.Now()
	require.NoError(t, w.Close())
	require.Less(t, time.Since(begun), answerWithin)
}

// TestAddresses: a host that is named, and a port.
func TestAddresses(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:9090", "localhost:9090", "[::1]:9090", "0.0.0.0:9090", "usher.internal:http"} {
		require.NoError(t, Address(addr), addr)
	}
	for _, addr := range []string{"9090", ":9090", "127.0.0.1", "127.0.0.1:", "::1:9090", "http://127.0.0.1:9090"} {
		require.ErrorContains(t, Address(addr), "expected HOST:PORT, as in 127.0.0.1:9090", addr)
	}
	s, err := Open("", nil)
	require.NoError(t, err)
	s.Watch(nil)
	s.Stopping()
	require.Empty(t, s.Addr())
	require.NoError(t, s.Close())
}

// TestAnAddressThatIsTaken is said, and what can be done.
func TestAnAddressThatIsTaken(t *testing.T) {
	w := open(t)
	_, err := Open(w.Addr(), slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "serve metrics and health (--listen takes another address): listen tcp "+w.Addr())
}
