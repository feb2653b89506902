package seranking

import (
	"context"
	"errors"
	"net/http"
	"regexp"

	"github.com/usherbot/usher/apiclient"
)

// rewrite is one change of a share set on its way: what is there, what is wanted, and what became of it.
type rewrite struct {
	Sharing
	client       *Client
	dialect      Dialect
	op           string
	account      int64
	before, want []int64

	oneByOne bool   // lists were refused, for one website a request
	alone    int64  // the website that was sent alone; 0: none
	cannot   Cannot // why nothing could be sent
}

// send writes the set in the form that this vendor takes: as a list, or, where lists are refused for it, one
// website alone if that risks nothing. The list comes first, whatever is known: it is what the documents say, and a
// vendor that has come back to them may take one website for a whole list. Only where nothing is shared that
// somebody counts on is what is known believed, so that each website costs one request.
func (w *rewrite) send(ctx context.Context) error {
	site, cannot := w.single()
	var refused error
	if w.Known != Lists && cannot == "" && len(without(w.before, w.Sent)) == 0 {
		if refused = w.sendAlone(ctx, site); !refusedForm(refused) {
			return refused
		}
	}
	err := w.sendLists(ctx)
	switch {
	case !w.oneByOne:
		return err
	case refused != nil:
		return refused
	case cannot != "":
		w.cannot = cannot
		return nil
	}
	return w.sendAlone(ctx, site)
}

// sendLists sends the body in the form of the dialect, and in the other form once if that
// is refused: the vendor's own clients disagree. Both forms say the same, so sending the
// second is safe even if the first took.
func (w *rewrite) sendLists(ctx context.Context) error {
	object, array := mustJSON(map[string]any{"site_ids": w.want}), mustJSON(w.want)
	first, second := object, array
	if w.dialect == Legacy {
		first, second = array, object
	}
	w.oneByOne, w.alone = false, 0
	err := w.post(ctx, first)
	if !refusedForm(err) {
		return err
	}
	again := w.post(ctx, second)
	if refusedForm(again) {
		w.oneByOne = asksForOne(err) || asksForOne(again)
		return err // the first refusal speaks of the form that ought to be right
	}
	if again == nil {
		w.client.log.InfoContext(ctx, "SE Ranking takes the other form of a share", "dialect", string(w.dialect), "object", w.dialect == Legacy)
	}
	return again
}

// sendAlone sends one website, or nothing where the caller has not noted one that is missing.
func (w *rewrite) sendAlone(ctx context.Context, site int64) error {
	w.oneByOne = true
	if site == 0 {
		return nil
	}
	w.alone = site
	return w.post(ctx, mustJSON(map[string]any{"site_ids": site}))
}

func (w *rewrite) post(ctx context.Context, body []byte) error {
	q := call{op: w.op, method: http.MethodPost, safety: repeatable, body: body}
	q.locate(w.dialect, sharedSitesAt, w.account)
	return w.client.send(ctx, q)
}

func refusedForm(err error) bool {
	e, ok := errors.AsType[*apiclient.Error](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity)
}

// integer is how the refusal of a list asks for one number: "site_ids: This value should be of type integer".
var integer = regexp.MustCompile(`(?i)\bint(eger)?\b`)

// asksForOne tells the refusal of lists from that of what stands in them. Only the former is answered with one
// website: half a list of which the vendor refuses the other half would be half a deed.
func asksForOne(err error) bool {
	e, ok := errors.AsType[*apiclient.Error](err)
	return ok && integer.MatchString(e.Words)
}
