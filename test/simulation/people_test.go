package simulation

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/values"
	"github.com/usherbot/usher/test/world"
)

// seat is an account, or an address that could get one, with one thing to ask for.
type seat struct{ email, extra string }

// The people, by what they may do.
var (
	deciders  = []string{"U0BOB", "U0ERIN"}
	askers    = []string{"U0ALICE", "U0ALICE", "U0ALICE", "U0DAVE", "U0DAVE", "U0BOB", "U0ERIN", "U0FRED"}
	strangers = []string{"U0ALICE", "U0DAVE", "U0FRED", "U0GUEST", "U0ADMIN"}
)

// colleagues are wishes for people in Slack: those who leave, and one who decides.
var colleagues = []seat{{"dave@acme.example", "Dave"}, {"erin@acme.example", "Erin type=user"}, {"bob@acme.example", "Bob"}}

func isColleague(t seat) bool { return slices.Contains(colleagues, t) }

// idOf is the colleague who bears an address, or "".
func idOf(email string) string {
	if name, _, _ := strings.Cut(email, "@"); slices.ContainsFunc(colleagues, func(c seat) bool { return c.email == email }) {
		return "U0" + strings.ToUpper(name)
	}
	return ""
}

func pickOf[T any](s *simulation, list []T) T { return list[s.rng.IntN(len(list))] }

// furnish puts 20 seats there, and makes up what may be asked about each.
func (s *simulation) furnish() {
	s.memory = memory{fresh: map[approvals.Action][]seat{}, furnished: map[string][]string{}, heard: map[string]int{}, dealings: newDealings(), misfortunes: newMisfortunes()}
	s.N.Slack.SeedDemo()
	s.employ()
	vendorsim.SeedDemo(s.N.Vendor)
	s.balanceIs(topped)
	for i := range 4 {
		s.N.Vendor.AddAccount(vendorsim.Account{Email: fmt.Sprintf("shared%d@acme.example", i), FirstName: "S", SharedSites: []int64{101, 102, 105}})
		s.N.Vendor.AddAccount(vendorsim.Account{Email: fmt.Sprintf("updated%d@acme.example", i), FirstName: "U"})
		s.N.Vendor.AddAccount(vendorsim.Account{Email: fmt.Sprintf("deleted%d@acme.example", i), FirstName: "D"})
	}
	add := func(a approvals.Action, email, extra string) { s.fresh[a] = append(s.fresh[a], seat{email, extra}) }
	for i := range 4 {
		for _, site := range []string{"103", "104,107", "106", "109"} {
			add(catalog.Share, fmt.Sprintf("shared%d@acme.example", i), site)
		}
		add(catalog.Unshare, fmt.Sprintf("shared%d@acme.example", i), "101")
		add(catalog.Unshare, fmt.Sprintf("shared%d@acme.example", i), "102,105")
		add(catalog.Update, fmt.Sprintf("updated%d@acme.example", i), []string{"access=report_manual,report_scheduled", "amount=50 period=month",
			"access=audit_website", "access=report_manual amount=7 period=day"}[i])
		add(catalog.Delete, fmt.Sprintf("deleted%d@acme.example", i), "")
	}
	for _, colleague := range colleagues {
		add(catalog.Create, colleague.email, colleague.extra)
	}
	s.refused(add)
	for i := range 30 {
		email := fmt.Sprintf("new%02d@acme.example", i)
		if i%2 == 0 {
			with := seats[i/2%len(seats)]
			add(catalog.Create, email, "Nora sites="+with.typed)
			s.furnished[email] = with.means
			continue
		}
		add(catalog.Create, email, []string{"Nora", "Nora North", "Nora access=report_manual", "Nora type=user", "Nora amount=5 period=week"}[i/2%5])
	}
	for _, verb := range values.Verbs() {
		list := s.fresh[verb]
		s.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	made := s.fresh[catalog.Create] // colleagues come early more often than by chance: they are few
	slices.SortStableFunc(made, func(a, b seat) int { return world.One(!isColleague(a)) - world.One(!isColleague(b)) })
	for i := range 3 {
		j := i + s.rng.IntN(len(made)-i)
		made[i], made[j] = made[j], made[i]
	}
}

// owner owns websites, so that their account must not be deleted; holder has a seat already.
const owner, holder = "tomas.lind@acme.example", "priya.nair@acme.example"

var asksFor = regexp.MustCompile(`\*#(\d+)\* sent`)

// ask types a new wish, or one that was typed before.
func (s *simulation) ask(again bool) *slacksim.Delivery {
	verb := pickOf(s, slices.Concat(values.Verbs(), []approvals.Action{catalog.Create, catalog.Create}))
	if !again || len(s.wishes)+len(s.forgotten) == 0 {
		return s.askFor(verb, func(seat) bool { return true })
	}
	old := pickOf(s, slices.Concat(s.forgotten, s.wishes))
	return s.wishFor(verb, old.text, old.target)
}

// askFor types a new wish for the first seat of its kind that is fit.
func (s *simulation) askFor(verb approvals.Action, fit func(seat) bool) *slacksim.Delivery {
	i := slices.IndexFunc(s.fresh[verb], fit)
	if i < 0 {
		return nil
	}
	t := s.fresh[verb][i]
	s.fresh[verb] = slices.Delete(s.fresh[verb], i, i+1)
	text := strings.TrimSpace(fmt.Sprintf("%s %s %s because number %d", verb, t.email, t.extra, len(s.wishes)))
	return s.wishFor(verb, text, target(verb, t.email, strings.Split(t.extra, " for=")[0]))
}

func (s *simulation) wishFor(verb approvals.Action, text, target string) *slacksim.Delivery {
	w := &wish{who: pickOf(s, askers), text: text, target: target, at: time.Now()}
	s.othersOf(w)
	s.wishes = append(s.wishes, w)
	s.count("asks: " + string(verb))
	return s.types(w.who, w.text)
}

func (s *simulation) types(who, text string) *slacksim.Delivery {
	s.note("%s types %s", who, text)
	s.count("acts: typed")
	s.heard[who]++
	d := s.N.Slack.Type(who, "C0GENERAL", "/access "+text)
	s.last, s.lastBy, s.lastAt = d, who, time.Now()
	return d
}

// done waits for what was begun, notes how it went, and holds the program to what it acknowledged.
func (s *simulation) done(d *slacksim.Delivery) slacksim.Outcome {
	if d == nil {
		return slacksim.Outcome{}
	}
	out := d.Wait()
	s.Pass(0)
	s.note("  acked %v %s", out.Acked, out.Error)
	s.kept(out)
	m := asksFor.FindSubmatch(out.Payload)
	if m == nil {
		return out
	}
	n, _ := strconv.ParseInt(string(m[1]), 10, 64) // digits only
	s.note("  it is #%d", n)
	if s.App == nil || s.Life.Over() {
		return out
	}
	if _, err := s.App.Desk.Request(context.Background(), n); err != nil {
		s.Errorf("#%d was acknowledged, and is not there: %v", n, err)
	}
	s.seen[n] = approvals.Pending
	return out
}

// nonsense is what cannot be understood, or is not for everybody.
var nonsense = []string{"", "help", "help share", "status", "status 1", "status 999", "pending", "accounts", "accounts blocked", "sites", "sites acme",
	"show priya.nair@acme.example", "shar x@acme.example 101 because typo", "create", "create nobody because", "create x@acme.example",
	"cancel 0", "cancel 999", "cancel",
	"update updated0@acme.example access=nonsense because no",
	"create f@acme.example Fay type=user sites=103 because both", "create g@acme.example Gil sites= because none",
	"report weekly", "approve 1", "<!channel> *bold* `code`", "create e@acme.example <!channel> type=emperor because <@U0BOB>"}

// vague is what may be asked, and means nothing at the vendor: it is taken down of whoever may not know that.
var vague = []wish{
	{text: "delete nobody@acme.example because nobody", target: "delete nobody@acme.example"},
	{text: "update nobody@acme.example access=none because nobody", target: "update nobody@acme.example"},
	{text: "share shared0@acme.example nowhere.example because lost", target: "share shared0@acme.example nowhere.example"},
	{text: "share shared1@acme.example e because vague", target: "share shared1@acme.example e"},
}

// asksVaguely types one of these.
func (s *simulation) asksVaguely(who string) *slacksim.Delivery {
	w := pickOf(s, vague)
	w.who, w.at = who, time.Now()
	s.wishes = append(s.wishes, &w)
	s.count("asks: vague")
	return s.types(who, w.text)
}

// another number of a request: one that waits, a late one, now and then one that nobody asked.
func (s *simulation) number() int64 {
	top := len(s.wishes)
	if r, ok := s.waiting(); ok && s.rng.IntN(2) == 0 {
		return r.Number
	}
	if top == 0 || s.rng.IntN(30) == 0 {
		return int64(1 + s.rng.IntN(top+3))
	}
	return int64(max(1, top-s.rng.IntN(min(top, 4))))
}

// cardOf is the card of a request, if it stands.
func (s *simulation) cardOf(n int64) (slacksim.Message, bool) {
	for _, m := range s.N.Slack.Messages("C0APPROVE") {
		if world.KeyOf(m) == approvals.CardKey(s.shown(n)) && !s.lost[world.OfOf(m)] {
			return m, true
		}
	}
	return slacksim.Message{Channel: "C0APPROVE", TS: "946684800.000001"}, false
}

// press presses a button of a request's card: the card as it stands, or, where it has none (any more),
// as a phone that lags still shows it.
func (s *simulation) press(who string, n int64, label, action string) *slacksim.Delivery {
	s.note("%s presses %s on #%d", who, label, n)
	s.count("acts: pressed " + label)
	s.heard[who]++
	m, _ := s.cardOf(n)
	var d *slacksim.Delivery
	if slices.Contains(world.Buttons(m), label) {
		d = s.N.Slack.Click(who, m.Channel, m.TS, label)
	} else {
		d = s.N.Slack.ClickForged(who, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: action, Value: s.bears(n)})
	}
	s.last, s.lastBy, s.lastAt = d, who, time.Now()
	s.pressed = s.lastAt
	return d
}

// approves presses Approve. Where nothing stands against the vote, its ack is a promise.
func (s *simulation) approves(who string, n int64) *slacksim.Delivery {
	s.says(who, n, true)
	return s.press(who, n, "Approve", view.ActionApprove)
}

// denies presses Deny and fills in the form that opens, if it does.
func (s *simulation) denies(who string, n int64) {
	s.N.Slack.CloseAllViews(who)
	s.done(s.press(who, n, "Deny", view.ActionDeny))
	s.spend(4 * time.Second)
	views := s.N.Slack.Views(who)
	if len(views) == 0 {
		return
	}
	s.note("%s says why not", who)
	s.says(who, n, false)
	d := s.N.Slack.Submit(who, views[len(views)-1].ID, map[string]any{view.FieldReason: "not now"})
	s.last, s.lastBy, s.lastAt = d, who, time.Now()
	s.done(d)
	s.N.Slack.CloseAllViews(who)
}

// takesBack types cancel, mostly for what oneself has asked; an answer that says so is a promise.
func (s *simulation) takesBack() {
	who, n := pickOf(s, askers), s.number()
	if r, ok := s.request(n); ok && s.rng.IntN(3) > 0 {
		who = string(r.Requester)
	}
	out := s.done(s.types(who, fmt.Sprintf("cancel %d", n)))
	if strings.Contains(string(out.Payload), "canceled: ") {
		s.taken[n] = true
	}
}

// bears is what a button of request n bears.
func (s *simulation) bears(n int64) string {
	r, _ := s.request(n)
	r.Number = n
	return view.ButtonValue(r.Name())
}

// request is a request as it is kept now; false where there is none, or the program is down.
func (s *simulation) request(n int64) (approvals.Request, bool) {
	if s.App == nil || s.Life.Over() {
		return approvals.Request{}, false
	}
	r, err := s.App.Desk.Request(context.Background(), n)
	return r, err == nil
}

// waiting is a request that waits, if there is any.
func (s *simulation) waiting() (approvals.Request, bool) {
	if s.App == nil || s.Life.Over() {
		return approvals.Request{}, false
	}
	all := slices.DeleteFunc(s.requests(), func(r approvals.Request) bool { return r.State != approvals.Pending })
	if len(all) == 0 {
		return approvals.Request{}, false
	}
	return pickOf(s, all), true
}

// settles lets the admin work through the cards that ask something of her. She looks at the vendor,
// and says what is so.
func (s *simulation) settles(who string) {
	for _, m := range s.N.Slack.DM("U0ADMIN") {
		n := approvals.NumberOf(world.KeyOf(m))
		r, ok := s.request(n)
		if labels := world.Buttons(m); !ok || s.lost[world.OfOf(m)] || len(labels) == 0 || s.rng.IntN(3) == 0 {
			continue
		}
		label, action := "Try again", view.ActionRetry
		if r.State == approvals.InDoubt {
			if label, action = "It did not – try again", view.ActionNotHappened; r.End == nil && s.happened(r) || r.End != nil && s.isGone(r) {
				label, action = "It happened", view.ActionHappened
			}
		}
		s.note("%s presses %s on #%d", who, label, n)
		s.count("acts: pressed " + label)
		s.heard[who]++
		if who == "U0ADMIN" && slices.Contains(world.Buttons(m), label) {
			s.done(s.N.Slack.Click(who, m.Channel, m.TS, label))
			continue
		}
		s.done(s.N.Slack.ClickForged(who, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: action, Value: s.bears(n)}))
	}
}
