package view

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// TestWhatFailedWithAnotherItemIsStillApprovedToAnApprover: by direct message they read how each was decided, and go on
// reading it whatever becomes of it; the card in the channel says that one fell with the other.
func TestWhatFailedWithAnotherItemIsStillApprovedToAnApprover(t *testing.T) {
	of := func(s approvals.State) approvals.Request { return sample(catalog.Create, s) }
	approved := inOneGo(of, approvals.Approved, approvals.Approved)
	list := inOneGo(of, approvals.Failed, approvals.Failed)
	for i := range list {
		approved[i].Together.Name, list[i].Together.Name = "Starter", "Starter"
	}
	list[1].Fell = list[0].Number
	require.Equal(t, TogetherFor(approved, "U0BOB").Text, TogetherFor(list, "U0BOB").Text)
	require.NotEqual(t, Together(approved).Text, Together(list).Text)
}
