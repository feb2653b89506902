package check

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/terminal"
)

// nextTimes is how many of a report's times `usher check` shows.
const nextTimes = 5

// reports tells when each report comes next, in its own zone: what is on paper five fields is then a date. Where each reader's
// own zone counts there is no moment, only what their clocks show.
func (t *Table) reports(cfg *config.Config, now time.Time) {
	for _, r := range cfg.Reports {
		schedule, err := reports.ParseSchedule(r.Schedule, r.Timezone.String())
		if err != nil {
			t.fail("report "+r.Name, err.Error(), "correct its schedule in the configuration")
			continue
		}
		next := schedule.NextTimes(now, nextTimes)
		if r.Reader {
			t.ok("report "+r.Name, "next: %s, by each reader's own clock%s", timesInWords(next), asFile(r))
			continue
		}
		t.ok("report "+r.Name, "next: %s, in %s%s", timesInWords(next), r.Timezone, asFile(r))
		(*t)[len(*t)-1].Times = next
	}
}

// asFile says that a report is a file.
func asFile(r config.ReportConfig) string {
	if r.As == "" {
		return ""
	}
	return "; as a file (." + r.As + ")"
}

// fileless fails the reports that are files where the app may add none to Slack.
func (c *slackCheck) fileless() {
	if c.granted == nil || slices.Contains(c.granted, web.ScopeUploads) {
		return
	}
	for _, r := range c.cfg.Reports {
		if r.As != "" {
			c.fail("report "+r.Name, "it's a file (as: "+r.As+"), and without the scope "+web.ScopeUploads+" nobody gets it", "grant the scope, or leave as out of the configuration")
		}
	}
}

// readers looks at who gets reports by direct message. One shows whose accounts are whose, so only full members get it; where
// nobody is left of them, nobody reads it.
func (c *slackCheck) readers(ctx context.Context) {
	for _, r := range c.cfg.Reports {
		if len(r.People) == 0 {
			continue
		}
		thing := "report " + r.Name
		switch r.Word() {
		case reports.ForManagers:
			if len(c.cfg.People.Managers) == 0 && c.cfg.People.ManagerField == "" {
				c.fail(thing, "nobody's manager is known, so nobody gets it", "fill in managers or manager_field under people in the configuration")
				continue
			}
			c.ok(thing, "goes to each manager whose people have something")
			continue
		case reports.ForNeeded:
			c.ok(thing, "goes to each person whom a request or a task waits for")
			continue
		}
		if c.lacks(thing, "users:read") {
			continue
		}
		c.readersOf(ctx, thing, r)
	}
}

func (c *slackCheck) readersOf(ctx context.Context, thing string, r config.ReportConfig) {
	able, known := 0, true
	for _, id := range r.People {
		if approvals.IsGroup(id) {
			members, ok := c.readersIn(ctx, thing, approvals.GroupID(id))
			able, known = able+members, known && ok
			continue
		}
		s := c.look(ctx, approvals.PersonID(id))
		switch {
		case s.err != nil:
			known = false
			c.fail(thing, slackSaid(s.err), advice(s.err, "check again in a minute"))
		case s.able():
			able++
		default:
			c.warn(thing, s.name+" "+s.flaw+", so they get none: only full members do", "name somebody else under people in the configuration")
		}
	}
	switch {
	case known && able == 0:
		c.fail(thing, "nobody it goes to is a full member, so nobody reads it", "name others under people in the configuration")
	case known:
		c.ok(thing, "%s", terminal.Plural(able, "reader", "readers"))
	}
}

// readersIn counts the members of a user group that get a report; false: that could not be found out.
func (c *slackCheck) readersIn(ctx context.Context, thing string, g approvals.GroupID) (int, bool) {
	if c.lacks(thing, "usergroups:read") {
		return 0, false
	}
	members, err := c.probe.Group(ctx, g)
	switch {
	case codeOf(err) == "no_such_subteam":
		c.fail(thing, "Slack doesn't know the user group "+string(g), correctGroup)
		return 0, true
	case err != nil:
		c.fail(thing, slackSaid(err), advice(err, "check again in a minute"))
		return 0, false
	}
	able := 0
	for _, id := range members[:min(len(members), mostMembers)] {
		if s := c.look(ctx, id); s.err == nil && s.able() {
			able++
		}
	}
	return able + max(0, len(members)-mostMembers), true
}

// timesInWords is "Mon 30 Nov 2026 09:00, Mon 7 Dec 09:00": the year only where it is another than before.
func timesInWords(times []time.Time) string {
	words := make([]string, len(times))
	year := 0
	for i, at := range times {
		layout := "Mon 2 Jan 15:04"
		if at.Year() != year {
			layout, year = "Mon 2 Jan 2006 15:04", at.Year()
		}
		words[i] = at.Format(layout)
	}
	return strings.Join(words, ", ")
}
