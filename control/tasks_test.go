package control

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestATaskThatRemovesSaysSo in the list, and with its last step.
func TestATaskThatRemovesSaysSo(t *testing.T) {
	var out strings.Builder
	task := TaskText{Number: 12, What: "create", For: "jane@acme.example", App: "office", Owner: "Dave", Done: 1, Of: 3}
	require.NoError(t, Tasks{Now: time.Now(), Tasks: []TaskText{task}}.print(&out))
	require.Contains(t, out.String(), "#12 create for jane@acme.example in office: Dave's")
	task.Removes = true
	require.NoError(t, Tasks{Now: time.Now(), Tasks: []TaskText{task}}.print(&out))
	require.Contains(t, out.String(), "#12 time's up, to be removed: create for jane@acme.example in office: Dave's")
	require.Equal(t, "What #12 gave is gone. I'll tell @U0ALICE.", ticked(approvals.Request{Number: 12, Requester: "U0ALICE", State: approvals.Ended}).Plain())
	require.Equal(t, "#12 is done. I'll tell @U0ALICE.", ticked(approvals.Request{Number: 12, Requester: "U0ALICE", State: approvals.Done}).Plain())
}
