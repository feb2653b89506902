package simulation

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// In one seed of three, somebody's manager may decide too: two are in the configuration, others in a field of the profile, one
// of which holds words. Nobody is Bob's.

const managerField = "Xf0MANAGER"

var (
	configured = map[approvals.PersonID]approvals.PersonID{"U0ALICE": "U0ERIN", "U0DAVE": "U0BOB"}
	inProfiles = map[approvals.PersonID]string{"U0ALICE": "U0BOB", "U0FRED": "U0DAVE", "U0ERIN": "Bob Baker"}
)

// managed is a configuration with managers, where the seed wants them.
func (s setting) managed(config string) string {
	if !s.Managers {
		return config
	}
	config = strings.Replace(config, "apps:\n", "people: {managers: {U0ALICE: U0ERIN, U0DAVE: U0BOB}, manager_field: Manager}\napps:\n", 1)
	return strings.ReplaceAll(config, "[U0BOB, S0LEADS]", "[manager, U0BOB, S0LEADS]")
}

// employ fills in the profiles.
func (s *simulation) employ() {
	if !s.setting.Managers {
		return
	}
	s.N.Slack.AddProfileField(slacksim.ProfileField{ID: managerField, Label: "Manager", Type: "user", SCIM: true})
	for who, says := range inProfiles {
		s.N.Slack.SetProfile(string(who), managerField, says)
	}
}

// methods are what may go wrong of Slack's.
func (s *simulation) methods() []string {
	if s.setting.Managers {
		return append([]string{"users.profile.get", "team.profile.get"}, slackMethods...)
	}
	return slackMethods
}

// managerOf is who is somebody's manager; "": nobody.
func managerOf(of approvals.PersonID) approvals.PersonID {
	if by := configured[of]; by != "" {
		return by
	}
	if by := inProfiles[of]; strings.HasPrefix(by, "U0") {
		return approvals.PersonID(by)
	}
	return ""
}

// decidesAsManager reports whether somebody is among those who decide a request because of who is whose manager.
func decidesAsManager(r approvals.Request, who approvals.Actor) bool {
	m := r.Managed()
	return m != nil && (m.By == who.Person() || m.By == "" && slices.Contains(r.Rule.People(), who.Person()))
}

// managers: whoever is pinned as one is that, of whom it is for or of who asked, and gains nothing; where nobody is, those
// it escalates to decide.
func (s *simulation) managers(all []approvals.Request) {
	for _, r := range all {
		m := r.Managed()
		if !s.setting.Managers || m == nil {
			if s.setting.Managers && !s.setting.Rules { // a policy may approve by itself, or refuse
				s.Errorf("#%d has no manager's step", r.Number)
			}
			continue
		}
		for _, who := range []approvals.PersonID{m.By, m.Named} {
			if who != "" && who != managerOf(m.Of) {
				s.Errorf("#%d: %s is taken for the manager of %s, who is %s", r.Number, who, m.Of, managerOf(m.Of))
			}
		}
		s.count("managers: " + map[bool]string{true: "pinned", false: "missing"}[m.By != ""])
		switch {
		case m.Of != r.Requester && string(m.Of) != idOf(r.Change.Email):
			s.Errorf("#%d is for %s, asked by %s, and decided by the manager of %s", r.Number, r.Change.Email, r.Requester, m.Of)
		case r.Change.Person != "" && m.Of != r.Change.Person:
			s.Errorf("#%d is for %s, and decided by the manager of %s", r.Number, r.Change.Person, m.Of)
		case m.By != "" && (m.By == r.Requester || m.By == r.Change.Person || m.Instead != ""):
			s.Errorf("#%d: %s gains from it, and is its manager", r.Number, m.By)
		case m.By == "" && (m.Lack == "" || m.Instead != approvals.SteadEscalation):
			s.Errorf("#%d: nobody is its manager, because of %q, and %q decides", r.Number, m.Lack, m.Instead)
		case m.Lack == approvals.LackNone && managerOf(m.Of) != "":
			s.Errorf("#%d: nobody was found for %s, whose manager is %s", r.Number, m.Of, managerOf(m.Of))
		}
		for _, by := range r.Yes() {
			if m.By != "" && by == approvals.Actor(m.By) {
				s.count("managers: decided")
			}
		}
	}
}
