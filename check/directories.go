package check

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/entra"
	"github.com/usherbot/usher/apiclient/google"
	"github.com/usherbot/usher/apiclient/okta"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/directory/sources"
	"github.com/usherbot/usher/terminal"
)

// directory reads the first page of a directory: whether the secret is taken and people may be read by it, and how many are on it.
func (t *Table) directory(ctx context.Context, d config.DirectoryConfig, env config.Env, web *http.Client) {
	thing := "directory " + d.Name
	if d.Added() {
		t.ok(thing, "is added by an admin, with /access import people")
		return
	}
	n, more, err := firstOf(ctx, d, env, web)
	switch {
	case err != nil:
		t.fail(thing, err.Error(), directoryAdvice(d, err))
	case n == 0:
		t.warn(thing, "it lists nobody, which Usher never believes", "see whether it's the right one, and whether all of its people may be read")
	case more:
		t.ok(thing, "can be read; the first page lists %s, and there are more", terminal.Plural(n, "person", "people"))
	default:
		t.ok(thing, "can be read; it lists %s", terminal.Plural(n, "person", "people"))
	}
}

func firstOf(ctx context.Context, d config.DirectoryConfig, env config.Env, web *http.Client) (n int, more bool, err error) {
	switch d.Kind {
	case config.DirectoryOkta:
		c, err := okta.New(okta.Config{BaseURL: d.BaseURL, Token: env.OktaToken, HTTP: web, Now: time.Now, Random: rand.Reader, Timeout: checkCallTime})
		if err != nil {
			return 0, false, err
		}
		return c.First(ctx)
	case config.DirectoryEntra:
		c, err := entra.New(entra.Config{BaseURL: d.BaseURL, LoginURL: d.LoginURL, Tenant: d.Tenant, ClientID: d.ClientID, Secret: env.EntraSecret, HTTP: web,
			Now: time.Now, Random: rand.Reader, Timeout: checkCallTime})
		if err != nil {
			return 0, false, err
		}
		return c.First(ctx)
	case config.DirectoryGoogle:
		c, err := google.New(google.Config{BaseURL: d.BaseURL, TokenURL: d.LoginURL, Key: env.GoogleKey, Subject: d.Admin, Domain: d.Domain, HTTP: web,
			Now: time.Now, Random: rand.Reader, Timeout: checkCallTime})
		if err != nil {
			return 0, false, err
		}
		return c.First(ctx)
	}
	a, err := sources.CSV{Path: d.Path, Now: time.Now}.Read(ctx, nil, "")
	return len(a.People), false, err
}

// directoryAdvice is what to do about a directory that can't be read.
func directoryAdvice(d config.DirectoryConfig, err error) string {
	kind := apiclient.KindOf(err)
	switch {
	case d.Kind == config.DirectoryCSV:
		return "see that path names the exported list, that Usher may read it, and that it has a line that names its columns"
	case kind == apiclient.RateLimited, kind == apiclient.Temporary:
		return "see whether it can be reached from here, and try again in a minute"
	case kind != apiclient.NotAllowed:
		return "compare what " + d.Name + " has in the configuration with your account"
	}
	return map[string]string{
		config.DirectoryOkta:   "put a valid API token into OKTA_TOKEN, made by an administrator who may view users, such as a read-only one",
		config.DirectoryEntra:  "put a valid client secret into ENTRA_CLIENT_SECRET, compare tenant and client_id, and grant the application permission User.Read.All with an admin's consent",
		config.DirectoryGoogle: "in Google's admin console allow the service account's client id the scope for reading users (docs/directories.md), and see that admin may read them",
	}[d.Kind]
}
