package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The cases are written with a few short forms: LONG75 stands for a text of 75
// characters, MANY50(x) for x fifty times, with commas between.
func expand(t *testing.T, text string) json.RawMessage {
	t.Helper()
	for {
		at := strings.Index(text, "LONG")
		if at < 0 {
			break
		}
		var n int
		_, err := fmt.Sscanf(text[at:], "LONG%d", &n)
		require.NoError(t, err)
		text = text[:at] + strings.Repeat("x", n) + strings.TrimPrefix(text[at:], fmt.Sprintf("LONG%d", n))
	}
	for {
		at := strings.Index(text, "MANY")
		if at < 0 {
			break
		}
		var n int
		_, err := fmt.Sscanf(text[at:], "MANY%d(", &n)
		require.NoError(t, err)
		open := at + strings.Index(text[at:], "(")
		end := open + strings.Index(text[open:], ")")
		text = text[:at] + strings.TrimSuffix(strings.Repeat(text[open+1:end]+",", n), ",") + text[end+1:]
	}
	return json.RawMessage(text)
}

const (
	divider  = `{"type":"divider"}`
	okButton = `{"type":"button","text":{"type":"plain_text","text":"Go"}}`
	option1  = `{"text":{"type":"plain_text","text":"One"},"value":"1"}`
	anInput  = `{"type":"input","label":{"type":"plain_text","text":"Why"},"element":{"type":"plain_text_input"}}`
)

func section(text string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"` + text + `"}}`
}

func inAForm(element string) string {
	return strings.Replace(anInput, `{"type":"plain_text_input"}`, element, 1)
}

func actions(elements string) string { return `{"type":"actions","elements":[` + elements + `]}` }

func buttonWith(fields string) string {
	return actions(`{"type":"button","text":{"type":"plain_text","text":"Go"},` + fields + `}`)
}

// Each pair is the largest that Slack takes and the smallest that it refuses.
func TestMessageLimits(t *testing.T) {
	header := func(text string) string {
		return `{"type":"header","text":{"type":"plain_text","text":"` + text + `"}}`
	}
	context := func(elements string) string { return `{"type":"context","elements":[` + elements + `]}` }
	label := func(text string) string {
		return actions(`{"type":"button","text":{"type":"plain_text","text":"` + text + `"}}`)
	}
	menu := func(options string) string { return actions(`{"type":"static_select","options":[` + options + `]}`) }
	confirm := func(title string) string {
		return buttonWith(`"confirm":{"title":{"type":"plain_text","text":"` + title + `"},"text":{"type":"mrkdwn","text":"?"},` +
			`"confirm":{"type":"plain_text","text":"y"},"deny":{"type":"plain_text","text":"n"}}`)
	}
	cell := `{"type":"raw_text","text":"x"}`
	for name, pair := range map[string][2]string{
		"blocks in a message":     {`MANY50(` + divider + `)`, `MANY51(` + divider + `)`},
		"section text":            {section("LONG3000"), section("LONG3001")},
		"no empty text":           {section("x"), section("")},
		"section fields":          {`{"type":"section","fields":[MANY10({"type":"mrkdwn","text":"x"})]}`, `{"type":"section","fields":[MANY11({"type":"mrkdwn","text":"x"})]}`},
		"field text":              {`{"type":"section","fields":[{"type":"mrkdwn","text":"LONG2000"}]}`, `{"type":"section","fields":[{"type":"mrkdwn","text":"LONG2001"}]}`},
		"header text":             {header("LONG150"), header("LONG151")},
		"elements in actions":     {actions(`MANY25(` + okButton + `)`), actions(`MANY26(` + okButton + `)`)},
		"elements in context":     {context(`MANY10({"type":"mrkdwn","text":"x"})`), context(`MANY11({"type":"mrkdwn","text":"x"})`)},
		"button label":            {label("LONG75"), label("LONG76")},
		"button value":            {buttonWith(`"value":"LONG2000"`), buttonWith(`"value":"LONG2001"`)},
		"button style":            {buttonWith(`"style":"danger"`), buttonWith(`"style":"blue"`)},
		"button url":              {buttonWith(`"url":"https://x.example/"`), buttonWith(`"url":"nowhere"`)},
		"action_id":               {buttonWith(`"action_id":"LONG255"`), buttonWith(`"action_id":"LONG256"`)},
		"confirm title":           {confirm("LONG100"), confirm("LONG101")},
		"options of a select":     {menu(`MANY100(` + option1 + `)`), menu(`MANY101(` + option1 + `)`)},
		"some options":            {menu(option1), menu("")},
		"option label":            {menu(strings.Replace(option1, "One", "LONG75", 1)), menu(strings.Replace(option1, "One", "LONG76", 1))},
		"option value":            {menu(strings.Replace(option1, `"1"`, `"LONG150"`, 1)), menu(strings.Replace(option1, `"1"`, `"LONG151"`, 1))},
		"overflow":                {actions(`{"type":"overflow","options":[MANY5(` + option1 + `)]}`), actions(`{"type":"overflow","options":[MANY6(` + option1 + `)]}`)},
		"checkboxes":              {actions(`{"type":"checkboxes","options":[MANY10(` + option1 + `)]}`), actions(`{"type":"checkboxes","options":[MANY11(` + option1 + `)]}`)},
		"options, not groups":     {menu(option1), actions(`{"type":"static_select","options":[` + option1 + `],"option_groups":[{"label":{"type":"plain_text","text":"g"},"options":[` + option1 + `]}]}`)},
		"markdown together":       {`{"type":"markdown","text":"LONG6000"},{"type":"markdown","text":"LONG6000"}`, `{"type":"markdown","text":"LONG6000"},{"type":"markdown","text":"LONG6001"}`},
		"table rows":              {`{"type":"table","rows":[MANY100([` + cell + `])]}`, `{"type":"table","rows":[MANY101([` + cell + `])]}`},
		"table columns":           {`{"type":"table","rows":[[MANY20(` + cell + `)]]}`, `{"type":"table","rows":[[MANY21(` + cell + `)]]}`},
		"no empty cell":           {`{"type":"table","rows":[[` + cell + `]]}`, `{"type":"table","rows":[[{"type":"raw_text","text":""}]]}`},
		"one table":               {`{"type":"table","rows":[[` + cell + `]]}`, `MANY2({"type":"table","rows":[[` + cell + `]]})`},
		"image text":              {`{"type":"image","image_url":"https://x.example/i.png","alt_text":"LONG2000"}`, `{"type":"image","image_url":"https://x.example/i.png","alt_text":"LONG2001"}`},
		"a text or fields":        {section("x"), `{"type":"section"}`},
		"unique block_id":         {`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`, `MANY2({"type":"divider","block_id":"a"})`},
		"block_id":                {`{"type":"divider","block_id":"LONG255"}`, `{"type":"divider","block_id":"LONG256"}`},
		"unique action_id":        {actions(strings.Replace(okButton, "{", `{"action_id":"a",`, 1) + "," + okButton), actions(`MANY2(` + strings.Replace(okButton, "{", `{"action_id":"a",`, 1) + `)`)},
		"plain button label":      {label("x"), actions(`{"type":"button","text":{"type":"mrkdwn","text":"x"}}`)},
		"known block":             {divider, `{"type":"dividor"}`},
		"known element":           {actions(okButton), actions(`{"type":"lever"}`)},
		"no stray field":          {divider, `{"type":"divider","colour":"red"}`},
		"no button in an input":   {anInput, strings.Replace(anInput, `{"type":"plain_text_input"}`, okButton, 1)},
		"no input in actions":     {actions(okButton), actions(`{"type":"plain_text_input"}`)},
		"no file block":           {divider, `{"type":"file","external_id":"x","source":"remote"}`},
		"emoji in plain text":     {`{"type":"section","text":{"type":"plain_text","text":"x","emoji":true}}`, `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`},
		"rich text":               {`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`, `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text"}]}]}`},
		"dates":                   {actions(`{"type":"datepicker","initial_date":"2026-11-22"}`), actions(`{"type":"datepicker","initial_date":"22.11.2026"}`)},
		"file_input modals only":  {anInput, strings.Replace(anInput, "plain_text_input", "file_input", 1)},
		"placeholder":             {actions(`{"type":"users_select","placeholder":{"type":"plain_text","text":"LONG150"}}`), actions(`{"type":"users_select","placeholder":{"type":"plain_text","text":"LONG151"}}`)},
		"no more than selectable": {inAForm(`{"type":"multi_users_select","initial_users":["U1","U2"],"max_selected_items":2}`), inAForm(`{"type":"multi_users_select","initial_users":["U1","U2","U3"],"max_selected_items":2}`)},
		"nobody twice":            {inAForm(`{"type":"multi_users_select","initial_users":["U1","U2"]}`), inAForm(`{"type":"multi_users_select","initial_users":["U1","U1"]}`)},
		"at least one selectable": {inAForm(`{"type":"multi_users_select","max_selected_items":1}`), inAForm(`{"type":"multi_users_select","max_selected_items":0}`)},
		"characters are UTF-16":   {header(strings.Repeat("🪑", 75)), header(strings.Repeat("🪑", 76))},
	} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, ValidateMessage(expand(t, `{"text":"x","blocks":[`+pair[0]+`]}`)))
			require.NotEmpty(t, ValidateMessage(expand(t, `[`+pair[1]+`]`)))
		})
	}
}

func modal(fields, blocks string) string {
	return `{"type":"modal","title":{"type":"plain_text","text":"Deny"}` + fields + `,"blocks":[` + blocks + `]}`
}

const submit = `,"submit":{"type":"plain_text","text":"Send"}`

func TestViewLimits(t *testing.T) {
	home := func(blocks string) string { return `{"type":"home","blocks":[` + blocks + `]}` }
	for name, pair := range map[string][2]string{
		"title":                {modal("", divider), strings.Replace(modal("", divider), "Deny", "LONG25", 1)},
		"a title":              {modal("", divider), `{"type":"modal","blocks":[]}`},
		"submit with an input": {modal(submit, anInput), modal("", anInput)},
		"submit label":         {modal(submit, divider), modal(strings.Replace(submit, "Send", "LONG25", 1), divider)},
		"private_metadata":     {modal(`,"private_metadata":"LONG3000"`, divider), modal(`,"private_metadata":"LONG3001"`, divider)},
		"callback_id":          {modal(`,"callback_id":"LONG255"`, divider), modal(`,"callback_id":"LONG256"`, divider)},
		"blocks in a modal":    {modal("", `MANY100(`+divider+`)`), modal("", `MANY101(`+divider+`)`)},
		"blocks in a home":     {home(`MANY100(` + divider + `)`), home(`MANY101(` + divider + `)`)},
		"no markdown in modal": {modal("", divider), modal("", `{"type":"markdown","text":"x"}`)},
		"no table in modal":    {modal("", divider), modal("", `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`)},
		"no markdown in home":  {home(divider), home(`{"type":"markdown","text":"x"}`)},
		"alert in modal only":  {modal("", `{"type":"alert","text":{"type":"mrkdwn","text":"x"}}`), home(`{"type":"alert","text":{"type":"mrkdwn","text":"x"}}`)},
		"a known type":         {home(divider), `{"type":"drawer","blocks":[]}`},
		"input label":          {modal(submit, strings.Replace(anInput, "Why", "LONG2000", 1)), modal(submit, strings.Replace(anInput, "Why", "LONG2001", 1))},
		"lengths in order": {modal(submit, strings.Replace(anInput, `"plain_text_input"`, `"plain_text_input","min_length":2,"max_length":3`, 1)),
			modal(submit, strings.Replace(anInput, `"plain_text_input"`, `"plain_text_input","min_length":4,"max_length":3`, 1))},
		"min_length":          {modal(submit, strings.Replace(anInput, `"plain_text_input"`, `"plain_text_input","min_length":3000`, 1)), modal(submit, strings.Replace(anInput, `"plain_text_input"`, `"plain_text_input","min_length":3001`, 1))},
		"file_input in modal": {modal(submit, strings.Replace(anInput, "plain_text_input", "file_input", 1)), home(strings.Replace(anInput, "plain_text_input", "file_input", 1))},
	} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, ValidateView(expand(t, pair[0])))
			require.NotEmpty(t, ValidateView(expand(t, pair[1])))
		})
	}
}

func TestProblemsSayWhere(t *testing.T) {
	problems := ValidateMessage(json.RawMessage(`[` + divider + `,` + buttonWith(`"style":"blue"`) + `]`))
	require.Len(t, problems, 1)
	require.Equal(t, "must be a valid enum value [json-pointer:/blocks/1/elements/0/style]", problems[0].String())
	require.Equal(t, "invalid_blocks", problemCode(problems))
	two := expand(t, `[MANY2({"type":"table","rows":[[{"type":"raw_text","text":"x"}]]})]`)
	require.Equal(t, "invalid_attachments", problemCode(ValidateMessage(two)))
	require.NotEmpty(t, ValidateMessage(json.RawMessage(`nonsense`)))
	require.NotEmpty(t, ValidateView(json.RawMessage(`[]`)))
	require.Empty(t, ValidateMessage(json.RawMessage(`{"text":"only text"}`)))
}

func TestPlainTextReadsInOrder(t *testing.T) {
	var m Message
	require.NoError(t, json.Unmarshal([]byte(`{"text":"fallback","blocks":[
		{"type":"header","text":{"type":"plain_text","text":"A"}},
		{"type":"section","text":{"type":"mrkdwn","text":"*B*"},"fields":[{"type":"mrkdwn","text":"C"}],"accessory":`+okButton+`},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"D"}]}]},
		{"type":"table","rows":[[{"type":"raw_text","text":"E"},{"type":"raw_text","text":"F"}]]},
		{"type":"markdown","text":"G"},{"type":"context","elements":[{"type":"mrkdwn","text":"H"}]}]}`), &m))
	require.Equal(t, "fallback A *B* C Go D E F G H", strings.ReplaceAll(PlainText(m), "\n", " "))
}
