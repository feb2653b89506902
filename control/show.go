package control

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/terminal"
)

// cardText is one request as its card shows it.
type cardText struct {
	Now     time.Time         `json:"now"`
	Request approvals.Request `json:"request"`
	// Lines are what the card says, with names.
	Lines []string `json:"lines"`
}

// show is the answer to a question for one request.
func (c *Server) show(r *http.Request) (any, error) {
	n, err := numberIn(r)
	if err != nil {
		return nil, err
	}
	request, err := c.Desk.Request(r.Context(), n)
	if err != nil {
		return nil, noSuch(err, n)
	}
	by, _ := c.Who(r)
	c.shown.read(by, request)
	said := view.CardLines(request)
	names := c.named(r.Context(), said...)
	out := cardText{Now: c.Now().UTC(), Request: request}
	for _, t := range said {
		out.Lines = append(out.Lines, names.Plain(t))
	}
	return out, nil
}

// numberIn is the request's number in the path of a question.
func numberIn(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil || n < 1 {
		return 0, approvals.Refuse(approvals.Invalid, "%v isn't a request number.", r.PathValue("n"))
	}
	return n, nil
}

// noSuch is an error, in the words of the command line where nobody has the number.
func noSuch(err error, n int64) error {
	if approvals.CodeOf(err) == approvals.NotFound {
		return approvals.Refuse(approvals.NotFound, "There's no request #%v. `usher requests --all` lists what there is.", n)
	}
	return err
}

// print writes the card, and how to decide.
func (v cardText) print(w io.Writer) error {
	var b strings.Builder
	for _, line := range v.Lines {
		b.WriteString(terminal.Printable(line) + "\n")
	}
	if r := v.Request; r.State == approvals.Pending && r.Barred() {
		fmt.Fprintf(&b, "\nIt can't be approved as things are. Close it with `usher deny %d --reason \"…\"`.\n", r.Number)
	} else if r.State == approvals.Pending {
		fmt.Fprintf(&b, "\nDecide with `usher approve %d` or `usher deny %d --reason \"…\"`.\n", r.Number, r.Number)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
