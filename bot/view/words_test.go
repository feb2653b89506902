package view

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// TestAFieldThatIsLeftOutIsNone in a step's sentence, and no number of them.
func TestAFieldThatIsLeftOutIsNone(t *testing.T) {
	entry := &catalog.Entry{Actions: []catalog.Action{{Key: catalog.Create, Fields: []catalog.Field{
		{Key: "plugins", Kind: catalog.SomeOf, Noun: catalog.Noun{One: "plugin", Many: "plugins"}},
		{Key: "team", Kind: catalog.Text, Noun: catalog.Noun{One: "team", Many: "teams"}},
	}}}}
	r := approvals.Request{Action: catalog.Create, App: approvals.App{Entry: entry}}
	require.Equal(t, "Turn on no plugins for no team.", worded(r, "Turn on {plugins} for {team}.").Plain())
	r.App.Entry = nil
	require.Equal(t, "Turn on .", worded(r, "Turn on {plugins}.").Plain())
}
