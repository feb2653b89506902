package register

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Mend is the request that would mend a finding.
type Mend struct {
	App    string       `json:"app"`
	Action catalog.Verb `json:"action"`
	Email  string       `json:"email"`
	// Key and Choice are the field that changes, and to what; "": none.
	Key    string `json:"key,omitempty"`
	Choice string `json:"choice,omitempty"`
	Reason string `json:"reason"`
}

// Typed is how one would ask for it.
func (m Mend) Typed() string {
	line := "/access " + string(m.Action) + " " + m.Email + " app=" + m.App
	if m.Key != "" {
		line += " " + m.Key + "=" + m.Choice
	}
	return line + " because " + m.Reason
}

// because are the reasons that a request gives which mends a finding.
var because = map[Kind]string{
	StillThere:    "it was to be gone and is still there",
	PastEnd:       "its time is over",
	Orphan:        "it belongs to nobody we know",
	NeverApproved: "nobody approved it",
	NobodyUses:    "nobody uses it",
	OffElsewhere:  "they're switched off in a company directory",
	OffInSlack:    "their Slack account is deactivated",
	StillCounted:  "they are gone and the seat is still counted",
	LeftCompany:   "they left the company",
	TwoAddresses:  "they have it under another address too",
	RoleDiffers:   "the role isn't the one that was approved",
	NeverJoined:   "they were invited and never joined",
}

// Mends is the request that would mend a finding; false: the app has none. A role is set right where an account can
// be given it; all else is mended by taking the account away.
func (f Finding) Mends(e *catalog.Entry) (Mend, bool) {
	if e == nil || f.Beside {
		return Mend{}, false
	}
	m := Mend{App: f.App, Email: f.Email, Reason: because[f.Kind]}
	for _, a := range e.Actions {
		if field, ok := a.Field(roleKey(e)); ok && f.Kind == RoleDiffers && a.Effect == catalog.Changes {
			if c, ok := choiceIn(field, f.Given); ok { // an account can't become everything that it can be made as
				m.Action, m.Key, m.Choice = a.Key, field.Key, c.ID
				return m, true
			}
		}
	}
	for _, a := range e.Actions {
		if a.Ends {
			m.Action = a.Key
			return m, true
		}
	}
	return Mend{}, false
}

// Say is a finding in a sentence, but for who it is about and what mends it.
func (f Finding) Say() approvals.Text {
	switch f.Kind {
	case StillThere:
		return approvals.Sayf("#%v took it away %v, and it's still listed.", f.Request, f.Since)
	case NeverApproved:
		return approvals.Sayf("listed, and no request gave it.")
	case StillCounted:
		if f.Request != 0 {
			return approvals.Sayf("deactivated, and still on the list (#%v).", f.Request)
		}
		return approvals.Sayf("deactivated, and still on the list.")
	case PastEnd:
		return approvals.Sayf("#%v gave it until %v, and it's still there.", f.Request, f.Since)
	case Orphan:
		return approvals.Sayf("nobody in Slack has this address, and no request gave it.")
	case NobodyUses:
		if f.Lacks != "" {
			return approvals.Sayf("sees no %v.", f.Lacks)
		}
		return approvals.Sayf("last used %v.", f.Since)
	case LeftCompany:
		if long := f.Last.Sub(f.First); long >= 24*time.Hour {
			return approvals.Sayf("deactivated in Slack since %v at the latest, and still has it %v later.", f.First, approvals.Days(long.Truncate(24*time.Hour)))
		}
		return approvals.Sayf("deactivated in Slack, and still has it.")
	case OffElsewhere, OffInSlack:
		return f.sayStands()
	case TwoAddresses:
		return approvals.Sayf("also listed as %v.", f.Also)
	case RoleDiffers:
		return approvals.Sayf("listed as “%v”; #%v gave “%v”.", f.Listed, f.Request, f.Given)
	}
	return approvals.Sayf("invited %v, and hasn't joined.", f.Since)
}
