package config

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/reports"
)

// ReportConfig is one entry of reports.
type ReportConfig struct {
	Name     string
	Schedule string // cron, five fields, proven to fire
	// Timezone is whose clock the schedule is read by; Reader says that it is each reader's own, and Timezone is UTC then.
	Timezone *time.Location
	Reader   bool
	Channel  string // an id, or "#name"; "" where it goes to people
	// People are who gets it, each by direct message: people and user groups, or the one word managers or needed.
	People []string
	// Apps and Sections are what stands in it; nil: all there is.
	Apps     []string
	Sections []string
	// OnlyIfChanged leaves out a slot that has nothing new.
	OnlyIfChanged bool
	// As is the file that the report is, by its ending (xlsx or csv); "": it's a message.
	As string
	// Skip leaves out what was missed while the program was down, which is made up once otherwise.
	Skip bool
	At   Position
}

// Zone is what its schedule is read by, as a configuration says it.
func (r ReportConfig) Zone() string {
	if r.Reader {
		return readerZone
	}
	return r.Timezone.String()
}

const (
	// readerZone is the word for each reader's own zone.
	readerZone = "reader"

	expectReports  = "name, schedule, timezone, channel, people, apps, sections, only_if_changed, as and missed"
	expectZone     = "a zone of the IANA list, such as Europe/London, or reader for each reader's own (left out: UTC)"
	expectReaders  = "a list of people (U… or W…) and user groups (S…), such as [U0DAVE, S0LEADS], or [managers] or [needed]"
	expectReader   = "a person (U… or W…), a user group (S…), managers or needed"
	expectSections = "a list of sections (left out: all that apply)"
)

// sectionNames are what a report can have in it.
func sectionNames() (out []string) {
	for _, s := range reports.Sections() {
		out = append(out, string(s))
	}
	return out
}

func (v value) reports(cfg *Config) []ReportConfig {
	var out []ReportConfig
	for _, item := range v.list("the report", "a list of reports, or no reports at all") {
		o := item.object(expectReports, "name", "schedule", "timezone", "channel", "people", "apps", "sections", "only_if_changed", "as", "missed")
		rep := ReportConfig{At: item.At, Channel: o.get("channel").channel(), People: o.get("people").readers(),
			Apps:          o.get("apps").defined(cfg.appIDs(), "app", expectApps),
			Sections:      o.get("sections").defined(sectionNames(), "section", expectSections),
			OnlyIfChanged: o.get("only_if_changed").Truth(false),
			As:            o.get("as").OneOf(reports.Formats...),
			Skip:          o.get("missed").OneOf("once", "skip") == "skip",
		}
		rep.Timezone, rep.Reader = o.get("timezone").timezone()
		name := o.need("name", expectID)
		rep.Name = name.identifier(func(name string) bool {
			return slices.ContainsFunc(out, func(r ReportConfig) bool { return r.Name == name })
		})
		name.unlike(rep.Name)
		rep.Schedule = o.need("schedule", expectCron).schedule()
		o.crowded(rep)
		o.addressed(cfg, &rep)
		o.fitting(rep)
		out = append(out, rep)
	}
	return out
}

// othersNames are what other things go by under which files are told apart and what is read is kept.
var othersNames = []string{"register", "review"}

// unlike refuses a report's name that other things go by.
func (v value) unlike(name string) {
	if slices.Contains(othersNames, name) {
		v.Wrong(v.At, "name is %s, which Usher calls something else; expected a different name, such as %s", v.Shown(), name+"-report")
	}
}

// crowded warns of a schedule that comes more often than a report is posted.
func (o object) crowded(rep ReportConfig) {
	if read, err := reports.ParseSchedule(rep.Schedule, ""); err == nil && read.Crowded() && !strings.HasPrefix(rep.Schedule, "* ") { // of a minute of * it's said already
		at := o.get("schedule")
		at.Warn(at.At, "schedule is %s, and a report is posted every %d minutes at most: what comes sooner is left out", at.Shown(), int(reports.Floor.Minutes()))
	}
}

// addressed settles where a report goes: to people, to its channel, or to that of all reports.
func (o object) addressed(cfg *Config, rep *ReportConfig) {
	channel, people := o.get("channel"), o.get("people")
	switch {
	case people.Given() && channel.Given():
		people.Wrong(people.At, "%s has both a channel and people; expected one of them, or two reports", o.Name)
	case people.Given():
	case rep.Channel == "":
		rep.Channel = cfg.Slack.ReportsChannel
		if o.readable() && !channel.Given() && rep.Channel == "" {
			o.Wrong(o.At, "%s has no channel and no people, and slack has no reports_channel to use instead; expected one of them", o.Name)
		}
	}
	if zone := o.get("timezone"); rep.Reader && !people.Given() {
		zone.Wrong(zone.At, "timezone is reader, and a channel has readers in many zones; expected people beside it, or a zone such as Europe/London")
	}
}

// fitting refuses what means nothing for some readers: what is theirs alone has its own shape, and is nothing to compare.
func (o object) fitting(rep ReportConfig) {
	word := rep.Word()
	if word == "" {
		return
	}
	for _, key := range []string{"sections", "only_if_changed", "as"} {
		if v := o.get(key); v.Given() {
			v.Wrong(v.At, "%s means nothing for people: [%s], which shows each reader what is theirs; leave it out", key, word)
		}
	}
}

// Word is the one word that stands for the readers, managers or needed; "" where they are named.
func (r ReportConfig) Word() string {
	if len(r.People) == 1 && slices.Contains(reports.Words, r.People[0]) {
		return r.People[0]
	}
	return ""
}

// readers is a list of people and user groups, or of one of the words alone.
func (v value) readers() []string {
	items := v.list("the reader", expectReaders)
	if v.Given() && v.IsList() && len(items) == 0 {
		v.Wrong(v.At, "people is empty; expected %s", expectReaders)
	}
	var out []string
	for _, item := range items {
		s, ok := item.Text(expectReader)
		word := slices.Contains(reports.Words, s)
		switch {
		case !ok:
		case word && len(items) > 1:
			item.Wrong(item.At, "people has %s beside others, and what it sends is something else; expected it alone, and the others in a report of their own", s)
		case !word && !personID.MatchString(s) && !groupID.MatchString(s):
			item.Bad(expectReader)
		case slices.Contains(out, s):
			item.Wrong(item.At, "%s %s is listed twice; expected it once", item.Name, s)
		default:
			out = append(out, s)
		}
	}
	return out
}

func (v value) timezone() (zone *time.Location, reader bool) {
	s, ok := v.Text(expectZone)
	if !ok {
		return time.UTC, false
	}
	if s == readerZone {
		return time.UTC, true
	}
	zone, err := time.LoadLocation(s)
	if err != nil || s == "Local" {
		v.Bad(expectZone)
		return time.UTC, false
	}
	return zone, false
}

// schedule is five cron fields. What of them is allowed and hardly meant is a warning.
func (v value) schedule() string {
	s, ok := v.Text(expectCron)
	if !ok {
		return ""
	}
	read, err := reports.ParseSchedule(s, "")
	misread, understood := errors.AsType[reports.Misread](err)
	switch {
	case understood:
		v.Wrong(v.At, "schedule is %s: %s", v.Shown(), misread)
	case err != nil: // reports.ErrNever; the zone is right
		v.Wrong(v.At, "schedule is %s, which never happens; expected a day that the month has", v.Shown())
	}
	for _, doubt := range read.Doubts() {
		v.Warn(v.At, "schedule is %s: %s", v.Shown(), doubt)
	}
	return s
}
