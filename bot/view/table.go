package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// What Slack takes of its own tables, by the stricter of what it has said (facts: Block Kit): rows beside the head, columns,
// and characters of all tables of a message.
const (
	tableRows    = 100
	tableColumns = 20
	tableText    = 10000
	tablePage    = 10  // rows that are seen at once; the others are a press away
	cellLength   = 260 // characters of one cell: an address fits
)

// rowMark parts, in the name of a row's button, what it does from which row it stands in: names in one block must differ.
const rowMark = "@"

// ActionOf is what a button does, by its name: whichever row of a table it stands in.
func ActionOf(id string) string {
	action, _, _ := strings.Cut(id, rowMark)
	return action
}

// Table is a list of which each line has the same columns. It is drawn as Slack's own table where the workspace takes one, and
// as lines where it doesn't; in words it is lines.
type Table struct {
	// Title stands above it, and Caption says what it is a table of to who hears it read.
	Title   approvals.Text
	Caption string
	// Head names the columns, the last one that of the buttons, where rows have some.
	Head []string
	Rows []Row
	// More says how many others there are, where there is no room for all.
	More func(left int) approvals.Text
	// Instead stands below the lines, in place of the rows' buttons.
	Instead []slack.Block
}

// Row is one line of a table.
type Row struct {
	Cells []approvals.Text
	// Button stands at the end of the row; nil: none.
	Button *slack.ButtonBlockElement
	// Line says the same in a line.
	Line approvals.Text
}

// native is what stands in place of some plain blocks of a page where the workspace takes it.
type native struct {
	from, to int // of the page's blocks
	blocks   []slack.Block
	text     int // characters in tables
	charts   int
}

// table is a table within budget: its lines as list has them, and Slack's own table to stand in their place.
func (p *page) table(budget int, t Table) {
	lines := filled([]approvals.Text{t.Title})
	above := len(lines)
	for _, r := range t.Rows {
		lines = append(lines, r.Line)
	}
	from := len(p.blocks)
	for _, b := range t.Instead {
		p.left -= weight(b)
	}
	shown := p.list(budget, lines, t.More) - above
	if len(p.blocks) == from {
		for _, b := range t.Instead {
			p.left += weight(b)
		}
		return
	}
	p.blocks = append(p.blocks, t.Instead...)
	if n := t.native(shown); n.blocks != nil {
		n.from, n.to = from, len(p.blocks)
		p.natives = append(p.natives, n)
	}
}

// native draws as many rows as Slack's own table takes, and those that have no room in it as lines, as far as these are shown
// where all are.
func (t Table) native(shown int) native {
	block := slack.NewDataTableBlock(bare(cellLength, t.Caption)).WithPageSize(min(max(len(t.Rows), 1), tablePage))
	text := units(block.Caption)
	add := func(cells []slack.DataTableCell, n int) bool {
		if text+n > tableText {
			return false
		}
		text += n
		block.AddRow(cells...)
		return true
	}
	add(t.head())
	rows := 0
	for ; rows < min(len(t.Rows), tableRows); rows++ {
		if !add(t.cells(rows)) {
			break
		}
	}
	if rows == 0 || len(t.Head) < 2 || len(t.Head) > tableColumns { // one column is a list
		return native{}
	}
	var blocks []slack.Block
	if title := filled([]approvals.Text{t.Title}); len(title) > 0 {
		blocks = append(blocks, sectionOf(markup(mrkdwn(lastWord, title...))))
	}
	return native{blocks: append(append(blocks, block), t.others(rows, max(shown, rows))...), text: text}
}

// others are the rows from the one that found no room in the table to the last that is shown, as lines, with how many more there
// are, and what mends those of them that have no button.
func (t Table) others(from, shown int) (out []slack.Block) {
	if from == len(t.Rows) {
		return nil
	}
	var lines []string
	for _, r := range t.Rows[from:shown] {
		lines = append(lines, mrkdwn(longestLine, r.Line))
	}
	if left := len(t.Rows) - shown; left > 0 {
		lines = append(lines, mrkdwn(lastWord, t.More(left)))
	}
	var batch []string
	used := 0
	for _, line := range lines {
		if used+size(line) > maxObject-lastWord && len(batch) > 0 {
			out = append(out, sectionOf(markup(strings.Join(batch, "\n"))))
			batch, used = nil, 0
		}
		batch, used = append(batch, line), used+size(line)+size("\n")
	}
	return append(append(out, sectionOf(markup(strings.Join(batch, "\n")))), t.Instead...)
}

func (t Table) head() (cells []slack.DataTableCell, n int) {
	for _, name := range t.Head {
		c, of := textCell(name)
		cells, n = append(cells, c), n+of
	}
	return cells, n
}

// cells draws a row. Where some rows have a button and this one has none there is a dash: rows are equally long.
func (t Table) cells(i int) (cells []slack.DataTableCell, n int) {
	row := t.Rows[i]
	for _, text := range row.Cells {
		c, of := cellOf(text)
		cells, n = append(cells, c), n+of
	}
	if len(cells) == len(t.Head) {
		return cells, n
	}
	none, of := textCell("")
	if row.Button == nil {
		return append(cells, none), n + of
	}
	button := *row.Button
	button.ActionID += fmt.Sprintf("%s%d", rowMark, i+1)
	return append(cells, slack.NewDataTableActionCell(&button).WithFallback(none)), n + of + units(button.Text.Text)
}

// textCell is words in a cell; Slack refuses an empty one.
func textCell(s string) (slack.DataTableCell, int) {
	if s = bare(cellLength, s); s == "" {
		s = "–"
	}
	return slack.NewDataTableRawTextCell(s), units(s)
}

// cellOf is a text in a cell: as rich text where it has mentions, times or marks, which other cells have not.
func cellOf(t approvals.Text) (slack.DataTableCell, int) {
	var leaves []slack.RichTextSectionElement
	words, only, n := "", true, 0
	for _, s := range t {
		only = only && s.Kind == approvals.SpanText && !s.Bold
		words += s.S
		leaf, of := leafOf(s)
		leaves, n = append(leaves, leaf), n+of
	}
	if only || n > cellLength {
		return textCell(t.Plain())
	}
	return slack.NewDataTableRichTextCell(slack.NewRichTextSection(leaves...)), n
}

// leafOf is a span as a piece of rich text, and how long it is.
func leafOf(s approvals.Span) (slack.RichTextSectionElement, int) {
	style := &slack.RichTextSectionTextStyle{Bold: s.Bold, Code: s.Kind == approvals.SpanCode}
	if _, ok := reference(s); ok {
		switch s.Kind {
		case approvals.SpanPerson:
			return slack.NewRichTextSectionUserElement(s.S, nil), units(s.S)
		case approvals.SpanGroup:
			return slack.NewRichTextSectionUserGroupElement(s.S), units(s.S)
		case approvals.SpanChannel:
			return slack.NewRichTextSectionChannelElement(s.S, nil), units(s.S)
		case approvals.SpanTime:
			said := time.Unix(s.T, 0).UTC().Format("2 Jan 2006")
			return slack.NewRichTextSectionDateElement(s.T, "{date_short_pretty}", nil, &said), units(said)
		}
	}
	words := spaced(bareOf(unreadable(s)))
	if !s.Bold && s.Kind != approvals.SpanCode {
		style = nil
	}
	return slack.NewRichTextSectionTextElement(words, style), units(words)
}

// spaced is words that are not empty: a leaf of rich text must have some.
func spaced(s string) string {
	if s == "" {
		return " "
	}
	return s
}

// bare is somebody's words where Slack reads no entities and draws what it's given: without the signs that could make a mention or
// a link of them should it read some after all, and cut to a number of characters.
func bare(most int, s string) string {
	s = strings.TrimSpace(bareOf(s))
	if units(s) <= most {
		return s
	}
	var b strings.Builder
	left := most - 1
	for c := range clusters(s) {
		if left -= units(c); left < 0 {
			break
		}
		b.WriteString(c)
	}
	return strings.TrimSpace(b.String()) + "…"
}

func bareOf(s string) string { return angles.Replace(breakEmoji(clean(s))) }

var angles = strings.NewReplacer("<", "‹", ">", "›")
