package control

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/terminal"
)

// Tasks is the answer to a question for open tasks, what is due first on top.
type Tasks struct {
	Now   time.Time  `json:"now"`
	Tasks []TaskText `json:"tasks"`
}

// TaskText is an open task, in words.
type TaskText struct {
	Number int64  `json:"number"`
	What   string `json:"what"`
	For    string `json:"for"`
	App    string `json:"app"`
	// Removes says that its time is up, and it takes away what an earlier task gave.
	Removes bool `json:"removes,omitempty"`
	// Owner is whose it is, by name; "": nobody's.
	Owner   string             `json:"owner,omitempty"`
	OwnerID approvals.PersonID `json:"owner_id,omitempty"`
	Due     time.Time          `json:"due,omitzero"`
	Overdue bool               `json:"overdue"`
	Done    int                `json:"done"`
	Of      int                `json:"of"`
	// Steps are all of them, in order.
	Steps []StepText `json:"steps"`
}

// StepText is a step, in words. State is open, done, not applicable, not needed, or waits for an answer.
type StepText struct {
	Number int    `json:"number"`
	Key    string `json:"key"`
	Do     string `json:"do"`
	State  string `json:"state"`
	By     string `json:"by,omitempty"`
	Proof  string `json:"proof,omitempty"`
	Asks   bool   `json:"asks,omitempty"`
}

// Ticking is what somebody at the machine says of a step.
type Ticking struct {
	Step   string `json:"step"`
	Answer string `json:"answer,omitempty"`
	Skip   bool   `json:"skip,omitempty"`
	Undo   bool   `json:"undo,omitempty"`
	Note   string `json:"note,omitempty"`
	Link   string `json:"link,omitempty"`
}

func (c *Server) tasks(r *http.Request) (any, error) {
	list, err := c.Desk.Tasks(r.Context(), "", c.Now())
	if err != nil {
		return nil, err
	}
	out := Tasks{Now: c.Now().UTC(), Tasks: []TaskText{}}
	for _, one := range list {
		out.Tasks = append(out.Tasks, c.taskText(r.Context(), one))
	}
	return out, nil
}

func (c *Server) taskText(ctx context.Context, r approvals.Request) TaskText {
	t := TaskText{Number: r.Number, What: whatOf(r), Removes: r.Removing(), For: r.Change.Email, App: r.App.ID, OwnerID: r.Task.Owner, Due: r.Task.Due, Overdue: r.Overdue(c.Now())}
	t.Done, t.Of = r.Progress()
	if t.OwnerID != "" {
		t.Owner = c.Plain(ctx, approvals.Sayf("%v", t.OwnerID))
	}
	for i, s := range r.TaskSteps() {
		one := StepText{Number: i + 1, Key: s.Key, Do: r.Words(s.Do).Plain(), State: "open", Proof: string(s.Proof), Asks: s.Asks != ""}
		switch {
		case s.Tick != nil:
			one.By = c.Plain(ctx, s.Tick.By.Text())
			if one.State = "done"; s.Tick.Skipped {
				one.State = "not applicable"
			}
		case r.Applies(i) == approvals.Fails:
			one.State = "not needed"
		case r.Applies(i) == approvals.Unknown:
			one.State = "waits for an answer"
		}
		t.Steps = append(t.Steps, one)
	}
	return t
}

// tick brings what somebody at the machine says of a step to the desk, as a click in Slack does.
func (c *Server) tick(r *http.Request) (any, error) {
	n, err := numberIn(r)
	if err != nil {
		return nil, err
	}
	var t Ticking
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&t); err != nil {
		return nil, approvals.Refuse(approvals.Invalid, "I can't read that tick.").Because(err)
	}
	request, err := c.Desk.Request(r.Context(), n)
	if err != nil {
		return nil, noSuch(err, n)
	}
	step := request.StepNamed(t.Step)
	if request.ByHand() && step < 0 {
		return nil, approvals.Refuse(approvals.NotFound, "#%v has no step %v. `usher tasks` lists its steps.", n, terminal.Quoted(t.Step))
	}
	by, _ := c.Who(r)
	evidence := approvals.Evidence{Note: t.Note, Link: t.Link}
	if t.Undo {
		request, err = c.Desk.Untick(r.Context(), n, step, approvals.Remnant{By: by, Surface: Surface, Evidence: evidence, Task: request.TaskIs()}, c.Now())
	} else {
		request, err = c.Desk.Tick(r.Context(), n, step, approvals.Tick{By: by, Surface: Surface, Skipped: t.Skip, Answer: t.Answer, Evidence: evidence, Task: request.TaskIs()}, c.Now())
	}
	if err != nil {
		return nil, err
	}
	return Decided{request.State, c.Plain(r.Context(), ticked(request))}, nil
}

// ticked says how a task stands after a tick.
func ticked(r approvals.Request) approvals.Text {
	switch {
	case r.State == approvals.Ended:
		return approvals.Sayf("What #%v gave is gone. I'll tell %v.", r.Number, r.HearsOf())
	case !r.Working():
		return approvals.Sayf("#%v is done. I'll tell %v.", r.Number, r.HearsOf())
	}
	done, of := r.Progress()
	return approvals.Sayf("%v of %v steps of #%v are done.", done, of, r.Number)
}

// Tasks prints the open tasks of the running Usher, each with its steps.
func (f Folder) Tasks(ctx context.Context, w io.Writer, asJSON bool) error {
	var list Tasks
	if err := f.remote().Ask(ctx, http.MethodGet, "/v1/tasks", nil, &list); err != nil {
		return err
	}
	if asJSON {
		return terminal.PrintJSON(w, list.Tasks)
	}
	return list.print(w)
}

// Tick brings what is said of a step to the running Usher, and prints how the task stands.
func (f Folder) Tick(ctx context.Context, w io.Writer, number string, t Ticking) error {
	n, err := requestNumber(number)
	if err != nil {
		return err
	}
	if t.Undo && (t.Skip || t.Answer != "") {
		return terminal.Wrong("usher: --undo takes a tick back; expected it alone, or with --note")
	}
	var d Decided
	if err := f.remote().Ask(ctx, http.MethodPost, fmt.Sprintf("/v1/requests/%d/steps", n), t, &d); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, terminal.Printable(d.Say))
	return err
}

func (l Tasks) print(w io.Writer) error {
	if len(l.Tasks) == 0 {
		_, err := fmt.Fprintln(w, "No task is open.")
		return err
	}
	for i, t := range l.Tasks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		whose, due := "nobody's", ""
		if t.Owner != "" {
			whose = t.Owner + "'s"
		}
		if left := t.Due.Sub(l.Now); t.Overdue {
			due = ", overdue"
		} else if !t.Due.IsZero() {
			due = ", due in " + span(left)
		}
		what := t.What
		if t.Removes {
			what = "time's up, to be removed: " + what
		}
		fmt.Fprintln(w, terminal.Printable(fmt.Sprintf("#%d %s for %s in %s: %s%s", t.Number, what, t.For, t.App, whose, due)))
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, s := range t.Steps {
			state := s.State
			if s.By != "" {
				state += ", " + s.By
			}
			fmt.Fprintln(table, strings.Join([]string{fmt.Sprintf("  %d", s.Number), terminal.Printable(s.Key), terminal.Printable(s.Do), terminal.Printable(state)}, "\t"))
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print tasks: %w", err)
		}
	}
	_, err := fmt.Fprintln(w, "\nTick a step with `usher tick N STEP`, by its number or its key.")
	return err
}
