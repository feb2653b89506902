package main

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
)

// laws are what holds once all is healed and time has passed, whatever happened before.
func (s *simulation) laws() {
	s.pass(0)
	ctx := context.Background()
	require.NoError(s.t, s.app.store.Check(ctx), "the store")
	all := s.requests()
	slices.Reverse(all)
	for _, r := range all {
		s.count("requests: " + string(r.State))
		s.note("#%d %s for %s: %s", r.Number, targetOf(r), r.Requester, r.State)
	}
	s.ended(all)
	s.asked(all)
	s.acknowledged(all)
	s.voted(all)
	s.onceEach(all)
	s.onTheCard(all)
	s.stops(all)
	s.leavers(all)
	s.messages(all)
	s.whispers()
	for _, line := range s.logs.take() {
		if strings.Contains(line, "panic") {
			s.Errorf("it panicked: %s", line)
		}
	}
}

func (s *simulation) requests() []approvals.Request {
	all, err := s.app.desk.Requests(context.Background(), approvals.Filter{All: true}, 1000)
	require.NoError(s.t, err)
	return all
}

// observe follows the states of the requests: what is closed stays as it is, and nothing expires early
// (but for a clock that is so little wrong that nobody corrects it).
func (s *simulation) observe() {
	if s.app == nil || s.life.over() {
		return
	}
	for _, r := range s.requests() {
		was := s.seen[r.Number]
		if was == approvals.InDoubt || r.State == approvals.InDoubt && was != r.State {
			s.count("doubts: seen")
		}
		if was.Terminal() && was != approvals.Failed && r.State != was {
			s.Errorf("#%d was %s and is %s", r.Number, was, r.State)
		}
		if was != r.State && r.State == approvals.Expired {
			for _, w := range s.wishes {
				if early := s.setting.Expires - time.Since(w.at); w.target == targetOf(r) && w.who == string(r.Requester) && early > 2*tolerance && s.wishesOf(r) == 1 {
					s.Errorf("#%d closed itself %v too early", r.Number, early)
				}
			}
		}
		s.seen[r.Number] = r.State
	}
}

func (s *simulation) wishesOf(r approvals.Request) (n int) {
	for _, w := range s.wishes {
		if w.target == targetOf(r) && w.who == string(r.Requester) {
			n++
		}
	}
	return n
}

// ended: no request is left in the air, and none failed without a cause.
func (s *simulation) ended(all []approvals.Request) {
	for _, r := range all {
		if !r.State.Terminal() {
			s.Errorf("#%d is still %s", r.Number, r.State)
		}
		if r.State == approvals.Failed && !s.mayFail(r, all) {
			s.Errorf("#%d failed without a cause: %s", r.Number, r.Outcome.Text.Plain())
		}
	}
}

// leavers: nobody is given anything who had left before the deed began and did not come back before it was done.
func (s *simulation) leavers(all []approvals.Request) {
	for _, r := range all {
		who := string(r.Change.Person)
		if who != "" && r.State == approvals.Failed && strings.Contains(r.Outcome.Text.Plain(), "has left") {
			s.count("leavers: given nothing")
		}
		if who == "" || r.State != approvals.Done || !r.Gives() || r.Attempt > 1 || r.Outcome.Said != "" {
			continue
		}
		if away := s.awayFor(who, r.Outcome.At); away > 0 && r.Outcome.At.Add(-away).Before(r.Started) {
			s.Errorf("#%d gave something to %s, who had left %v before it was begun", r.Number, who, r.Started.Sub(r.Outcome.At.Add(-away)))
		}
	}
}

func (s *simulation) mayFail(r approvals.Request, all []approvals.Request) bool {
	if s.changed(r) || r.Outcome.Said != "" {
		return true // it was something else by then; or an admin closed it too late to try it again
	}
	if s.everLeft(idOf(r.Change.Email)) || s.refusing || s.setting.Seats < 40 || r.Change.Email == owner || r.Change.Email == holder {
		return true
	}
	return slices.ContainsFunc(all, func(o approvals.Request) bool { // it was done before, or undone
		return o.Number != r.Number && o.Change.Email == r.Change.Email && o.State == approvals.Done
	})
}

// asked: every request was asked by its requester, at most once for each time they did.
func (s *simulation) asked(all []approvals.Request) {
	opened := map[string]int{}
	for _, r := range all {
		key := string(r.Requester) + " " + targetOf(r)
		if opened[key]++; opened[key] > s.wishesOf(r) {
			s.Errorf("#%d: %s asked for %s %d times, and that opened %d requests", r.Number, r.Requester, targetOf(r), s.wishesOf(r), opened[key])
		}
		if r.Requester == "U0GUEST" {
			s.Errorf("#%d was asked by a guest", r.Number)
		}
	}
}

// acknowledged: what was acknowledged is so.
func (s *simulation) acknowledged(all []approvals.Request) {
	for _, r := range all {
		if s.taken[r.Number] && r.State != approvals.Canceled {
			s.Errorf("#%d was taken back, and is %s", r.Number, r.State)
		}
	}
	for b := range s.counted {
		i := slices.IndexFunc(all, func(r approvals.Request) bool { return r.Number == b.n })
		if i < 0 {
			s.Errorf("#%d is gone, on which %s voted", b.n, b.who)
			continue
		}
		if v, ok := all[i].VoteOf(approvals.Actor(b.who)); !ok || v.Yes != b.yes {
			s.Errorf("#%d: the yes of %s was acknowledged, and is not there", b.n, b.who)
		}
	}
}

// voted: every vote in the audit was pressed by somebody who may decide and had not asked, once; and
// the state of each request is what its votes amount to.
func (s *simulation) voted(all []approvals.Request) {
	cast := map[ballot]int{}
	err := s.app.store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil || !strings.HasPrefix(e.What, "voted ") {
			return err
		}
		b := ballot{e.Request, string(e.Actor), e.What == "voted yes"}
		cast[b]++
		r := all[e.Request-1]
		switch {
		case !slices.Contains(deciders, b.who):
			s.Errorf("#%d: the vote of %s was counted, who is a stranger", b.n, b.who)
		case b.who == string(r.Requester):
			s.Errorf("#%d: its requester %s voted", b.n, b.who)
		case b.who == idOf(r.Change.Email):
			s.Errorf("#%d: %s voted, whom it is for", b.n, b.who)
		case s.votes[b] == 0:
			s.Errorf("#%d: %s never pressed what was counted", b.n, b.who)
		case cast[b] > 1 || cast[ballot{b.n, b.who, !b.yes}] > 0:
			s.Errorf("#%d: %s voted twice", b.n, b.who)
		case s.awayFor(b.who, e.At) > 6*time.Minute: // what Slack said of somebody is remembered for five
			s.Errorf("#%d: %s had left and voted", b.n, b.who)
		}
		return nil
	})
	require.NoError(s.t, err)
	for _, r := range all {
		yes, no := 0, 0
		for _, v := range r.Votes {
			yes, no = yes+one(v.Yes), no+one(!v.Yes)
		}
		switch r.State {
		case approvals.Done, approvals.Failed:
			require.GreaterOrEqual(s.t, yes, s.setting.Need, "#%d was approved", r.Number)
			require.Zero(s.t, no, "#%d was approved", r.Number)
		case approvals.Denied:
			require.Equal(s.t, 1, no, "#%d was denied", r.Number)
		case approvals.Canceled:
			require.EqualValues(s.t, r.Requester, r.DecidedBy, "#%d was taken back", r.Number)
		}
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// awayFor is for how long somebody had been deactivated at a moment.
func (s *simulation) awayFor(who string, at time.Time) time.Duration {
	away := time.Duration(0)
	for i, t := range s.gone[who] {
		if i%2 == 0 && at.After(t) && (i+1 == len(s.gone[who]) || at.Before(s.gone[who][i+1])) {
			away = at.Sub(t)
		}
	}
	return away
}

// keyOf is the key of the promise that a message of ours keeps; "" where it bears none.
func keyOf(m slacksim.Message) string {
	return borneBy(m).Key
}

// ofOf is whose promise it is: the nonce of a request, or the name of a database.
func ofOf(m slacksim.Message) string { return borneBy(m).Of }

func borneBy(m slacksim.Message) (p struct{ Key, Of string }) {
	if m.Metadata == nil || json.Unmarshal(m.Metadata.Payload, &p) != nil {
		return struct{ Key, Of string }{}
	}
	return p
}

// messages: every message of the bot keeps a promise that was called for, none twice, each shows what
// is so, and none is missing.
func (s *simulation) messages(all []approvals.Request) {
	may := s.expected(all)
	for _, c := range s.n.slack.Channels() {
		for _, m := range s.n.slack.Messages(c.ID) {
			if m.User == slacksim.BotUser && keyOf(m) != "" {
				s.explain(may, c, m)
			}
		}
	}
	for key, e := range may {
		if e.must && e.found == 0 {
			s.Errorf("the message %s is missing", key)
		}
	}
	for topic := range s.alarmed {
		if s.heard[topic] == 0 {
			s.Errorf("the admins were not told of %s", topic)
		}
	}
}

// expectation is a message that may or must stand, in which conversation, and what it shows.
type expectation struct {
	must  bool
	in    string // a channel, or the person of a direct message
	show  *bot.Message
	found int
}

func (s *simulation) explain(may map[string]*expectation, c slacksim.Channel, m slacksim.Message) {
	key, in := keyOf(m), c.ID
	if c.IM {
		in = c.User
	}
	e := may[key]
	if strings.HasPrefix(key, bot.KindAlarm+"/") && in == "U0ADMIN" && s.alarming(key) {
		s.heard[strings.Split(key, "/")[1]]++
		if s.heard[key]++; s.heard[key] > 1 {
			s.Errorf("%s was said %d times", key, s.heard[key])
		}
		return
	}
	if strings.HasPrefix(key, bot.KindAlarm+"/no-admin/") && in == "C0APPROVE" && s.anotherID() {
		return // told that its workspace is another one, it takes the admin for a stranger until it is told again
	}
	if e == nil {
		s.Errorf("nobody can explain %s in %s: %s", key, in, m.Text)
		return
	}
	e.found++
	switch {
	case e.in != in:
		s.Errorf("%s stands in %s instead of %s", key, in, e.in)
	case e.found > 1:
		s.Errorf("%s stands there %d times", key, e.found)
	case e.show != nil && (m.Text != e.show.Text || !reflect.DeepEqual(blocks(s.t, e.show.Blocks), blocks(s.t, m.Blocks)) || !strings.Contains(string(m.Metadata.Payload), e.show.Digest())):
		s.Errorf("%s shows what is not so:\n%s\ninstead of\n%s", key, m.Text, e.show.Text)
	}
}

// anotherID reports whether Slack has answered with the id of something else.
func (s *simulation) anotherID() bool {
	return s.figures["faults: slack other id, applied false"]+s.figures["faults: slack other id, applied true"] > 0
}

// alarming reports whether there was cause for an alarm.
func (s *simulation) alarming(key string) bool {
	topic := strings.Split(key, "/")[1]
	switch kind, about, _ := strings.Cut(topic, "-"); kind {
	case "channel":
		return s.blocked[about]
	case "connections":
		return s.figures["faults: slack ghost"] > 0
	case "stuck":
		return s.figures["faults: vendor away"]+s.figures["faults: vendor silent"] > 0 || s.refusing
	}
	return false
}

// expected are all messages that the end of a history may show.
func (s *simulation) expected(all []approvals.Request) map[string]*expectation {
	may := map[string]*expectation{}
	for _, r := range all {
		card := bot.Card(r)
		key := approvals.CardKey(r.Number)
		may[key] = &expectation{must: !s.deleted[key], in: "C0APPROVE", show: &card}
		requester := string(r.Requester)
		if r.State != approvals.Canceled {
			may[approvals.TellKey(r.Number, r.State, r.Attempt)] = &expectation{must: !s.everLeft(requester), in: requester}
		}
		for attempt := 1; attempt < r.Attempt; attempt++ { // it failed, was told, and was started again
			may[approvals.TellKey(r.Number, approvals.Failed, attempt)] = &expectation{in: requester}
		}
		if r.Lapsed { // at once, or when its time came
			may[approvals.LapsedKey(r.Number, r.Attempt)] = &expectation{in: requester}
		}
		if r.Escalated {
			desk := bot.AdminCard(r)
			may[approvals.AdminKey(r.Number, "U0ADMIN")] = &expectation{must: r.State == approvals.Failed, in: "U0ADMIN", show: &desk}
		}
	}
	s.digests(may)
	return may
}

// digests are the reports: one for each slot of the schedule, made up within a day where the program was
// down, and those an admin asked for.
func (s *simulation) digests(may map[string]*expectation) {
	const day = 24 * time.Hour
	slot := s.began.UTC().Truncate(day).Add(time.Duration(s.setting.Slot) * time.Minute)
	for ; time.Since(slot) > 0; slot = slot.Add(day) {
		lived := s.awake(slot, slot.Add(day))
		if lived == 0 && s.awake(slot.Add(-tolerance), slot) == 0 { // a clock that is a little fast is believed (clock.go)
			s.count("reports: left out, too late")
			continue
		}
		may[reports.SlotKey("daily", slot.Format(reports.SlotLayout))] = &expectation{must: lived > 2*time.Hour || time.Since(slot) < day, in: "C0REPORTS"}
		s.count("reports: posted")
	}
	for _, m := range s.n.slack.Messages("C0GENERAL") {
		if key := keyOf(m); strings.HasPrefix(key, reports.Kind+"/") && s.reported > 0 {
			may[key] = &expectation{in: "C0GENERAL"}
			s.reported--
		}
	}
}

// whispers: nobody got more private answers than they gave cause for.
func (s *simulation) whispers() {
	for _, u := range s.n.slack.Users() {
		n := 0
		for _, m := range append(s.n.slack.Ephemerals(u.ID), s.n.slack.DM(u.ID)...) {
			n += one(m.User == slacksim.BotUser && keyOf(m) == "")
		}
		if n > s.heard[u.ID] {
			s.Errorf("%s got %d private answers to %d acts", u.ID, n, s.heard[u.ID])
		}
	}
}
