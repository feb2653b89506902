package view

import (
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reviews"
)

// The buttons and forms of a review. They never change their meaning.
const (
	ActionReviewKeep  = "review_keep"
	ActionReviewTake  = "review_take"
	ActionReviewUsual = "review_usual"
	ActionReviewRest  = "review_rest"
	// ActionReviewFile has the report made as it is by then.
	ActionReviewFile = "review_file"
	// CallbackReviewWhy asks for the reason of one answer, and CallbackReviewRest for many answers at once.
	CallbackReviewWhy  = "review_why"
	CallbackReviewRest = "review_rest"
)

// ReviewValue is what a button or form of a review bears.
type ReviewValue struct {
	reviews.Name
	// Line is the place of the line that it is about.
	Line int `json:"l,omitempty"`
	// Take says that it's to be taken away, Changes that what was answered is asked again, and From at which place a form begins.
	Take    bool `json:"t,omitempty"`
	Changes bool `json:"c,omitempty"`
	From    int  `json:"f,omitempty"`
}

// String is how a button or form bears it.
func (v ReviewValue) String() string { return "v1:" + string(JSON(v)) }

// ParseReview is what a button or form of a review bears. ErrOtherVersion: another version of Usher drew it.
func ParseReview(s string) (v ReviewValue, err error) { return v, parseBorne(s, &v) }

// reviewTitle names a review.
func reviewTitle(r reviews.Review) approvals.Text {
	return say("*%v · review #%v*", clip(r.Called, nameLength), r.Number)
}

// ReviewerCard is what somebody is asked in a review, and how far they are: what waits for their answer comes first, with its buttons,
// as far as there is room; a form has the rest. late says that it's about what nobody had answered by the end.
func ReviewerCard(r reviews.Review, who approvals.PersonID, late bool) Message {
	waits := r.Waits(who)
	if late != (r.State == reviews.Late) {
		waits = nil
	}
	p := newPage(reviewFoot(r, who, waits)...)
	p.section(reviewHead(r, who, waits, late))
	if len(waits) > 0 {
		p.section(say("*Take away…* sends a removal request, which is approved as usual, so nothing goes at once. You can change an answer until %v.", r.Ends()))
	}
	why, same := sameWhy(r, waits)
	if same {
		p.section(whyYou(why))
	}
	shown := 0
	for ; shown < len(waits) && p.asks(r, waits[shown], !same); shown++ {
	}
	if left := len(waits) - shown; left > 0 {
		p.small("", say("%v: *Answer the rest…*", count(left, "more account waits", "more accounts wait")))
	}
	if said := answeredLines(r, who, late); len(said) > 0 {
		p.list(p.left-lastWord, said, func(left int) approvals.Text { return say("and %v more answered", left) })
	}
	return p.message()
}

// longestAccount is how long what is said of one account may be.
const longestAccount = 800

// asks puts one account on the page with its buttons; false: there's no place for both and for what follows.
func (p *page) asks(r reviews.Review, place int, why bool) bool {
	lines := reviewLineText(r.Lines[place])
	if why {
		lines = append(lines, whyYou(r.Lines[place].Why))
	}
	lines = filled(lines)
	text, buttons := sectionOf(markup(mrkdwn(longestAccount, lines...))), reviewButtons(r, place)
	if p.left-weight(text)-weight(buttons) < 3*lastWord || len(p.blocks)+len(p.foot)+spare > p.most {
		return false
	}
	p.add(text)
	p.add(buttons)
	p.lines = append(p.lines, lines...)
	return true
}

// reviewHead is the first line: what it is about, and what happens next.
func reviewHead(r reviews.Review, who approvals.PersonID, waits []int, late bool) approvals.Text {
	mine := len(answerable(r, who, late))
	switch {
	case !r.Live():
		return say("%v is over. Thanks for your answers.", reviewTitle(r))
	case r.State == reviews.Late && !late:
		return say("%v · the time for answering is over. What was left is with the owners and the admins now.", reviewTitle(r))
	case mine == 0:
		return say("%v · nothing here is yours to answer any more.", reviewTitle(r))
	case len(waits) == 0:
		return say("%v · all %v answered. Thanks. You can change an answer until %v.", reviewTitle(r), mine, r.Ends())
	case late:
		return say("%v · %v of %v had no answer by %v. Do they still need it? Please answer for them by %v.", reviewTitle(r), len(waits), len(r.Lines), r.Due, r.Ends())
	case len(waits) == mine:
		return say("%v · do they still need it? %v asks you about %v, by %v.", reviewTitle(r), r.By, count(mine, "account", "accounts"), r.Ends())
	}
	return say("%v · %v of %v left to answer, by %v.", reviewTitle(r), len(waits), mine, r.Ends())
}

// answerable are the lines that somebody is asked about, answered or not.
func answerable(r reviews.Review, who approvals.PersonID, late bool) []int {
	if late != (r.State == reviews.Late) {
		return nil
	}
	return r.Of(who)
}

// reviewLineText is one account, and what speaks against keeping it.
func reviewLineText(l reviews.Line) []approvals.Text {
	parts := []approvals.Text{say("*%v*", clip(l.Called(), 2*nameLength))}
	if l.Holds != "" {
		parts = append(parts, say("%v", clip(l.Holds, 200)))
	}
	if l.Request != 0 {
		parts = append(parts, say("since %v by #%v", l.Since, l.Request))
	}
	if !l.Until.IsZero() {
		parts = append(parts, say("until %v", l.Until))
	}
	if l.Cost != "" {
		parts = append(parts, say("%v", l.Cost))
	}
	lines := []approvals.Text{approvals.Join(parts, " · ")}
	if len(l.Odds) > 0 {
		lines = append(lines, say("But: %v", approvals.Join(l.Odds, " ")))
	}
	return lines
}

// sameWhy is why all of some lines are their reader's to answer, where there are several and that's the same.
func sameWhy(r reviews.Review, places []int) (why reviews.Why, same bool) {
	for i, place := range places {
		if w := r.Lines[place].Why; i > 0 && w != why {
			return "", false
		}
		why = r.Lines[place].Why
	}
	return why, len(places) > 1
}

// whyYou says why something is its reader's to answer; nil: they're the manager.
func whyYou(why reviews.Why) approvals.Text {
	switch why {
	case reviews.AsManager:
		return nil
	case reviews.AsAsker:
		return say("You asked for it, and they're outside.")
	case reviews.AsAdmin:
		return say("No manager or owner can answer, so an admin does.")
	}
	return say("No manager is known who can answer, so an owner does.")
}

// reviewButtons are the two answers to a line. To keep something against the odds, and to take something away, opens a form.
func reviewButtons(r reviews.Review, place int) slack.Block {
	l := r.Lines[place]
	keep := "Keep"
	if len(l.Odds) > 0 {
		keep = "Keep…"
	}
	b := func(action, label string, take bool) *slack.ButtonBlockElement {
		return &slack.ButtonBlockElement{Type: slack.METButton, ActionID: action, Text: typed(label), AccessibilityLabel: plain(75, label+", "+l.Email),
			Value: ReviewValue{Name: r.Name(), Line: place, Take: take}.String()}
	}
	return slack.NewActionBlock(fmt.Sprintf("review-%d-%d", r.Number, place), b(ActionReviewKeep, keep, false), b(ActionReviewTake, "Take away…", true))
}

// reviewFoot are the buttons for many lines at once.
func reviewFoot(r reviews.Review, who approvals.PersonID, waits []int) []slack.Block {
	var out []slack.BlockElement
	b := func(action, label string, v ReviewValue) *slack.ButtonBlockElement {
		return &slack.ButtonBlockElement{Type: slack.METButton, ActionID: action, Text: typed(label), Value: v.String()}
	}
	if usual := r.Usual(who); len(waits) > 0 && len(usual) > 1 {
		out = append(out, confirmed(b(ActionReviewUsual, fmt.Sprintf("Keep all that's usual (%d)", len(usual)), ReviewValue{Name: r.Name()}),
			"Keep all that's usual?", fmt.Sprintf("%d accounts that nothing speaks against stay as they are. You can change each answer until the end.", len(usual)), "Keep them"))
	}
	if len(waits) > 1 {
		out = append(out, b(ActionReviewRest, fmt.Sprintf("Answer the rest… (%d)", len(waits)), ReviewValue{Name: r.Name()}))
	}
	if done := len(r.Of(who)) - len(r.Waits(who)); done > 0 && r.Live() {
		out = append(out, b(ActionReviewRest+"_change", "Change an answer…", ReviewValue{Name: r.Name(), Changes: true}))
	}
	if len(out) == 0 {
		return nil
	}
	return []slack.Block{slack.NewActionBlock("", out...)}
}

// answeredLines are the answers to somebody's lines, and what came of them.
func answeredLines(r reviews.Review, who approvals.PersonID, late bool) (out []approvals.Text) {
	for _, l := range r.Lines {
		if l.By != who || l.Answer == "" || l.Late != late {
			continue
		}
		out = append(out, answeredLine(l))
	}
	return out
}

// answeredLine is one answer.
func answeredLine(l reviews.Line) approvals.Text {
	said := say("✓ keep")
	if l.Answer == reviews.Take {
		said = say("✕ take away")
	}
	line := say("%v · %v", said, clip(l.Called(), 2*nameLength))
	if l.Reason != "" {
		line = say("%v · “%v”", line, clip(l.Reason, onList))
	}
	switch {
	case len(l.Wrong) > 0:
		line = say("%v · I couldn't ask for it: %v", line, l.Wrong)
	case l.Removal != 0 && l.Others:
		line = say("%v · #%v asks for that already", line, l.Removal)
	case l.Removal != 0 && l.Answer == reviews.Keep:
		line = say("%v · but #%v, which takes it away, was decided before", line, l.Removal)
	case l.Removal != 0:
		line = say("%v · asked for in #%v", line, l.Removal)
	}
	return line
}

// ReviewSummary is what whoever began a review sees of it: who is asked, and how far they are.
func ReviewSummary(r reviews.Review) Message {
	p := newPage()
	if len(r.Lines) > 0 && r.State != reviews.Gathering && r.State != reviews.Refused {
		label := "Report so far"
		if !r.Live() {
			label = "Report as it is now" // what is to be taken away may take longer than the review
		}
		p = newPage(slack.NewActionBlock("", &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionReviewFile, Text: typed(label), Value: ReviewValue{Name: r.Name()}.String(),
			AccessibilityLabel: plain(75, fmt.Sprintf("%s, review %d", label, r.Number))}))
	}
	switch r.State {
	case reviews.Gathering:
		p.section(say("%v · I'm reading who has what, and then ask their managers and the owners.", reviewTitle(r)))
		return p.message()
	case reviews.Refused:
		p.section(say("%v didn't begin. %v", reviewTitle(r), r.Wrong))
		return p.message()
	}
	kept, taken, left := r.Answered(reviews.Keep), r.Answered(reviews.Take), r.Left()
	tally := say("%v: %v to keep, %v to take away, %v without an answer", count(len(r.Lines), "account", "accounts"), kept, taken, left)
	switch r.State {
	case reviews.Open:
		p.section(say("%v · until %v", reviewTitle(r), r.Due), tally)
	case reviews.Late:
		p.section(say("%v · its time is over, and what's left is with the owners and the admins until %v", reviewTitle(r), r.Closes), tally)
	case reviews.Unanswered:
		p.section(say("%v · over, and %v", reviewTitle(r), count(left, "account has no answer", "accounts have no answer")), tally)
	default:
		p.section(say("%v · over, all answered", reviewTitle(r)), tally)
	}
	p.list(p.left-2*lastWord, reviewersOf(r), func(left int) approvals.Text { return say("and %v more people", left) })
	p.small("", readSay(r), goneSay(r))
	return p.message()
}

// reviewersOf is how far each of those who were asked is.
func reviewersOf(r reviews.Review) (out []approvals.Text) {
	for _, who := range r.Reviewers() {
		of, open := 0, 0
		for _, l := range r.Lines {
			if l.Reviewer == who {
				of++
				if l.Answer == "" {
					open++
				}
			}
		}
		out = append(out, say("• %v · %v of %v answered", who, of-open, of))
	}
	if n := len(slices.DeleteFunc(slices.Clone(r.Lines), func(l reviews.Line) bool { return l.Reviewer != "" })); n > 0 {
		out = append(out, say("• nobody · %v: everybody who could answer would answer about their own", count(n, "account", "accounts")))
	}
	return out
}

// readSay is as of when it is known who has what.
func readSay(r reviews.Review) approvals.Text {
	if r.Read.At.IsZero() {
		return say("Nobody lists who has what there, so it's what requests gave.")
	}
	return say("Who has what is as of %v.", r.Read.At)
}

func goneSay(r reviews.Review) approvals.Text {
	if r.Gone == 0 {
		return nil
	}
	return say("Left out, because it isn't there any more: %v.", count(r.Gone, "account", "accounts"))
}

// ReviewRecall reminds somebody of what they haven't answered.
func ReviewRecall(r reviews.Review, who approvals.PersonID) Message {
	waits := r.Waits(who)
	p := newPage(slack.NewActionBlock("", &slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionReviewRest, Text: typed(fmt.Sprintf("Answer… (%d)", len(waits))),
		Value: ReviewValue{Name: r.Name()}.String()}))
	p.section(say("%v · %v for your answer, until %v. What nobody answers by then goes to the owners and the admins.", reviewTitle(r), count(len(waits), "account still waits", "accounts still wait"), r.Due))
	return p.message()
}

// reviewWaits is a review among other things that wait for somebody, with the button that opens its form.
func reviewWaits(p *page, r reviews.Review, who approvals.PersonID) {
	b := sectionOf(markup(mrkdwn(maxObject/4, say("%v · %v for your answer, until %v.", reviewTitle(r), count(len(r.Waits(who)), "account waits", "accounts wait"), r.Ends()))))
	b.Accessory = slack.NewAccessory(&slack.ButtonBlockElement{Type: slack.METButton, ActionID: ActionReviewRest, Text: typed("Answer…"), Value: ReviewValue{Name: r.Name()}.String(),
		AccessibilityLabel: plain(75, fmt.Sprintf("Answer, review %d", r.Number))})
	p.add(b)
}

// mostReviews is how many reviews have a line of their own on a Home.
const mostReviews = 3

// reviewsFor is what reviews ask somebody, each with the button that opens its form.
func reviewsFor(p *page, h approvals.Home, held commands.Held) {
	if len(held.Reviews) == 0 {
		return
	}
	heading(p, "Do they still need it?")
	for _, r := range held.Reviews[:min(len(held.Reviews), mostReviews)] {
		if p.room() > 0 {
			reviewWaits(p, r, h.Who.ID)
		}
	}
	if more := len(held.Reviews) - mostReviews; more > 0 {
		p.small("", say("and %v: each has a message in our conversation", count(more, "more review", "more reviews")))
	}
}

// ReviewFiled is what stands beside the files of a review's report.
func ReviewFiled(r reviews.Review) string {
	as := "so far"
	if !r.Live() {
		as = "complete"
	}
	newer := say("")
	if !r.Live() && r.Answered(reviews.Take) > 0 {
		newer = say(" It says how far each removal is by now; a newer one is to be had with “Report as it is now”, on the message of whoever started the review.")
	}
	return plain(maxObject, say("%v · review #%v, the report %v: %v to keep, %v to take away, %v without an answer.%v", r.Called, r.Number, as, r.Answered(reviews.Keep), r.Answered(reviews.Take), r.Left(), newer).Plain())
}

// ReviewUnfiled is what stands in the place of a report that the app may not add.
func ReviewUnfiled(r reviews.Review) Message {
	p := newPage()
	p.section(say("%v · I can't add its report here: the app lacks the scope `files:write`. An admin can add that in the app's settings, as in Usher's `manifest.yml`, and reinstall the app. Until then whoever runs me writes it with `%v`.",
		reviewTitle(r), fmt.Sprintf("usher review %d --out review-%d.xlsx", r.Number, r.Number)))
	return p.message()
}
