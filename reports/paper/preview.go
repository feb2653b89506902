package paper

import (
	"context"
	"io"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// Previews writes reports as they would be, for who asks at the machine.
type Previews struct {
	// Reports builds them; a *reports.Runner does.
	Reports interface {
		Preview(ctx context.Context, name string, when reports.When) (reports.Report, reports.Facts, error)
	}
	// Named says what people and groups are called; nil: their ids stand there.
	Named func(ctx context.Context) Names
}

// Write writes one in the format of a file's name. An error before anything was written may be an *approvals.Error for who asks.
func (p Previews) Write(ctx context.Context, to io.Writer, name string, when reports.When, file string) error {
	if err := Fits(file); err != nil {
		return approvals.Refuse(approvals.Invalid, "%v", err.Error())
	}
	r, facts, err := p.Reports.Preview(ctx, name, when)
	if err != nil {
		return err
	}
	names := Ids
	if p.Named != nil {
		names = p.Named(ctx)
	}
	return Write(to, file, Of(r, ListsOf(facts), names))
}

// Ids are Names where nobody can be asked.
func Ids(s approvals.Span) string {
	return map[approvals.SpanKind]string{approvals.SpanGroup: "group ", approvals.SpanPerson: "person ", approvals.SpanChannel: "channel "}[s.Kind] + s.S
}
