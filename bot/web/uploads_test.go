package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// TestFilesAreAdded: brought to Slack, where nobody sees them, and shared as one message; what an answer doesn't say isn't believed, and
// an address that isn't Slack's gets nothing.
func TestFilesAreAdded(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		files := []Upload{{"report.csv", []byte("Review,3\n")}, {"report.xlsx", []byte("PK")}}
		place, err := w.slack.DM(t.Context(), erin)
		require.NoError(t, err)
		ids, err := w.slack.Upload(t.Context(), files)
		require.NoError(t, err)
		require.Empty(t, w.Messages(place))
		require.NoError(t, w.slack.Share(t.Context(), place, "", ids, files, "The report"))
		require.Len(t, w.Messages(place), 1)
		require.Equal(t, ids, w.Messages(place)[0].Files)
		page, _, err := w.slack.History(t.Context(), place, "0", "")
		require.NoError(t, err)
		require.Equal(t, []string{"report.csv", "report.xlsx"}, []string{page[0].Files[0].Name, page[0].Files[1].Name})

		for _, method := range []string{methodUploadURL, pseudoUpload} {
			for _, kind := range []slacksim.Kind{slacksim.OtherID, slacksim.NoID, slacksim.Status500, slacksim.Cut} {
				w.Plan(slacksim.Fault{Method: method, Kind: kind})
				ids, err = w.slack.Upload(t.Context(), files)
				if err == nil {
					err = w.slack.Share(t.Context(), place, "", ids, files, "The report")
				}
				require.Error(t, err, "%s %s", method, kind)
			}
		}
		for _, kind := range []slacksim.Kind{slacksim.OtherID, slacksim.NoID, slacksim.Cut} {
			ids, err = w.slack.Upload(t.Context(), files)
			require.NoError(t, err)
			w.Plan(slacksim.Fault{Method: methodShare, Kind: kind, After: true})
			require.Equal(t, Unknown, FaultOf(w.slack.Share(t.Context(), place, "", ids, files, "The report")), kind)
		}
		may, err := w.slack.CanUpload(t.Context())
		require.NoError(t, err)
		require.True(t, may)
	})
}
