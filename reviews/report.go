package reviews

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/sheet"
)

// Report is a review as an auditor reads it: who was asked, who answered what, when and why, what came of it, and the end of the
// audit log at that moment, up to which all of it stands there too.
type Report struct {
	Review
	At time.Time `json:"at"`
	// Head is the end of the audit log, and Key the public key that signs it; "": nothing does.
	Head approvals.Head `json:"audit_head"`
	Key  string         `json:"audit_key,omitempty"`
	// States are how the removals stand, by number, and People who everybody is called, as far as Slack says.
	States map[int64]approvals.State     `json:"removals,omitempty"`
	People map[approvals.PersonID]string `json:"people,omitempty"`
}

// namesWithin is how long Slack is asked who people are: a report is whole without their names too.
const namesWithin = 5 * time.Second

// Report gathers it as of now.
func (s *Reviews) Report(ctx context.Context, n int64, now time.Time) (Report, error) {
	r, err := s.Review(ctx, n)
	if err != nil {
		return Report{}, err
	}
	out := Report{Review: r, At: now.UTC(), Key: s.Key, States: map[int64]approvals.State{}, People: map[approvals.PersonID]string{}}
	for _, l := range r.Lines {
		for _, n := range append(slices.Clone(l.Withdrawn), l.Removal) {
			if n == 0 {
				continue
			}
			is, err := s.Desk.Request(ctx, n)
			if approvals.CodeOf(err) == approvals.NotFound {
				continue // it was closed long ago, and removed since
			}
			if err != nil {
				return out, fmt.Errorf("read request %d: %w", n, err)
			}
			out.States[n] = is.State
		}
	}
	s.name(ctx, out.People, r)
	if out.Head, err = s.Book.Head(ctx); err != nil {
		return out, fmt.Errorf("read the end of the audit log: %w", err)
	}
	return out, nil
}

// name finds what everybody in a review is called.
func (s *Reviews) name(ctx context.Context, known map[approvals.PersonID]string, r Review) {
	ctx, cancel := context.WithTimeout(ctx, namesWithin)
	defer cancel()
	all := append([]approvals.PersonID{r.By}, r.Heirs...)
	for _, l := range r.Lines {
		all = append(all, l.Reviewer, l.By, l.Asked)
		for _, m := range l.Moved {
			all = append(all, m.From)
		}
		for _, a := range l.Allowed {
			all = append(all, a.Person())
		}
	}
	for _, id := range all {
		if _, asked := known[id]; asked || id == "" || ctx.Err() != nil {
			continue
		}
		known[id] = ""
		if p, err := s.Desk.Directory.Person(ctx, id); err == nil {
			known[id] = p.Name
		}
	}
}

// FileName is what a report is called, with an ending such as ".csv".
func (r Report) FileName(ending string) string {
	return fmt.Sprintf("review-%d-%s-%s%s", r.Number, r.App, r.At.UTC().Format(time.DateOnly), ending)
}

// File writes it in the format of a file's ending.
func (r Report) File(name string) ([]byte, error) { return sheet.File(name, r.facts(), r.accounts()) }

// facts are what is to be known of the review as a whole.
func (r Report) facts() sheet.Table {
	rows := [][]string{{"Review", strconv.FormatInt(r.Number, 10)}, {"App", r.Called + " (" + r.App + ")"}, {"State", string(r.State)}, {"Started by", r.who(r.By)}, {"Started", when(r.Began)}, {"Due", when(r.Due)}}
	if !r.Closes.IsZero() {
		rows = append(rows, []string{"Unanswered handed to", r.all(r.Heirs)}, []string{"Until", when(r.Closes)})
	}
	read := "only what requests gave"
	if !r.Read.At.IsZero() {
		read = when(r.Read.At) + " (" + map[register.How]string{register.ByAPI: "read from the app", register.ByList: "the app's own member list"}[r.Read.How] + ")"
	}
	key := r.Key
	if key == "" {
		key = "not signed"
	}
	rows = append(rows, [][]string{{"Closed", when(r.Over)}, {"Who has what, as of", read}, {"Accounts", strconv.Itoa(len(r.Lines))}, {"Not there any more, left out", strconv.Itoa(r.Gone)},
		{"Kept", strconv.Itoa(r.Answered(Keep))}, {"To be taken away, as answered", strconv.Itoa(r.Answered(Take))}}...)
	rows = append(rows, r.fates()...)
	rows = append(rows, [][]string{{"Unanswered", strconv.Itoa(r.Left())}, {"Written", when(r.At)}, {"Audit log, last entry", strconv.FormatInt(r.Head.Seq, 10)}, {"Audit log, head", r.Head.String()}, {"Audit log, key", key}}...)
	return sheet.Table{Name: "Review", Rows: rows}
}

// fates are how many of those that are to be taken away are how far: an answer isn't yet a removal.
func (r Report) fates() (rows [][]string) {
	fates := []string{"gone by now", "approved, not done yet", "asked for, not decided yet", "denied, canceled or failed", "couldn't be asked for", "about to be asked for"}
	many := map[string]int{}
	for _, l := range r.Lines {
		if l.Answer == Take {
			many[r.fate(l)]++
		}
	}
	for _, f := range fates {
		rows = append(rows, []string{"… of these " + f, strconv.Itoa(many[f])})
	}
	return rows
}

// fate is how far the removal of a line is that is to be taken away.
func (r Report) fate(l Line) string {
	switch is := r.States[l.Removal]; {
	case len(l.Wrong) > 0:
		return "couldn't be asked for"
	case l.Removal == 0:
		return "about to be asked for"
	case is == approvals.Done:
		return "gone by now"
	case is == approvals.Pending:
		return "asked for, not decided yet"
	case (approvals.Request{State: is}).Live():
		return "approved, not done yet"
	}
	return "denied, canceled or failed"
}

// accounts are a row for each line.
func (r Report) accounts() sheet.Table {
	t := sheet.Table{Name: "Accounts", Rows: [][]string{{"Address", "Name", "Slack member", "Has", "Since", "Request", "Asked by", "Allowed by", "Ends", "Cost", "Verified", "Against keeping it",
		"Reviewer", "Reviewer is", "Handed on from", "Answer", "Reason", "Answered by", "Answered", "Unanswered at the end", "Removal", "Removal is", "Came of it"}}}
	for _, l := range r.Lines {
		t.Rows = append(t.Rows, r.row(l))
	}
	return t
}

func (r Report) row(l Line) []string {
	var odds, allowed, moved []string
	for _, o := range l.Odds {
		odds = append(odds, o.Plain())
	}
	for _, a := range l.Allowed {
		if allowed = append(allowed, string(a)); a.Person() != "" {
			allowed[len(allowed)-1] = r.who(a.Person())
		}
	}
	for _, m := range l.Moved {
		moved = append(moved, r.who(m.From)+" until "+when(m.At))
	}
	late := ""
	if l.Late {
		late = "yes"
	}
	answer := string(l.Answer)
	if answer == "" {
		answer = "unanswered"
	}
	return []string{l.Email, l.Name, string(l.Person), l.Holds, when(l.Since), request(l.Request), r.who(l.Asked), strings.Join(allowed, ", "), when(l.Until), l.Cost, verified(l), strings.Join(odds, " "),
		r.who(l.Reviewer), string(l.Why), strings.Join(moved, ", "), answer, l.Reason, r.who(l.By), when(l.At), late, request(l.Removal), string(r.States[l.Removal]), r.came(l)}
}

// came is what came of an answer, in words.
func (r Report) came(l Line) string {
	var out []string
	switch is := r.States[l.Removal]; {
	case len(l.Wrong) > 0:
		out = append(out, "couldn't be asked for: "+l.Wrong.Plain())
	case l.Removal != 0 && l.Answer == Keep:
		out = append(out, "kept, but the removal was decided before")
	case l.Removal != 0 && is == approvals.Done:
		out = append(out, "taken away")
	case l.Removal != 0 && l.Others:
		out = append(out, "somebody had asked for the removal before")
	case l.Removal != 0:
		out = append(out, "removal asked for")
	case l.Answer == Keep:
		out = append(out, "kept")
	case l.Answer == Take:
		out = append(out, "removal about to be asked for")
	}
	for _, n := range l.Withdrawn {
		out = append(out, fmt.Sprintf("#%d was %s, because the answer was changed", n, r.States[n]))
	}
	return strings.Join(out, "; ")
}

// who names somebody: by their name and id, so that two of one name differ.
func (r Report) who(id approvals.PersonID) string {
	if name := r.People[id]; name != "" {
		return name + " (" + string(id) + ")"
	}
	return string(id)
}

func (r Report) all(ids []approvals.PersonID) string {
	var out []string
	for _, id := range ids {
		out = append(out, r.who(id))
	}
	return strings.Join(out, ", ")
}

// when is a moment for programs and people alike; "": it isn't known, or didn't come.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func request(n int64) string {
	if n == 0 {
		return ""
	}
	return "#" + strconv.FormatInt(n, 10)
}

func verified(l Line) string {
	how := map[register.How]string{register.ByAPI: "read from the app", register.ByList: "in the app's own list", register.OnlySaid: "only said"}[l.Verified.How]
	return strings.TrimSpace(how + " " + when(l.Verified.At))
}
