package move

import (
	"context"
	"fmt"
	"sync"

	"github.com/usherbot/usher/store/cargo"
)

// gauge is how far a move is, for who waits. Its zero value has not begun.
type gauge struct {
	mu   sync.Mutex
	step string
	// kind is what goes by, n of of of it; of is 0 where nobody has counted them.
	kind  cargo.Kind
	n, of int64
	total map[cargo.Kind]int64
}

// begin says what is done from now on.
func (g *gauge) begin(step string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.step, g.kind = step, ""
}

// watched is pour with each thing counted as part of a step; what comes after it is the next one.
func (g *gauge) watched(step, next string, pour cargo.Pour) cargo.Pour {
	return func(ctx context.Context, put cargo.Put) error {
		g.begin(step)
		defer g.begin(next)
		return pour(ctx, func(i cargo.Item) error {
			g.count(i.Kind)
			return put(i)
		})
	}
}

func (g *gauge) count(kind cargo.Kind) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.kind != kind {
		g.kind, g.n, g.of = kind, 0, g.total[kind]
	}
	g.n++
}

// String is "copying: 41000 of 100000 requests".
func (g *gauge) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.kind == "":
		return g.step
	case g.of == 0:
		return fmt.Sprintf("%s: %d %s", g.step, g.n, g.kind)
	}
	return fmt.Sprintf("%s: %d of %d %s", g.step, g.n, g.of, g.kind)
}
