package main

import (
	"context"
	"regexp"
	"sync"
	"time"

	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/sim/slacksim"
)

// load is what came of so many commands a second: how long each waited for its ack, in milliseconds, and what it said. Those of the
// first moments, in which a program warms up, count among the kept and not among the acks.
type load struct {
	acks               []float64
	kept, busy, failed int
	errors             map[string]int
	reached            float64 // commands a second that were really sent

	mu      sync.Mutex
	waiting sync.WaitGroup
}

// numbered is an answer that names the request that was kept.
var numbered = regexp.MustCompile(`#(\d+)`)

// offer has people type so many commands a second, whether or not those before are answered, and waits for all answers.
func (t *town) offer(ctx context.Context, rate int, warm, long time.Duration) *load {
	l := &load{errors: map[string]int{}}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	sent, began := 0, time.Now()
	for ctx.Err() == nil {
		<-tick.C
		passed := time.Since(began)
		if passed > warm+long {
			break
		}
		for due := int(passed.Seconds() * float64(rate)); sent < due; sent++ {
			l.waits(t.ask(), passed > warm)
		}
	}
	l.reached = float64(sent) / time.Since(began).Seconds()
	l.waiting.Wait()
	return l
}

func (l *load) waits(d *slacksim.Delivery, counts bool) {
	l.waiting.Go(func() {
		o := d.Wait()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.took(o, counts)
	})
}

// took notes an outcome.
func (l *load) took(o slacksim.Outcome, counts bool) {
	switch {
	case !o.Acked:
		l.failed++
		l.errors[o.Error]++
		return
	case numbered.Match(o.Payload):
		l.kept++
	default:
		l.busy++
	}
	if counts {
		l.acks = append(l.acks, float64(o.After)/float64(time.Millisecond))
	}
}

func (l *load) p(percent float64) float64 { return figure.Percentile(l.acks, percent) }
