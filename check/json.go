package check

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// findings are what `usher check --json` prints. Programs read it: fields are added, never renamed.
type findings struct {
	// OK is set where nothing failed; warnings do not count.
	OK     bool          `json:"ok"`
	Checks []findingJSON `json:"checks"`
	Counts struct {
		OK       int `json:"ok"`
		Warnings int `json:"warnings"`
		Failed   int `json:"failed"`
	} `json:"counts"`
	// Error is why the checks could not be finished; "": they were.
	Error string `json:"error,omitempty"`
}

// findingJSON is a row.
type findingJSON struct {
	Status Status      `json:"status"`
	Thing  string      `json:"thing"`
	Found  string      `json:"found"`
	Do     string      `json:"do,omitempty"`
	Times  []time.Time `json:"times,omitempty"`
}

// findings is the table as programs read it.
func (t Table) findings(unfinished error) findings {
	f := findings{Checks: []findingJSON{}}
	for _, r := range t {
		f.Checks = append(f.Checks, findingJSON(r))
	}
	f.Counts.OK, f.Counts.Warnings, f.Counts.Failed = t.count(statusOK), t.count(statusWarning), t.count(StatusFailed)
	f.OK = unfinished == nil && f.Counts.Failed == 0
	if unfinished != nil {
		f.Error = terminal.OneLine(unfinished.Error())
	}
	return f
}

// unreadable are the rows of a configuration or an environment that is wrong: a problem each.
func (t *Table) unreadable(file string, err error) error {
	e, ok := errors.AsType[*terminal.Error](err)
	if !ok {
		return err
	}
	for _, line := range e.Lines {
		thing := "environment"
		if strings.HasPrefix(line, file+":") {
			thing = "configuration"
		}
		t.fail(thing, line, "correct it and check again; nothing else was looked at")
	}
	return nil
}

// printFindings writes the table as JSON, and nothing else. No value of a secret variable passes.
func (q Question) printFindings(t Table, unfinished error) error {
	var b bytes.Buffer
	if err := terminal.PrintJSON(&b, t.findings(unfinished)); err != nil {
		return err
	}
	if _, err := fmt.Fprint(q.Out, config.HideSecrets(q.Env, b.String())); err != nil {
		return fmt.Errorf("print findings: %w", err)
	}
	return nil
}
