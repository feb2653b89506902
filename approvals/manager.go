package approvals

import (
	"context"
	"slices"
	"time"
)

// Managed is whom the word manager stood for when a request was asked, and how that is known. It is kept with the
// step, so that what the card, the status and the audit say of it stays true whatever the configuration or a profile
// says later.
type Managed struct {
	// Of is whose manager; "" to those who may not learn who is behind an address. By is who that is; "": nobody.
	Of PersonID `json:"of,omitempty"`
	By PersonID `json:"by,omitempty"`
	// Read is when their Slack profile was read; zero where the configuration says it.
	Read time.Time `json:"read,omitzero"`
	// Lack is why there is nobody, and Named who it would be, where somebody is named who can't.
	Lack  Lack     `json:"lack,omitempty"`
	Named PersonID `json:"named,omitempty"`
	// Instead are who decide in a manager's place; "" where there is one.
	Instead Stead `json:"instead,omitempty"`
}

// Lack is why nobody decides as somebody's manager.
type Lack string

// The lacks.
const (
	LackNone   Lack = "none"   // nobody is named
	LackAsker  Lack = "asker"  // it is who asks
	LackOwn    Lack = "own"    // it is whom the request is for
	LackLeft   Lack = "left"   // deactivated, or not known to Slack
	LackGuest  Lack = "guest"  // or of another workspace
	LackBot    Lack = "bot"    // no person
	LackWords  Lack = "words"  // the profile holds something that is not one person
	LackField  Lack = "field"  // the profile field can't be used as it is
	LackLate   Lack = "late"   // nobody looked when it was asked, because no policy wanted one then
	LackChoice Lack = "choice" // members may set the field themselves, which the configuration doesn't accept
)

// Stead is who decides in the place of a manager.
type Stead string

// Those who may stand there: whom the policy escalates to, else Usher's admins.
const (
	SteadEscalation Stead = "escalation"
	SteadAdmins     Stead = "admins"
	// SteadOwners are the app's owners, of what Usher asks.
	SteadOwners Stead = "owners"
)

// Claim is what a Slack profile says of somebody's manager.
type Claim struct {
	// By is who is named; "": nobody, for the reason in Lack.
	By   PersonID
	Lack Lack
	// Read is when the profile was read.
	Read time.Time
}

// Profiles answers whom somebody's Slack profile names as their manager. An error means that it could not be found out.
type Profiles interface {
	Manager(ctx context.Context, of PersonID) (Claim, error)
	// Recalled are the managers of those whose profiles are remembered.
	Recalled() map[PersonID]PersonID
}

// NeedsManager reports whether a step of the policy is decided by somebody's manager.
func (p Policy) NeedsManager() bool {
	return slices.ContainsFunc(p.Stages(), func(s Stage) bool { return slices.Contains(s.Approvers, Manager) })
}

// managedBy is a rule with somebody in the place of the word manager, on each step where it stands: who was found, or those
// instead of them, each once.
func (r Rule) managedBy(m Managed, instead []string) Rule {
	put := func(s Stage) Stage {
		at := slices.Index(s.Approvers, Manager)
		if at < 0 {
			return s
		}
		in := []string{string(m.By)}
		if m.By == "" {
			in = instead
		}
		all := slices.Concat(s.Approvers[:at], in, s.Approvers[at+1:])
		s.Approvers, s.Manager = meant(all, nil, nil), &m
		return s
	}
	first := put(Stage{Approvers: r.Approvers})
	r.Approvers, r.Manager = first.Approvers, first.Manager
	r.Then = slices.Clone(r.Then)
	for i, s := range r.Then {
		r.Then[i] = put(s)
	}
	return r
}

// findManager finds whom the word manager stands for in a request that one of some policies may rule; nil: none of them
// says it. It is the manager of whom the request is for, where that is somebody in Slack, and else of who asks. Nobody is
// taken on a guess: what Slack can't say refuses the request.
func (d *Desk) findManager(ctx context.Context, r Request, policies ...Policy) (*Managed, error) {
	if !slices.ContainsFunc(policies, Policy.NeedsManager) {
		return nil, nil
	}
	if r.Unpinned {
		return nil, Refuse(CannotTell, "I couldn't check with Slack just now whose address %v is, and their manager decides this, so nothing was sent. Please try again in a minute.", r.Change.Email)
	}
	m, err := d.managerOf(ctx, r)
	if err != nil {
		return nil, Refuse(CannotTell, "I couldn't check with Slack just now which manager decides this, so nothing was sent. Please try again in a minute.").Because(err)
	}
	return &m, nil
}

// LedBy is whose manager decides a request.
func (r Request) LedBy() PersonID {
	switch {
	case r.Occasion != nil && r.Occasion.Person != "":
		return r.Occasion.Person
	case r.Change.Person != "":
		return r.Change.Person
	}
	return r.Requester
}

// pinned is a policy as a request is pinned to it. Where nobody was found as the manager, the step is for those it
// escalates to, if others than who gain from it are among them, and else for the admins.
func (d *Desk) pinned(p Policy, r Request) Rule {
	rule := d.ruleOf(p, r.App.ID)
	if !p.NeedsManager() {
		return rule
	}
	m := Managed{Of: r.LedBy(), Lack: LackLate}
	if r.Manager != nil {
		m = *r.Manager
	}
	if m.By != "" {
		return rule.managedBy(m, nil)
	}
	if m.Instead = SteadEscalation; len(p.EscalateTo) > 0 {
		if r.Rule = rule.managedBy(m, p.EscalateTo); r.short(r.gainers()...) < 0 {
			return r.Rule
		}
	}
	if r.Occasion != nil {
		m.Instead = SteadOwners
		if r.Rule = rule.managedBy(m, d.ownersOf(r.App.ID)); r.short(r.gainers()...) < 0 {
			return r.Rule
		}
	}
	m.Instead = SteadAdmins
	return rule.managedBy(m, d.adminsNamed())
}

// managerOf finds the manager who decides a request: by the configuration, else by the profile.
func (d *Desk) managerOf(ctx context.Context, r Request) (Managed, error) {
	of := r.LedBy()
	m, claim := Managed{Of: of}, Claim{By: d.Managers[of], Lack: LackNone}
	if claim.By == "" && d.Profiles != nil {
		var err error
		if claim, err = d.Profiles.Manager(ctx, of); err != nil {
			return m, err
		}
		m.Read = claim.Read
	}
	if claim.By == "" {
		m.Lack = claim.Lack
		return m, nil
	}
	who, err := d.Directory.Person(ctx, claim.By)
	if err != nil {
		return m, err
	}
	if m.Lack = lackOf(who, claim.By, r); m.Lack != "" {
		m.Named = claim.By
		return m, nil
	}
	m.By = claim.By
	return m, nil
}

// ManagerOf finds somebody's manager, as the word stands for them in what is asked for them.
func (d *Desk) ManagerOf(ctx context.Context, of PersonID) (Managed, error) {
	return d.managerOf(ctx, Request{Change: Change{Person: of}})
}

// lackOf is why somebody who is named as the manager can't decide a request; "": they can.
func lackOf(who Person, id PersonID, r Request) Lack {
	switch {
	case slices.Contains(r.askers(), id):
		return LackAsker
	case slices.Contains(r.subjects(), id):
		return LackOwn
	case !who.Active:
		return LackLeft
	case who.Bot:
		return LackBot
	case who.Guest:
		return LackGuest
	}
	return ""
}

// Whose names somebody's manager, to put behind who that is: "<@U0ALICE>'s manager".
func (m Managed) Whose() Text {
	if m.Of == "" {
		return Sayf("the manager of who it's for")
	}
	return Sayf("%v's manager", m.Of)
}

// Source says how it is known who the manager is: "by the configuration", or by whose profile and since when.
func (m Managed) Source() Text {
	if m.Read.IsZero() {
		return Sayf("by the configuration")
	}
	return Sayf("by their Slack profile, read %v", m.Read)
}

// Text says of whom somebody is the manager, and how that is known.
func (m Managed) Text() Text { return Sayf("%v, %v", m.Whose(), m.Source()) }

// Missing says that there is nobody who decides as the manager, why, and who does instead; nil: there is somebody.
func (m *Managed) Missing() Text {
	if m == nil || m.By != "" {
		return nil
	}
	stead := "the admins decide"
	switch m.Instead {
	case SteadEscalation:
		stead = "who it would escalate to decides"
	case SteadOwners:
		stead = "the app's owners decide"
	}
	return Sayf("%v, so %v instead.", m.why().Capital(), stead)
}

func (m *Managed) why() Text {
	switch m.Lack {
	case LackAsker:
		if m.Named == m.Of {
			return Sayf("%v, who asked, is named as their own manager (%v)", m.Named, m.Source())
		}
		return Sayf("%v, who asked, is %v (%v)", m.Named, m.Whose(), m.Source())
	case LackOwn:
		return Sayf("%v, who it's for, is named as their own manager (%v)", m.Named, m.Source())
	case LackLeft:
		return Sayf("%v, %v (%v), has left", m.Named, m.Whose(), m.Source())
	case LackBot:
		return Sayf("%v, named as %v (%v), is a bot", m.Named, m.Whose(), m.Source())
	case LackGuest:
		return Sayf("%v, named as %v (%v), is a guest", m.Named, m.Whose(), m.Source())
	case LackWords:
		return Sayf("the Slack profile doesn't name one person as %v (read %v)", m.Whose(), m.Read)
	case LackField:
		return Sayf("the Slack profile field for managers can't be used as it is (read %v)", m.Read)
	case LackLate:
		return Sayf("who %v is wasn't looked up when this was asked", m.Whose())
	case LackChoice:
		return Sayf("people can set the Slack profile field for managers themselves (read %v)", m.Read)
	}
	if m.Read.IsZero() {
		return Sayf("nobody is named as %v", m.Whose())
	}
	return Sayf("nobody is named as %v (their Slack profile, read %v)", m.Whose(), m.Read)
}

// heardRule is the rule as it is told to whoever may not learn who is behind an address.
func (r Request) heardRule() Rule {
	rule := r.Rule
	rule.Manager = rule.Manager.heard(r)
	rule.Then = slices.Clone(rule.Then)
	for i := range rule.Then {
		rule.Then[i].Manager = rule.Then[i].Manager.heard(r)
	}
	return rule
}

// heard is whom the word manager stands for as it is told to whoever may not learn who is behind an address: nothing is
// said of whose manager it is, but where they named that person themselves.
func (m *Managed) heard(r Request) *Managed {
	if m == nil || m.Of == r.Requester || r.Said != nil && m.Of == r.Said.Person {
		return m
	}
	told := *m
	told.Of = ""
	if m.Lack == LackOwn {
		told.Lack, told.Named = LackNone, ""
	}
	return &told
}

// unmanaged is why a request can't be decided because of who stands for the manager in it; nil: that isn't why. which names
// the step.
func (r Request) unmanaged(which Text) error {
	m := r.Heard().Managed()
	switch {
	case m == nil:
		return nil
	case m.By == "":
		return Refuse(NotAllowed, "%v Without you and who it's for, there aren't enough approvers (%vpolicy “%v”), and nobody approves something for themselves. An admin can say who %v is, or add another approver.",
			m.Missing(), which, r.Rule.Policy, m.Whose())
	case r.short() >= 0:
		return Refuse(NotAllowed, "%v is %v, and is already counted as an approver, so there aren't enough people (%vpolicy “%v”). An admin can add another approver.",
			m.By, m.Text(), which, r.Rule.Policy)
	}
	return nil
}

// Managed is whom the word manager stood for in a request; nil: no step says it.
func (r Request) Managed() *Managed {
	for _, s := range r.Rule.Stages() {
		if s.Manager != nil {
			return s.Manager
		}
	}
	return nil
}

// Led are those whose manager somebody is, sorted, as far as that's known without asking: by the configuration, else by profiles that
// were read before.
func (d *Desk) Led(who PersonID) (out []PersonID) {
	for of, by := range d.Managers {
		if by == who {
			out = append(out, of)
		}
	}
	for of, by := range d.recalled() {
		if by == who && d.Managers[of] == "" && of != who {
			out = append(out, of)
		}
	}
	slices.Sort(out)
	return out
}

// leader is somebody's manager, as far as that's known without asking; "": it isn't, or there is none.
func (d *Desk) leader(of PersonID) PersonID {
	if by := d.Managers[of]; by != "" {
		return by
	}
	return d.recalled()[of]
}

func (d *Desk) recalled() map[PersonID]PersonID {
	if d.Profiles == nil {
		return nil
	}
	return d.Profiles.Recalled()
}

// Leads answers whether somebody is another one's manager, as policies find them.
func (d *Desk) Leads(ctx context.Context, who, of PersonID) Ruling {
	if who == "" || who == of {
		return MayNot
	}
	m, err := d.managerOf(ctx, Request{Requester: of})
	switch {
	case err != nil:
		d.Log.WarnContext(ctx, "cannot tell whether somebody is another one's manager", "person", who, "of", of, "err", err)
		return CouldNotTell
	case m.By == who:
		return May
	}
	return MayNot
}
