package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/terminal"
)

// review answers how a review stands, with all that was answered.
func (c *Server) review(r *http.Request) (any, error) {
	n, err := numberIn(r)
	if err != nil {
		return nil, err
	}
	return c.Reviews.Report(r.Context(), n, c.Now())
}

// Review prints a review, or writes it to a file that is out, in the format of its ending; a file that is there stays.
func (f Folder) Review(ctx context.Context, w io.Writer, number, out string, asJSON bool) error {
	n, err := strconv.ParseInt(strings.TrimPrefix(number, "#"), 10, 64)
	if err != nil || n < 1 {
		return terminal.Wrong("usher: " + terminal.Quoted(number) + " is no review's number; expected one such as 3")
	}
	if out != "" {
		if _, err := (reviews.Report{}).File(out); err != nil {
			return terminal.Wrong("usher: --out " + terminal.Quoted(out) + ": expected a file that ends in .csv or .xlsx")
		}
	}
	var r reviews.Report
	if err := f.remote().Ask(ctx, http.MethodGet, "/v1/reviews/"+strconv.FormatInt(n, 10), nil, &r); err != nil {
		return err
	}
	switch {
	case asJSON:
		return terminal.PrintJSON(w, r)
	case out == "":
		return printReview(w, r)
	}
	raw, err := r.File(out)
	if err != nil {
		return err
	}
	return written(w, out, raw)
}

// written makes a file, for who runs the command alone: it has people's addresses in it.
func written(w io.Writer, path string, raw []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make the report's file: %w", err)
	}
	_, err = file.Write(raw)
	if shut := file.Close(); err == nil {
		err = shut
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	fmt.Fprintln(w, "Wrote "+terminal.Printable(path)+".")
	return nil
}

// printReview draws how a review stands.
func printReview(w io.Writer, r reviews.Report) error {
	fmt.Fprintf(w, "Review #%d of %s: %s. %d accounts: %d to keep, %d to take away, %d without an answer.\n", r.Number, terminal.Printable(r.Called), r.State, len(r.Lines),
		r.Answered(reviews.Keep), r.Answered(reviews.Take), r.Left())
	if len(r.Wrong) > 0 {
		fmt.Fprintln(w, terminal.Printable(r.Wrong.Plain()))
	}
	fmt.Fprintf(w, "Started %s, due %s. The audit log ends at %s.\n", day(r.Began), day(r.Due), r.Head)
	if len(r.Lines) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHO\tHAS\tREVIEWER\tANSWER\tREASON\tREMOVAL")
	for _, l := range r.Lines {
		fmt.Fprintln(table, strings.Join(cells(nameAnd(l.Name, l.Email), l.Holds, nameOr(r.People[l.Reviewer], l.Reviewer), string(l.Answer), l.Reason, removalOf(r, l)), "\t"))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the review: %w", err)
	}
	return nil
}

func nameOr(name string, id approvals.PersonID) string {
	if name == "" {
		return string(id)
	}
	return name
}

func removalOf(r reviews.Report, l reviews.Line) string {
	switch {
	case len(l.Wrong) > 0:
		return l.Wrong.Plain()
	case l.Removal == 0:
		return ""
	}
	return fmt.Sprintf("#%d %s", l.Removal, r.States[l.Removal])
}
