package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

func number(n int) string { return strconv.Itoa(n) }

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// moment is a time for programs and people alike; "": there is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return approvals.Grouped(n) + " " + more
}

// orNo counts as one says it: none is no.
func orNo(no string, n int, one, more string) string {
	if n == 0 {
		return no + " " + one
	}
	return many(n, one, more)
}

func nameOf(s approvals.Seat) string { return strings.TrimSpace(s.FirstName + " " + s.LastName) }

// appName is what an app is called.
func appName(a approvals.App) string {
	if a.Name == "" {
		return a.ID
	}
	return a.Name
}

// Asked is what a request asks, in a few words.
func Asked(r approvals.Request) string {
	if r.Extends != nil {
		return fmt.Sprintf("extend #%d: %s", r.Extends.Of, r.More().Plain())
	}
	form, names := r.Form(), r.Names()
	if more := len(names) - 3; more > 0 {
		names = append(names[:3], fmt.Sprintf("%d more", more))
	}
	sort, _ := r.Sort()
	switch {
	case form.New && sort.Words != "":
		return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Action, sort.Words, strings.Join(names, ", ")))
	case form.Effect == catalog.Changes:
		return fmt.Sprintf("%s: %s", r.Action, approvals.Join(r.Alters(), "; ").Plain())
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s", r.Action, strings.Join(names, ", ")))
}
