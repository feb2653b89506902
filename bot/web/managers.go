package web

import (
	"context"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
)

const (
	// profileFor is how long what a profile says of somebody's manager is believed. Slack tells nobody when it changes.
	profileFor = 24 * time.Hour
	// profileAnew is the age at which it is read again behind, so that hardly anybody who asks waits for it.
	profileAnew = profileFor / 2
	// profileRound is how often is looked for what has reached that age.
	profileRound = time.Hour
)

// Profiles answers whom people's Slack profiles name as their managers; it implements approvals.Profiles. The field is found
// by its label once, and by its id from then on. Answers are remembered with their age, errors never.
type Profiles struct {
	slack    *Client
	label    string
	accepted bool
	// Alarm tells the admins that the field can't be used; nil: the log alone says so.
	Alarm func(ctx context.Context, topic string, say approvals.Text)

	fields memory[struct{}, found]
	claims memory[entry, approvals.Claim]

	mu sync.Mutex
	id string // of the field, once it was found
}

// entry is one field of somebody's profile.
type entry struct {
	of    approvals.PersonID
	field string
}

// found is the field that names managers, or why there is none to be used, and when that was read.
type found struct {
	field Field
	lack  approvals.Lack
	read  time.Time
}

// NewProfiles reads managers from the profile field with a label; accepted says that it is used although members set it
// themselves.
func NewProfiles(s *Client, label string, accepted bool) *Profiles {
	return &Profiles{slack: s, label: label, accepted: accepted,
		fields: memory[struct{}, found]{keep: profileFor, now: s.now},
		claims: memory[entry, approvals.Claim]{keep: profileFor, now: s.now}}
}

// Manager implements approvals.Profiles.
func (p *Profiles) Manager(ctx context.Context, of approvals.PersonID) (approvals.Claim, error) {
	f, ok := p.fields.get(struct{}{})
	if !ok {
		var err error
		if f, err = p.findField(ctx); err != nil {
			return approvals.Claim{}, err
		}
	}
	if f.lack != "" {
		return approvals.Claim{Lack: f.lack, Read: f.read}, nil
	}
	at := entry{of, f.field.ID}
	if claim, ok := p.claims.get(at); ok {
		return claim, nil
	}
	return p.read(ctx, at)
}

// Recalled implements approvals.Profiles.
func (p *Profiles) Recalled() map[approvals.PersonID]approvals.PersonID {
	f, ok := p.fields.get(struct{}{})
	if !ok || f.lack != "" {
		return nil
	}
	out := map[approvals.PersonID]approvals.PersonID{}
	for at, claim := range p.claims.all() {
		if at.field == f.field.ID && claim.By != "" {
			out[at.of] = claim.By
		}
	}
	return out
}

// read asks Slack what somebody's profile holds.
func (p *Profiles) read(ctx context.Context, at entry) (approvals.Claim, error) {
	return ask(ctx, p.slack, "manager of "+string(at.of)+" in "+at.field, func(ctx context.Context) (approvals.Claim, error) {
		value, err := p.slack.profileValue(ctx, at.of, at.field)
		if err != nil {
			return approvals.Claim{}, err
		}
		claim := ClaimOf(value, p.slack.now())
		p.claims.put(at, claim)
		return claim, nil
	})
}

// ClaimOf is what the value of a field that holds people says of somebody's manager.
func ClaimOf(value string, now time.Time) approvals.Claim {
	switch {
	case value == "":
		return approvals.Claim{Lack: approvals.LackNone, Read: now}
	case !personShape.MatchString(value):
		return approvals.Claim{Lack: approvals.LackWords, Read: now}
	}
	return approvals.Claim{By: approvals.PersonID(value), Read: now}
}

// findField asks Slack for the field.
func (p *Profiles) findField(ctx context.Context) (found, error) {
	return ask(ctx, p.slack, "the profile field of managers", func(ctx context.Context) (found, error) {
		fields, err := p.slack.profileFields(ctx)
		if err != nil {
			return found{}, err
		}
		f, why := p.choose(fields)
		p.fields.put(struct{}{}, f)
		if why != "" {
			p.unusable(ctx, why)
		}
		return f, nil
	})
}

// unusable says that the field names nobody's manager.
func (p *Profiles) unusable(ctx context.Context, why string) {
	p.slack.log.WarnContext(ctx, "the profile field for managers is not used", "label", p.label, "because", why)
	if p.Alarm != nil {
		p.Alarm(ctx, "profile field", approvals.Sayf("I can't read from Slack profiles who's whose manager, because %v: “%v” (people.manager_field in usher.yml). Until that's fixed, others decide instead of managers: whoever the policy escalates to, or you. `usher check` says what to do.", why, p.label))
	}
}

// choose finds the field by its id, else by its label; why it can't be used, where it can't.
func (p *Profiles) choose(fields []Field) (f found, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.read = p.slack.now()
	named := Labelled(fields, p.label)
	for _, one := range fields {
		if one.ID == p.id {
			named = []Field{one}
		}
	}
	switch {
	case len(named) == 0:
		why = "no field has this label"
	case len(named) > 1:
		why = "several fields have this label"
	case !named[0].Names():
		why = "the field holds something other than people"
	}
	if why != "" {
		f.lack = approvals.LackField
	} else if f.field = named[0]; f.field.Editable && !p.accepted {
		why, f.lack = "members can set the field themselves, and so choose who decides what they ask", approvals.LackChoice
	}
	p.id = f.field.ID
	return f, why
}

// Run finds the field, and then reads behind what has reached half its age, until ctx ends. What can't be read stays as it
// is, and is read at the latest by who needs it.
func (p *Profiles) Run(ctx context.Context) {
	if _, err := p.findField(ctx); err != nil && ctx.Err() == nil {
		p.slack.log.WarnContext(ctx, "the profile field for managers could not be looked for yet; it is with the first request", "err", err)
	}
	for Pause(ctx, profileRound) == nil {
		if err := p.renew(ctx); err != nil && ctx.Err() == nil {
			p.slack.log.WarnContext(ctx, "profiles could not be read again; who is whose manager is known from before, for a day", "err", err)
		}
	}
}

func (p *Profiles) renew(ctx context.Context) error {
	for range p.fields.older(profileAnew) {
		if _, err := p.findField(ctx); err != nil {
			return err
		}
	}
	f, ok := p.fields.get(struct{}{})
	if !ok || f.lack != "" {
		return nil
	}
	for _, at := range p.claims.older(profileAnew) {
		if at.field != f.field.ID {
			continue // nobody asks for it any more
		}
		if err := Pause(ctx, spacing); err != nil {
			return err
		}
		if _, err := p.read(ctx, at); err != nil {
			return err
		}
	}
	return nil
}
