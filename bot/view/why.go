package view

import (
	"github.com/usherbot/usher/approvals"
)

// itself says of a request that nobody is asked to approve what it waits for.
func itself(r approvals.Request) approvals.Text {
	if r.Rule.Open {
		return say("*Can approve* depends on what I'm still reading in %v", appName(r.App))
	}
	return say("*Approves itself* by policy “%v”, as soon as I've checked it in %v", clip(r.Rule.Policy, nameLength), appName(r.App))
}

// whyPolicy draws why this policy rules a request, where that hung on anything: the same tree as the command line and
// the audit log have.
func whyPolicy(p *page, r approvals.Request) {
	why := r.Rule.Chosen
	if n := len(why); r.State != approvals.Pending && n > 0 {
		why = why[n-1:] // which is enough once it is decided
	}
	p.small("", approvals.Branches(why)...)
}

// Why is the whole tree of a request, for whoever asks about it alone: its policy, and step by step who said yes, who
// is missing and who was set aside.
func Why(r approvals.Request) []approvals.Text { return approvals.Branches(r.Explain()) }
