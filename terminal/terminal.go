// Package terminal is what commands have in common when they speak to somebody at a terminal: how a command ends
// (exit codes, and errors of several lines that are told whole), and small words: plurals, quotes, one line.
//
// Wrong is an error of the command line, the configuration or the environment, a problem a line; config, which
// reads them, makes most of them, and cli ends with exit code 2 for them. What others typed never drives the
// terminal: Printable stands between, in the tables of control. This room knows no other.
package terminal

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
	ExitDone   = 0
	ExitFailed = 1
	ExitWrong  = 2
)

// Error is how a command ends when it does not end well: every error of a command either is one
// or counts as exitFailed.
type Error struct {
	Code  int
	Lines []string
}

// Error is what goes to standard error, without a prefix where the lines begin with a file's name.
func (e *Error) Error() string { return strings.Join(e.Lines, "\n") }

// Wrong is an error of the command line, the configuration or the environment, one problem a line.
func Wrong(lines ...string) error { return &Error{Code: ExitWrong, Lines: lines} }

// OneLine is a text without its line breaks.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Quoted is what somebody typed, as messages quote it: short enough for a line.
func Quoted(s string) string { return fmt.Sprintf("%q", Shortened(s)) }

// Shortened is a text cut at 60 characters.
func Shortened(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// Plural is "1 policy", "2 policies".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Size is a number of bytes as people say it: "417 kB", "31.7 MB".
func Size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// Cause is what the system said, without the path that our own sentence has already.
func Cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// Printable keeps what others typed from driving the terminal or breaking the table: control
// characters, line breaks and marks that turn the direction of writing become a dot.
func Printable(s string) string {
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

// PrintJSON writes a value for programs, indented so that people can read it too.
func PrintJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(v)
}
