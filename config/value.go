package config

import (
	"math"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/usherbot/usher/terminal"
)

// value is one value of the file, under the name it has in messages. One that is left out has no
// node, stands where the object it is missing from begins, and reads as nothing.
type value struct {
	*reading
	name string   // "need"
	path string   // "policies[].steps[].need"
	at   Position // of the value itself
	row  int      // of its key
	node ast.Node
}

// given reports whether the value is in the file.
func (v value) given() bool { return v.node != nil }

// bad reports the value, quoted as it stands, with what was expected.
func (v value) bad(expected string) {
	v.wrong(v.at, "%s is %s; expected %s", v.name, v.shown(), expected)
}

// shown is the value as messages quote it, short enough for a line.
func (v value) shown() string {
	switch n := v.node.(type) {
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
	return terminal.Shortened(v.node.GetToken().Value)
}

// empty reports a key without a value. A word with # before it is a comment in YAML, which is what
// people who write a channel's name stumble over.
func (v value) empty(expected string) bool {
	if _, null := v.node.(*ast.NullNode); !null {
		return false
	}
	_, comment, hash := strings.Cut(v.reading.line(v.at.Line), "#")
	if word, _, _ := strings.Cut(comment, " "); hash && word != "" {
		v.wrong(v.at, "%s has no value, because # starts a comment; write \"#%s\", with the quotes", v.name, word)
		return true
	}
	v.wrong(v.at, "%s has no value; expected %s", v.name, expected)
	return true
}

// text is a value that is text; ok is false where it is missing or is something else, which is then reported.
func (v value) text(expected string) (s string, ok bool) {
	if !v.given() || v.empty(expected) {
		return "", false
	}
	switch n := v.node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		v.wrong(v.at, "%s is %s, which isn't text; expected %s (put it in quotes if it's meant as text)", v.name, v.shown(), expected)
		return "", false
	default:
		v.bad(expected)
		return "", false
	}
	if strings.TrimSpace(s) == "" {
		v.wrong(v.at, "%s is empty; expected %s", v.name, expected)
		return "", false
	}
	return s, true
}

// plain is the text of a value that is text already, reporting nothing.
func (v value) plain() (string, bool) {
	s, ok := v.node.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// number is a whole number, in plain decimals, from lowest to highest, or otherwise where it is left out or wrong.
func (v value) number(lowest, highest int, otherwise int, expected string) int {
	if !v.given() || v.empty(expected) || v.undecimal(expected) {
		return otherwise
	}
	var n int64 = math.MinInt64
	if i, ok := v.node.(*ast.IntegerNode); ok {
		switch x := i.Value.(type) {
		case int64:
			n = x
		case uint64:
			n = int64(min(x, math.MaxInt64))
		}
	}
	if n < int64(lowest) || n > int64(highest) {
		v.bad(expected)
		return otherwise
	}
	return int(n)
}

// list is the items of a list that is not empty; item names one of them in messages.
func (v value) list(item, expected string) []value {
	if !v.given() || v.empty(expected) {
		return nil
	}
	seq, ok := v.node.(*ast.SequenceNode)
	if !ok {
		v.bad(expected)
		return nil
	}
	if len(seq.Values) == 0 {
		v.wrong(v.at, "%s is empty; expected %s", v.name, expected)
	}
	out := make([]value, len(seq.Values))
	for i, n := range seq.Values {
		out[i] = value{reading: v.reading, name: item, path: v.path + "[]", at: place(n), node: n}
	}
	return out
}

// entry is one key of a mapping with its value.
type entry struct {
	value
	key   string
	keyAt Position
}

// entries is the keys of a mapping in the order of the file, the first where one is given twice.
func (v value) entries(expected string) []entry {
	if !v.given() || v.empty(expected) {
		return nil
	}
	var pairs []*ast.MappingValueNode
	switch n := v.node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		v.bad(expected)
		return nil
	}
	if len(pairs) == 0 {
		v.wrong(v.at, "%s is empty; expected %s", v.name, expected)
	}
	first := map[string]Position{}
	var out []entry
	for _, p := range pairs {
		key, at := keyText(p.Key), place(p.Key)
		if before, twice := first[key]; twice {
			v.wrong(at, "the key %s is given twice; line %d already has it", terminal.Quoted(key), before.Line)
			continue
		}
		first[key] = at
		out = append(out, entry{key: key, keyAt: at, value: value{reading: v.reading, name: key, path: join(v.path, key), at: valuePlace(p), row: at.Line, node: p.Value}})
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

// object is a mapping whose keys are known.
type object struct {
	value
	fields map[string]value
	meant  map[string]bool // keys that a misspelt one stands for
}

// beside reads a mapping that may have these keys and, beside them, those of the fields of apps, which are data.
func (v value) beside(fields []string, expected string, keys ...string) object {
	o := v.object(expected, append(keys, fields...)...)
	for _, f := range fields {
		delete(v.known, join(v.path, f))
		delete(v.seen, join(v.path, f))
	}
	return o
}

// object reads a mapping that may have these keys and no other.
func (v value) object(expected string, keys ...string) object {
	o := object{value: v, fields: map[string]value{}, meant: map[string]bool{}}
	for _, k := range keys {
		v.known[join(v.path, k)] = true
	}
	for _, e := range v.entries(expected) {
		if e.given() && slices.Contains(keys, e.key) {
			v.seen[e.path] = true
			o.fields[e.key] = e.value
			continue
		}
		o.meant[nearest(e.key, keys)] = true
		v.wrong(e.keyAt, "unknown key %s in %s; %s", terminal.Quoted(e.key), v.name, suggest(e.key, keys))
	}
	return o
}

// get is the value of a key, which may be left out.
func (o object) get(key string) value {
	if v, ok := o.fields[key]; ok {
		return v
	}
	return value{reading: o.reading, name: key, path: join(o.path, key), at: o.at}
}

// need is the value of a key that may not be left out.
func (o object) need(key, expected string) value {
	v := o.get(key)
	if !v.given() && o.readable() && !o.meant[key] {
		o.wrong(o.at, "%s has no %s; expected %s", o.name, key, expected)
	}
	return v
}

// readable reports whether the object is a mapping at all, so that what it lacks is worth saying.
func (o object) readable() bool {
	switch o.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}
