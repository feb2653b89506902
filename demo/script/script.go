// Package script is what a talk is made of: a file of test/talks, which `usher demo --script` plays too. It reads one whole, and says
// of every mistake in it where it is and what was expected, before anything of it is played.
//
// A talk is a text archive. What stands first says what it shows; then comes, between lines such as "-- talk --", up to three files:
// usher.yml is another configuration than the demo's, lives names the former programs' data that it goes on from, and talk holds one
// line an act. A line that begins with # says something to whoever reads it.
//
//	Jane gets her seat.
//	-- talk --
//	alice types /access create jane@acme.example Jane because she starts today
//	alice sees "#1"
//	bob clicks Approve on card 1
//	alice is told "#1" "ready"
//
// The acts are those of acts.go, each with what it means. "!words" means that the words must not be there. Three laws hold at the end
// of every talk: a message that nobody expected fails it, an error in the log that nobody announced fails it, and the database is
// checked.
//
//	script.go  a talk, and how one is read
//	acts.go    what can be done in one
//	form.go    how a line is held to that
//
// Neighbours: test/talks plays what this room reads; nothing is played here.
package script

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// Talk is a talk as it was read.
type Talk struct {
	Shows  string // what it shows
	Config string // usher.yml; "": the demo's
	// Lives are what it goes on from, one after the other; "" is nothing.
	Lives []string
	// Lines are those of the talk, and Before is how many stand before them in the file.
	Lines  []string
	Before int
}

// begins is the line before a file of the archive.
var begins = regexp.MustCompile(`^-- (.+) --\s*$`)

// reading is one pass over a file.
type reading struct {
	file  string
	talk  Talk
	wrong []string
}

// at notes a mistake: where it is, what is wrong and what was expected.
func (r *reading) at(line, column int, format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf("%s:%d:%d: ", r.file, line, column)+fmt.Sprintf(format, args...))
}

// Read reads a talk. What is wrong with it is a terminal.Error, a mistake a line.
func Read(file string) (Talk, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Talk{}, terminal.Wrong(fmt.Sprintf("%s: can't be read: %v; expected a talk such as those in test/talks/testdata/talks", file, terminal.Cause(err)))
	}
	return Parse(file, string(raw))
}

// Parse reads a talk from a text; file is what it's called.
func Parse(file, text string) (Talk, error) {
	r := reading{file: file}
	name, from := "", 0
	lines := strings.Split(text, "\n")
	for i := 0; i <= len(lines); i++ {
		if i < len(lines) && !begins.MatchString(lines[i]) {
			continue
		}
		r.part(name, from, lines[from:i])
		if i < len(lines) {
			name, from = begins.FindStringSubmatch(lines[i])[1], i+1
		}
	}
	if r.talk.Lines == nil && len(r.wrong) == 0 {
		r.at(len(lines), 1, "there's no talk; expected the line “-- talk --”, and below it one line an act")
	}
	if len(r.wrong) > 0 {
		return Talk{}, terminal.Wrong(r.wrong...)
	}
	r.talk.Lives = orNothing(r.talk.Lives)
	return r.talk, nil
}

func orNothing(lives []string) []string {
	if len(lives) == 0 {
		return []string{""}
	}
	return lives
}

// part reads one file of the archive, of which so many lines stand before.
func (r *reading) part(name string, before int, lines []string) {
	switch name {
	case "":
		r.talk.Shows = strings.TrimSpace(strings.Join(lines, "\n"))
	case "usher.yml":
		r.talk.Config = strings.Join(lines, "\n")
		_, problems := config.Parse(r.file, []byte(r.talk.Config))
		for _, p := range problems {
			if p.File == "" {
				p.Line += before
			}
			r.wrong = append(r.wrong, p.In(r.file))
		}
	case "lives":
		r.lives(before, lines)
	case "talk":
		r.talk.Lines, r.talk.Before = lines, before
		r.acts(before, lines)
	default:
		r.at(before, 4, "there's no use for a file called %s; expected usher.yml, lives or talk", terminal.Quoted(name))
	}
}

// lives reads which former programs' data a talk goes on from: those beside it.
func (r *reading) lives(before int, lines []string) {
	for i, line := range lines {
		for _, name := range strings.Fields(line) {
			file := filepath.Join(filepath.Dir(r.file), "..", "lives", name+".zip")
			if _, err := os.Stat(file); err != nil {
				r.at(before+i+1, 1+strings.Index(line, name), "there's no life called %s; expected the name of a file in %s", terminal.Quoted(name), filepath.Dir(file))
			}
			r.talk.Lives = append(r.talk.Lives, name)
		}
	}
}

// acts holds each line of a talk to the language, and to who is there.
func (r *reading) acts(before int, lines []string) {
	here := slices.Clone(people)
	for i, line := range lines {
		toks, m := cut(line)
		if m == nil && (len(toks) == 0 || strings.HasPrefix(toks[0].text, "#")) {
			continue
		}
		if m == nil {
			m = understood(toks, &here)
		}
		if m != nil {
			r.at(before+i+1, cmp.Or(m.column, 1), "%s", m.say)
		}
	}
}
