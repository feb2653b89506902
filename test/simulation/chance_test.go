package simulation

import (
	"math/rand/v2"
	"sync"
)

// chance is a stream of random bytes that many may read.
type chance struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

// Read implements io.Reader.
func (c *chance) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.r.Read(p)
}
