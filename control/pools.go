package control

import (
	"context"
	"net/http"
	"net/url"

	"github.com/usherbot/usher/approvals"
)

func (c *Server) taken(r *http.Request) (any, error) {
	return c.Desk.Taken(r.Context(), r.PathValue("app"))
}

// Taken is how much the running Usher has handed out and promised of an app's limits.
func (f Folder) Taken(ctx context.Context, app string) (taken approvals.Shares, err error) {
	err = f.remote().Ask(ctx, http.MethodGet, "/v1/pools/"+url.PathEscape(app), nil, &taken)
	return taken, err
}
