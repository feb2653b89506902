package view

import (
	"fmt"
	"hash/fnv"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/catalog"
)

// way draws the question before a field, and returns the field with those of its choices that go the way that was picked.
func (f *requestForm) way(field catalog.Field) catalog.Field {
	sum := fnv.New32a()
	var options []*slack.OptionBlockObject
	for _, w := range field.First.Ways {
		sum.Write([]byte(w.ID + "\n"))
		o := option(w.ID, capital(w.Words))
		if w.Sees != "" {
			o.Description = typed(plain(75, w.Sees))
		}
		options = append(options, o)
	}
	way := f.sheet.Draft.Ways[field.Key]
	id := fmt.Sprintf("%s%s:%s-%x:%s", fieldOf, field.Key, takesWay, sum.Sum32(), f.sheet.App.ID)
	with := []func(*slack.InputBlock){hinted(field.First.Hint), f.turning}
	if len(options) <= mostRadio {
		f.input(id, field.First.Asks, &slack.RadioButtonsBlockElement{Type: slack.METRadioButtons, ActionID: id, Options: options, InitialOption: amongAny(options, []string{way})}, with...)
	} else {
		f.input(id, field.First.Asks, one(id, options, []string{way}), with...)
	}
	field.Choices = field.OfWay(way)
	return field
}

// turning says of a block that what is chosen in it changes which fields are asked for.
func (f *requestForm) turning(b *slack.InputBlock) {
	b.DispatchAction = true
	f.turns = append(f.turns, b.BlockID)
}
