package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/forget"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/terminal"
)

// oblivion is what is asked to forget somebody.
type oblivion struct {
	Who string `json:"who"`
	// Look says that nothing is to be changed yet.
	Look bool `json:"look,omitempty"`
}

// forget says what forgetting somebody would take, or does it. What has begun is not given up with the connection.
func (c *Server) forget(r *http.Request) (any, error) {
	var o oblivion
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&o); err != nil {
		return nil, approvals.Refuse(approvals.Invalid, "I can't read whom to forget.").Because(err)
	}
	by, _ := c.Who(r)
	ctx := context.WithoutCancel(r.Context())
	found, err := c.Forgetter.Look(ctx, o.Who)
	if err != nil || o.Look {
		return found, err
	}
	if len(found.Against) > 0 {
		return nil, approvals.Refuse(approvals.Conflict, "Nothing was forgotten: %v.", strings.Join(found.Against, "; "))
	}
	return c.Forgetter.Forget(ctx, found, by, Surface)
}

// StillHolds says in words what vendors say that somebody has. Whoever can't be asked might have them.
func StillHolds(ctx context.Context, g *register.Register, p forget.Person) (say []string, err error) {
	h, err := g.Where(ctx, func(e register.Entry) bool {
		return slices.ContainsFunc(p.Addresses, func(a string) bool { return approvals.SameEmail(a, e.Email) }) || e.Person != "" && slices.Contains(p.IDs, e.Person)
	})
	if err != nil {
		return nil, fmt.Errorf("find what somebody holds: %w", err)
	}
	if len(h.Unread) > 0 {
		return nil, approvals.Refuse(approvals.CannotTell, "I couldn't read who has an account in %v just now, so I can't tell whether they still have one. Nothing was forgotten; please try again in a minute.", strings.Join(h.Unread, ", "))
	}
	for _, e := range h.Entries {
		switch {
		case e.Missing || !e.Removed.IsZero():
		case e.Request == 0:
			say = append(say, fmt.Sprintf("%s has an account for %s", e.App.Name, e.Email))
		default:
			say = append(say, fmt.Sprintf("%s still has something in %s, since #%d", e.Email, e.App.Name, e.Request))
		}
	}
	return say, nil
}

// Forgetting is how somebody at a terminal has a person forgotten.
type Forgetting struct {
	DryRun, Yes bool
	// Asks is where a yes is typed; nil: nobody sits there.
	Asks io.Reader
	Out  io.Writer
	// AtRest opens what is kept, where no Usher runs.
	AtRest func(context.Context) (store.Store, error)
	// Random, Now and By are for what is done without one that runs.
	Random io.Reader
	Now    func() time.Time
	By     approvals.Actor
}

// Forget takes a person out of everything that is kept, through the Usher that runs on the folder or where none does: it says what that
// would take, has it confirmed, and does it.
func (f Folder) Forget(ctx context.Context, who string, how Forgetting) error {
	if !strings.Contains(who, "@") && !memberID.MatchString(who) {
		return terminal.Wrong("usher: I can't tell who " + terminal.Quoted(who) + " is; expected a member id (U…) or an e-mail address")
	}
	if !how.DryRun && !how.Yes && how.Asks == nil {
		return terminal.Wrong("usher: forgetting somebody can't be undone; expected --yes, --dry-run, or a terminal to ask at")
	}
	do, done, err := f.forgetter(ctx, how)
	if err != nil {
		return err
	}
	return errors.Join(how.forget(ctx, do, who), done())
}

// forgetter is what forgets: the Usher that runs, or what is opened for it.
func (f Folder) forgetter(ctx context.Context, how Forgetting) (do func(context.Context, oblivion) (forget.Found, error), done func() error, err error) {
	if f.Running() {
		return func(ctx context.Context, o oblivion) (out forget.Found, err error) {
			return out, f.remote().Ask(ctx, http.MethodPost, "/v1/forget", o, &out)
		}, func() error { return nil }, nil
	}
	db, err := how.AtRest(ctx)
	if err != nil {
		return nil, nil, err
	}
	g := &forget.Forgetter{Store: db, Random: how.Random, Now: how.Now, Log: slog.New(slog.DiscardHandler)}
	return func(ctx context.Context, o oblivion) (forget.Found, error) {
		found, err := g.Look(ctx, o.Who)
		if err != nil || o.Look {
			return found, err
		}
		return g.Forget(ctx, found, how.By, Surface)
	}, db.Close, nil
}

func (how Forgetting) forget(ctx context.Context, do func(context.Context, oblivion) (forget.Found, error), who string) error {
	found, err := do(ctx, oblivion{Who: who, Look: true})
	if err != nil {
		return err
	}
	said := terminal.Printable(who)
	switch {
	case len(found.Against) > 0:
		return fmt.Errorf("%s can't be forgotten yet, and nothing was changed: %s", said, terminal.Printable(strings.Join(found.Against, "; ")))
	case found.None():
		_, err := fmt.Fprintf(how.Out, "Nothing is kept about %s. Nothing was changed.\n", said)
		return err
	}
	if err := how.tell(said, found); err != nil || how.DryRun {
		return err
	}
	if !how.Yes && !how.confirmed() {
		_, err := fmt.Fprintln(how.Out, "Nothing was changed.")
		return err
	}
	if found, err = do(ctx, oblivion{Who: who}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(how.Out, "Done: %s is %s now, wherever Usher kept more. The audit log has an entry about it, and verifies as before.\n"+
		"Backups and copies made before still have it, and so do Slack's messages, the vendors, and, of a PostgreSQL database, what VACUUM hasn't taken away yet and the archive of its log.\n", said, found.Person.Called)
	return err
}

// tell prints what it takes.
func (how Forgetting) tell(who string, f forget.Found) error {
	var out strings.Builder
	if f.Begun {
		fmt.Fprintf(&out, "Forgetting %s was begun before, and broke off. It can go on.\n", who)
	}
	fmt.Fprintf(&out, "About %s there's something in", who)
	sep := " "
	for _, kind := range cargo.Kinds {
		if n := f.Counts[kind]; n > 0 {
			fmt.Fprintf(&out, "%s%s: %d", sep, kind, n)
			sep = " · "
		}
	}
	if len(f.Counts) == 0 {
		out.WriteString(" the audit log alone")
	}
	out.WriteString(".\n")
	if also := f.Person.Known(); len(also) > 1 {
		fmt.Fprintf(&out, "They are known as %s. A Slack id stays where it is: it says nothing to whoever can't ask your workspace.\n", terminal.Printable(strings.Join(also, ", ")))
	}
	if len(f.Shared) > 0 {
		fmt.Fprintf(&out, "%s is somebody else's too, and stays.\n", terminal.Printable(strings.Join(f.Shared, ", ")))
	}
	if s := f.Sealed; s.Count > 0 {
		fmt.Fprintf(&out, "In entries of the audit log, %d of them from number %d on, such words were sealed before they were kept beside it: these stay, for ever.\n", s.Count, s.FromEntry)
	}
	if len(f.Unread) > 0 {
		fmt.Fprintf(&out, "I can't look into %s, so whatever that has stays.\n", terminal.Printable(strings.Join(f.Unread, ", ")))
	}
	_, err := io.WriteString(how.Out, out.String())
	return err
}

// confirmed asks whoever sits there.
func (how Forgetting) confirmed() bool {
	fmt.Fprint(how.Out, "This can't be undone. Type yes to forget them: ")
	line, _ := bufio.NewReader(how.Asks).ReadString('\n') // what isn't a yes is a no
	return strings.TrimSpace(line) == "yes"
}
