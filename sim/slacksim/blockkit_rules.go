package slacksim

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// rule checks one value.
type rule func(c *checker, at string, v any)

// shape is what an object may hold: a rule for each allowed field, the fields
// that must be there, and what spans several fields.
type shape struct {
	fields map[string]rule
	need   []string
	check  func(c *checker, at string, o map[string]any)
}

// object holds a value to a shape. Fields nobody knows are refused, as by Slack.
func (c *checker) object(at string, v any, s shape) {
	o, ok := v.(map[string]any)
	if !ok {
		c.add(at, "must be an object", "type", "object")
		return
	}
	for _, name := range s.need {
		if o[name] == nil {
			c.add(at, "missing required field: "+name, "required", name)
		}
	}
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		check, known := s.fields[name]
		switch {
		case !known && name != "type":
			c.add(at, "invalid additional property: "+name, "additional_property", name)
		case known && o[name] != nil:
			check(c, at+"/"+name, o[name])
		}
	}
	if s.check != nil {
		s.check(c, at, o)
	}
}

// anything accepts whatever it is given: fields whose inside is not policed.
func anything(*checker, string, any) {}

// text is a string of least to most characters.
func text(least, most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		switch n := length(s); {
		case !ok:
			c.add(at, "must be a string", "type", "string")
		case n < least:
			c.add(at, fmt.Sprintf("must be more than %d characters", least-1), "min_length", least)
		case n > most:
			c.add(at, fmt.Sprintf("must be less than %d characters", most+1), "max_length", most)
		}
	}
}

// textObject is a text object; plain says that mrkdwn is not allowed.
func textObject(most int, plain bool) rule {
	return func(c *checker, at string, v any) {
		fields := map[string]rule{"type": enum("plain_text", "mrkdwn"), "text": text(1, most), "emoji": boolean, "verbatim": boolean}
		if plain {
			fields["type"] = enum("plain_text")
			delete(fields, "verbatim")
		}
		c.object(at, v, shape{fields: fields, need: []string{"type", "text"}, check: func(c *checker, at string, o map[string]any) {
			if o["type"] == "mrkdwn" && o["emoji"] != nil {
				c.add(at, "invalid additional property: emoji", "additional_property", "emoji")
			}
		}})
	}
}

func plainText(most int) rule { return textObject(most, true) }
func anyText(most int) rule   { return textObject(most, false) }

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.add(at, "must be a boolean", "type", "boolean")
	}
}

// number is a whole number in a range.
func number(least, most float64) rule {
	return func(c *checker, at string, v any) {
		n, ok := v.(float64)
		if !ok || n != math.Trunc(n) || n < least || n > most {
			c.add(at, fmt.Sprintf("must be a whole number from %v to %v", least, most), "range", []float64{least, most})
		}
	}
}

func enum(values ...string) rule {
	return func(c *checker, at string, v any) {
		if !slices.Contains(values, str(v)) {
			c.add(at, "must be a valid enum value", "enum", values)
		}
	}
}

// items is a list of least to most values.
func items(least, most int, each rule) rule {
	return func(c *checker, at string, v any) {
		all, ok := v.([]any)
		switch {
		case !ok:
			c.add(at, "must be an array", "type", "array")
		case len(all) < least:
			c.add(at, fmt.Sprintf("no fewer than %d items allowed", least), "min_items", least)
		case len(all) > most:
			c.add(at, fmt.Sprintf("no more than %d items allowed", most), "max_items", most)
		}
		for i, item := range all {
			each(c, fmt.Sprintf("%s/%d", at, i), item)
		}
	}
}

func shaped(s shape) rule { return func(c *checker, at string, v any) { c.object(at, v, s) } }

// url is a web address of up to 3000 characters.
func url3000(c *checker, at string, v any) {
	text(1, 3000)(c, at, v)
	if s := str(v); !strings.Contains(s, "://") && !strings.HasPrefix(s, "mailto:") {
		c.add(at, "must be a valid URL", "format", "url")
	}
}

// element is one of the named elements; its action_id is unique in its block.
func element(kinds ...string) rule {
	return func(c *checker, at string, v any) {
		o := object(v)
		kind := str(o["type"])
		s, known := elementShapes[kind]
		if !known || !slices.Contains(kinds, kind) {
			c.add(at+"/type", fmt.Sprintf("unsupported element: %s", kind), "enum", kinds)
			return
		}
		if id := str(o["action_id"]); id != "" {
			if c.actions[id] {
				c.add(at+"/action_id", "action_id \""+id+"\" already exists for block", "unique", "action_id")
			}
			c.actions[id] = true
		}
		c.object(at, v, s)
	}
}

// exactlyOne wants one of two fields, not both.
func exactlyOne(a, b string) func(*checker, string, map[string]any) {
	return func(c *checker, at string, o map[string]any) {
		if (o[a] == nil) == (o[b] == nil) {
			c.add(at, fmt.Sprintf("must have exactly one of %s and %s", a, b), "one_of", []string{a, b})
		}
	}
}

// noMoreThanSelectable wants no more chosen to begin with than may be chosen, and nothing twice.
func noMoreThanSelectable(initial string) func(*checker, string, map[string]any) {
	return func(c *checker, at string, o map[string]any) {
		chosen := list(o[initial])
		if most, limited := o["max_selected_items"].(float64); limited && float64(len(chosen)) > most {
			c.add(at, fmt.Sprintf("must have no more %s than max_selected_items", initial), "max_selected_items", most)
		}
		seen := map[string]bool{}
		for _, one := range chosen {
			if key := fmt.Sprint(one); seen[key] {
				c.add(at, fmt.Sprintf("must not have anything twice in %s", initial), "unique", key)
			} else {
				seen[key] = true
			}
		}
	}
}
