package bot

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStatusCounts(t *testing.T) {
	b := &Bot{slack: &Slack{}}
	require.Equal(t, Status{Acks: make([]int, len(AckBounds)+1)}, b.Status())
	m := &b.slack.meter
	near, far := net.Pipe()
	one, two := m.around(near), m.around(far)
	require.Equal(t, 2, m.counted(5))
	for _, took := range []time.Duration{0, 10 * time.Millisecond, 11 * time.Millisecond, 3 * time.Second, 4 * time.Second} {
		m.acked(took)
	}
	require.NoError(t, one.Close())
	require.NoError(t, one.Close(), "closed twice, it counts once")
	s := b.Status()
	require.Equal(t, 1, s.Open)
	require.Equal(t, 5, s.Counted)
	require.Equal(t, []int{2, 1, 0, 0, 0, 0, 0, 1, 1}, s.Acks)
	require.Equal(t, 7*time.Second+21*time.Millisecond, s.Total)
	require.NoError(t, two.Close())
	require.Zero(t, b.Status().Open)
}
