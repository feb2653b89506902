package talks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// formActs are what somebody does with a form that is open, by the first word of the line behind their name.
var formActs = map[string]func(k *talk, id string, f []string, line string){
	"fills": func(k *talk, id string, _ []string, line string) {
		k.fills(id, quoted(strings.ReplaceAll(after(line, " fills "), "⏎", "\n")))
	},
	"adds":     func(k *talk, id string, _ []string, line string) { k.adds(id, quoted(after(line, " adds "))) },
	"searches": func(k *talk, id string, _ []string, line string) { k.searches(id, after(line, " searches ")) },
	"picks":    func(k *talk, id string, _ []string, line string) { k.picks(id, quoted(after(line, " picks "))) },
	"sends":    func(k *talk, id string, f []string, _ string) { k.sends(id, f) },
	"uses":     func(k *talk, id string, _ []string, line string) { k.uses(id, after(line, " uses ")) },
	"opens":    func(k *talk, id string, _ []string, line string) { k.opens(id) },
}

// quoted are the quoted words of a line.
func quoted(line string) (list []string) {
	for _, m := range words.FindAllStringSubmatch(line, -1) {
		list = append(list, m[1])
	}
	return list
}

// sends sends the form as it is: once, twice, or as a program of another version would have drawn it.
func (k *talk) sends(id string, f []string) {
	k.T.Helper()
	v := k.form(id)
	switch {
	case len(f) == 3 && f[1] == "version":
		k.N.Slack.Garbled(id, v.ID, func(p map[string]any) { p["view"].(map[string]any)["private_metadata"] = `{"v":` + f[2] + `}` }).Wait()
	case len(f) == 1 && f[0] == "twice":
		first, second := k.N.Slack.Submit(id, v.ID, nil), k.N.Slack.Submit(id, v.ID, nil)
		first.Wait()
		second.Wait()
	default:
		k.N.Slack.Submit(id, v.ID, nil).Wait()
	}
}

// form is the form on top of somebody's screen.
func (k *talk) form(id string) slacksim.View {
	k.T.Helper()
	synctest.Wait() // what was pressed is acknowledged before its form is opened
	views := k.N.Slack.Views(id)
	require.NotEmpty(k.T, views, "%s: no form is open", k.line)
	return views[len(views)-1]
}

// labeled is the input of a form that has a label, and its name.
func (k *talk) labeled(v slacksim.View, label string) (block map[string]any, name string) {
	k.T.Helper()
	blocks, _ := v.View["blocks"].([]any)
	for _, b := range blocks {
		b, _ := b.(map[string]any)
		if l, _ := b["label"].(map[string]any); b["type"] == "input" && strings.HasPrefix(fmt.Sprint(l["text"]), label) {
			return b, fmt.Sprint(b["block_id"])
		}
		if name := menuCalled(b, label); name != "" {
			return b, name
		}
	}
	k.T.Fatalf("%s: the form has no %q:\n%s", k.line, label, slacksim.ViewText(v))
	return nil, ""
}

// menuCalled is the name of a menu that stands by itself and asks for something in these words; "": the block is none.
func menuCalled(b map[string]any, asks string) string {
	elements, _ := b["elements"].([]any)
	for _, e := range elements {
		e, _ := e.(map[string]any)
		if p, _ := e["placeholder"].(map[string]any); b["type"] == "actions" && p["text"] == asks {
			return fmt.Sprint(e["action_id"])
		}
	}
	return ""
}

// fills puts a value into an input: text, or the label of an option; several in a row. Who changes what the app listens
// to lets it know.
func (k *talk) fills(id string, f []string) {
	k.T.Helper()
	require.GreaterOrEqual(k.T, len(f), 2, k.line)
	v := k.form(id)
	block, name := k.labeled(v, f[0])
	var value any = f[1]
	if len(f) > 2 {
		value = f[1:]
	}
	if f[0] == "Colleague" || f[0] == "Who does it from here?" {
		value = "U0" + strings.ToUpper(f[1])
	}
	if f[0] == "Colleagues" {
		var people []string
		for _, name := range f[1:] {
			people = append(people, "U0"+strings.ToUpper(name))
		}
		value = people
	}
	if block["dispatch_action"] == true {
		out := k.N.Slack.ClickView(id, v.ID, name, value).Wait()
		require.Empty(k.T, out.Error, k.line)
		return
	}
	require.NoError(k.T, k.N.Slack.Fill(id, v.ID, map[string]any{name: value}), k.line)
}

// offered are the labels and values of what a menu offers to a search, and the headings above them.
func (k *talk) offered(id, label, typed string) (labels, values []string) {
	k.T.Helper()
	v := k.form(id)
	_, name := k.labeled(v, label)
	out := k.N.Slack.Suggest(id, v.ID, name, typed).Wait()
	require.True(k.T, out.Acked, "%s: %s", k.line, out.Error)
	require.Empty(k.T, out.Error, k.line)
	type options []struct {
		Text  struct{ Text string }
		Value string
	}
	var menu struct {
		Options options
		Groups  []struct {
			Label   struct{ Text string }
			Options options
		} `json:"option_groups"`
	}
	require.NoError(k.T, json.Unmarshal(out.Payload, &menu), k.line)
	for _, g := range menu.Groups {
		labels, values = append(labels, g.Label.Text), append(values, "")
		menu.Options = append(menu.Options, g.Options...)
	}
	for _, o := range menu.Options {
		labels, values = append(labels, o.Text.Text), append(values, o.Value)
	}
	return labels, values
}

// searches types into a menu: "LABEL" "TYPED" finds "words" …, or finds nothing.
func (k *talk) searches(id, line string) {
	k.T.Helper()
	what, found, _ := strings.Cut(line, " finds ")
	f := quoted(what)
	labels, _ := k.offered(id, f[0], strings.Join(f[1:], ""))
	if found == "nothing" {
		require.Empty(k.T, labels, k.line)
		return
	}
	k.holds(strings.Join(labels, "\n"), found)
}

// picks searches in a menu and picks the one that is called so, beside what is picked there already.
func (k *talk) picks(id string, f []string) {
	k.T.Helper()
	labels, values := k.offered(id, f[0], f[1])
	i := slices.IndexFunc(labels, func(l string) bool { return strings.Contains(l, f[len(f)-1]) })
	require.GreaterOrEqual(k.T, i, 0, "%s: it offers %q", k.line, labels)
	v := k.form(id)
	block, name := k.labeled(v, f[0])
	element, _ := block["element"].(map[string]any)
	state, _ := v.State[name].(map[string]any)
	now, _ := state[fmt.Sprint(element["action_id"])].(map[string]any)
	var picked []string
	chosen, _ := now["selected_options"].([]any)
	for _, o := range chosen {
		o, _ := o.(map[string]any)
		picked = append(picked, fmt.Sprint(o["value"]))
	}
	var value any = append(picked, values[i])
	if block["type"] == "actions" { // of such a menu one is picked
		value = values[i]
	}
	out := k.N.Slack.ClickView(id, v.ID, name, value).Wait()
	require.Empty(k.T, out.Error, k.line)
}

// uses chooses a shortcut: "NAME", or "NAME" on bob's message (his last in #general).
func (k *talk) uses(id, what string) {
	k.T.Helper()
	name, on, message := strings.Cut(what, " on ")
	name = strings.Trim(name, `"`)
	if !message {
		k.N.Slack.Shortcut(id, name).Wait()
		return
	}
	author := person(strings.TrimSuffix(strings.Fields(on)[0], "'s"))
	if strings.HasPrefix(on, "usher") {
		author = slacksim.BotUser
	}
	list := k.N.Slack.Messages("C0GENERAL")
	if author == slacksim.BotUser {
		list = k.N.Slack.Messages("C0APPROVE")
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].User == author {
			k.N.Slack.ShortcutOn(id, list[i].Channel, list[i].TS, name).Wait()
			return
		}
	}
	k.T.Fatalf("%s: they wrote nothing", k.line)
}

// opens presses the button of the last private answer that opens the form.
func (k *talk) opens(id string) {
	k.T.Helper()
	k.onAnswer(id, "Open the form").Wait()
}

// onAnswer presses a button of the last private answer.
func (k *talk) onAnswer(id, label string) *slacksim.Delivery {
	k.T.Helper()
	list := k.N.Slack.Ephemerals(id)
	require.NotEmpty(k.T, list, k.line)
	m := list[len(list)-1]
	return k.N.Slack.Click(id, m.Channel, m.TS, label)
}

// filledIn is what stands in the inputs of a form by now, "[Label: value]" each.
func filledIn(v slacksim.View) string {
	var out strings.Builder
	blocks, _ := v.View["blocks"].([]any)
	for _, b := range blocks {
		b, _ := b.(map[string]any)
		label, _ := b["label"].(map[string]any)
		state, _ := v.State[fmt.Sprint(b["block_id"])].(map[string]any)
		for _, s := range state {
			s, _ := s.(map[string]any)
			for key, value := range s {
				if key != "type" {
					fmt.Fprintf(&out, "\n[%v: %v]", label["text"], shortly(value))
				}
			}
		}
	}
	return out.String()
}

// shortly is a value of a form's state in words.
func shortly(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, shortly(one))
		}
		return strings.Join(all, " + ")
	case []string:
		return strings.Join(v, " + ")
	case string:
		return strings.ReplaceAll(v, "\n", "⏎")
	case map[string]any:
		text, _ := v["text"].(map[string]any)
		return fmt.Sprint(text["text"])
	}
	return fmt.Sprint(value)
}

// submits fills in the one text field of the form on top and sends it.
func (k *talk) submits(id, text string) {
	k.T.Helper()
	v := k.form(id)
	blocks, _ := v.View["blocks"].([]any)
	for _, b := range blocks {
		if b, ok := b.(map[string]any); ok && b["type"] == "input" {
			k.N.Slack.Submit(id, v.ID, map[string]any{fmt.Sprint(b["block_id"]): strings.Trim(text, `"`)}).Wait()
			return
		}
	}
	k.T.Fatalf("%s: the form has no field", k.line)
}

func (k *talk) number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	require.NoError(k.T, err, k.line)
	return n
}
