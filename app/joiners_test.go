package app

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
)

// TestTheSecondLookRemembersNothing of what was before the word that it's for, whichever replica carries it out.
func TestTheSecondLookRemembersNothing(t *testing.T) {
	require.Greater(t, approvals.NewsSettles, web.RememberedFor)
}
