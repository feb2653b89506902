package joiners_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
)

// TestWhoLeavesIsOfferedNothing: what they were offered is taken back, once, and what was about to be asked isn't; whatever the disk
// does. Of who came while it was asked it is taken back as soon as that is kept.
func TestWhoLeavesIsOfferedNothing(t *testing.T) {
	for name, row := range map[string]struct {
		asked     bool
		fails     []bool
		withdrawn []int64
	}{
		"offered":                    {true, nil, []int64{1}},
		"offered, kept":              {true, []bool{true}, []int64{1}},
		"offered, not kept":          {true, []bool{false}, []int64{1}},
		"before anything was asked":  {false, nil, nil},
		"before, and it wasn't kept": {false, []bool{false}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.groups[seo] = some(1)
			h.read()
			h.groups[seo] = some(1, 2)
			h.read()
			if row.asked {
				h.welcome()
				require.Equal(t, joiners.Offered, h.coming(1).State)
			}
			h.fails = row.fails
			require.NoError(t, h.Leaves(t.Context(), id(2), h.now))
			h.fails = nil
			h.welcome()
			require.NoError(t, h.Leaves(t.Context(), id(2), h.now), "they may be heard of again")
			h.welcome()
			require.Equal(t, row.withdrawn, h.withdrawn)
			require.Equal(t, joiners.CalledOff, h.coming(1).State)
			require.Equal(t, "left", h.coming(1).Why)
			require.Len(t, h.order, len(row.withdrawn))
		})
	}
}

// TestWhoLeavesWhileItIsAsked has it taken back after it was.
func TestWhoLeavesWhileItIsAsked(t *testing.T) {
	h := newHouse(t)
	h.groups[seo] = some(1)
	h.read()
	h.groups[seo] = some(1, 2)
	h.read()
	h.asking = func(o approvals.Occasion) { require.NoError(t, h.Leaves(t.Context(), o.Person, h.now)) }
	h.welcome()
	require.Equal(t, joiners.Offered, h.coming(1).State)
	h.welcome()
	require.Equal(t, []int64{1}, h.withdrawn)
	require.Equal(t, joiners.CalledOff, h.coming(1).State)
}
