package commands

import (
	"context"

	"github.com/usherbot/usher/approvals"
)

// Call is one slash command as it was heard, free of Slack's types.
type Call struct {
	// Text is what was typed after the command's name, as Slack sent it (with its escapes).
	Text string
	User approvals.PersonID
	// Key is the envelope's trigger id: a redelivery bears the same.
	Key     string
	Team    string
	Channel string
}

// Reply is what the person who typed sees, and nobody else.
type Reply struct {
	// Head is the first line: what it is about, enough for a notification alone. Left out where Request
	// begins with just that.
	Head approvals.Text
	// Lines follow it, one paragraph each. The renderer cuts a long list and says how many more there are.
	Lines []approvals.Text
	// Left is how many lines more there are that nobody could show.
	Left int
	// Examples are commands to copy, shown in a fixed-width face, one a line.
	Examples []string
	// Request, when set, is shown between Head and Lines as on its card, but without buttons.
	Request *approvals.Request
	// Why draws below Request why it is decided by whom it is: the whole tree.
	Why bool
	// Talk shows below Request what was said in the thread of its card, to who may decide it.
	Talk bool
	// Asked, when set, is a request that was made just now. Shown between Head and Lines is what it changes
	// in detail; whoever asked knows the rest.
	Asked *approvals.Request
	// Form, when set, is the form in which the same can be asked, with what was understood filled in. Where Missing, it is
	// opened in place of this answer, and the answer is for where it can't be; else it is offered.
	Form    *Draft
	Missing bool
	// Offer is what the button that opens Form says; "": that it opens the form.
	Offer string
	// Findings are things that aren't as they should be, shown after Head and Amiss, each with its button, and More leads to the
	// others; nil: there are none.
	Amiss    approvals.Text
	Findings []Finding
	More     *More
	// Off leads to those that were put off; nil: none was.
	Off *More
	// Which, when set, is a list whose columns its reader can sort out.
	Which *Unsorted
	// Trend, when set, is drawn between Head and Lines, with the weeks that aren't known.
	Trend *Trended
	// Cards lead to the requests that stand in the way of several that were asked in one go.
	Cards []Card
	// Rows are things about people who leave, each with its buttons, and Presses the buttons about all of it.
	Rows    []Row
	Presses []Press
	// Waiting are requests that wait for the reader's decision, shown between Head and Lines with the buttons to decide
	// them, as far as there is room; the others are a line each.
	Waiting []approvals.Request
	// Tasks are open tasks that Reader may do, each with the button that shows its steps.
	Tasks  []approvals.Request
	Reader approvals.PersonID
}

// Row is one thing with its buttons.
type Row struct {
	Say   approvals.Text
	Press []Press
}

// Card leads to the card of a request that stands in the way of another.
type Card struct {
	Number int64
	Link   string
}

// Rooms says what is so of conversations. An error means that it could not be found out.
type Rooms interface {
	// In says whether the bot is in the one where somebody is, and whether nobody can write there any more.
	In(ctx context.Context, channel string, who approvals.PersonID) (in, archived bool, err error)
	// ID is the id of a channel that is configured by id or by name.
	ID(ctx context.Context, channel string) (string, error)
}

// Reports posts reports on demand.
type Reports interface {
	// Names lists the configured reports.
	Names() []string
	// Channel is where a report comes on its slots, by id or by name; "": in no channel.
	Channel(name string) string
	// Post promises one report in a channel; key makes a redelivery harmless. An unknown name is an *approvals.Error.
	Post(ctx context.Context, name, channel, key string, by approvals.PersonID) error
	// Show is Post to whoever asked alone, with a button that has it posted in the channel.
	Show(ctx context.Context, name, channel, key string, by approvals.PersonID) error
	// Posted is where the report of a key was posted; "": nowhere yet.
	Posted(ctx context.Context, name, key string) (channel string, err error)
}
