package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf16"
)

// Problem is one thing wrong with a message or view.
type Problem struct {
	Pointer    string         `json:"pointer"` // JSON pointer, from the list of blocks or the view
	Message    string         `json:"message"`
	Code       string         `json:"code"` // failed_constraint, or an error that Slack answers instead of invalid_blocks
	Constraint map[string]any `json:"constraint,omitempty"`
}

// String is a problem as one line.
func (p Problem) String() string { return p.Message + " [json-pointer:" + p.Pointer + "]" }

// Surface is where blocks are shown; not every block may stand everywhere.
type Surface string

// The three surfaces.
const (
	InMessage Surface = "message"
	InModal   Surface = "modal"
	InHome    Surface = "home"
)

// ValidateMessage holds a message to Slack's limits: a JSON object with blocks
// (and text), or a list of blocks alone. It returns what is wrong, nothing if all is well.
// Both are by the strictest reading; a Reading's own methods are by that.
func ValidateMessage(message json.RawMessage) []Problem { return Strictest.Message(message) }

// ValidateView holds a modal or a Home view (a JSON object with its type) to Slack's limits.
func ValidateView(view json.RawMessage) []Problem { return Strictest.View(view) }

// Message is what is wrong with a message.
func (r Reading) Message(message json.RawMessage) []Problem {
	var v any
	if err := json.Unmarshal(message, &v); err != nil {
		return []Problem{{Message: "no JSON: " + err.Error(), Code: "failed_constraint"}}
	}
	c := r.checker(InMessage)
	blocks := v
	if m := object(v); m != nil {
		blocks = m["blocks"]
		if blocks == nil && (str(m["text"]) != "" || len(list(m["attachments"])) > 0) {
			return nil
		}
	}
	c.blocks("/blocks", blocks, 50)
	return c.problems
}

// View is what is wrong with a modal or a Home view.
func (r Reading) View(view json.RawMessage) []Problem {
	var v map[string]any
	if err := json.Unmarshal(view, &v); err != nil {
		return []Problem{{Message: "no JSON object: " + err.Error(), Code: "failed_constraint"}}
	}
	c := r.checker(Surface(str(v["type"])))
	shape, known := viewShapes[str(v["type"])]
	if !known {
		c.add("/view/type", "must be a valid enum value", "enum", "modal, home")
		return c.problems
	}
	c.object("/view", v, shape)
	return c.problems
}

// checker walks blocks and collects what is wrong.
type checker struct {
	surface  Surface
	problems []Problem
	blockIDs map[string]bool
	actions  map[string]bool // action ids of the block at hand
	markdown int             // characters of all markdown blocks
	tables   int
	inputs   int
	account
	shapes map[string]shape // blockShapes: some hold others, and a table cannot name itself
	nested int              // blocks in layouts, which count as if they stood beside them
	// tableText and charts are what the blocks have of Slack's own tables and charts.
	tableText, charts int
}

func (r Reading) checker(surface Surface) *checker {
	return &checker{surface: surface, blockIDs: map[string]bool{}, account: r.account(), shapes: blockShapes}
}

func (c *checker) add(at, message, constraint string, expected any) {
	c.problems = append(c.problems, Problem{Pointer: at, Message: message, Code: "failed_constraint",
		Constraint: map[string]any{"type": constraint, "expected": expected}})
}

// blocks checks a list of top-level blocks.
func (c *checker) blocks(at string, v any, most int) {
	items, ok := v.([]any)
	if !ok {
		c.add(at, "must be an array of blocks", "type", "array")
		return
	}
	if len(items) > most {
		c.add(at, fmt.Sprintf("no more than %d items allowed", most), "max_items", most)
	}
	for i, item := range items {
		c.block(fmt.Sprintf("%s/%d", at, i), item)
	}
	if len(items)+c.nested > most && len(items) <= most {
		c.add(at, fmt.Sprintf("no more than %d items allowed, with those of layouts", most), "max_items", most)
	}
	if c.markdown > 12000 {
		c.add(at, "markdown blocks must be less than 12001 characters together", "max_length", 12000)
	}
	if c.tables > 1 {
		c.problems = append(c.problems, Problem{Pointer: at, Message: "only_one_table_allowed", Code: "invalid_attachments"})
	}
	c.wholeData(at)
}

func (c *checker) block(at string, v any) {
	b := object(v)
	kind := str(b["type"])
	shape, known := c.shapes[kind]
	if !known {
		c.add(at+"/type", fmt.Sprintf("unsupported type: %s", kind), "enum", "a block type")
		return
	}
	if slices.Contains(c.notOn[c.surface], kind) {
		c.add(at+"/type", fmt.Sprintf("%s blocks are not allowed in a %s", kind, c.surface), "surface", c.surface)
	}
	if id := str(b["block_id"]); id != "" {
		if c.blockIDs[id] {
			c.add(at+"/block_id", "block_id \""+id+"\" already exists", "unique", "block_id")
		}
		c.blockIDs[id] = true
	}
	c.actions = map[string]bool{}
	c.object(at, b, shape)
}

// length counts as the stricter of the two ways in question does: UTF-16 units.
func length(text string) int { return len(utf16.Encode([]rune(text))) }

func problemLines(problems []Problem) []string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = "[ERROR] " + p.String()
	}
	return lines
}

func problemCode(problems []Problem) string {
	for _, p := range problems {
		if p.Code != "failed_constraint" {
			return p.Code
		}
	}
	return "invalid_blocks"
}
