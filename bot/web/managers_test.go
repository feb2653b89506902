package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// theField is the field that names managers, as members can't set it.
var theField = slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user", Protected: true}

func (w *workspace) says(t *testing.T, p *Profiles, of approvals.PersonID) approvals.Claim {
	t.Helper()
	claim, err := p.Manager(t.Context(), of)
	require.NoError(t, err)
	return claim
}

func TestAManagerIsReadFromTheProfile(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.AddProfileField(slacksim.ProfileField{ID: "Xf0", Label: "Boss", Type: "text"})
		w.AddProfileField(theField)
		for id, value := range map[string]string{alice: bob, bob: "Carol Chen", carol: "W0ELSE ", dave: "U0BOB,U0ERIN", erin: "<@U0BOB>"} {
			w.SetProfile(id, "Xf1", value)
			w.SetProfile(id, "Xf0", erin)
		}
		p := NewProfiles(w.slack, " manager", false)
		now := time.Now()
		for id, want := range map[approvals.PersonID]approvals.Claim{
			alice: {By: bob, Read: now}, carol: {By: "W0ELSE", Read: now}, "U0FRED": {Lack: approvals.LackNone, Read: now}, "U0NOBODY": {Lack: approvals.LackNone, Read: now},
			bob: {Lack: approvals.LackWords, Read: now}, dave: {Lack: approvals.LackWords, Read: now}, erin: {Lack: approvals.LackWords, Read: now},
		} {
			require.Equal(t, want, w.says(t, p, id), id)
		}
		require.Len(t, w.CallsOf(methodFields), 1)
	})
}

// TestAFieldIsUsedAsItIs, or not at all: however Slack describes it, what it doesn't say is kept from members is not.
func TestAFieldIsUsedAsItIs(t *testing.T) {
	yes, no := slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user", SCIM: true}, slacksim.ProfileField{ID: "Xf1", Label: "Manager", Type: "user", Hidden: true}
	words := theField
	words.Type = "text"
	twin := theField
	twin.ID = "Xf2"
	for name, row := range map[string]struct {
		fields   []slacksim.ProfileField
		accepted bool
		lack     approvals.Lack
	}{
		"protected":                   {[]slacksim.ProfileField{theField}, false, ""},
		"filled from the directory":   {[]slacksim.ProfileField{yes}, false, ""},
		"set by members":              {[]slacksim.ProfileField{no}, false, approvals.LackChoice},
		"set by members, as accepted": {[]slacksim.ProfileField{no}, true, ""},
		"words":                       {[]slacksim.ProfileField{words}, true, approvals.LackField},
		"two":                         {[]slacksim.ProfileField{theField, twin}, true, approvals.LackField},
		"none":                        {nil, true, approvals.LackField},
	} {
		t.Run(name, func(t *testing.T) {
			for _, m := range []slacksim.Manners{{}, {OldFields: true}, {OrgWide: true}} {
				inSlack(t, func(t *testing.T, w *workspace) {
					for _, f := range row.fields {
						w.AddProfileField(f)
					}
					w.SetProfile(alice, "Xf1", bob)
					if m.OldFields && name == "filled from the directory" {
						return // it isn't told of there
					}
					w.Behave(m)
					p, told := NewProfiles(w.slack, "Manager", row.accepted), ""
					p.Alarm = func(_ context.Context, topic string, say approvals.Text) { told += topic + ": " + say.Plain() }
					claim := w.says(t, p, alice)
					require.Equal(t, row.lack != "", strings.Contains(told, "profile field: I can't read from Slack profiles who's whose manager"), told)
					require.Equal(t, row.lack, claim.Lack)
					require.Equal(t, row.lack == "", claim.By == bob)
				})
			}
		})
	}
}

// TestWhatAProfileSaysIsBelievedForADay, and read again behind before; errors never are.
func TestWhatAProfileSaysIsBelievedForADay(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.AddProfileField(theField)
		w.SetProfile(alice, "Xf1", bob)
		p := NewProfiles(w.slack, "Manager", false)
		for _, kind := range []slacksim.Kind{slacksim.Status500, slacksim.NoID} {
			for _, method := range []string{methodFields, methodProfile} {
				w.Plan(slacksim.Fault{Method: method, Kind: kind})
				_, err := NewProfiles(w.slack, "Manager", false).Manager(t.Context(), erin)
				require.Error(t, err, "%s %s", method, kind)
			}
		}
		first := w.says(t, p, alice)
		require.Equal(t, approvals.PersonID(bob), first.By)
		w.SetProfile(alice, "Xf1", dave)
		w.Pass(profileFor - time.Second)
		require.Equal(t, first, w.says(t, p, alice), "with the age it has")
		require.Equal(t, map[approvals.PersonID]approvals.PersonID{alice: bob}, p.Recalled())
		w.Pass(2 * time.Second)
		require.Empty(t, p.Recalled(), "nobody is asked for it")
		require.Equal(t, approvals.PersonID(dave), w.says(t, p, alice).By)

		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { p.Run(ctx); close(done) }()
		w.SetProfile(alice, "Xf1", erin)
		w.Pass(profileFor - time.Hour)
		calls := len(w.CallsOf(methodProfile))
		require.Equal(t, approvals.PersonID(erin), w.says(t, p, alice).By)
		require.Len(t, w.CallsOf(methodProfile), calls, "nobody waits for it")
		w.FailNext(methodProfile, slacksim.BeforeEffect, slacksim.Status500)
		w.Pass(profileFor)
		require.Contains(t, w.Log.String(), "profiles could not be read again")
		require.Equal(t, approvals.PersonID(erin), w.says(t, p, alice).By)
		stop()
		<-done
	})
}

// TestTheFieldStaysTheOneThatWasFound by its label, whatever becomes of that; a new one of that label is another.
func TestTheFieldStaysTheOneThatWasFound(t *testing.T) {
	inSlack(t, func(t *testing.T, w *workspace) {
		w.AddProfileField(theField)
		w.SetProfile(alice, "Xf1", bob)
		w.SetProfile(alice, "Xf2", dave)
		p := NewProfiles(w.slack, "Manager", false)
		require.Equal(t, approvals.PersonID(bob), w.says(t, p, alice).By)
		renamed, other := theField, theField
		renamed.Label, other.ID = "Boss", "Xf2"
		w.AddProfileField(renamed)
		w.AddProfileField(other)
		w.Pass(profileFor)
		require.Equal(t, approvals.PersonID(bob), w.says(t, p, alice).By)
		w.RemoveProfileField("Xf1")
		w.Pass(profileFor)
		require.Equal(t, approvals.PersonID(dave), w.says(t, p, alice).By)
	})
}
