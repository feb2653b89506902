package census

import (
	"context"
	"sync"
)

// turns let one walk over an app after the other, and whoever waits for theirs hear how far the one before is. The zero
// value is ready.
type turns struct {
	mu   sync.Mutex
	apps map[string]*queue
}

// queue is who wants an app's accounts.
type queue struct {
	// turn is held by whoever walks.
	turn  chan struct{}
	hears map[int]func(read, about int)
	next  int
}

// take waits for the turn of an app; leave gives it back. Meanwhile told hears of every page that anybody reads; nil: nobody hears.
func (t *turns) take(ctx context.Context, app string, told func(read, about int)) (leave func(), err error) {
	q, forget := t.join(app, told)
	select {
	case q.turn <- struct{}{}:
		return func() { <-q.turn; forget() }, nil
	case <-ctx.Done():
		forget()
		return nil, ctx.Err()
	}
}

func (t *turns) join(app string, told func(read, about int)) (q *queue, forget func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.apps == nil {
		t.apps = map[string]*queue{}
	}
	q = t.apps[app]
	if q == nil {
		q = &queue{turn: make(chan struct{}, 1), hears: map[int]func(read, about int){}}
		t.apps[app] = q
	}
	me := q.next
	q.next++
	if told != nil {
		q.hears[me] = told
	}
	return q, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(q.hears, me)
	}
}

// tell tells how far a walk is; who hears it must not wait.
func (t *turns) tell(app string, read, about int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, told := range t.apps[app].hears {
		told(read, about)
	}
}
