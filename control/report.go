package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/paper"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/terminal"
)

// Preview is which report is wanted as a file, as of when, and where.
type Preview struct{ Name, At, Out string }

// report answers a report as it would be, as a file.
func (c *Server) report(w http.ResponseWriter, r *http.Request) error {
	when, err := reports.ParseWhen(r.FormValue("at"))
	if err != nil {
		return approvals.Refuse(approvals.Invalid, "%v", err.Error())
	}
	p := paper.Previews{Reports: c.Reports, Named: func(ctx context.Context) paper.Names {
		return func(s approvals.Span) string { return c.Plain(ctx, approvals.Text{s}) }
	}}
	return p.Write(r.Context(), w, r.PathValue("name"), when, r.FormValue("as"))
}

// Report writes a report as it would be to a new file: through the Usher that runs on the folder, or, where none does, by what atRest
// makes of its database. A file that broke off is taken away again.
func (f Folder) Report(ctx context.Context, w io.Writer, p Preview, atRest func(store.Store) (paper.Previews, error)) error {
	if err := paper.Fits(p.Out); err != nil {
		return terminal.Wrong("usher: --out " + terminal.Quoted(p.Out) + ": " + err.Error())
	}
	when, err := reports.ParseWhen(p.At)
	if err != nil {
		return terminal.Wrong("usher: --at " + terminal.Quoted(p.At) + ": " + err.Error())
	}
	file, err := os.OpenFile(p.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make the report's file: %w", err)
	}
	path := "/v1/reports/" + url.PathEscape(p.Name) + "?as=" + url.QueryEscape(p.Out) + "&at=" + url.QueryEscape(p.At)
	err = f.remote().CopyTo(ctx, path, file)
	if errors.Is(err, errNotUp) {
		err = f.AtRest(ctx, func(db store.Store) error {
			previews, err := atRest(db)
			if err != nil {
				return err
			}
			return plainly(previews.Write(ctx, file, p.Name, when, p.Out))
		})
	}
	if shut := file.Close(); err == nil {
		err = shut
	}
	if err != nil {
		return errors.Join(err, os.Remove(p.Out))
	}
	fmt.Fprintln(w, "Wrote "+terminal.Printable(p.Out)+".")
	return nil
}

// plainly is a refusal in the words of a terminal where nobody can say what people are called.
func plainly(err error) error {
	if e, ok := errors.AsType[*approvals.Error](err); ok {
		return errors.New(e.Say.Naming(paper.Ids))
	}
	return err
}
