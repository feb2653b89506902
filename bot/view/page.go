package view

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// page gathers a message top down and keeps it within Slack's limits whatever is put in: what has no
// room is cut with "…" or left out.
type page struct {
	blocks []slack.Block
	lines  []approvals.Text // the same in words, for the fallback
	lists  []wordList       // which of the lines are lists, that say how many more there are where the words are too long
	left   int              // of maxAll
	foot   []slack.Block    // what must find its place at the end: buttons
	most   int              // how many blocks there may be
	// natives stand in the place of some of blocks where the workspace takes them; what room there is is reckoned without them.
	natives []native
}

// newPage keeps room for foot before anything is put on the page.
func newPage(foot ...slack.Block) *page {
	p := &page{left: maxAll - len("[]"), foot: foot, most: maxBlocks}
	for _, b := range foot {
		p.left -= weight(b)
	}
	return p
}

// weight is what a block adds to the length of all blocks together.
func weight(b slack.Block) int { return units(string(JSON(b))) + len(",") }

// message is what was gathered. Slack refuses a message without words, so there always are some.
func (p *page) message() Message {
	if len(p.blocks)+len(p.foot) == 0 {
		p.section(say("There's nothing to show."))
	}
	m := Message{Text: p.inWords(), Blocks: append(p.blocks, p.foot...)}
	if drawn, ok := p.drawn(); ok {
		m.Blocks, m.Plain = drawn, m.Blocks
	}
	return m
}

// drawn is what was gathered with Slack's own tables and charts; false: it has none. One that is too many for a message is left to its
// plain blocks: none is cut for another one's sake.
func (p *page) drawn() (blocks []slack.Block, ok bool) {
	var kept []native
	for _, v := range p.natives {
		if with := append(slices.Clip(kept), v); p.fits(with) {
			kept = with
		}
	}
	return p.replaced(kept), len(kept) > 0
}

// fits reports whether a message can have these.
func (p *page) fits(natives []native) bool {
	all, text, charts := 0, 0, 0
	for _, v := range natives {
		text, charts = text+v.text, charts+v.charts
	}
	blocks := p.replaced(natives)
	for _, b := range blocks {
		all += shownOf(b)
	}
	return len(blocks) <= p.most && all+text <= maxAll && text <= tableText && charts <= mostCharts
}

// replaced are the page's blocks with these in their place.
func (p *page) replaced(natives []native) (out []slack.Block) {
	from, all := 0, append(slices.Clip(p.blocks), p.foot...)
	for _, v := range natives {
		out = append(append(out, all[from:v.from]...), v.blocks...)
		from = v.to
	}
	return append(out, all[from:]...)
}

// shownOf is how much a block beside the tables adds to what a message shows.
func shownOf(b slack.Block) int {
	if b.BlockType() == slack.MBTDataTable || b.BlockType() == slack.MBTDataVisualization {
		return 0
	}
	return weight(b)
}

// room is how long the text of one more block may be; 0 when there is no place for one.
func (p *page) room() int {
	if len(p.blocks)+len(p.foot) >= p.most || p.left < lastWord+3*blockFrame {
		return 0
	}
	return min(maxObject, p.left-lastWord-2*blockFrame)
}

func (p *page) add(b slack.Block) {
	p.left -= weight(b)
	p.blocks = append(p.blocks, b)
}

// section is a paragraph of lines; empty ones are dropped.
func (p *page) section(lines ...approvals.Text) {
	lines = filled(lines)
	if room := p.room(); room > 0 && len(lines) > 0 {
		p.add(sectionOf(markup(mrkdwn(room, lines...))))
		p.lines = append(p.lines, lines...)
	}
}

// words is a paragraph in the words of somebody, in quotation marks, with nothing read as markup.
func (p *page) words(s string) {
	if room := p.room(); room > 0 && !Blank(s) {
		p.add(sectionOf(typed(quote(s, room))))
		p.lines = append(p.lines, say("%v", quoted(s)))
	}
}

// small is the small print: lines of one context block, and in another the words of somebody.
func (p *page) small(words string, lines ...approvals.Text) {
	lines = filled(lines)
	room := p.room()
	if room == 0 || len(lines) == 0 {
		return
	}
	p.lines = append(p.lines, lines...)
	if Blank(words) {
		p.add(slack.NewContextBlock("", markup(mrkdwn(room, lines...))))
		return
	}
	said := quote(words, room/2)
	p.add(slack.NewContextBlock("", markup(mrkdwn(room-size(said)-blockFrame, lines...))))
	if p.room() < size(said) {
		return
	}
	p.add(slack.NewContextBlock("", typed(said))) // in a block of its own: Slack draws a second element beside the first
	p.lines = append(p.lines, say("%v", quoted(words)))
}

// list is as many lines as have room within budget, in as few sections as they need, and then what
// more says of the others. It returns how many are there.
func (p *page) list(budget int, lines []approvals.Text, more func(left int) approvals.Text) (shown int) {
	if len(lines) == 0 || p.left < lastWord+blockFrame {
		return 0
	}
	budget = min(budget, p.left) - lastWord
	var batch []string
	used := 0
	for ; shown < len(lines); shown++ {
		line := mrkdwn(longestLine, lines[shown])
		n := size(line) + size("\n")
		full := used+n > maxObject-lastWord
		if full {
			budget -= blockFrame
		}
		if budget -= n; budget < blockFrame || full && len(p.blocks)+len(p.foot) >= p.most-spare {
			break
		}
		if full {
			p.add(sectionOf(markup(strings.Join(batch, "\n"))))
			batch, used = nil, 0
		}
		batch, used = append(batch, line), used+n
	}
	told := wordList{from: len(p.lines), shown: shown, all: len(lines), more: more}
	p.lines = append(p.lines, lines[:shown]...)
	if shown < len(lines) {
		rest := more(len(lines) - shown)
		batch = append(batch, mrkdwn(lastWord, rest))
		p.lines = append(p.lines, rest)
	}
	told.to = len(p.lines)
	p.lists = append(p.lists, told)
	if len(batch) > 0 {
		p.add(sectionOf(markup(strings.Join(batch, "\n"))))
	}
	return shown
}

func sectionOf(t *slack.TextBlockObject) *slack.SectionBlock {
	// Expand: nobody should have to press "See more" to know what they approve.
	return slack.NewSectionBlock(t, nil, nil, slack.SectionBlockOptionExpand(true))
}

// markup is rendered mrkdwn as an object. Verbatim keeps Slack from making links of addresses and
// #names that somebody typed.
func markup(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: s, Verbatim: true}
}

// typed is rendered plain text as an object.
func typed(s string) *slack.TextBlockObject {
	emoji := false
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: s, Emoji: &emoji}
}

func quote(s string, limit int) string {
	return "“" + plain(limit-len("“”"), strings.TrimSpace(clean(s))) + "”"
}

func quoted(s string) string { return "“" + clip(s, 1000) + "”" }

// filled drops the lines that show nothing.
func filled(lines []approvals.Text) []approvals.Text {
	return slices.DeleteFunc(slices.Clone(lines), func(l approvals.Text) bool {
		return !slices.ContainsFunc(l, func(s approvals.Span) bool { return s.Kind == approvals.SpanTime || !Blank(s.S) })
	})
}
