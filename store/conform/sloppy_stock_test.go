package conform

import (
	"strings"

	"github.com/usherbot/usher/approvals"
)

func (t *sloppyTx) OpenIn(app string) (out []approvals.Request, err error) {
	for _, r := range t.reads().sorted() {
		same := r.App.ID == app || t.does == "takes one app for another that begins so" && strings.HasPrefix(r.App.ID, app)
		if same && (!r.State.Terminal() || t.does == "lists what is over of an app") {
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *sloppyTx) DoneIn(app string) (out []approvals.Request, err error) {
	for _, r := range t.reads().sorted() {
		over := r.State == approvals.Ended && t.does != "forgets what is over of an app"
		if r.App.ID == app && (r.State == approvals.Done || over) {
			out = append(out, r)
		}
	}
	return t.ordered(out), nil
}

// stock is the name under which an app's seats are kept.
func (t *sloppyTx) stock(app string) string {
	if t.does == "keeps one app's seats for all" {
		return ""
	}
	return app
}

func (t *sloppyTx) Stock(app string) (approvals.Stock, error) {
	return t.reads().stocks[t.stock(app)], nil
}

func (t *sloppyTx) KeepStock(app string, s approvals.Stock) error {
	if _, kept := t.stocks[t.stock(app)]; !kept || t.does != "keeps an app's seats for good" {
		t.stocks[t.stock(app)] = s
	}
	return nil
}
