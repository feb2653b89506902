package control

import (
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/terminal"
)

// memberID is how Slack writes who somebody is.
var memberID = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)

func urlEscaped(s string) string { return url.QueryEscape(s) }

// print draws who holds what, and what of it isn't as it should be.
func (h held) print(w io.Writer) error {
	if len(h.Entries) == 0 {
		fmt.Fprintln(w, "Nothing that I know of.")
	} else {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "APP\tWHO\tHAS\tSINCE\tREQUEST\tALLOWED BY\tUNTIL\tCOST\tVERIFIED")
		for _, e := range h.Entries {
			fmt.Fprintln(table, strings.Join(cells(e.App.Name, nameAnd(e.Name, e.Email), h.hasNow(e), day(e.Since), numbered(e), h.allowed(e), day(e.Until), e.Cost, h.verified(e)), "\t"))
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print the register: %w", err)
		}
	}
	for _, app := range h.Unread {
		fmt.Fprintf(w, "\nI can't read %s just now: of it only what was done by request is shown.\n", terminal.Printable(app))
	}
	for _, app := range h.Unlisted {
		fmt.Fprintf(w, "\nNo member list of %[1]s was imported yet, so of it only what was said is known. `usher import %[1]s FILE` compares one.\n", terminal.Printable(app))
	}
	return h.names.findings(w, h.Findings, h.Mends, nil)
}

// cells are what stands in a row: printable, cut where they are long, and a dash where there is nothing. What a spreadsheet would
// take for a formula, if somebody pasted it there, is led by an apostrophe.
func cells(all ...string) []string {
	for i, c := range all {
		c = terminal.Printable(c)
		if c != "" && strings.ContainsRune("=+@", rune(c[0])) || len(c) > 1 && c[0] == '-' {
			c = "'" + c
		}
		if runes := []rune(c); len(runes) > longestCell {
			c = string(runes[:longestCell]) + "…"
		} else if c == "" {
			c = "-"
		}
		all[i] = c
	}
	return all
}

func nameAnd(name, email string) string {
	if name == "" {
		return email
	}
	return name + " <" + email + ">"
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func numbered(e register.Entry) string {
	if e.Request == 0 {
		return ""
	}
	return fmt.Sprintf("#%d", e.Request)
}

// hasNow is what somebody has, what is being done about that, and how far it is gone.
func (h held) hasNow(e register.Entry) string {
	var parts []string
	if e.Holds != "" {
		parts = append(parts, e.Holds)
	}
	for _, w := range e.Tasks {
		whose := "nobody's yet"
		if w.Owner != "" {
			whose = h.Plain(approvals.Sayf("%v's", w.Owner))
		}
		parts = append(parts, fmt.Sprintf("%s: #%d, %s, %d of %d steps", w.Does, w.Request, whose, w.Done, w.Of))
	}
	if !e.Removed.IsZero() {
		parts = append(parts, "access removed "+day(e.Removed))
	}
	switch {
	case e.Paid:
		parts = append(parts, "seat still paid for")
	case !e.Released.IsZero():
		parts = append(parts, "paid seat released "+day(e.Released))
	}
	return strings.Join(parts, ", ")
}

func (h held) allowed(e register.Entry) string {
	var out []string
	for _, by := range e.Allowed {
		out = append(out, h.Plain(by.Text()))
	}
	if len(out) == 0 && e.Policy != "" {
		return "policy " + e.Policy
	}
	return strings.Join(out, ", ")
}

// verified is when an entry was seen last, and by what.
func (h held) verified(e register.Entry) string {
	if e.Coming {
		return ""
	}
	ago := span(h.Now.Sub(e.Verified.At)) + " ago"
	how := map[register.How]string{register.ByAPI: "read from " + e.App.Name, register.ByList: "in its list", register.OnlySaid: "only said"}[e.Verified.How]
	if e.Missing {
		return "not there: " + how + ", " + ago
	}
	return how + ", " + ago
}

// findings lists what isn't as it should be, and what to type. new are those that weren't known before; nil: that isn't said.
func (n names) findings(w io.Writer, all []register.Finding, mends map[string]register.Mend, isNew func(register.Finding) bool) error {
	if len(all) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nFINDING\tWHO\tWHAT\tROWS\tFOUND")
	var lines []string
	for _, f := range all {
		found := day(f.First)
		if isNew != nil && isNew(f) {
			found = "now"
		}
		rows := strings.Trim(fmt.Sprint(f.Rows), "[]")
		fmt.Fprintln(table, strings.Join(cells(string(f.Kind), nameAnd(f.Name, f.Email), n.Plain(f.Say()), rows, found), "\t"))
		if m, ok := mends[f.Key()]; ok {
			lines = append(lines, terminal.Printable(m.Typed()))
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print findings: %w", err)
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "\nTo mend them, copy into Slack what you agree with:\n  %s\n", strings.Join(lines, "\n  "))
	}
	return nil
}

// print says how a list was understood, and what was found.
func (i imported) print(w io.Writer) error {
	fmt.Fprintf(w, "%s · %s, as of %s\n", terminal.Printable(i.App.Name), terminal.Plural(i.Members, "member", "members"), i.At.UTC().Format("2006-01-02 15:04 UTC"))
	fmt.Fprintf(w, "Read as: %s\n", terminal.Printable(i.Understood()))
	if len(i.Ignored) > 0 {
		fmt.Fprintf(w, "Not read: %s\n", terminal.Printable(strings.Join(i.Ignored, ", ")))
	}
	for _, s := range i.Skipped[:min(len(i.Skipped), 5)] {
		fmt.Fprintf(w, "Row %d has no e-mail address: %s\n", s.Row, terminal.Printable(s.Text))
	}
	if more := len(i.Skipped) - 5; more > 0 {
		fmt.Fprintf(w, "… and %s more without one\n", terminal.Plural(more, "row", "rows"))
	}
	i.few(w, "Listed more than once, and taken together", i.Twice)
	i.few(w, "Given by request, and not in the list", i.Missing)
	if i.Blind {
		fmt.Fprintln(w, "Slack couldn't tell who has left the company, so nobody was compared with that.")
	}
	isNew := func(f register.Finding) bool {
		return slices.ContainsFunc(i.New, func(o register.Finding) bool { return o.Key() == f.Key() })
	}
	if err := i.findings(w, i.Found(), i.Mends, isNew); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", i.summary())
	return err
}

// few names some of many.
func (i imported) few(w io.Writer, what string, all []string) {
	if len(all) == 0 {
		return
	}
	some := strings.Join(all[:min(len(all), 5)], ", ")
	if more := len(all) - 5; more > 0 {
		some += fmt.Sprintf(" and %d more", more)
	}
	fmt.Fprintf(w, "%s: %s\n", what, terminal.Printable(some))
}

func (i imported) summary() string {
	say := "Nothing differs."
	if len(i.Found()) > 0 {
		say = fmt.Sprintf("%s: %d new, %d known before.", terminal.Plural(len(i.Found()), "finding", "findings"), len(i.New), len(i.Again))
	}
	if len(i.Closed) > 0 {
		say += fmt.Sprintf(" %s mended since.", terminal.Plural(len(i.Closed), "was", "were"))
	}
	if i.DryRun {
		say += " Nothing was kept (--dry-run)."
	}
	return say
}
