package control

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// TestWhatWasShownIsForgottenWhenItIsOver: the memory holds what is open, of those who may come in.
func TestWhatWasShownIsForgottenWhenItIsOver(t *testing.T) {
	blind := approvals.Request{Number: 1, State: approvals.Pending, Action: catalog.Delete, Look: &approvals.Look{Owed: true}}
	var s sights
	s.saw("os:root", blind)
	require.True(t, s.unread("os:root", approvals.Request{Number: 1, State: approvals.Pending}))
	require.False(t, s.unread("os:usher", approvals.Request{Number: 1, State: approvals.Pending}), "another one saw nothing")
	s.sawAll("os:root", nil)
	require.Empty(t, s.blind)
}
