package demo

import (
	"sync/atomic"
	"time"
)

// clock is what time it is in the demo, for everybody there: this machine's, or ahead of it.
type clock struct{ ahead atomic.Int64 }

// Now is the present moment there.
func (c *clock) Now() time.Time { return time.Now().Add(c.Ahead()) }

// Ahead is how far it is ahead.
func (c *clock) Ahead() time.Duration { return time.Duration(c.ahead.Load()) }
