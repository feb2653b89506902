package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/terminal"
)

// managers looks at who is whose manager, where a policy asks for one or the configuration says so: the profile field, the
// people the configuration names, and, as far as is known who there is, whether they have a manager who can decide, and
// whether managers are each other's.
func (c *slackCheck) managers(ctx context.Context) {
	said := c.cfg.People
	if !slices.ContainsFunc(c.cfg.Policies(), approvals.Policy.NeedsManager) && said.ManagerField == "" && len(said.Managers) == 0 {
		return
	}
	field, usable := c.managerField(ctx)
	for _, id := range slices.Compact(slices.Sorted(maps.Values(said.Managers))) {
		c.person(ctx, id, "manager")
	}
	if c.granted != nil && !slices.Contains(c.granted, "users:read") {
		return // the rows above say so
	}
	all := chart{boss: map[approvals.PersonID]approvals.PersonID{}}
	maps.Copy(all.boss, said.Managers)
	if usable {
		all.ask = func(id approvals.PersonID) (approvals.Claim, error) { return c.probe.ManagerIn(ctx, id, field) }
	}
	c.chart(ctx, all)
}

// managerField looks at the profile field that names managers; usable: Usher takes what it says.
func (c *slackCheck) managerField(ctx context.Context) (field web.Field, usable bool) {
	label := c.cfg.People.ManagerField
	thing := "profile field " + label
	if label == "" || c.lacks(thing, web.ScopeProfiles) {
		return field, false
	}
	fields, err := c.probe.Fields(ctx)
	named := web.Labelled(fields, label)
	switch {
	case err != nil:
		c.fail(thing, slackSaid(err), advice(err, "take people.manager_field out of the configuration, or see why Slack doesn't show profile fields"))
	case len(named) == 0:
		c.fail(thing, "no profile field has this label"+peopleFields(fields), "put the label of the right one into people.manager_field, or add the field to your workspace's profiles")
	case len(named) > 1:
		c.fail(thing, fmt.Sprintf("%d profile fields have this label, so nobody knows which one is meant", len(named)), "give one of them another label in Slack, or name another field")
	case !named[0].Names():
		c.fail(thing, fmt.Sprintf("holds %s and not a person, so nobody's manager is known by it", typeOf(named[0])), "make it a field that takes people, or name another one"+peopleFields(fields))
	case named[0].Editable && !c.cfg.People.FieldEditable:
		c.fail(thing, "members can set it themselves, and so choose who decides their requests; Usher doesn't use it like that",
			"have it filled from your directory (SCIM) or keep members from editing it; or accept it with people.manager_field_editable: accepted")
	case named[0].Editable:
		c.warn(thing, "members can set it themselves, and so choose who decides their requests, which the configuration accepts", "have it filled from your directory (SCIM), or keep members from editing it")
		return named[0], true
	default:
		c.ok(thing, "names people, and members can't set it themselves (%s)", named[0].ID)
		return named[0], true
	}
	return field, false
}

func typeOf(f web.Field) string {
	if f.Type == "" {
		return "words"
	}
	return strings.ReplaceAll(f.Type, "_", " ")
}

// peopleFields names the fields that hold people, where there are any.
func peopleFields(fields []web.Field) string {
	var labels []string
	for _, f := range fields {
		if f.Names() {
			labels = append(labels, terminal.Quoted(f.Label))
		}
	}
	if len(labels) == 0 {
		return ""
	}
	return "; fields that hold people: " + strings.Join(labels, ", ")
}

// chart is who is whose manager, and what is odd about that.
type chart struct {
	// boss are the managers by the configuration, and those of profiles that were read; ask reads one, nil: none are.
	boss map[approvals.PersonID]approvals.PersonID
	ask  func(approvals.PersonID) (approvals.Claim, error)
	// looked is at how many people, none of whom nobody is named for.
	looked      int
	none, flaws []string
}

// chart looks at everybody whom the checks before have met, as far as that goes, and writes the row about managers.
func (c *slackCheck) chart(ctx context.Context, all chart) {
	asked := 0
	for _, id := range c.met() {
		if _, said := all.boss[id]; !said && all.ask != nil {
			if asked++; asked > mostMembers {
				break
			}
		}
		if err := c.above(ctx, &all, id); err != nil {
			c.warn(managersRow, "not all could be looked at: "+slackSaid(err), advice(err, "check again in a minute"))
			return
		}
	}
	for _, loop := range loops(all.boss) {
		names := make([]string, len(loop))
		for i, id := range loop {
			names[i] = c.nameOf(ctx, id)
		}
		all.flaws = append(all.flaws, "a loop: "+strings.Join(append(names, names[0]), " → "))
	}
	c.charted(all)
}

// above looks at somebody's manager.
func (c *slackCheck) above(ctx context.Context, all *chart, id approvals.PersonID) error {
	name, boss := c.nameOf(ctx, id), all.boss[id]
	if boss == "" && all.ask != nil {
		claim, err := all.ask(id)
		if err != nil {
			return err
		}
		if claim.Lack == approvals.LackWords {
			all.flaws = append(all.flaws, name+"'s profile holds something else than one person")
		}
		if boss = claim.By; boss != "" {
			all.boss[id] = boss
		}
	}
	all.looked++
	switch {
	case boss == "":
		all.none = append(all.none, name)
	case boss == id:
		all.flaws = append(all.flaws, name+" is their own manager")
	default:
		if s := c.look(ctx, boss); s.err == nil && !s.able() {
			all.flaws = append(all.flaws, fmt.Sprintf("%s, the manager of %s, %s", s.name, name, s.flaw))
		}
	}
	return nil
}

// managersRow is what the row about managers is called.
const managersRow = "managers"

// charted writes the row about managers. That somebody at the top has none is as it should be.
func (c *slackCheck) charted(all chart) {
	named := all.looked - len(all.none)
	found := fmt.Sprintf("%d of %s looked at %s a manager", named, terminal.Plural(all.looked, "person", "people"), has(named))
	if len(all.none) > 0 {
		found += "; nobody is named for " + strings.TrimPrefix(because(all.none), ": ") + ", so others decide what they ask (escalate_to, else the admins)"
	}
	switch {
	case all.looked == 0:
		c.ok(managersRow, "nobody to look at")
	case len(all.flaws) > 0:
		c.warn(managersRow, found+because(all.flaws), "correct people.managers, or the profiles")
	case named == 0:
		c.warn(managersRow, found, "fill in people.managers, or the profile field")
	default:
		c.ok(managersRow, "%s", found)
	}
}

func has(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// met are the people whom the checks before have looked at and who can ask, and those the configuration names a manager of.
func (c *slackCheck) met() []approvals.PersonID {
	all := slices.Collect(maps.Keys(c.cfg.People.Managers))
	for id, s := range c.people {
		if s.able() && id != "" {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *slackCheck) nameOf(ctx context.Context, id approvals.PersonID) string {
	if s := c.look(ctx, id); s.name != "" {
		return s.name
	}
	return string(id)
}

// loops are those of some managers who are, over others, their own; each begins with the one that sorts first.
func loops(boss map[approvals.PersonID]approvals.PersonID) (out [][]approvals.PersonID) {
	seen := map[approvals.PersonID]bool{}
	for _, first := range slices.Sorted(maps.Keys(boss)) {
		var line []approvals.PersonID
		id := first
		for !seen[id] && boss[id] != "" {
			seen[id] = true
			line = append(line, id)
			id = boss[id]
		}
		if at := slices.Index(line, id); at >= 0 && len(line)-at > 1 {
			out = append(out, line[at:])
		}
	}
	return out
}
