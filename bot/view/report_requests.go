package view

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// told is a list of a digest: its title, its lines, and how many more there are than are there.
type told struct {
	title approvals.Text
	lines []approvals.Text
	more  int
}

// reportTodo is what waits for somebody: what is late, stuck, to be decided, to be done by hand, and over soon.
func reportTodo(p *page, r reports.Report) {
	var lists []told
	if r.Shows(reports.SectionEnding) {
		lists = append(lists, of(say("*Past its end, and not seen gone yet*"), r.Late, 0, func(q approvals.Request) approvals.Text { return overstaying(q, r.At) }))
	}
	if r.Shows(reports.SectionWaiting) {
		lists = append(lists,
			of(say("*Stuck: the admins have a card for each*"), r.Stuck, 0, func(q approvals.Request) approvals.Text {
				return say("• #%v · %v · %v, approved %v", q.Number, subject(q), state(q), q.Decided)
			}),
			of(say("*Waiting for a decision*"), r.Waiting, r.WaitingMore, func(q approvals.Request) approvals.Text {
				return say("• #%v · %v · waiting for %v since %v", q.Number, subject(q), deciders(q), q.Asked)
			}),
			of(say("*To be done by hand*"), r.Tasks, 0, func(q approvals.Request) approvals.Text { return say("• %v", taskLine(q, "")) }))
	}
	if r.Shows(reports.SectionEnding) {
		lists = append(lists, of(say("*Ends soon*"), r.Ending, 0, func(q approvals.Request) approvals.Text {
			return approvals.Join(filled([]approvals.Text{say("• #%v · %v · ends %v", q.Number, subject(q), q.EndsAt), askedFor(q)}), " · ")
		}))
	}
	tell(p, lists)
	if b := extending(r.Ending); b != nil && r.Shows(reports.SectionEnding) {
		p.add(b)
	}
}

// askedFor says that something is asked for longer already; nil: it isn't.
func askedFor(r approvals.Request) approvals.Text {
	if l, asked := r.Asking(); asked {
		return say("#%v asks for longer", l.Number)
	}
	return nil
}

// reportRest is what follows the figures: what came of requests, what it costs, what is quiet, and the small print.
func reportRest(p *page, r reports.Report) {
	if quietReport(r) {
		smallPrint(p, r)
		return
	}
	if n := r.EventCount; n > 0 && r.Shows(reports.SectionChanges) {
		t := told{title: say("*What came of requests* since %v", r.Since), more: n - len(r.Events)}
		for _, e := range r.Events {
			t.lines = append(t.lines, came(e))
		}
		tell(p, []told{t})
	}
	if r.Shows(reports.SectionCost) {
		p.section(costs(r)...)
	}
	p.section(filled([]approvals.Text{quiet(r), unknown(r)})...)
	smallPrint(p, r)
}

func of(title approvals.Text, list []approvals.Request, more int, line func(approvals.Request) approvals.Text) told {
	t := told{title: title, more: more}
	for _, q := range list {
		t.lines = append(t.lines, line(q))
	}
	return t
}

// tell draws lists, all of them together in some room at most: each says how many more there are.
func tell(p *page, lists []told) {
	n := 0
	for _, t := range lists {
		n += min(len(t.lines), 1)
	}
	for _, t := range lists {
		if len(t.lines) == 0 {
			continue
		}
		lines := append([]approvals.Text{t.title}, t.lines...)
		if t.more > 0 {
			lines = append(lines, say("and %v more", t.more))
			t.more-- // the line itself is not one of them
		}
		p.list(min(requestsRoom, listsRoom/n), lines, func(left int) approvals.Text { return say("and %v more", max(left+t.more, 1)) })
	}
}

// headDigits is how many digits of the log's last hash a digest shows: 32 of them are 128 bits, which nobody finds a second log
// for, whatever they try, and half of what anybody would have to copy.
const headDigits = 32

// smallPrint is who asked for it, what it is, and where the audit log ends.
func smallPrint(p *page, r reports.Report) {
	var last []approvals.Text
	if r.AskedBy != "" {
		last = append(last, say("Requested by %v", r.AskedBy))
	}
	last = append(last, say("Report %v, made %v", clip(r.Name, nameLength), r.At))
	if head := r.Head; head.Seq > 0 {
		head.Hash = head.Hash[:min(len(head.Hash), headDigits)]
		last = append(last, say("Audit log up to `%v`", clip(head.String(), 128)))
	}
	p.small("", last...)
}
