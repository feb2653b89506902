package config

import "github.com/usherbot/usher/config/strict"

// Position is a place in the configuration file; both count from 1, columns in characters.
type Position = strict.Position

// Problem is one thing that is wrong, where it stands, and what was expected instead.
type Problem = strict.Problem

// PlainDecimal reports whether a whole number is written as one is in a configuration.
func PlainDecimal(written string) bool { return strict.PlainDecimal.MatchString(written) }

// about is what usher.yml is, where it can't be read.
var about = strict.About{Like: "usher.example.yml", Holds: "the sections slack, people, apps, policies and reports", Deepest: "the lists inside policies"}

// reading is one pass over usher.yml, value one value of it, entry one with its key, and object a mapping whose keys are
// known: those of strict, which this room's own ways to read are methods of.
type (
	reading struct{ *strict.Reading }
	value   struct{ strict.Value }
	entry   struct {
		value
		Key   string
		KeyAt Position
	}
	object struct {
		value
		in strict.Object
	}
)

func (v value) list(item, expected string) (out []value) {
	for _, one := range v.List(item, expected) {
		out = append(out, value{one})
	}
	return out
}

func (v value) entries(expected string) (out []entry) {
	for _, e := range v.Entries(expected) {
		out = append(out, entry{value{e.Value}, e.Key, e.KeyAt})
	}
	return out
}

func (v value) object(expected string, keys ...string) object {
	return v.beside(nil, expected, keys...)
}

func (v value) beside(fields []string, expected string, keys ...string) object {
	o := v.Beside(fields, expected, keys...)
	return object{value{o.Value}, o}
}

func (o object) get(key string) value { return value{o.in.Get(key)} }

func (o object) need(key, expected string) value { return value{o.in.Need(key, expected)} }

func (o object) readable() bool { return o.in.Readable() }

// next is the line in which the key after this one begins; past the end of the file for the last.
func (o object) next(key string) int { return o.in.Next(key) }
