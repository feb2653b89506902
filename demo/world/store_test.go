package world

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
)

// log is an Usher of which only the socket is there, and a log of so many entries.
type log struct {
	mu    sync.Mutex
	lines [][]byte
	head  approvals.Head
}

func (l *log) write(t *testing.T, what string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	line, head, err := approvals.Seal(approvals.Entry{At: time.Unix(1800000000, 0), Actor: "U0BOB", What: what, Request: 1}, l.head, nil)
	require.NoError(t, err)
	l.lines, l.head = append(l.lines, line), head
}

// changes is somebody's hand in it.
func (l *log) changes(how func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	how()
}

// answersAt has it answer in a folder.
func (l *log) answersAt(t *testing.T, dir string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/glance", func(w http.ResponseWriter, _ *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		_ = json.NewEncoder(w).Encode(control.Glance{Owed: 1, Promises: []control.Promised{{Key: "card/1"}}, Head: l.head}) // to a test
	})
	mux.HandleFunc("GET /v1/audit", func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		var from int
		_, err := fmt.Sscan(r.FormValue("from"), &from)
		require.NoError(t, err)
		for _, line := range l.lines[from-1:] {
			_, _ = w.Write(append(line, '\n')) // to a test
		}
	})
	socket, err := net.Listen("unix", filepath.Join(dir, control.SocketName))
	require.NoError(t, err)
	served := &http.Server{Handler: mux}
	go func() { _ = served.Serve(socket) }() // it ends with Close
	t.Cleanup(func() { require.NoError(t, served.Close()) })
}

// TestEachEntryIsVerifiedAfterTheOneBefore: what comes is read on, one that was changed is named, nothing after it counts, and a log that is
// another is read from its beginning.
func TestEachEntryIsVerifiedAfterTheOneBefore(t *testing.T) {
	w := beside(t)
	l := &log{}
	l.answersAt(t, w.Folder().Dir)
	require.Zero(t, w.keeper.read(t.Context(), 0).Audit.Entries)
	l.write(t, "asked")
	l.write(t, "approved")
	seen := w.keeper.read(t.Context(), 0)
	require.Equal(t, "Draw #1's card.", seen.Promises[0].Say)
	require.EqualValues(t, 2, seen.Audit.Entries)
	require.Equal(t, "approved", seen.Audit.Latest[0].What)
	require.Equal(t, "Bob", seen.Audit.Latest[0].By)
	require.Equal(t, seen.Audit.Latest[1].Hash, seen.Audit.Latest[0].Prev)
	l.write(t, "done")
	l.write(t, "told")
	l.changes(func() { l.lines[2] = []byte(strings.Replace(string(l.lines[2]), "U0BOB", "U0EVE", 1)) })
	seen = w.keeper.read(t.Context(), 0)
	require.Equal(t, "entry 3: its contents do not match its hash", seen.Audit.Broken)
	require.EqualValues(t, 2, seen.Audit.Entries)
	l.changes(func() { l.lines, l.head = nil, approvals.Head{} })
	l.write(t, "asked anew")
	seen = w.keeper.read(t.Context(), 0)
	require.Empty(t, seen.Audit.Broken)
	require.EqualValues(t, 1, seen.Audit.Entries)
}

// TestTheStreamSaysWhatHasChanged: all of it at first, then what passed, what was changed at a vendor, and what is kept.
func TestTheStreamSaysWhatHasChanged(t *testing.T) {
	w := beside(t)
	served := httptest.NewServer(w)
	defer served.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, served.URL+"/world/events", nil)
	require.NoError(t, err)
	answered, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answered.Body.Close()
	lines := bufio.NewScanner(answered.Body)
	next := func(wanted string) {
		for lines.Scan() {
			if strings.Contains(lines.Text(), wanted) {
				return
			}
		}
		t.Fatalf("the stream ended before it said %s: %v", wanted, lines.Err())
	}
	next(`{"calls":true,"vendors":true,"store":1}`)
	w.Wire.Hand("semrush", "somebody did something")
	next(`{"calls":true,"store":1}`)
	w.Vendor.SetUnits(5)
	next(`{"vendors":true,"store":1}`)
	l := &log{}
	l.write(t, "asked")
	l.answersAt(t, w.Folder().Dir)
	next(`{"store":2}`)
}
