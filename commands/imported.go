package commands

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// Unsorted is a list whose columns aren't clear, for the button that asks which is which.
type Unsorted struct {
	App  string `json:"a"`
	File string `json:"f"`
	Name string `json:"n"`
	Look bool   `json:"l,omitempty"`
}

// Imported says what an import came to, as the register owes it to whoever asked for it.
func (h *House) Imported(owed json.RawMessage) (Reply, error) {
	var t register.Told
	if err := json.Unmarshal(owed, &t); err != nil {
		return Reply{}, fmt.Errorf("decode what an import came to: %w", err)
	}
	app, known := h.speech().lists(t.Order.App)
	if !known {
		app = t.Result.App
	}
	if len(t.Wrong) > 0 {
		return h.notImported(t, app), nil
	}
	if t.Order.People {
		return peopleImported(t, cmp.Or(app.Name, t.Order.App)), nil
	}
	reply := Reply{Head: importHead(t, app)}
	if known && !t.Order.DryRun {
		reply.Findings = h.shown(app, t.Found)
	} else {
		reply.Findings = bare(t.Found)
	}
	if more := t.Numbers.New + t.Numbers.Again - len(t.Found); more > 0 && !t.Order.DryRun {
		reply.More = &More{App: app.ID, From: len(t.Found), Left: more}
	}
	reply.Lines = importLines(t)
	return reply, nil
}

// notImported says why a list wasn't, with the button that mends it where one can.
func (h *House) notImported(t register.Told, app approvals.App) Reply {
	name := app.Name
	if name == "" {
		name = t.Order.App
	}
	reply := Reply{Head: approvals.Sayf("*%v* · I couldn't import %v, so nothing has changed.", name, short(t.Order.Name)), Lines: []approvals.Text{t.Wrong}}
	if t.Columns {
		reply.Which = &Unsorted{App: app.ID, File: t.Order.File, Name: t.Order.Name, Look: t.Order.DryRun}
	}
	return reply
}

// importHead is what a list came to, in one line.
func importHead(t register.Told, app approvals.App) approvals.Text {
	n := t.Numbers
	parts := []approvals.Text{approvals.Sayf("*%v* · %v", app.Name, short(t.Order.Name)), approvals.Sayf("%v", plural(t.Result.Members, "member", "members"))}
	switch found := n.New + n.Again; {
	case found == 0:
		parts = append(parts, approvals.Sayf("nothing differs"))
	case n.Again == 0:
		parts = append(parts, approvals.Sayf("%v, new", plural(found, "finding", "findings")))
	default:
		parts = append(parts, approvals.Sayf("%v: %v new, %v known before", plural(found, "finding", "findings"), n.New, n.Again))
	}
	if n.Closed > 0 {
		parts = append(parts, approvals.Sayf("%v mended since the last list", n.Closed))
	}
	if t.Order.DryRun {
		parts = append(parts, approvals.Sayf("only looked at, nothing was kept"))
	}
	return approvals.Join(parts, " · ")
}

// importLines are how a list was read, and what else there is to know of it; nothing where that is as it should be.
func importLines(t register.Told) (lines []approvals.Text) {
	n, r := t.Numbers, t.Result
	if n.New+n.Again+n.Skipped+n.Missing > 0 {
		read := approvals.Sayf("Read as %v.", r.Understood())
		if n.Ignored > 0 {
			read = approvals.Sayf("%v Not read: %v.", read, few(r.Ignored, n.Ignored))
		}
		lines = append(lines, read)
	}
	if n.Skipped > 0 {
		var rows []string
		for _, s := range r.Skipped {
			rows = append(rows, fmt.Sprintf("row %d (%s)", s.Row, s.Text))
		}
		lines = append(lines, approvals.Sayf("Skipped, because there's no e-mail address: %v.", few(rows, n.Skipped)))
	}
	if n.Twice > 0 {
		lines = append(lines, approvals.Sayf("Listed more than once, and taken together: %v.", few(r.Twice, n.Twice)))
	}
	if n.Missing > 0 {
		lines = append(lines, approvals.Sayf("Given by request, and not in the list: %v.", few(r.Missing, n.Missing)))
	}
	if r.Blind {
		lines = append(lines, approvals.Sayf("I couldn't check with Slack who has left, so nobody was compared with that. Import it again later to have that checked too."))
	}
	return lines
}

// few names some of many.
func few(some []string, all int) string {
	if all > len(some) {
		some = append(slices.Clone(some), fmt.Sprintf("%d more", all-len(some)))
	}
	return strings.Join(some, ", ")
}
