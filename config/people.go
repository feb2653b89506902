package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/terminal"
)

const (
	expectPeopleKeys = "managers, manager_field, manager_field_editable, quiet_hours, messages_per_day, requests and directories"
	expectQuiet      = "two times of the day, such as \"20:00-08:00\""
	expectMessages   = "a whole number of messages, 1 or more; leave it out for no limit"
	expectManagers   = "a mapping of people to their managers, such as {U0ALICE: U0BOB}"
	// accepted is how the configuration says that people may choose who decides their requests.
	accepted = "accepted"
	// mostMessages is past what anybody can read.
	mostMessages = 1000
)

// PeopleConfig is the section people: what is known of people beside what Slack lists.
type PeopleConfig struct {
	// Managers are the managers of people; each wins over the profile field.
	Managers map[approvals.PersonID]approvals.PersonID
	// ManagerField is the label of the Slack profile field that names the manager; "": none is read.
	ManagerField string
	// FieldEditable says that the field is used even where members can edit it themselves.
	FieldEditable bool
	// Quiet is when people are sent nothing but outcomes and what can't wait, by their own clocks.
	Quiet approvals.Quiet
	// MessagesPerDay is what one person is sent unasked on one day of theirs, outcomes and urgent things apart; 0: as much as there is.
	MessagesPerDay int
	// Requests bounds how much one person can ask.
	Requests approvals.Limits
	// Directories are where people are known from beside Slack, in the order of the file.
	Directories []DirectoryConfig
	// says: something is to say who is whose manager, rightly written or not.
	says bool
}

func (v value) people(cfg *Config) PeopleConfig {
	o := v.object(expectPeopleKeys, "managers", "manager_field", "manager_field_editable", "quiet_hours", "messages_per_day", "requests", "directories")
	field, editable := o.get("manager_field"), o.get("manager_field_editable")
	p := PeopleConfig{Managers: o.get("managers").managers(), ManagerField: field.label(), FieldEditable: editable.OneOf(accepted) == accepted,
		Quiet: o.get("quiet_hours").quiet(), MessagesPerDay: o.get("messages_per_day").Number(1, mostMessages, 0, expectMessages), Requests: o.get("requests").requests(), Directories: o.get("directories").directories(cfg),
		says: o.get("managers").Given() || field.Given()}
	if editable.Given() && !field.Given() {
		v.Wrong(editable.At, "manager_field_editable is about a profile field, but there's no manager_field; name the field, or take this out")
	}
	return p
}

// quiet are two times of the day, from the one to the other.
func (v value) quiet() (q approvals.Quiet) {
	s, ok := v.Text(expectQuiet)
	if !ok {
		return q
	}
	m := hours.FindStringSubmatch(strings.ReplaceAll(s, "–", "-"))
	if m == nil {
		v.Bad(expectQuiet)
		return q
	}
	at := func(hour, minute string) time.Duration {
		h, _ := strconv.Atoi(hour) // two digits each, as they were found
		n, _ := strconv.Atoi(minute)
		return time.Duration(h)*time.Hour + time.Duration(n)*time.Minute
	}
	if q.From, q.To = at(m[1], m[2]), at(m[3], m[4]); q.From == q.To {
		v.Wrong(v.At, "quiet_hours begin and end at the same time, which would be never or always; expected %s", expectQuiet)
	}
	return q
}

// hours is the shape of quiet hours.
var hours = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d) *- *([01]\d|2[0-3]):([0-5]\d)$`)

// managers are people with their managers. That somebody is at their own top is refused: nobody could say so of a form
// that asks for the manager.
func (v value) managers() map[approvals.PersonID]approvals.PersonID {
	out := map[approvals.PersonID]approvals.PersonID{}
	var order []entry
	for _, e := range v.entries(expectManagers) {
		e.Name = "the manager of " + terminal.Shortened(e.Key)
		boss, ok := e.Text(expectPerson)
		switch {
		case !personID.MatchString(e.Key):
			e.Wrong(e.KeyAt, "managers has the key %s; expected %s", terminal.Quoted(e.Key), expectPerson)
		case !ok:
		case !personID.MatchString(boss):
			e.Bad(expectPerson)
		case boss == e.Key:
			e.Wrong(e.At, "%s is given as their own manager; name somebody else, or leave them out", boss)
		default:
			out[approvals.PersonID(e.Key)] = approvals.PersonID(boss)
			order = append(order, e)
		}
	}
	told := map[approvals.PersonID]bool{}
	for _, e := range order {
		loop := loopFrom(out, approvals.PersonID(e.Key))
		if len(loop) == 0 || told[loop[0]] {
			continue
		}
		for _, id := range loop {
			told[id] = true
		}
		v.Wrong(e.At, "managers has a loop: %s; expected somebody at the top, who has no manager here", chain(append(loop, loop[0])))
	}
	return out
}

// loopFrom are the members of the loop that somebody is in, from them on; nil: they are in none.
func loopFrom(managers map[approvals.PersonID]approvals.PersonID, first approvals.PersonID) (loop []approvals.PersonID) {
	for id := first; ; {
		loop = append(loop, id)
		next, has := managers[id]
		switch {
		case !has || next != first && slices.Contains(loop, next):
			return nil // it ends, or the loop is of others further up
		case next == first:
			return loop
		}
		id = next
	}
}

func chain(ids []approvals.PersonID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, " → ")
}
