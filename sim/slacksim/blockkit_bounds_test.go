package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// bound is a limit of Slack's: what is built with n of something is taken from least to most, and not beyond.
type bound struct {
	least, most int
	of          func(n int) string // what is built; by surface, as below
}

// On each surface: blocks in a message, in a modal with a button to send, on a Home; or a whole view.
func (b bound) message(n int) []Problem {
	return ValidateMessage(json.RawMessage(`{"text":"x","blocks":[` + b.of(n) + `]}`))
}
func (b bound) modal(n int) []Problem {
	return ValidateView(json.RawMessage(modal(submit, b.of(n))))
}
func (b bound) view(n int) []Problem { return ValidateView(json.RawMessage(b.of(n))) }

// hold tries one below, at and one above either end.
func (b bound) hold(t *testing.T, problems func(int) []Problem) {
	for _, n := range []int{b.least - 1, b.least, b.least + 1, b.most - 1, b.most, b.most + 1} {
		switch {
		case n < 0:
		case n < b.least || n > b.most:
			require.NotEmpty(t, problems(n), "%d is beyond %d to %d", n, b.least, b.most)
		default:
			require.Empty(t, problems(n), "%d is within %d to %d", n, b.least, b.most)
		}
	}
}

// texts puts a text of n characters where a format has %s; listOf puts n of something there, each by its number where it has %d.
func texts(format string) func(int) string {
	return func(n int) string { return strings.Replace(format, "%s", strings.Repeat("x", n), 1) }
}

func listOf(format, one string) func(int) string {
	return func(n int) string {
		all := make([]string, n)
		for i := range all {
			all[i] = strings.ReplaceAll(one, "%d", fmt.Sprint(i))
		}
		return strings.Replace(format, "%s", strings.Join(all, ","), 1)
	}
}

// twice does that at two places.
func twice(format, one, other string) func(int) string {
	return func(n int) string { return listOf(listOf(format, one)(n), other)(n) }
}

// figures puts n itself there.
func figures(format string) func(int) string {
	return func(n int) string { return strings.Replace(format, "%s", fmt.Sprint(n), 1) }
}

const (
	say      = `{"type":"plain_text","text":"x"}`
	says     = `{"type":"plain_text","text":"%s"}`
	choices  = `[{"text":` + say + `,"value":"%d"}]`
	choice   = `{"text":` + say + `,"value":"%d"}`
	anImage  = `"image_url":"https://x.example/i.png","alt_text":"x"`
	aRow     = `[` + aCell + `]`
	aSegment = `{"label":"%d","value":1}`
	aLine    = `{"name":"%d","data":[{"label":"a","value":1}]}`
	aCard    = `{"type":"card","title":` + say + `}`
	anItem   = `{"block":{"type":"divider"}}`
)

func inMenu(fields string) string { return actions(`{"type":"static_select",` + fields + `}`) }
func withConfirm(title, text, yes, no string) string {
	return buttonWith(`"confirm":{"title":` + title + `,"text":` + text + `,"confirm":` + yes + `,"deny":` + no + `}`)
}
func pieWith(fields string) string {
	return `{"type":"data_visualization","title":"t","chart":{"type":"pie",` + fields + `}}`
}
func lineWith(fields string) string {
	return `{"type":"data_visualization","title":"t","chart":{"type":"line",` + fields + `}}`
}
func layoutWith(rows string) string { return `{"type":"layout","label":"l","rows":[` + rows + `]}` }

// messageBounds are the limits of what may stand in a message.
func messageBounds() map[string]bound {
	return map[string]bound{
		"blocks":                   {0, 50, listOf("%s", divider)},
		"block_id":                 {1, 255, texts(`{"type":"header","text":` + say + `,"block_id":"%s"}`)},
		"action_id":                {1, 255, texts(buttonWith(`"action_id":"%s"`))},
		"section text":             {1, 3000, texts(section("%s"))},
		"section fields":           {1, 10, listOf(`{"type":"section","fields":[%s]}`, say)},
		"section field":            {1, 2000, texts(`{"type":"section","fields":[` + says + `]}`)},
		"header text":              {1, 150, texts(`{"type":"header","text":` + says + `}`)},
		"actions elements":         {1, 25, listOf(actions("%s"), okButton)},
		"context elements":         {1, 10, listOf(`{"type":"context","elements":[%s]}`, say)},
		"context_actions elements": {1, 5, listOf(`{"type":"context_actions","elements":[%s]}`, `{"type":"icon_button","icon":"trash","text":`+say+`}`)},
		"image alt_text":           {1, 2000, texts(`{"type":"image","image_url":"https://x.example/i.png","alt_text":"%s"}`)},
		"image title":              {1, 2000, texts(`{"type":"image",` + anImage + `,"title":` + says + `}`)},
		"image_url": {1, 3000, func(n int) string { // an address has to look like one, and is cut where nothing is left of it
			return `{"type":"image","image_url":"` + ("a://" + strings.Repeat("x", max(0, n-4)))[:max(n, 4)*min(n, 1)] + `","alt_text":"x"}`
		}},
		"button text":         {1, 75, texts(actions(`{"type":"button","text":` + says + `}`))},
		"button value":        {0, 2000, texts(buttonWith(`"value":"%s"`))},
		"accessibility_label": {1, 75, texts(buttonWith(`"accessibility_label":"%s"`))},
		"confirm title":       {1, 100, texts(withConfirm(says, say, say, say))},
		"confirm text":        {1, 300, texts(withConfirm(say, says, say, say))},
		"confirm confirm":     {1, 30, texts(withConfirm(say, say, says, say))},
		"confirm deny":        {1, 30, texts(withConfirm(say, say, say, says))},
		"option text":         {1, 75, texts(inMenu(`"options":[{"text":` + says + `,"value":"1"}]`))},
		"option value":        {1, 150, texts(inMenu(`"options":[{"text":` + say + `,"value":"%s"}]`))},
		"option description":  {1, 75, texts(inMenu(`"options":[{"text":` + say + `,"value":"1","description":` + says + `}]`))},
		"select options":      {1, 100, listOf(inMenu(`"options":[%s]`), choice)},
		"select groups":       {1, 100, listOf(inMenu(`"option_groups":[%s]`), `{"label":`+say+`,"options":`+choices+`}`)},
		"group label":         {1, 75, texts(inMenu(`"option_groups":[{"label":` + says + `,"options":` + choices + `}]`))},
		"group options":       {1, 100, listOf(inMenu(`"option_groups":[{"label":`+say+`,"options":[%s]}]`), choice)},
		"placeholder":         {1, 150, texts(actions(`{"type":"users_select","placeholder":` + says + `}`))},
		"checkboxes":          {1, 10, listOf(actions(`{"type":"checkboxes","options":[%s]}`), choice)},
		"radio buttons":       {1, 10, listOf(actions(`{"type":"radio_buttons","options":[%s]}`), choice)},
		"overflow":            {1, 5, listOf(actions(`{"type":"overflow","options":[%s]}`), choice)},
		"markdown":            {1, 12000, texts(`{"type":"markdown","text":"%s"}`)},
		"markdown together": {2, 12000, func(n int) string {
			return texts(`{"type":"markdown","text":"x"},{"type":"markdown","text":"%s"}`)(n - 1)
		}},
		"table rows":           {1, 100, listOf(`{"type":"table","rows":[%s]}`, aRow)},
		"table cells":          {1, 20, listOf(`{"type":"table","rows":[[%s]]}`, aCell)},
		"table columns":        {0, 20, listOf(`{"type":"table","rows":[`+aRow+`],"column_settings":[%s]}`, `{"is_wrapped":true}`)},
		"tables":               {0, 1, listOf("%s", `{"type":"table","rows":[`+aRow+`]}`)},
		"data_table rows":      {1, 100, listOf(`{"type":"data_table","caption":"c","rows":[`+aRow+`,%s]}`, aRow)},
		"data_table columns":   {1, 20, twice(`{"type":"data_table","caption":"c","rows":[[%s],[%s]]}`, aCell, aCell)},
		"data_table caption":   {1, 2000, texts(`{"type":"data_table","caption":"%s","rows":[` + aRow + `,` + aRow + `]}`)},
		"data_table page_size": {1, 100, figures(`{"type":"data_table","caption":"c","page_size":%s,"rows":[` + aRow + `,` + aRow + `]}`)},
		"data_table characters": {2, 10000, func(n int) string { // the head is one, and a cell has up to 3000
			cells := []string{}
			for n--; n > 3000; n -= 2500 {
				cells = append(cells, `[{"type":"raw_text","text":"`+strings.Repeat("x", 2500)+`"}]`)
			}
			cells = append(cells, `[{"type":"raw_text","text":"`+strings.Repeat("x", n)+`"}]`)
			return dataTableOf(strings.Join(cells, ","))
		}},
		"chart title":        {1, 50, texts(`{"type":"data_visualization","title":"%s","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`)},
		"pie segments":       {1, 6, listOf(pieWith(`"segments":[%s]`), aSegment)},
		"pie label":          {1, 20, texts(pieWith(`"segments":[{"label":"%s","value":1}]`))},
		"line series":        {1, 6, listOf(lineWith(`"axis_config":{"categories":["a"]},"series":[%s]`), aLine)},
		"line points":        {1, 20, twice(lineWith(`"axis_config":{"categories":[%s]},"series":[{"name":"s","data":[%s]}]`), `"%d"`, aSegment)},
		"series name":        {1, 20, texts(lineWith(`"axis_config":{"categories":["a"]},"series":[{"name":"%s","data":[{"label":"a","value":1}]}]`))},
		"axis label":         {0, 50, texts(lineWith(`"axis_config":{"categories":["a"],"x_label":"%s"},"series":[{"name":"s","data":[{"label":"a","value":1}]}]`))},
		"charts":             {0, 2, listOf("%s", pieWith(`"segments":[{"label":"a","value":1}]`))},
		"container title":    {1, 150, texts(`{"type":"container","title":` + says + `,"child_blocks":[` + divider + `]}`)},
		"container subtitle": {1, 150, texts(`{"type":"container","title":` + say + `,"subtitle":` + says + `,"child_blocks":[` + divider + `]}`)},
		"container children": {1, 10, listOf(`{"type":"container","title":`+say+`,"child_blocks":[%s]}`, divider)},
		"layout label":       {1, 150, texts(`{"type":"layout","label":"%s","rows":[{"items":[` + anItem + `]}]}`)},
		"layout rows":        {1, 5, listOf(layoutWith("%s"), `{"items":[`+anItem+`]}`)},
		"layout items":       {1, 3, listOf(layoutWith(`{"items":[%s]}`), anItem)},
		"blocks in layouts": {5, 50, func(n int) string { // a layout of three counts as four
			return listOf(layoutWith(`{"items":[`+anItem+`]},{"items":[`+anItem+`,`+anItem+`]}`)+`,%s`, divider)(n - 4)
		}},
		"card subtitle":  {1, 150, texts(`{"type":"card","title":` + say + `,"subtitle":` + says + `}`)},
		"card body":      {1, 200, texts(`{"type":"card","body":` + says + `}`)},
		"card subtext":   {1, 200, texts(`{"type":"card","title":` + say + `,"subtext":` + says + `}`)},
		"card actions":   {1, 3, listOf(`{"type":"card","actions":[%s]}`, okButton)},
		"carousel cards": {1, 10, listOf(`{"type":"carousel","elements":[%s]}`, aCard)},
		"video title":    {1, 200, texts(`{"type":"video","title":` + says + `,"video_url":"https://x.example/v","thumbnail_url":"https://x.example/t","alt_text":"x"}`)},
	}
}

// modalBounds are those of what may stand in a form beside that.
func modalBounds() map[string]bound {
	of := func(element string) string {
		return strings.Replace(anInput, `{"type":"plain_text_input"}`, element, 1)
	}
	return map[string]bound{
		"blocks":           {0, 100, listOf("%s", divider)},
		"input label":      {1, 2000, texts(strings.Replace(anInput, `"text":"Why"`, `"text":"%s"`, 1))},
		"input hint":       {1, 2000, texts(strings.Replace(anInput, `"label"`, `"hint":`+says+`,"label"`, 1))},
		"initial_value":    {0, 3000, texts(of(`{"type":"plain_text_input","initial_value":"%s"}`))},
		"min_length":       {0, 3000, figures(of(`{"type":"plain_text_input","min_length":%s}`))},
		"max_length":       {1, 3000, figures(of(`{"type":"plain_text_input","max_length":%s}`))},
		"max_files":        {1, 10, figures(of(`{"type":"file_input","max_files":%s}`))},
		"alert text":       {1, 200, texts(`{"type":"alert","text":` + says + `}`)},
		"checkboxes":       {1, 10, listOf(of(`{"type":"checkboxes","options":[%s]}`), choice)},
		"selected at most": {1, 100, figures(of(`{"type":"multi_users_select","max_selected_items":%s}`))},
	}
}

// viewBounds are those of views as a whole.
func viewBounds() map[string]bound {
	home := func(blocks string) string { return `{"type":"home","blocks":[` + blocks + `]}` }
	return map[string]bound{
		"title":            {1, 24, texts(`{"type":"modal","title":` + says + `,"blocks":[]}`)},
		"submit":           {1, 24, texts(modal(`,"submit":`+says, divider))},
		"close":            {1, 24, texts(modal(`,"close":`+says, divider))},
		"private_metadata": {0, 3000, texts(modal(`,"private_metadata":"%s"`, divider))},
		"callback_id":      {0, 255, texts(modal(`,"callback_id":"%s"`, divider))},
		"external_id":      {0, 255, texts(modal(`,"external_id":"%s"`, divider))},
		"blocks of a home": {0, 100, listOf(home("%s"), divider)},
	}
}

// TestEveryLimitAtItsBounds: each of the facts' limits takes what is one below it and what is at it, and refuses what is one above.
func TestEveryLimitAtItsBounds(t *testing.T) {
	for name, b := range messageBounds() {
		t.Run("message "+name, func(t *testing.T) { b.hold(t, b.message) })
	}
	for name, b := range modalBounds() {
		t.Run("modal "+name, func(t *testing.T) { b.hold(t, b.modal) })
	}
	for name, b := range viewBounds() {
		t.Run("view "+name, func(t *testing.T) { b.hold(t, b.view) })
	}
}
