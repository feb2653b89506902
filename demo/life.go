package demo

import (
	"context"
	"log/slog"

	"github.com/usherbot/usher/config"
)

// Life is one life of the demo's bot.
type Life interface {
	// Ready is closed once it has all that a demo begins with.
	Ready() <-chan struct{}
	// Over is closed when it has ended, and Err is what of, from then on; nil: it was asked to, and ended in order.
	Over() <-chan struct{}
	Err() error
	// Stop asks it to end in order, and Kill ends it at once. Both may be called again, and after its end.
	Stop()
	Kill()
	// Process is its id; 0: it has none of its own.
	Process() int
}

// Begin begins a life of the bot.
type Begin func(Birth) (Life, error)

// inside begins lives in this process: they can't be killed, only ended, which does for whoever wants to see what the bot says.
func inside(own []config.AppConfig, log *slog.Logger) Begin {
	return func(b Birth) (Life, error) {
		ctx, stop := context.WithCancel(context.Background())
		l := &insider{ready: make(chan struct{}), over: make(chan struct{}), stop: stop}
		go func() {
			defer close(l.over)
			defer stop()
			l.err = b.live(ctx, own, log, func() { close(l.ready) })
		}()
		return l, nil
	}
}

// insider is a life in this process.
type insider struct {
	ready, over chan struct{}
	stop        func()
	err         error // once over is closed
}

func (l *insider) Ready() <-chan struct{} { return l.ready }
func (l *insider) Over() <-chan struct{}  { return l.over }
func (l *insider) Err() error             { return l.err }
func (l *insider) Stop()                  { l.stop() }
func (l *insider) Kill()                  { l.stop() }
func (l *insider) Process() int           { return 0 }
