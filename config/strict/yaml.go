package strict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Position is a place in a file; both count from 1, columns in characters.
type Position struct{ Line, Column int }

// Problem is one thing that is wrong, where it stands, and what was expected instead.
type Problem struct {
	Position
	Say string
	// File is the file in which it is, where that isn't the one that is spoken of.
	File string
}

// In is the problem as a line of output: "usher.yml:12:5: what is wrong; what was expected".
func (p Problem) In(file string) string {
	return fmt.Sprintf("%s:%d:%d: %s", cmp.Or(p.File, file), p.Line, p.Column, p.Say)
}

// Reading is one pass over a file. It collects every problem instead of stopping at the first.
type Reading struct {
	Lines    []string
	Problems []Problem
	Warnings []Problem
	// Known are the keys that the objects met so far may have, as "policies[].steps[].need"; Seen are those found.
	Known, Seen map[string]bool

	about About
}

// About is what is said of a file as a whole, where it can't be read.
type About struct {
	// Like is a file to compare it with: "usher.example.yml"; Holds is what one has in it: "the sections slack and apps".
	Like, Holds string
	// Deepest is what nests as deep as anything in it.
	Deepest string
	// File is what its problems are said to be in; "": the file that is spoken of.
	File string
}

// Read makes the one value of a file's text; it reads as nothing where there is none, which is reported.
func Read(raw []byte, about About) (Value, *Reading) {
	src, problem := decode(raw)
	r := &Reading{Lines: strings.Split(src, "\n"), Known: map[string]bool{}, Seen: map[string]bool{}, about: about}
	root := Value{Reading: r, Name: "the file", At: Position{1, 1}}
	if problem != nil {
		r.Wrong(problem.Position, "%s", problem.Say)
		return root, r
	}
	root.Node = r.document(src)
	return root, r
}

// line is a line of the file, from 1; "" where there is none, since positions come from the parser.
func (r *Reading) line(n int) string {
	if n < 1 || n > len(r.Lines) {
		return ""
	}
	return r.Lines[n-1]
}

// Wrong reports a problem.
func (r *Reading) Wrong(at Position, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{at, fmt.Sprintf(format, args...), r.about.File})
}

// Warn reports what is allowed and yet hardly meant.
func (r *Reading) Warn(at Position, format string, args ...any) {
	r.Warnings = append(r.Warnings, Problem{at, fmt.Sprintf(format, args...), r.about.File})
}

// Sorted puts problems in the order of the file, each once.
func Sorted(ps []Problem) []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Say, b.Say))
	})
	return slices.Compact(ps)
}

// decode checks that the bytes are text and returns it without a byte order mark.
func decode(raw []byte) (string, *Problem) {
	src := strings.TrimPrefix(string(raw), "\ufeff")
	line, column := 1, 1
	for i, c := range src {
		if _, size := utf8.DecodeRuneInString(src[i:]); c == utf8.RuneError && size == 1 {
			return "", &Problem{Position: Position{line, column}, Say: "not UTF-8 text; save the file as UTF-8"}
		}
		if c == 0 {
			return "", &Problem{Position: Position{line, column}, Say: "a zero byte; save the file as UTF-8 text"}
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
func (r *Reading) document(src string) (doc ast.Node) {
	// The parser is not ours and is fed whatever stands in the file: its panic is a syntax error too.
	defer func() {
		if p := recover(); p != nil {
			r.Wrong(Position{1, 1}, "not readable as YAML; compare it with %s", r.about.Like)
			doc = nil
		}
	}()
	tokens := lexer.Tokenize(src)
	if !r.simple(tokens) {
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
func (r *Reading) only(file *ast.File) ast.Node {
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType && d.Body.Type() != ast.NullType {
			bodies = append(bodies, d.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		r.Wrong(Position{1, 1}, "the file is empty; expected %s, as in %s", r.about.Holds, r.about.Like)
		return nil
	case len(bodies) > 1:
		r.Wrong(place(bodies[1]), "a second YAML document starts here; expected just one, without ---")
		return nil
	}
	return bodies[0]
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

// simple refuses what a configuration does without, and reports whether the rest may be parsed.
func (r *Reading) simple(tokens token.Tokens) bool {
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
			r.Wrong(tokenPlace(t), "nested more than %d deep; expected nothing deeper than %s", deepest, r.about.Deepest)
			return false
		}
		if what := fancy[t.Type]; what != "" {
			r.Wrong(tokenPlace(t), "%s; expected plain values: write it out, and put text that starts with such a sign in quotes", what)
		}
	}
	return len(r.Problems) == 0
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

// Source is the text of a Node: to its closing bracket, or the lines up to (not with) line until,
// without what trails: blank lines and comments.
func (r *Reading) Source(n ast.Node, until int) string {
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
func (r *Reading) cut(from, to Position) string {
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
