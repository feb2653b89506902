package view

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reviews"
)

// reviewsOnPage is how many lines one page of a review's form has: an ack that brings the next one holds so many.
const reviewsOnPage = 10

// FieldWhyLine is the field for the reason of one answer.
const FieldWhyLine = "why"

// The fields of many answers, before the place of each line; what they take, and how long a reason may be.
const (
	fieldAnswer = "answer:"
	fieldWhy    = "why:"
	answerKeep  = "keep"
	answerTake  = "take"
	longestWhy  = 300
)

// The form that asks which app is to be reviewed, and its fields.
const (
	CallbackReviewBegin = "review_begin"
	FieldReviewApp      = "app"
	FieldReviewDue      = "due"
)

// reviewBegins is what that form bears: where it was asked for.
type reviewBegins struct {
	Channel string `json:"c,omitempty"`
}

// ReviewBeginForm asks which of some apps is to be reviewed, and how long that's to take.
func ReviewBeginForm(apps []approvals.App, due, channel string) slack.ModalViewRequest {
	p := newPage()
	p.section(say("I ask each manager whether their people still need what they have, and the owners about the rest. Nothing is taken away without an approval."))
	var options []*slack.OptionBlockObject
	for _, a := range apps[:min(len(apps), mostOptions)] {
		options = append(options, option(a.ID, appName(a)))
	}
	var first []string
	if len(apps) == 1 {
		first = []string{apps[0].ID}
	}
	if due == "" {
		due = "14d"
	}
	time := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: FieldReviewDue, MaxLength: 20, InitialValue: due}
	p.blocks = append(p.blocks, slack.NewInputBlock(FieldReviewApp, typed("App"), nil, one(FieldReviewApp, options, first)),
		slack.NewInputBlock(FieldReviewDue, typed("Time to answer"), typed("Between 1 and 90 days: 14d, 2w"), time))
	return wordsForm(CallbackReviewBegin, "v1:"+string(JSON(reviewBegins{channel})), say("Review an app"), "Start", p)
}

// ParseReviewBegin is where that form was asked for. ErrOtherVersion: another version of Usher drew it.
func ParseReviewBegin(s string) (channel string, err error) {
	var b reviewBegins
	err = parseBorne(s, &b)
	return b.Channel, err
}

// ReadReviewBegin reads that form.
func ReadReviewBegin(inputs []Input) (app, due string) {
	for _, in := range inputs {
		switch text := strings.Join(in.Values, ""); in.Block {
		case FieldReviewApp:
			app = text
		case FieldReviewDue:
			due = text
		}
	}
	return app, due
}

// ReviewWhyForm asks for the reason of one answer: to keep against the odds it takes one.
func ReviewWhyForm(r reviews.Review, v ReviewValue) slack.ModalViewRequest {
	l := r.Lines[v.Line]
	p := newPage()
	p.section(reviewLineText(l)...)
	title, submit, label := say("Keep it"), "Keep", "Why should they keep it?"
	input := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: FieldWhyLine, Multiline: true, MaxLength: longestWhy, FocusOnLoad: true}
	block := slack.NewInputBlock(FieldWhyLine, typed(label), nil, input)
	if v.Take {
		title, submit = say("Take it away"), "Ask for it"
		p.section(say("I send a removal request in your name, which is approved as usual. You hear of it as of any request of yours."))
		block.Label, block.Optional = typed("Anything to add for whoever approves it?"), true
	}
	p.blocks = append(p.blocks, block)
	return wordsForm(CallbackReviewWhy, v.String(), title, submit, p)
}

// ReviewRestForm asks about many lines on a page: those that wait, or, where answers are to be changed, those that were given. more
// says that pages follow. None: there is nothing to ask.
func ReviewRestForm(r reviews.Review, who approvals.PersonID, v ReviewValue) (form slack.ModalViewRequest, some bool) {
	places := restOf(r, who, v)
	if len(places) == 0 {
		return form, false
	}
	p := newPage()
	submit := "Save"
	if len(places) > reviewsOnPage {
		submit = "Save, and go on"
		p.section(say("%v are left; here are the next %v. What you leave open stays open.", count(len(places), "account", "accounts"), reviewsOnPage))
	}
	for _, i := range places[:min(len(places), reviewsOnPage)] {
		p.blocks = append(p.blocks, restFields(r.Lines[i], i)...)
	}
	return wordsForm(CallbackReviewRest, v.String(), say("Review #%v", r.Number), submit, p), true
}

// restOf are the places that are left for a form to ask about.
func restOf(r reviews.Review, who approvals.PersonID, v ReviewValue) (out []int) {
	for _, i := range r.Of(who) {
		if i >= v.From && (r.Lines[i].Answer != "") == v.Changes {
			out = append(out, i)
		}
	}
	return out
}

// restFields are the two answers to a line, and, where something speaks against keeping it, a field for why.
func restFields(l reviews.Line, place int) []slack.Block {
	keep, take := option(answerKeep, "Keep"), option(answerTake, "Take away")
	radio := slack.NewRadioButtonsBlockElement(fieldAnswer, keep, take)
	radio.InitialOption = map[reviews.Answer]*slack.OptionBlockObject{reviews.Keep: keep, reviews.Take: take}[l.Answer]
	hint := l.Holds
	if len(l.Odds) > 0 {
		hint = strings.Trim(hint+" · but: "+approvals.Join(l.Odds, " ").Plain(), " ·")
	}
	var small *slack.TextBlockObject
	if !Blank(hint) {
		small = typed(plain(150, hint))
	}
	ask := slack.NewInputBlock(fieldAnswer+strconv.Itoa(place), typed(plain(150, l.Called())), small, radio)
	ask.Optional = true
	out := []slack.Block{ask}
	if len(l.Odds) > 0 {
		input := &slack.PlainTextInputBlockElement{Type: slack.METPlainTextInput, ActionID: fieldWhy, MaxLength: longestWhy, InitialValue: l.Reason}
		why := slack.NewInputBlock(fieldWhy+strconv.Itoa(place), typed(plain(150, "Why, if "+l.Short()+" keeps it?")), nil, input)
		why.Optional = true
		out = append(out, why)
	}
	return out
}

// ReadReview reads that form: the answers that were chosen, and the last place that it asked about.
func ReadReview(inputs []Input) (given []reviews.Given, last int) {
	why := map[int]string{}
	for _, in := range inputs {
		if i, ok := placeOf(in.Block, fieldWhy); ok {
			why[i] = strings.TrimSpace(strings.Join(in.Values, ""))
		}
	}
	last = -1
	for _, in := range inputs {
		i, ok := placeOf(in.Block, fieldAnswer)
		if !ok {
			continue
		}
		last = max(last, i)
		if len(in.Values) != 1 {
			continue
		}
		g := reviews.Given{Line: i, Answer: map[string]reviews.Answer{answerKeep: reviews.Keep, answerTake: reviews.Take}[in.Values[0]]}
		if g.Answer == reviews.Keep && !Blank(why[i]) {
			g.Reason = why[i]
		}
		given = append(given, g)
	}
	return given, last
}

func placeOf(block, field string) (int, bool) {
	after, ok := strings.CutPrefix(block, field)
	i, err := strconv.Atoi(after)
	return i, ok && err == nil && i >= 0
}

// AnswerOf is the field of that form for the answer to a line, where a refusal is said.
func AnswerOf(place int) string { return fmt.Sprintf("%s%d", fieldAnswer, place) }
