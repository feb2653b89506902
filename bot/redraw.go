package bot

import (
	"context"
	"sync"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/bot/web"
)

// mostForms bounds the memory of open forms; what is forgotten is drawn all the same, only without care for the order.
const mostForms = 4096

// forms remembers of each open form what was chosen in it last, and its state after we drew it: several choices in a
// row are drawn by several workers, and the last one counts. It may forget everything in a restart.
type forms struct {
	mu   sync.Mutex
	open map[string]*openForm
	sent map[string]bool // forms whose answer was said
}

type openForm struct {
	newest string        // the action_ts of the latest choice
	pen    chan struct{} // who draws it has it in hand: one at a time
	hash   string        // after our latest drawing; "": we have not drawn it
}

// turn is one choice in a form.
type turn struct {
	id, at string
	form   *openForm
	forms  *forms
}

// begin notes a choice.
func (f *forms) begin(id, at string) turn {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open == nil || len(f.open) >= mostForms {
		f.open = map[string]*openForm{}
	}
	form := f.open[id]
	if form == nil {
		form = &openForm{pen: make(chan struct{}, 1)}
		f.open[id] = form
	}
	form.newest = max(form.newest, at)
	return turn{id, at, form, f}
}

// taken drops a form that was sent, and reports whether that is the first time: its answer is said once.
func (f *forms) taken(id string) (first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, id)
	first = !f.sent[id]
	if f.sent == nil || len(f.sent) >= mostForms {
		f.sent = map[string]bool{}
	}
	f.sent[id] = true
	return first
}

func (t turn) newest() bool {
	t.forms.mu.Lock()
	defer t.forms.mu.Unlock()
	return t.at >= t.form.newest
}

// draw shows the form as it is after a choice, unless something was chosen since. hash is its state when it was chosen.
// Where it has changed and not by us, an earlier life of ours has drawn it: the latest choice is drawn over that.
func (t turn) draw(ctx context.Context, b *Bot, hash string, as slack.ModalViewRequest) {
	select {
	case t.form.pen <- struct{}{}:
		defer func() { <-t.form.pen }()
	case <-ctx.Done():
	}
	if ctx.Err() != nil || !t.newest() {
		return
	}
	if t.form.hash != "" {
		hash = t.form.hash
	}
	v, err := b.slack.UpdateView(ctx, web.View{ID: t.id, Hash: hash}, as)
	if web.Stale(err) && t.newest() {
		v, err = b.slack.UpdateView(ctx, web.View{ID: t.id}, as)
	}
	if err != nil {
		b.log.WarnContext(ctx, "cannot change a form that is open", "view", t.id, "err", err)
		return
	}
	t.form.hash = v.Hash
}
