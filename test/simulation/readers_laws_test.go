package simulation

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// readershipLaws are what holds in the end.
func (s *simulation) readershipLaws() {
	all := s.whole()
	s.asked(all)
	s.acknowledged(all)
	told := s.told()
	s.nothingTwice()
	world.FiledOnce(s, s.N.Slack.Messages("C0REPORTS"))
	for _, d := range told {
		s.inTime(d)
		switch d.report {
		case "changed", "skipped":
			s.asItWas(d)
		case "people":
			s.ofTheirPeople(d)
		case "needs":
			s.stillWaits(d, all)
		}
	}
	s.onlyNews(told)
	s.noneMissing(told)
	s.askedOnceInTwoWeeks()
	s.daysRemembered()
	s.whispers()
	s.unpanicked()
}

// digest is a report as it stands: to whom, of which slot, when that was due, and when it was posted.
type digest struct {
	report, slot, reader string
	due, at              time.Time
	slacksim.Message
}

// told are all reports that stand, each in its place, in the order in which they were posted.
func (s *simulation) told() (all []digest) {
	for _, c := range s.N.Slack.Channels() {
		for _, m := range s.N.Slack.Messages(c.ID) {
			key := world.KeyOf(m)
			if outbox.Kind(key) != reports.Kind {
				continue
			}
			d := digest{Message: m, at: time.Unix(web.Seconds(m.TS), 0)}
			parts := strings.Split(key, "/")
			if d.report, d.slot = parts[1], parts[2]; len(parts) > 3 {
				d.reader = parts[3]
			}
			var ok bool
			if d.due, ok = s.slotOf(d.report, d.slot, d.reader); !ok {
				s.Errorf("%s is no slot of a report", key)
				continue
			}
			if in := map[bool]string{true: c.User, false: c.ID}[c.IM]; in != map[bool]string{true: d.reader, false: "C0REPORTS"}[d.reader != ""] {
				s.Errorf("%s stands with %s", key, in)
			}
			s.note("%s at %v: %.100q", key, d.at.UTC(), d.Text)
			s.count("digests: of " + d.report)
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b digest) int { return a.at.Compare(b.at) })
	return all
}

// nothingTwice: each message stands once.
func (s *simulation) nothingTwice() (stand map[string]int) {
	stand = map[string]int{}
	for _, c := range s.N.Slack.Channels() {
		for _, m := range s.N.Slack.Messages(c.ID) {
			if b := world.BorneBy(m); m.User == slacksim.BotUser && b.Key != "" {
				at := fmt.Sprintf("%s of %s in %s%s", b.Key, b.Of, c.ID, c.User)
				if stand[at]++; stand[at] == 2 {
					s.Errorf("%s stands there twice: %s", at, m.Text)
				}
				s.count("messages: of kind " + outbox.Kind(b.Key))
			}
		}
	}
	return stand
}

// inTime: a report comes when it's due, and not a day later; one that makes up for nothing only where the program was up when it was due.
func (s *simulation) inTime(d digest) {
	key := world.KeyOf(d.Message)
	if late := d.at.Sub(d.due); late < -app.Tolerance || late > reports.Late+lateAtMost+app.Tolerance {
		s.Errorf("%s was posted %v after it was due", key, late)
	}
	if d.report == "skipped" && s.awake(d.due.Add(-app.Tolerance), d.due.Add(15*time.Minute+app.Tolerance)) == 0 {
		s.Errorf("%s was missed, and was made up for at %v", key, d.at)
	}
}

// agoOf is from when the figures of a digest are that couldn't be had.
var agoOf = regexp.MustCompile(`as of <!date\^(\d+)\^`)

// usedIn is how many accounts a digest counts.
var usedIn = regexp.MustCompile(`(\d+) of 400 used`)

// asItWas: a digest names every account that was blocked when the app was read, and none that wasn't; as many accounts are counted as there
// were, none lost between two pages. What couldn't be read is said to be of when it was read, and what couldn't be read for hours
// isn't told as if it had been.
func (s *simulation) asItWas(d digest) {
	from, to := d.due.Add(-20*time.Minute), d.at
	if strings.Contains(d.Text, "couldn't be read") {
		s.count("digests: told what was known before")
		ago := agoOf.FindStringSubmatch(d.Text)
		if ago == nil {
			s.count("digests: nothing was known before")
			return
		}
		unix, err := strconv.ParseInt(ago[1], 10, 64)
		require.NoError(s.T, err)
		from, to = time.Unix(unix, 0).Add(-20*time.Minute), time.Unix(unix, 0).Add(time.Minute)
	} else if slices.ContainsFunc(s.away, func(a stretch) bool {
		return a.from.Before(d.due.Add(-2*time.Hour)) && a.to.After(d.at)
	}) {
		s.Errorf("%s tells of an app that was away since hours as if it had been read: %.200s", world.KeyOf(d.Message), d.Text)
	}
	for _, email := range limitless {
		ever, always := s.blockedIn(email, from, to)
		switch named := slices.Contains(d.blocked(), email); {
		case named && !ever:
			s.Errorf("%s names %s as blocked, which it wasn't from %v to %v", world.KeyOf(d.Message), email, from, to)
		case !named && always:
			s.Errorf("%s lacks %s, which was blocked from %v to %v", world.KeyOf(d.Message), email, from, to)
		}
	}
	if used := usedIn.FindStringSubmatch(d.Text); used != nil {
		if n, _ := strconv.Atoi(used[1]); !slices.Contains(s.countsIn(from, to), n) { // digits only
			s.Errorf("%s counts %d accounts, and there were %v", world.KeyOf(d.Message), n, s.countsIn(from, to))
		}
	}
}

// countsIn are how many accounts there were at any time in a stretch.
func (s *simulation) countsIn(from, to time.Time) []int {
	n, counts := s.filled, []int{s.filled}
	for _, c := range s.N.Vendor.Effects() {
		if c.At.After(to) {
			break
		}
		n += world.One(c.Op == vendorsim.Create) - world.One(c.Op == vendorsim.Delete)
		if c.At.Before(from) {
			counts = nil
		}
		counts = append(counts, n)
	}
	return counts
}

// theirs is whose an address or a name is that a manager may read of.
var theirs = regexp.MustCompile(`(alice|dave|fred)\d*@acme\.example|<@(U0ALICE|U0DAVE|U0FRED)>`)

// ofTheirPeople: a manager reads of nobody but their own people.
func (s *simulation) ofTheirPeople(d digest) {
	for _, found := range theirs.FindAllStringSubmatch(d.Text, -1) {
		who := found[2]
		if who == "" {
			who = "U0" + strings.ToUpper(found[1])
		}
		if readersManagers[who] != d.reader {
			s.Errorf("%s reads of %s, who is none of theirs: %s", d.reader, who, d.Text)
		}
	}
}

// stillWaits: what somebody is told waits for them waits, and it is theirs to decide.
func (s *simulation) stillWaits(d digest, all []approvals.Request) {
	for _, found := range namesRequest.FindAllStringSubmatch(d.Text, -1) {
		n, err := strconv.ParseInt(found[1], 10, 64)
		require.NoError(s.T, err)
		r := all[n-1]
		over := s.overSince(n)
		switch {
		case r.Asked.After(d.at.Add(app.Tolerance)) || !over.IsZero() && d.at.Sub(over) > lateAtMost+2*app.Tolerance:
			s.Errorf("%s tells that #%d waits, and it waited no more since %v", world.KeyOf(d.Message), n, over)
		case !slices.Contains(deciders, d.reader) || string(r.Requester) == d.reader:
			s.Errorf("%s tells %s of #%d, which isn't theirs to decide", world.KeyOf(d.Message), d.reader, n)
		}
	}
}

// overSince is when a request ceased to wait; zero: it waits.
func (s *simulation) overSince(n int64) (at time.Time) {
	s.entries(func(e approvals.Entry) {
		if e.Request == n && e.Before == approvals.Pending && e.After != approvals.Pending {
			at = e.At
		}
	})
	return at
}

// entries are those of the audit log.
func (s *simulation) entries(each func(approvals.Entry)) {
	for _, e := range s.Entries() {
		each(e)
	}
}

// shakenBy reports whether something was done, in a stretch, by which a try may come to nothing.
func (s *simulation) shakenBy(from, to time.Time) bool {
	return slices.ContainsFunc(s.shaken, func(at time.Time) bool { return at.After(from) && at.Before(to) }) ||
		slices.ContainsFunc(s.lived, func(l stretch) bool { return l.from.After(from) && l.from.Before(to) })
}

// blocked are the accounts that a digest names as blocked.
func (d digest) blocked() []string {
	return slices.DeleteFunc(slices.Clone(limitless), func(email string) bool { return !strings.Contains(d.Text, "• "+email) })
}

// onlyNews: of two digests that come only with news, one after the other, the second tells another thing than the first.
func (s *simulation) onlyNews(told []digest) {
	var last digest
	for _, d := range told {
		if d.report != "changed" {
			continue
		}
		unread := strings.Contains(d.Text+last.Text, "couldn't be read")
		if last.slot != "" && !unread && !s.shakenBy(last.due.Add(-24*time.Hour), d.at.Add(time.Minute)) && slices.Equal(last.blocked(), d.blocked()) {
			s.Errorf("%s was posted though nothing changed since %s: %v", world.KeyOf(d.Message), last.slot, d.blocked())
		}
		last = d
	}
}

// noneMissing: once all was healed, every report has come that was due, but for one that comes only with news and had none.
func (s *simulation) noneMissing(told []digest) {
	has := func(report, reader string, after time.Time) bool {
		return slices.ContainsFunc(told, func(d digest) bool {
			return d.report == report && d.reader == reader && d.due.After(after) && strings.Contains(d.Text, map[string]string{"people": "<@U0ALICE>"}[report])
		})
	}
	for _, want := range []struct{ report, reader string }{{"skipped", ""}, {"people", readersManagers["U0ALICE"]}, {"needs", "U0BOB"}} {
		if !has(want.report, want.reader, time.Now().Add(-25*time.Hour)) {
			s.Errorf("the last %s for %q is missing", want.report, want.reader)
		}
	}
	if !has("changed", "", time.Now().Add(-25*time.Hour)) {
		s.Errorf("the last change wasn't said: %v", s.flips)
	}
}

// askedOnceInTwoWeeks: whoever holds an account is asked about it once in two weeks, and has a message for no other question.
func (s *simulation) askedOnceInTwoWeeks() {
	last, times := map[string]time.Time{}, map[string]int{}
	s.entries(func(e approvals.Entry) {
		var d struct{ Email, Whom string }
		if e.What != "who holds an account is asked about it" || json.Unmarshal(e.Detail, &d) != nil {
			return
		}
		s.count("digests: a holder was asked")
		if before := last[d.Email]; !before.IsZero() && e.At.Sub(before) < 14*24*time.Hour-app.Tolerance {
			s.Errorf("the holder of %s was asked at %v and at %v, twice in two weeks", d.Email, before, e.At)
		}
		last[d.Email] = e.At
		times[d.Whom]++
	})
	for _, who := range holders {
		n := 0
		for _, m := range s.N.Slack.DM(who) {
			n += world.One(outbox.Kind(world.KeyOf(m)) == approvals.KindHolder)
		}
		if n > times[who] {
			s.Errorf("%s has %d questions, and was asked %d times", who, n, times[who])
		}
	}
}
