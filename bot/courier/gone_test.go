package courier

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// lost promises word of what is gone, as app does after a failover.
func (w *world) lost(name string, who approvals.PersonID, at time.Time) {
	w.T.Helper()
	c, err := Gone(name, approvals.Sayf("You asked for #%v: please ask again.", 3), who, at)
	require.NoError(w.T, err)
	c.Put.Made = at
	require.NoError(w.T, w.Store.Promise(w.T.Context(), c))
	w.Worker.Wake()
}

func TestWhatIsGoneIsSaidOnce(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				fault.Method = "chat.postMessage"
				w.Plan(fault)
				for range 2 { // whoever else knows of the same
					w.lost("failover-1", alice, time.Now())
					w.Pass(5 * time.Minute)
				}
				require.Len(t, w.said(alice), 1)
				require.Contains(t, w.said(alice)[0], "You asked for #3: please ask again.")
			})
		})
	}
}

func TestWhatIsGoneIsNotSaidForEver(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.lost("failover-1", alice, time.Now().Add(-goneFor-time.Hour))
		w.Pass(time.Hour)
		require.Empty(t, w.said(alice))
		require.Contains(t, w.Log.String(), "word of what is gone could not be delivered within a week")
		require.NoError(t, w.Store.Promise(t.Context(), outbox.AtOnce(KindGone+"/failover-2/"+alice, 0, time.Now())))
		w.Worker.Wake()
		w.Pass(time.Hour)
		require.Empty(t, w.said(alice))
		require.Contains(t, w.Log.String(), "word of what is gone cannot be read, and is dropped")
	})
}
