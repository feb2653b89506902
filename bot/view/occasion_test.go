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

// onOccasion are requests that Usher asks: taken back of these states and, with a bundle, offered beside that.
func onOccasion(kind approvals.OccasionKind, bundle int, of func(approvals.Action, approvals.State) approvals.Request, states ...approvals.State) (list []approvals.Request) {
	o := approvals.Occasion{Kind: kind, ID: "x/7", Person: "U0SAM", Name: "Sam Field", Email: "sam@acme.example", At: clock(8, 0), Source: "deactivated in Slack",
		Told: []approvals.PersonID{"U0BOB", "U0DAVE"}, First: 12, Of: len(states), Card: 1, Cards: 1}
	switch kind {
	case approvals.OccasionJoined:
		o.Into, o.Source = "S0SEO", ""
	case approvals.OccasionMoved:
		o.Into, o.From, o.Source = "S0SEO", "S0ADS", ""
	}
	for i, s := range states {
		a := catalog.Delete
		if i < bundle {
			a = catalog.Create
		}
		r := of(a, s)
		r.Number, r.Requester, r.Reason, r.App.Price = int64(12+i), "", "", approvals.Price{Amount: 2000, Currency: "USD"}
		own := o
		if i == 0 {
			own.Notes = []approvals.Text{say("Semrush can't be read right now; what's there follows once it can.")}
			own.Skipped = []approvals.Skipped{{App: r.App, Email: "sam@acme.example", Why: say("#9 already asks for this."), Beside: 9}}
		}
		r.Occasion = &own
		r.Together = &approvals.Together{First: 12, Of: bundle, Bundle: "starter", Name: "SEO starter"}
		if i >= bundle {
			r.Together = &approvals.Together{First: int64(12 + bundle), Of: len(states) - bundle}
		}
		list = append(list, r)
	}
	if kind == approvals.OccasionLeft {
		for _, r := range list {
			r.Occasion.Every = 7 * 24 * 3600e9
		}
	}
	return list
}

// TestWhatUsherAsks draws its cards: as the channel has them, who decides, and who is only told.
func TestWhatUsherAsks(t *testing.T) {
	const waits, done, no = approvals.Pending, approvals.Done, approvals.Denied
	for name, list := range map[string][]approvals.Request{
		"left":         onOccasion(approvals.OccasionLeft, 0, sample, waits, waits, waits),
		"left-one":     onOccasion(approvals.OccasionLeft, 0, sample, waits),
		"left-half":    onOccasion(approvals.OccasionLeft, 0, sample, done, waits, no),
		"left-over":    onOccasion(approvals.OccasionLeft, 0, sample, done, done, no),
		"joined":       onOccasion(approvals.OccasionJoined, 2, sample, waits, waits),
		"joined-over":  onOccasion(approvals.OccasionJoined, 2, sample, no, no),
		"moved":        onOccasion(approvals.OccasionMoved, 1, sample, waits, waits, waits),
		"moved-before": onOccasion(approvals.OccasionMoved, 1, sample, done, waits, waits),
	} {
		golden(t, "occasion-"+name, held(t, Together(list)))
		golden(t, "occasion-"+name+"-told", held(t, TogetherFor(list, "U0DAVE")))
		golden(t, "occasion-"+name+"-outcome", held(t, OutcomeOfAll(list)))
	}
	joined := onOccasion(approvals.OccasionJoined, 2, sample, waits, waits)
	golden(t, "occasion-joined-deny", heldView(t, DenyAllForm(joined[0].Name(), joined)))
	golden(t, "occasion-left-deny", heldView(t, DenyForm(onOccasion(approvals.OccasionLeft, 0, sample, waits)[0])))
}

// TestWhoIsOnlyToldHasNoButtons, and who decides has those of what they decide.
func TestWhoIsOnlyToldHasNoButtons(t *testing.T) {
	list := onOccasion(approvals.OccasionLeft, 0, sample, approvals.Pending, approvals.Pending)
	for i := range list {
		list[i].Rule.Approvers = []string{"U0BOB"}
	}
	require.Empty(t, buttonsOf(t, TogetherFor(list, "U0DAVE")))
	require.Equal(t, []string{"Take back", "Leave it", "Take back", "Leave it", "Take it all back"}, buttonsOf(t, TogetherFor(list, "U0BOB")))
	moved := onOccasion(approvals.OccasionMoved, 1, sample, approvals.Pending, approvals.Pending, approvals.Pending)
	require.Equal(t, []string{"Give it", "Not now", "Take back", "Leave it", "Take back", "Leave it", "Take it all back"}, buttonsOf(t, Together(moved)))
}

// TestWhatUsherAsksFits: as much as stands on one card, with the worst that people and vendors can write; a yes to a part is none
// to what had no room.
func TestWhatUsherAsksFits(t *testing.T) {
	testpace.Apart(t, "drawing is a pure function")
	states := make([]approvals.State, approvals.MostTogether)
	for i := range states {
		states[i] = approvals.Pending
	}
	for name, s := range hostile {
		of := func(a approvals.Action, st approvals.State) approvals.Request { return stuffed(a, st, s) }
		for kind, bundle := range map[approvals.OccasionKind]int{approvals.OccasionLeft: 0, approvals.OccasionMoved: 5} {
			list := onOccasion(kind, bundle, of, states...)
			list[1].State, list[2].State = approvals.Denied, approvals.Failed
			for i := range list {
				list[i].Occasion.Name, list[i].Occasion.Source, list[i].Override = s, s, ""
			}
			raw := string(held(t, Together(list)))
			held(t, TogetherFor(list, "U0BOB"))
			held(t, OutcomeOfAll(list))
			for _, m := range regexp.MustCompile(`decide-all[.0-9u+]*/\d+`).FindAllString(raw, -1) {
				var first int64
				_, err := fmt.Sscanf(m[regexp.MustCompile(`/`).FindStringIndex(m)[1]:], "%d", &first)
				require.NoError(t, err)
				for i, sight := range ShownOfAll(m) {
					r := list[first-12+int64(i)]
					if !sight.Waits && r.State == approvals.Pending && !r.Barred() {
						require.Regexp(t, fmt.Sprintf(`leaves it out|status %d`, r.Number), raw, name)
					}
				}
			}
		}
	}
}
