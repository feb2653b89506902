package view

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
)

// CallbackHome names a Home; like what forms are called it never changes its meaning.
const CallbackHome = "home"

// A Home has room for twice the blocks of a message, and for 250 kB in all, of which we fill less than half: what is counted
// here are characters, and some take three bytes.
const (
	homeBlocks = 100
	homeAll    = 80_000
	// homeLines is how many lines a list on it has, and homeList how long it is: it is read at a glance, and the commands
	// list the rest.
	homeLines = 20
	homeList  = 6_000
	// homeButtons is how much of it what waits may take with its buttons.
	homeButtons = homeAll / 4
)

// How far down each part of a Home may reach, in blocks, so that each has its place whatever comes before.
const (
	homeWaiting  = 44
	homeAsked    = 60
	homeLent     = 70
	homeHeld     = 76
	homeLed      = 80
	homeAmiss    = 86
	homeTroubles = 95
)

// Home is what somebody sees when they open Usher in Slack.
type Home struct{ View slack.HomeTabViewRequest }

// Digest is a stable hash of what it shows.
func (h Home) Digest() string {
	sum := sha256.Sum256(JSON(h.View))
	return hex.EncodeToString(sum[:])
}

// HomeOf draws somebody's Home, with what the register knows for it. health is for admins alone; nil: it is not theirs to see.
func HomeOf(h approvals.Home, held commands.Held, health *approvals.Health) Home {
	p := &page{left: homeAll, most: homeWaiting}
	greet(p, h)
	if h.Who.Full() {
		waitingFor(p, h)
	}
	tasksFor(p, h)
	reviewsFor(p, h, held)
	p.most = homeAsked
	askedBy(p, h)
	p.most = homeLent
	lentTo(p, h)
	p.most = homeHeld
	heldBy(p, h, held)
	p.most = homeLed
	ledBy(p, held)
	p.most = homeAmiss
	amiss(p, held.Amiss)
	p.most = homeTroubles
	if h.Troubles != nil {
		troubled(p, *h.Troubles)
	}
	p.most = homeBlocks
	if health != nil {
		wellbeing(p, *health)
	}
	return Home{slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: CallbackHome, Blocks: slack.Blocks{BlockSet: p.blocks}}}
}

// greet says what one can do here, and offers it.
func greet(p *page, h approvals.Home) {
	if !h.Who.Full() {
		p.section(say("Only full members of this workspace can ask for access here, so please have one of them ask for you."))
		return
	}
	p.section(say("Need access to something? Ask here. An approver says yes, and I set it up."))
	p.add(slack.NewActionBlock(blockForm, &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionForm, Style: slack.StylePrimary,
		Value: formValue(commands.Draft{}), Text: typed("Ask for access")}))
	if h.Away != nil {
		p.small("", say("%v. `/access back` ends it.", h.Away.Text().Capital()))
	}
}

// tight reports whether there is no place for a paragraph with its buttons.
func (p *page) tight() bool { return len(p.blocks)+2 > p.most-spare || p.left < maxObject }

// heading begins a part of it.
func heading(p *page, text string) {
	p.add(slack.NewDividerBlock())
	p.add(slack.NewHeaderBlock(typed(text)))
}

// rows are the lines of a list, so many at most, and what is said of the others.
func rows(p *page, lines []approvals.Text, others int, command string) {
	if over := len(lines) - homeLines; over > 0 {
		lines, others = lines[:homeLines], others+over
	}
	if others > 0 {
		lines, others = append(lines, say("and %v more: `%v`", others, command)), others-1 // the line that says so is no more
	}
	p.list(min(p.left, homeList), lines, func(left int) approvals.Text { return say("and %v more: `%v`", left+others, command) })
}

// waitingFor is what waits for their decision: the first few with their buttons, the others in a line each.
func waitingFor(p *page, h approvals.Home) {
	if len(h.Waiting)+h.Unknown == 0 && !h.Decides {
		return
	}
	heading(p, "Waiting for you")
	shown := 0
	for _, r := range h.Waiting {
		if shown == withButtons || homeAll-p.left > homeButtons || !waits(p, r) {
			break
		}
		shown++
	}
	var lines []approvals.Text
	for _, r := range h.Waiting[shown:] {
		lines = append(lines, say("*#%v* · %v · %v asks · expires %v%v", r.Number, closely(r), r.Asker(), r.Expires, escalatedShort(r)))
	}
	rows(p, lines, 0, "/access pending")
	switch {
	case h.Unknown > 0:
		p.small("", say("I couldn't check with Slack whether %v for you too. I'm looking again.", count(h.Unknown, "more request is", "more requests are")))
	case len(h.Waiting) == 0:
		p.section(say("There's nothing for you to decide right now."))
	}
}

// askedBy is what they asked, and who it waits for.
func askedBy(p *page, h approvals.Home) {
	if len(h.Open)+len(h.Lately) == 0 {
		return
	}
	heading(p, "What you've asked for")
	var lines []approvals.Text
	for _, r := range h.Open {
		lines = append(lines, askedLine(r))
	}
	if len(lines) == 0 {
		lines = append(lines, say("Nothing is open."))
	}
	rows(p, lines, h.MoreOpen, "/access status")
	askedBack(p, h.Open)
	lines = nil
	for _, r := range h.Lately {
		lines = append(lines, say("*#%v* · %v · %v %v", r.Number, subject(r), state(r), endedAt(r)))
	}
	if len(lines) > 0 {
		p.small("", append([]approvals.Text{say("*Lately*")}, lines...)...)
	}
}

// askedBack are the questions that they have not answered, the first few with their buttons.
func askedBack(p *page, open []approvals.Request) {
	const withButtons = 5
	shown := 0
	for _, r := range open {
		for i, q := range r.Questions {
			if !r.Open(i+1) || shown == withButtons || p.tight() {
				continue
			}
			shown++
			b := button(ActionAnswer, "Answer", r.Name(), slack.StylePrimary)
			b.Value = QuestionValue(r.Name(), i+1)
			p.section(say("*#%v* · %v asked you %v: %v", r.Number, q.By.Text(), q.At, quoted(q.Words)))
			p.add(slack.NewActionBlock(fmt.Sprintf("%s-%d-%d", ActionAnswer, r.Number, i+1), b))
		}
	}
}

// askedLine is one request of theirs that has not come to its end.
func askedLine(r approvals.Request) approvals.Text {
	line := say("*#%v* · %v · %v", r.Number, subject(r), state(r))
	switch {
	case r.State == approvals.Pending && r.Rule.Itself():
		return say("%v · I'm checking in %v what it would do", line, appName(r.App))
	case r.State == approvals.Pending:
		return say("%v · waiting for %v since %v", line, r.Awaited(), r.Since())
	case r.State == approvals.InDoubt:
		return say("%v · the admins are looking into it", line)
	case r.Lent():
		return say("%v · *ends* %v", line, r.EndsAt)
	case r.End != nil:
		return say("%v · %v", line, leaving(r))
	}
	return say("%v · %v", line, r.Doing())
}

// endedAt is when a request came to its end.
func endedAt(r approvals.Request) time.Time {
	if r.Outcome != nil && r.Outcome.At.After(r.Decided) {
		return r.Outcome.At
	}
	return r.Decided
}
