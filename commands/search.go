package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Found is what a search for resources came to.
type Found struct {
	// Items are the best, and All is how many there are.
	Items []catalog.Item
	All   int
	// Noun is what they are called.
	Noun catalog.Noun
	// Unread says that the app's list was never read: nothing is known of what it has.
	Unread bool
}

// Search finds the resources of a field by some letters of them, as somebody types who may see them; to everybody else
// it finds nothing. It answers from what is remembered.
func (h *House) Search(ctx context.Context, by approvals.PersonID, d Draft, key, typed string) Found {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	c, ok := h.speech().drafted(d)
	f, has := c.action.Field(key)
	if !ok || !has || f.Kind != catalog.Resources || h.Desk.MayAsk(ctx, by) != nil || h.approver(ctx, by) != approvals.May {
		return Found{Noun: f.Noun}
	}
	list := h.Inventory.Remembered(c.app.ID, approvals.List(f.Resource)).Items[f.Resource]
	items := matching(list.Items, typed)
	return Found{Items: items, All: len(items), Noun: f.Noun, Unread: list.At.IsZero()}
}

// matching are the resources that have all the words, those that begin with what was typed first; of none, those that
// are nearly called so.
func matching(all []catalog.Item, typed string) []catalog.Item {
	words := strings.Fields(typed)
	found := approvals.ItemsThat(all, list{words: words}.has)
	if len(found) == 0 {
		return nearItems(all, typed)
	}
	if len(words) == 0 {
		return found
	}
	begins := func(i catalog.Item) int {
		name, host, want := approvals.FoldName(i.Name), approvals.FoldHost(i.Host), approvals.FoldHost(typed)
		if i.ID == strings.TrimPrefix(typed, "#") || strings.HasPrefix(name, want) || strings.HasPrefix(host, want) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b catalog.Item) int { return begins(a) - begins(b) })
	return found
}
