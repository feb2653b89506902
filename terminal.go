package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode"
)

// The exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitWrong  = 2
)

// exitError is how a command ends when it does not end well: every error of a command either is one
// or counts as exitFailed.
type exitError struct {
	code  int
	lines []string
}

// Error is what goes to standard error, without a prefix where the lines begin with a file's name.
func (e *exitError) Error() string { return strings.Join(e.lines, "\n") }

// wrong is an error of the command line, the configuration or the environment, one problem a line.
func wrong(lines ...string) error { return &exitError{code: exitWrong, lines: lines} }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func quoted(s string) string { return fmt.Sprintf("%q", shortened(s)) }

func shortened(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// plural is "1 policy", "2 policies".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// cause is what the system said, without the path that our own sentence has already.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// printable keeps what others typed from driving the terminal or breaking the table: control
// characters, line breaks and marks that turn the direction of writing become a dot.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return '·'
	}, strings.ToValidUTF8(s, "·"))
}

func printJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(v)
}
