package view

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	testpace "github.com/usherbot/usher/test/pace"
)

// inOneGo are requests of these states as if they had been asked in one go.
func inOneGo(of func(approvals.State) approvals.Request, states ...approvals.State) (list []approvals.Request) {
	for i, s := range states {
		r := of(s)
		r.Number, r.Together = int64(12+i), &approvals.Together{First: 12, Of: len(states)}
		list = append(list, r)
	}
	return list
}

// TestSeveralStandOnOneCard draws them waiting, half decided, and as an approver reads what is over.
func TestSeveralStandOnOneCard(t *testing.T) {
	of := func(s approvals.State) approvals.Request { return sample(catalog.Create, s) }
	for name, states := range map[string][]approvals.State{
		"waiting": {approvals.Pending, approvals.Pending, approvals.Pending},
		"half":    {approvals.Done, approvals.Pending, approvals.Denied},
		"over":    {approvals.Done, approvals.Failed, approvals.Denied},
	} {
		list := inOneGo(of, states...)
		golden(t, "together-"+name, held(t, Together(list)))
		golden(t, "together-"+name+"-approver", held(t, TogetherFor(list, "U0BOB")))
	}
	golden(t, "together-deny", heldView(t, DenyAllForm(inOneGo(of, approvals.Pending)[0].Name(), inOneGo(of, approvals.Pending, approvals.Pending))))
}

// TestSeveralFitIntoAMessage: as many as may be asked in one go, with the worst that people and vendors can write; a yes
// to all is none to what had no room.
func TestSeveralFitIntoAMessage(t *testing.T) {
	testpace.Apart(t, "drawing is a pure function")
	for name, s := range hostile {
		for _, action := range []approvals.Action{catalog.Create, catalog.Share, catalog.Delete} {
			states := make([]approvals.State, approvals.MostTogether)
			for i := range states {
				states[i] = approvals.Pending
			}
			list := inOneGo(func(st approvals.State) approvals.Request { return stuffed(action, st, s) }, states...)
			list[1].State, list[2].State = approvals.Denied, approvals.Failed
			raw := string(held(t, Together(list)))
			held(t, TogetherFor(list, "U0BOB"))
			heldView(t, DenyAllForm(list[0].Name(), list))
			m := regexp.MustCompile(`decide-all[.0-9u+]*`).FindString(raw)
			for i, sight := range ShownOfAll(m) {
				if !sight.Waits && list[i].State == approvals.Pending && !list[i].Barred() {
					require.Regexp(t, fmt.Sprintf(`leaves it out|status %d`, list[i].Number), raw, "%s of %s", action, name)
				}
			}
		}
	}
}

// TestWhatACardShowedOfEach is read back from the name of what holds its buttons, and from no other name.
func TestWhatACardShowedOfEach(t *testing.T) {
	seen := []approvals.Sight{{Waits: true}, {}, {Waits: true, Step: 2, Edition: 3}, {Waits: true, Step: 1, Unread: true}, {Waits: true, Edition: 1, Unread: true}}
	require.Equal(t, "decide-all.1.0.3+3.2u.1+1u", onAll(seen))
	require.Equal(t, seen, ShownOfAll(onAll(seen)))
	for _, foreign := range []string{"", "decide", "decide-12", "decide.2", "decide-allx.1"} {
		require.Empty(t, ShownOfAll(foreign), foreign)
	}
	require.Equal(t, []approvals.Sight{{}, {}}, ShownOfAll("decide-all.x.-1"))
}
