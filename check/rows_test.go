package check

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store/postgres"
)

// TestRoomOnTheDisk: what is said of how much of it is left.
func TestRoomOnTheDisk(t *testing.T) {
	for name, row := range map[string]struct {
		free, size int64
		err        error
		status     Status
		says       string
	}{
		"enough":            {1 << 30, 100 << 20, nil, statusOK, "1073.7 MB free"},
		"none left":         {1 << 20, 0, nil, StatusFailed, "a full disk keeps no decision"},
		"little":            {150 << 20, 0, nil, statusWarning, "a copy of it may not fit"},
		"less than a copy":  {1 << 30, 600 << 20, nil, statusWarning, "the database has 629.1 MB"},
		"nobody can say it": {0, 0, errors.New("no such call"), statusWarning, "it isn't known how much is free where the data folder is: no such call"},
	} {
		var table Table
		table.free(row.free, row.size, row.err)
		require.Len(t, table, 1)
		require.Equal(t, row.status, table[0].Status, name)
		require.Contains(t, table[0].Found, row.says, name)
	}
	free, err := freeIn(t.TempDir())
	require.NoError(t, err)
	require.Positive(t, free)
}

// TestTheClockAgainstSlacks: by the quickest answer, and only beyond what a date in whole seconds can't say.
func TestTheClockAgainstSlacks(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	dated := func(off time.Duration) string { return at.Add(-off).Format(http.TimeFormat) }
	for name, row := range map[string]struct {
		hear   func(w *witness)
		status Status
		says   string
	}{
		"right":     {func(w *witness) { w.hear(at, at.Add(time.Second), dated(0)) }, statusOK, "within 1 second of Slack's"},
		"ahead":     {func(w *witness) { w.hear(at, at.Add(time.Second), dated(time.Hour)) }, statusWarning, "this machine's is 1h0m0s ahead of Slack's"},
		"behind":    {func(w *witness) { w.hear(at, at.Add(time.Second), dated(-time.Minute)) }, statusWarning, "this machine's is 1m0s behind Slack's"},
		"no date":   {func(w *witness) { w.hear(at, at, ""); w.hear(at, at, "yesterday") }, statusWarning, "Slack didn't say what time it is there"},
		"no answer": {func(*witness) {}, statusWarning, "Slack didn't say what time it is there"},
		"one that was slow": {func(w *witness) {
			w.hear(at, at.Add(40*time.Second), dated(0))
			w.hear(at, at.Add(time.Second), dated(0))
			w.hear(at, at.Add(50*time.Second), dated(0))
		}, statusOK, "within 1 second of Slack's"},
	} {
		var table Table
		var w witness
		row.hear(&w)
		table.clock(&w)
		require.Len(t, table, 1)
		require.Equal(t, row.status, table[0].Status, name)
		require.Contains(t, table[0].Found, row.says, name)
	}
}

// TestConnectionsOfTheApp: an Usher that starts wants two more.
func TestConnectionsOfTheApp(t *testing.T) {
	for beside, status := range map[int]Status{0: statusOK, 8: statusOK, 9: statusWarning} {
		var table Table
		(&slackCheck{Table: &table, cfg: &config.Config{Slack: config.SlackConfig{Connections: 2}}}).connections(beside)
		require.Len(t, table, 1)
		require.Equal(t, status, table[0].Status)
		require.Contains(t, table[0].Found, "of the 10 that Slack allows are open")
	}
}

// TestReplicasFitIntoSlacksTen: those that run, and one more, which an upgrade starts before it stops another.
func TestReplicasFitIntoSlacksTen(t *testing.T) {
	for each, status := range map[string]Status{"": statusOK, "2": statusOK, "2 2 2": statusOK, "2 2 2 2": statusOK, "5": statusOK, "2 2 2 2 2": statusWarning, "6": statusWarning, "10": statusWarning, "4 4 3": StatusFailed} {
		var nodes []postgres.Node
		for _, n := range strings.Fields(each) {
			connections, err := strconv.Atoi(n)
			require.NoError(t, err)
			nodes = append(nodes, postgres.Node{Version: "1.2.3", Connections: connections})
		}
		var table Table
		table.replicas(nodes)
		require.Len(t, table, 1)
		require.Equal(t, status, table[0].Status, each)
		require.Equal(t, status == statusOK, table[0].Do == "", each)
	}
}
