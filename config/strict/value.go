package strict

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/terminal"
)

// Value is one value of the file, under the name it has in messages. One that is left out has no
// node, stands where the object it is missing from begins, and reads as nothing.
type Value struct {
	*Reading
	Name string   // "need"
	Path string   // "policies[].steps[].need"
	At   Position // of the value itself
	Row  int      // of its key
	Node ast.Node
}

// Given reports whether the value is in the file.
func (v Value) Given() bool { return v.Node != nil }

// Bad reports the value, quoted as it stands, with what was expected.
func (v Value) Bad(expected string) {
	v.Wrong(v.At, "%s is %s; expected %s", v.Name, v.Shown(), expected)
}

// Shown is the value as messages quote it, short enough for a line.
func (v Value) Shown() string {
	switch n := v.Node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return terminal.Quoted(n.Value)
	case *ast.LiteralNode:
		return terminal.Quoted(n.Value.Value)
	case nil:
		return "missing"
	}
	return terminal.Shortened(v.Node.GetToken().Value)
}

// Empty reports a key without a value. A word with # before it is a comment in YAML, which is what
// people who write a channel's name stumble over.
func (v Value) Empty(expected string) bool {
	if _, null := v.Node.(*ast.NullNode); !null {
		return false
	}
	_, comment, hash := strings.Cut(v.Reading.line(v.At.Line), "#")
	if word, _, _ := strings.Cut(comment, " "); hash && word != "" {
		v.Wrong(v.At, "%s has no value, because # starts a comment; write \"#%s\", with the quotes", v.Name, word)
		return true
	}
	v.Wrong(v.At, "%s has no value; expected %s", v.Name, expected)
	return true
}

// Text is a value that is text; ok is false where it is missing or is something else, which is then reported.
func (v Value) Text(expected string) (s string, ok bool) {
	if !v.Given() || v.Empty(expected) {
		return "", false
	}
	switch n := v.Node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		v.Wrong(v.At, "%s is %s, which isn't text; expected %s (put it in quotes if it's meant as text)", v.Name, v.Shown(), expected)
		return "", false
	default:
		v.Bad(expected)
		return "", false
	}
	if strings.TrimSpace(s) == "" {
		v.Wrong(v.At, "%s is empty; expected %s", v.Name, expected)
		return "", false
	}
	return s, true
}

// IsList reports whether the value is a list.
func (v Value) IsList() bool {
	_, list := v.Node.(*ast.SequenceNode)
	return list
}

// Plain is the text of a value that is text already, reporting nothing.
func (v Value) Plain() (string, bool) {
	s, ok := v.Node.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// Number is a whole number, in plain decimals, from lowest to highest, or otherwise where it is left out or wrong.
func (v Value) Number(lowest, highest int, otherwise int, expected string) int {
	if !v.Given() || v.Empty(expected) || v.undecimal(expected) {
		return otherwise
	}
	var n int64 = math.MinInt64
	if i, ok := v.Node.(*ast.IntegerNode); ok {
		switch x := i.Value.(type) {
		case int64:
			n = x
		case uint64:
			n = int64(min(x, math.MaxInt64))
		}
	}
	if n < int64(lowest) || n > int64(highest) {
		v.Bad(expected)
		return otherwise
	}
	return int(n)
}

// List is the items of a list that is not empty; item names one of them in messages.
func (v Value) List(item, expected string) []Value {
	if !v.Given() || v.Empty(expected) {
		return nil
	}
	seq, ok := v.Node.(*ast.SequenceNode)
	if !ok {
		v.Bad(expected)
		return nil
	}
	if len(seq.Values) == 0 {
		v.Wrong(v.At, "%s is empty; expected %s", v.Name, expected)
	}
	out := make([]Value, len(seq.Values))
	for i, n := range seq.Values {
		out[i] = Value{Reading: v.Reading, Name: item, Path: v.Path + "[]", At: place(n), Node: n}
	}
	return out
}

// Entry is one key of a mapping with its value.
type Entry struct {
	Value
	Key   string
	KeyAt Position
}

// Entries is the keys of a mapping in the order of the file, the first where one is given twice.
func (v Value) Entries(expected string) []Entry {
	if !v.Given() || v.Empty(expected) {
		return nil
	}
	var pairs []*ast.MappingValueNode
	switch n := v.Node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		v.Bad(expected)
		return nil
	}
	if len(pairs) == 0 {
		v.Wrong(v.At, "%s is empty; expected %s", v.Name, expected)
	}
	first := map[string]Position{}
	var out []Entry
	for _, p := range pairs {
		key, at := keyText(p.Key), place(p.Key)
		if before, twice := first[key]; twice {
			v.Wrong(at, "the key %s is given twice; line %d already has it", terminal.Quoted(key), before.Line)
			continue
		}
		first[key] = at
		out = append(out, Entry{Key: key, KeyAt: at, Value: Value{Reading: v.Reading, Name: key, Path: join(v.Path, key), At: valuePlace(p), Row: at.Line, Node: p.Value}})
	}
	return out
}

func keyText(k ast.MapKeyNode) string {
	if s, ok := k.(*ast.StringNode); ok {
		return s.Value
	}
	return k.GetToken().Value
}

// valuePlace is where the value of a pair stands; one that is not there stands at its key.
func valuePlace(p *ast.MappingValueNode) Position {
	if _, null := p.Value.(*ast.NullNode); null || p.Value == nil {
		return place(p.Key)
	}
	return place(p.Value)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Object is a mapping whose keys are known.
type Object struct {
	Value
	Fields map[string]Value
	Meant  map[string]bool // keys that a misspelt one stands for
}

// Beside reads a mapping that may have these keys and, beside them, those of the fields of apps, which are data.
func (v Value) Beside(fields []string, expected string, keys ...string) Object {
	o := v.Object(expected, append(keys, fields...)...)
	for _, f := range fields {
		delete(v.Known, join(v.Path, f))
		delete(v.Seen, join(v.Path, f))
	}
	return o
}

// Object reads a mapping that may have these keys and no other.
func (v Value) Object(expected string, keys ...string) Object {
	o := Object{Value: v, Fields: map[string]Value{}, Meant: map[string]bool{}}
	for _, k := range keys {
		v.Known[join(v.Path, k)] = true
	}
	for _, e := range v.Entries(expected) {
		if e.Given() && slices.Contains(keys, e.Key) {
			v.Seen[e.Path] = true
			o.Fields[e.Key] = e.Value
			continue
		}
		o.Meant[Nearest(e.Key, keys)] = true
		v.Wrong(e.KeyAt, "unknown key %s in %s; %s", terminal.Quoted(e.Key), v.Name, Suggest(e.Key, keys))
	}
	return o
}

// Get is the value of a key, which may be left out.
func (o Object) Get(key string) Value {
	if v, ok := o.Fields[key]; ok {
		return v
	}
	return Value{Reading: o.Reading, Name: key, Path: join(o.Path, key), At: o.At}
}

// Need is the value of a key that may not be left out.
func (o Object) Need(key, expected string) Value {
	v := o.Get(key)
	if !v.Given() && o.Readable() && !o.Meant[key] {
		o.Wrong(o.At, "%s has no %s; expected %s", o.Name, key, expected)
	}
	return v
}

// Readable reports whether the object is a mapping at all, so that what it lacks is worth saying.
func (o Object) Readable() bool {
	switch o.Node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// OneOf is a word out of a few; "" where it is left out or wrong.
func (v Value) OneOf(words ...string) string {
	s, ok := v.Text(Among(words))
	if !ok {
		return ""
	}
	if !slices.Contains(words, s) {
		v.Wrong(v.At, "%s is %s; %s", v.Name, v.Shown(), Suggest(s, words))
		return ""
	}
	return s
}

// Printable is text on one line, of at most so many characters.
func (v Value) Printable(most int, expected string) string {
	s, ok := v.Text(expected)
	if ok && (len([]rune(s)) > most || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })) {
		v.Bad(expected)
		return ""
	}
	return s
}

// Next is the line in which the key after this one begins; past the end of the file for the last.
func (o Object) Next(key string) int {
	line := len(o.Lines) + 1
	for _, v := range o.Fields {
		if at := v.Row; at > o.Fields[key].Row {
			line = min(line, at)
		}
	}
	return line
}

// Truth is true or false.
func (v Value) Truth(otherwise bool) bool {
	if !v.Given() || v.Empty("true or false") {
		return otherwise
	}
	if b, ok := v.Node.(*ast.BoolNode); ok {
		return b.Value
	}
	v.Bad("true or false")
	return otherwise
}

// Some are the texts of a value that is one of them, or a list.
func (v Value) Some(expected string) (out []string) {
	items := []Value{v}
	if v.IsList() {
		items = v.List(v.Name, expected)
	}
	for _, i := range items {
		if s, ok := i.Text(expected); ok {
			out = append(out, s)
		}
	}
	return out
}
