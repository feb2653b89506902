package conform

import (
	"maps"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// under reports whether a key is one of some, or has a slash and more behind one.
func (t *table) under(key string, list []string) bool {
	return slices.ContainsFunc(list, func(u string) bool {
		return key == u || strings.HasPrefix(key, u+"/") || t.does == "takes one key for another that begins so" && strings.HasPrefix(key, u)
	})
}

func (t *sloppyTx) Owed(under []string) (bool, error) {
	for key := range t.reads().intents {
		if t.under(key, under) && t.does != "owes nothing" {
			return true, nil
		}
	}
	return false, nil
}

func (t *sloppyTx) Remove(r approvals.Removed, under []string) error {
	delete(t.requests, r.Number)
	if t.removed[r.Number] = r; t.does == "gives the number of what was removed again" {
		t.used = 0
		for n := range t.requests {
			t.used = max(t.used, n)
		}
	}
	if t.does != "finds the key of what was removed" {
		maps.DeleteFunc(t.keys, func(_ string, n int64) bool { return n == r.Number })
	}
	for key := range t.receipts {
		if t.under(key, under) && t.does != "keeps the receipts of what was removed" {
			delete(t.receipts, key)
		}
	}
	return nil
}
