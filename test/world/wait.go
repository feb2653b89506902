package world

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Patience is how long a test waits for what must happen. On a good day nearly all of it is left: it is there
// to end a test that waits in vain, and no machine is so busy that it needs all of it.
const Patience = 5 * time.Minute

// Waited polls until ok, and reports whether that came in time. It looks often at first and then ever more seldom, so
// that what takes long is not held up by being looked at, and is seen an eighth of its time later at most.
func Waited(limit time.Duration, ok func() bool) bool {
	late, begun := time.After(limit), time.Now()
	for !ok() {
		select {
		case <-late:
			return false
		case <-time.After(min(max(time.Since(begun)/8, 10*time.Millisecond), 250*time.Millisecond)):
		}
	}
	return true
}

// DecodeControl reads a simulator's answer and closes it.
func DecodeControl(response *http.Response, into any) (err error) {
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	raw, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %s", response.Status, raw)
	}
	return json.Unmarshal(raw, into)
}

// LockedBuffer takes what several goroutines write.
type LockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (b *LockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// String is all that was written.
func (b *LockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
