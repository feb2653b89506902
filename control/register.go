package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
	"github.com/usherbot/usher/terminal"
)

// longestImport is how long a question with a list in it may be: the list as JSON writes bytes, and what stands around it.
const longestImport = list.MostBytes*4/3 + 64<<10

// held is the answer to who holds what.
type held struct {
	Now time.Time `json:"now"`
	register.Holdings
	names
}

// imported is the answer to a list.
type imported struct {
	Now time.Time `json:"now"`
	register.Result
	names
}

// who answers who holds what: in an app, under an address, or somebody.
func (c *Server) who(r *http.Request) (any, error) {
	h, err := c.holdings(r.Context(), r.FormValue("app"), r.FormValue("who"))
	if err != nil {
		return nil, err
	}
	var about []approvals.Text
	for _, e := range h.Entries {
		for _, by := range e.Allowed {
			about = append(about, by.Text())
		}
		for _, w := range e.Tasks {
			about = append(about, approvals.Sayf("%v", w.Owner))
		}
	}
	return held{Now: c.Now().UTC(), Holdings: h, names: c.named(r.Context(), append(about, saidOf(h.Findings)...)...)}, nil
}

// holdings asks the register. An address that is somebody's in Slack is asked about as theirs: it may be only one of theirs.
func (c *Server) holdings(ctx context.Context, app, who string) (register.Holdings, error) {
	if app != "" {
		return c.Register.OfApp(ctx, app)
	}
	if strings.Contains(who, "@") {
		p, err := c.Desk.Directory.ByEmail(ctx, who)
		if err != nil {
			c.Log.WarnContext(ctx, "cannot ask Slack whose an address is; it is asked about alone", "err", err)
		}
		if err != nil || p.ID == "" {
			return c.Register.OfEmail(ctx, who)
		}
		p.Email = who
		return c.Register.OfPerson(ctx, p)
	}
	p, err := c.Desk.Directory.Person(ctx, approvals.PersonID(who))
	switch {
	case err != nil:
		return register.Holdings{}, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack who %v is just now. Please try again in a minute, or give the e-mail address.", who).Because(err)
	case p.Name == "" && !p.Active:
		return register.Holdings{}, approvals.Refuse(approvals.NotFound, "Slack has nobody with the member id %v. Give the id (U…), or an e-mail address.", who)
	}
	return c.Register.OfPerson(ctx, p)
}

func saidOf(findings []register.Finding) (out []approvals.Text) {
	for _, f := range findings {
		out = append(out, f.Say())
	}
	return out
}

// compare is the answer to a list.
func (c *Server) compare(r *http.Request) (any, error) {
	var im register.Import
	if err := json.NewDecoder(io.LimitReader(r.Body, longestImport)).Decode(&im); err != nil {
		return nil, approvals.Refuse(approvals.Invalid, "I can't read that question.").Because(err)
	}
	by, _ := c.Who(r)
	result, err := c.Register.Import(r.Context(), im, by, Surface, c.Now())
	if err != nil {
		return nil, err
	}
	return imported{c.Now().UTC(), result, c.named(r.Context(), saidOf(slices.Concat(result.Found(), result.Closed))...)}, nil
}

// Who prints who holds what: whom is a member id, an address, or app=ID.
func (f Folder) Who(ctx context.Context, w io.Writer, whom string, asJSON bool) error {
	query := "who=" + urlEscaped(whom)
	if app, ok := strings.CutPrefix(whom, "app="); ok {
		query = "app=" + urlEscaped(app)
	}
	if !strings.HasPrefix(query, "app=") && !strings.Contains(whom, "@") && !memberID.MatchString(whom) {
		return terminal.Wrong("usher: I can't tell who " + terminal.Quoted(whom) + " is; expected a member id (U…), an e-mail address, or app=ID")
	}
	var h held
	if err := f.remote().Ask(ctx, http.MethodGet, "/v1/who?"+query, nil, &h); err != nil {
		return err
	}
	if asJSON {
		return terminal.PrintJSON(w, h.Holdings)
	}
	return h.print(w)
}

// Import has the running Usher compare a vendor's own member list, and prints what it found. columns are “email=Correo”.
func (f Folder) Import(ctx context.Context, w io.Writer, im register.Import, path string, columns []string, asJSON bool) error {
	var err error
	if im.Columns, err = namedColumns(columns); err != nil {
		return err
	}
	if im.Raw, im.At, err = listAt(path); err != nil {
		return err
	}
	im.File = filepath.Base(path)
	var out imported
	if err := f.remote().Ask(ctx, http.MethodPost, "/v1/import", im, &out); err != nil {
		return err
	}
	if asJSON {
		return terminal.PrintJSON(w, out.Result)
	}
	return out.print(w)
}

// listAt reads a list that isn't too large, and when it was last written.
func listAt(path string) ([]byte, time.Time, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, time.Time{}, terminal.Wrong("usher: there's no file " + terminal.Quoted(path) + "; expected a vendor's member list as CSV or XLSX")
	case err != nil:
		return nil, time.Time{}, fmt.Errorf("look at the list: %w", err)
	case info.IsDir():
		return nil, time.Time{}, terminal.Wrong("usher: " + terminal.Quoted(path) + " is a folder; expected a vendor's member list as CSV or XLSX")
	case info.Size() > list.MostBytes:
		return nil, time.Time{}, list.TooLarge(info.Size())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read the list: %w", err)
	}
	return raw, info.ModTime().UTC(), nil
}

// namedColumns reads which columns are named by hand.
func namedColumns(typed []string) (map[list.Column]string, error) {
	out := map[list.Column]string{}
	for _, t := range typed {
		key, name, ok := strings.Cut(t, "=")
		if c := list.Column(strings.ToLower(strings.TrimSpace(key))); ok && slices.Contains(list.Columns, c) && strings.TrimSpace(name) != "" {
			out[c] = strings.TrimSpace(name)
			continue
		}
		var all []string
		for _, c := range list.Columns {
			all = append(all, string(c))
		}
		return nil, terminal.Wrong("usher: --column " + terminal.Quoted(t) + " names no column; expected one of " + strings.Join(all, ", ") + `, and what the list calls it: --column email="Correo"`)
	}
	return out, nil
}
