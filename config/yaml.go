package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Position is a place in the configuration file; both count from 1, columns in characters.
type Position struct{ Line, Column int }

// Problem is one thing that is wrong, where it stands, and what was expected instead.
type Problem struct {
	Position
	Say string
}

// In is the problem as a line of output: "usher.yml:12:5: what is wrong; what was expected".
func (p Problem) In(file string) string {
	return fmt.Sprintf("%s:%d:%d: %s", file, p.Line, p.Column, p.Say)
}

// reading is one pass over a file. It collects every problem instead of stopping at the first.
type reading struct {
	lines    []string
	problems []Problem
	warnings []Problem
	// known are the keys that the objects met so far may have, as "policies[].steps[].need"; seen are those found.
	known, seen map[string]bool
}

func newReading(src string) *reading {
	return &reading{lines: strings.Split(src, "\n"), known: map[string]bool{}, seen: map[string]bool{}}
}

// line is a line of the file, from 1; "" where there is none, since positions come from the parser.
func (r *reading) line(n int) string {
	if n < 1 || n > len(r.lines) {
		return ""
	}
	return r.lines[n-1]
}

func (r *reading) wrong(at Position, format string, args ...any) {
	r.problems = append(r.problems, Problem{at, fmt.Sprintf(format, args...)})
}

func (r *reading) warn(at Position, format string, args ...any) {
	r.warnings = append(r.warnings, Problem{at, fmt.Sprintf(format, args...)})
}

// sorted puts problems in the order of the file, each once.
func sorted(ps []Problem) []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Say, b.Say))
	})
	return slices.Compact(ps)
}

// decodeText checks that the bytes are text and returns it without a byte order mark.
func decodeText(raw []byte) (string, *Problem) {
	src := strings.TrimPrefix(string(raw), "\ufeff")
	line, column := 1, 1
	for i, c := range src {
		if _, size := utf8.DecodeRuneInString(src[i:]); c == utf8.RuneError && size == 1 {
			return "", &Problem{Position{line, column}, "not UTF-8 text; save the file as UTF-8"}
		}
		if c == 0 {
			return "", &Problem{Position{line, column}, "a zero byte; save the file as UTF-8 text"}
		}
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(src), nil
}

// document parses the text into its one document, nil when there is none to go on with. Anchors,
// aliases, tags and merge keys are refused as tokens, so nothing in the file can expand; and nesting
// is bounded before the recursive parser sees it.
func (r *reading) document(src string) (doc ast.Node) {
	// The parser is not ours and is fed whatever stands in the file: its panic is a syntax error too.
	defer func() {
		if p := recover(); p != nil {
			r.wrong(Position{1, 1}, "not readable as YAML; compare it with usher.example.yml")
			doc = nil
		}
	}()
	tokens := lexer.Tokenize(src)
	if !r.plain(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	return r.only(file)
}

// only returns the body of the one document.
func (r *reading) only(file *ast.File) ast.Node {
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType && d.Body.Type() != ast.NullType {
			bodies = append(bodies, d.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		r.wrong(Position{1, 1}, "the file is empty; expected the sections slack, people, apps, policies and reports, as in usher.example.yml")
		return nil
	case len(bodies) > 1:
		r.wrong(place(bodies[1]), "a second YAML document starts here; expected just one, without ---")
		return nil
	}
	return bodies[0]
}

func (r *reading) syntax(err error) {
	at, say := Position{1, 1}, err.Error()
	if e, ok := errors.AsType[yaml.Error](err); ok {
		say = e.GetMessage()
		if t := e.GetToken(); t != nil {
			at = tokenPlace(t)
		}
	}
	say, _, _ = strings.Cut(say, "\n")
	r.wrong(at, "not readable as YAML: %s; expected `key: value` lines, indented with spaces", say)
}

// fancy is the YAML that a configuration does without.
var fancy = map[token.Type]string{
	token.AnchorType:     "an anchor (&)",
	token.AliasType:      "an alias (*)",
	token.TagType:        "a tag (!)",
	token.MergeKeyType:   "a merge key (<<)",
	token.MappingKeyType: "a complex key (?)",
	token.DirectiveType:  "a directive (%)",
}

// deepest is how far brackets may nest, and how many dashes or colons may follow each other in one
// line; the file needs 3. The parser recurses for each, and takes its time to.
const deepest = 16

// plain refuses what a configuration does without, and reports whether the rest may be parsed.
func (r *reading) plain(tokens token.Tokens) bool {
	depth, run, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, run = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth, run = depth+1, 0
		case token.MappingEndType, token.SequenceEndType:
			depth, run = depth-1, 0
		case token.CollectEntryType:
			run = 0
		case token.SequenceEntryType, token.MappingValueType:
			run++
		}
		if depth > deepest || run > deepest {
			r.wrong(tokenPlace(t), "nested more than %d deep; expected nothing deeper than the lists inside policies", deepest)
			return false
		}
		if what := fancy[t.Type]; what != "" {
			r.wrong(tokenPlace(t), "%s; expected plain values: write it out, and put text that starts with such a sign in quotes", what)
		}
	}
	return len(r.problems) == 0
}

func tokenPlace(t *token.Token) Position {
	return Position{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// place is where a node begins: for a mapping its first key, since its own token is a colon.
func place(n ast.Node) Position {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return place(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return place(n.Key)
	}
	return tokenPlace(n.GetToken())
}

// source is the text of a node: to its closing bracket, or the lines up to (not with) line until,
// without what trails: blank lines and comments.
func (r *reading) source(n ast.Node, until int) string {
	from := place(n)
	if m, ok := n.(*ast.MappingNode); ok && m.IsFlowStyle && m.End != nil {
		return r.cut(from, tokenPlace(m.End))
	}
	lines := []string{r.line(from.Line)}
	for n := from.Line + 1; n < until; n++ {
		lines = append(lines, r.line(n))
	}
	for len(lines) > 1 {
		last := strings.TrimSpace(lines[len(lines)-1])
		if last != "" && !strings.HasPrefix(last, "#") {
			break
		}
		lines = lines[:len(lines)-1]
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// cut is the text from one character to another, both included.
func (r *reading) cut(from, to Position) string {
	var part []string
	for n := from.Line; n <= to.Line; n++ {
		line := []rune(r.line(n))
		if n == to.Line {
			line = line[:min(to.Column, len(line))]
		}
		if n == from.Line {
			line = line[min(from.Column-1, len(line)):]
		}
		part = append(part, string(line))
	}
	return strings.Join(part, "\n")
}
