package policy

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
)

// BenchmarkDiffers is one request of the past decided under two configurations.
func BenchmarkDiffers(b *testing.B) {
	cfg, err := config.Load(written(b, house+rules))
	require.NoError(b, err)
	left := 5
	r := approvals.Request{Number: 7, Requester: "U0ALICE", App: approvals.App{ID: "seranking"}, Action: catalog.Create, State: approvals.Done,
		Found: &approvals.Known{Out: []approvals.GroupID{"S0STAFF"}, For: approvals.ForOther, Left: &left}, Rule: approvals.Rule{Policy: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1}}
	b.ReportAllocs()
	for b.Loop() {
		require.Empty(b, Differs(cfg, cfg, r))
	}
}
