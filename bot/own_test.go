package bot

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
)

// holding is a vendor that has these websites; nil: nothing is known of it.
type holding struct {
	bottest.Inventory
	items []catalog.Item
}

func (v holding) Items(context.Context, string, string) (approvals.ItemList, error) {
	return approvals.ItemList{Items: v.items, At: time.Now()}, nil
}

func (v holding) Remembered(app string, _ ...approvals.List) approvals.Remembered {
	if v.items == nil {
		return approvals.Remembered{}
	}
	list, _ := v.Items(context.Background(), app, "sites")
	return approvals.Remembered{Items: map[string]approvals.ItemList{"sites": list}}
}

// TestSuggestionsToWhoMayNotReadAreTheSameBytes, whatever the vendor holds: the form and each answer to what they type are.
// Who may read is offered what there is.
func TestSuggestionsToWhoMayNotReadAreTheSameBytes(t *testing.T) {
	first := ""
	for _, items := range [][]catalog.Item{{{ID: "39", Name: "Acme", Host: "acme.example"}}, {{ID: "39", Name: "Globex", Host: "globex.test"}, {ID: "40", Name: "Acme UK", Host: "acme.example/uk", Paused: true}}, {}, nil} {
		all := ""
		house := func(h *commands.House) House { h.Inventory = holding{items: items}; return h }
		inWorld(t, setup{house: house}, func(t *testing.T, w *world) {
			v := w.opened(alice)
			site := ""
			for _, b := range v.View["blocks"].([]any) {
				if id, _ := b.(map[string]any)["block_id"].(string); view.TakesOwn(id) {
					site, all = id, all+string(view.JSON(b))
				}
			}
			require.NotEmpty(t, site)
			for _, typed := range []string{"", "a", "acme", "acme.example, glo", "39", "zzz"} {
				out := w.Suggest(alice, v.ID, site, typed).Wait()
				require.Empty(t, out.Error)
				all += typed + string(out.Payload) + "\n"
			}
			bobs := w.opened(bob)
			for _, b := range bobs.View["blocks"].([]any) {
				if id, _ := b.(map[string]any)["block_id"].(string); strings.HasPrefix(id, "f:sites:find") && len(items) > 0 {
					require.Contains(t, string(w.Suggest(bob, bobs.ID, id, "").Wait().Payload), items[0].Host)
				}
			}
		})
		require.Contains(t, all, `"value":"acme.example, glo"`)
		if first == "" {
			first = all
		}
		require.Equal(t, first, all)
	}
}
