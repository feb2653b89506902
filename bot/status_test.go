package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStatusCounts(t *testing.T) {
	b := &Bot{}
	require.Equal(t, Status{Acks: make([]int, len(AckBounds)+1)}, b.Status())
	m := &b.meter
	one, two := m.opened(), m.opened()
	require.Equal(t, 2, m.counted(5))
	for _, took := range []time.Duration{0, 10 * time.Millisecond, 11 * time.Millisecond, 3 * time.Second, 4 * time.Second} {
		m.acked(took)
	}
	one()
	one() // said twice, it counts once
	s := b.Status()
	require.Equal(t, 1, s.Open)
	require.Equal(t, 5, s.Counted)
	require.Equal(t, []int{2, 1, 0, 0, 0, 0, 0, 1, 1}, s.Acks)
	require.Equal(t, 7*time.Second+21*time.Millisecond, s.Total)
	two()
	require.Zero(t, b.Status().Open)
}
