package census

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// odd are accounts as a vendor may have them.
var odd = []approvals.Seat{
	{ID: "36000", Email: "ann@acme.example", FirstName: "Ann", LastName: "Abel", Sort: "client", Holds: 3},
	{ID: "36001", Email: "Ben@acme.example", Blocked: true},
	{Email: `"a,b"@acme.example`, FirstName: ` "Quoted", and spaced `, LastName: "two\nlines", Sort: "user", Holds: -1},
	{ID: "{", Email: "\xff@acme.example", FirstName: "Зоя", LastName: "\\", Holds: 1 << 40},
	{},
}

func read(t *testing.T, raw []byte) (all []approvals.Seat) {
	t.Helper()
	more, err := unpressed(raw, func(s approvals.Seat) bool { all = append(all, s); return true })
	require.NoError(t, err)
	require.True(t, more)
	return all
}

// TestAPieceHoldsEveryAccountAsItIs, one piece after the other made with the same press, and is read as far as anybody wants.
func TestAPieceHoldsEveryAccountAsItIs(t *testing.T) {
	var p press
	for _, some := range [][]approvals.Seat{odd, odd[2:], odd[4:]} {
		raw, err := p.pressed(some)
		require.NoError(t, err)
		require.Equal(t, some, read(t, raw))
		more, err := unpressed(raw, func(approvals.Seat) bool { return false })
		require.NoError(t, err)
		require.False(t, more)
	}
}

// TestAPieceOfAnEarlierVersion is lines of JSON; one of a later version may have columns that this one doesn't know, and one that lacks any is
// damaged.
func TestAPieceOfAnEarlierVersion(t *testing.T) {
	pressed := func(write func(*flate.Writer)) []byte {
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, flate.DefaultCompression)
		require.NoError(t, err)
		write(w)
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	old := pressed(func(w *flate.Writer) {
		for _, s := range odd[:2] {
			require.NoError(t, json.NewEncoder(w).Encode(s))
		}
	})
	require.Equal(t, odd[:2], read(t, old))
	text := func(s string) []byte {
		return pressed(func(w *flate.Writer) { _, err := w.Write([]byte(s)); require.NoError(t, err) })
	}
	require.Equal(t, []approvals.Seat{{ID: "7", Email: "b", Holds: 2, Blocked: true}}, read(t, text("email,seen,id,first_name,last_name,sort,blocked,holds\nb,now,7,,,,true,2\n")))
	for _, bad := range []string{"email,id\nb,7\n", "id,email,first_name,last_name,sort,holds,blocked\n7,b,,,,x,true\n", "id,email,first_name,last_name,sort,holds,blocked\n7,b\n",
		"id,email,first_name,last_name,sort,holds,blocked\n7,b,,,,1,perhaps\n", "{"} {
		_, err := unpressed(text(bad), func(approvals.Seat) bool { return true })
		require.ErrorIs(t, err, errDamaged, bad)
	}
}
