package commands

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestATimeThatNobodyTouchedStays: an end is shown as the day that it is where the editor is, and kept to the second; one that
// was changed is theirs.
func TestATimeThatNobodyTouchedStays(t *testing.T) {
	w := newWorld(t)
	tokyo := w.dir.people["U0BOB"]
	tokyo.TZ = "Asia/Tokyo"
	w.dir.people["U0BOB"] = tokyo
	require.Contains(t, w.says("U0ALICE", "create jane@acme.example Jane until=2026-12-31 because of the audit"), "#1")
	london := approvals.Term{Until: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)}
	require.Equal(t, &london, w.only().Term)

	_, s, err := w.EditSheet(t.Context(), 1, "U0BOB", noon)
	require.NoError(t, err)
	require.Equal(t, []string{LongUntil, "2027-01-01"}, []string{s.Draft.Long, s.Draft.Until})
	edit := func(form string, d Draft, e Editing) approvals.Request {
		t.Helper()
		d.Reason, e.Request, e.By, e.Form = "better so", 1, "U0BOB", form
		r, wrong, err := w.Edit(t.Context(), d, e, noon)
		require.NoError(t, err)
		require.Empty(t, wrong)
		return r
	}
	require.Equal(t, &london, edit("V1", s.Draft.with(func(d *Draft) { d.Last = "Doe" }), Editing{}).Term)
	old := s.Draft.with(func(d *Draft) { d.Last, d.Long, d.Until = "Roe", "", "" })
	require.Equal(t, &london, edit("V2", old, Editing{Edition: 1, Timeless: true}).Term, "a form that was drawn before it could be asked")
	r := edit("V3", s.Draft.with(func(d *Draft) { d.Last, d.Until = "Roe", "2026-12-20" }), Editing{Edition: 2})
	require.Equal(t, time.Date(2026, 12, 20, 14, 59, 59, 0, time.UTC), r.Term.Until, "the end of the day where Bob is")
	require.Nil(t, edit("V4", s.Draft.with(func(d *Draft) { d.Last, d.Long = "Roe", "" }), Editing{Edition: 3}).Term)

	for says, while := range map[string]string{"For good? Then pick that above.": "forever", "I can't read how long": "a while", "no time at all": "0d"} {
		_, wrong, err := w.Edit(t.Context(), s.Draft.with(func(d *Draft) { d.Long, d.While, d.Reason = LongWhile, while, "so" }), Editing{Request: 1, By: "U0BOB", Form: "V5", Edition: 4}, noon)
		require.NoError(t, err)
		require.Contains(t, wrong[PlaceLong].Plain(), says)
	}
	_, wrong, err := w.Edit(t.Context(), s.Draft.with(func(d *Draft) { d.Until, d.Reason = "2026-11-01", "so" }), Editing{Request: 1, By: "U0BOB", Form: "V5", Edition: 4}, noon)
	require.NoError(t, err)
	require.Contains(t, wrong[PlaceLong].Plain(), "is in the past. Please give a later one. Nothing was changed.")
}
