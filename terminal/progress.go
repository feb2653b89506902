package terminal

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Progress is where somebody who waits reads how far something is. Its zero value tells nobody.
type Progress struct {
	To io.Writer
	// Counts: To is a terminal, on which one line counts and is gone in the end; else a line comes every so often.
	Counts bool
}

// How often it is told: a line that counts is to look alive, and a log isn't to be filled.
const (
	counting = 200 * time.Millisecond
	lines    = 10 * time.Second
)

// Tell says what says returns, again and again until the function that it returns has been called. says is called from elsewhere.
func (p Progress) Tell(says func() string) (end func()) {
	if p.To == nil {
		return func() {}
	}
	every, form := lines, "%s\n"
	if p.Counts {
		every, form = counting, "\r%s\x1b[K" // what the line before had more is erased
	}
	over, told := make(chan struct{}), sync.WaitGroup{}
	told.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				_, _ = fmt.Fprintf(p.To, form, says()) // nobody fails for want of being watched
			}
		}
	})
	return func() {
		close(over)
		told.Wait()
		if p.Counts {
			_, _ = fmt.Fprint(p.To, "\r\x1b[K")
		}
	}
}
