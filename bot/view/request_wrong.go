package view

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// Wrong is what is wrong with a form, by the blocks under which it is to be said; of those that are there. What has no
// block is said under the last, so that nothing goes unsaid.
func Wrong(m commands.Mistakes, inputs []Input) map[string]string {
	out := map[string]string{}
	for place, say := range m {
		id := blockFor(place, inputs)
		out[id] = strings.TrimSpace(out[id] + " " + UnderField(say))
	}
	return out
}

// FormErrors answers a form with what is wrong, under its blocks.
func FormErrors(under map[string]string) *slack.ViewSubmissionResponse {
	return slack.NewErrorsViewSubmissionResponse(under)
}

// UnderField is a sentence as it stands under a field, where nothing is marked.
func UnderField(t approvals.Text) string {
	return clip(clean(strings.NewReplacer("`", "", "*", "").Replace(t.Plain())), 1000)
}

// blockFor is the block of a place, among those that a form has.
func blockFor(place commands.Place, inputs []Input) string {
	begins := []string{string(place)}
	switch key, isField := strings.CutPrefix(string(place), string(commands.PlaceOf(""))); {
	case isField:
		begins = []string{fieldOf + key + ":"}
	case place == commands.PlaceWhom:
		begins = []string{FieldPersons, FieldPerson, FieldEmail, FieldPeople, FieldFor, FieldForOne}
	case place == commands.PlaceLong:
		begins = []string{FieldUntil, FieldWhile, FieldLong}
	case place == commands.PlaceFirst:
		begins = []string{fieldFirst, fieldNames}
	case place == commands.PlaceLast:
		begins = []string{fieldLast, fieldNames}
	}
	for _, b := range begins {
		for _, in := range inputs {
			if anyTurn(in.Block) == b || strings.HasSuffix(b, ":") && strings.HasPrefix(in.Block, b) {
				return in.Block
			}
		}
	}
	return FieldReason
}
