package config

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/terminal"
)

// The kinds of directory, as they are configured.
const (
	DirectoryCSV    = "csv"
	DirectoryOkta   = "okta"
	DirectoryEntra  = "entra"
	DirectoryGoogle = "google"
)

// DirectoryConfig is one entry of people.directories: where people are known from beside Slack.
type DirectoryConfig struct {
	Kind string
	// Name is what people see it called.
	Name string
	// Path is the file of a CSV, as it is opened.
	Path string
	// BaseURL is Okta's address, and where it isn't the usual one that of the other services; LoginURL is where a token is asked for.
	BaseURL, LoginURL string
	// Tenant and ClientID are Entra's, Admin and Domain Google's.
	Tenant, ClientID, Admin, Domain string
	// Believe is the day on which it is believed whatever it says.
	Believe string
	At      Position
}

// Added reports whether it is a list that an admin adds, in the place of one that is read.
func (d DirectoryConfig) Added() bool { return d.Kind == DirectoryCSV && d.Path == "" }

const (
	expectDirectories = "a list of directories, such as {kind: okta, base_url: https://acme.okta.com}"
	expectDirectory   = "kind, name, path, base_url, login_url, tenant, client_id, admin, domain and believe"
	expectPath        = "the path of the exported list, such as people.csv (from this file's folder on)"
	expectOkta        = "your organization's address, such as https://acme.okta.com"
	expectTenant      = "the tenant's id or one of its domains, such as acme.onmicrosoft.com"
	expectClient      = "the application's (client) id"
	expectAdmin       = "the address of an admin who may read users, such as admin@acme.example"
	expectDomain      = "one of the account's domains, such as acme.example"
	expectBelieve     = "the day on which it's believed, such as 2026-11-29"
)

// directoryKeys are the keys that each kind has beside kind, name and believe; those that must be there first.
var directoryKeys = map[string][]string{
	DirectoryCSV:    {"path"},
	DirectoryOkta:   {"base_url"},
	DirectoryEntra:  {"tenant", "client_id", "base_url", "login_url"},
	DirectoryGoogle: {"admin", "domain", "base_url", "login_url"},
}

// directoryNames are what they are called where nobody says otherwise.
var directoryNames = map[string]string{DirectoryCSV: "the list of people", DirectoryOkta: "Okta", DirectoryEntra: "Entra ID", DirectoryGoogle: "Google Workspace"}

var (
	domainShape = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$`)
	adminShape  = regexp.MustCompile(`^[^@\s]+@[a-z0-9][a-z0-9.-]*[a-z0-9]$`)
)

func (v value) directories(cfg *Config) (out []DirectoryConfig) {
	for _, item := range v.list("the directory", expectDirectories) {
		d := item.directory(cfg)
		same := slices.IndexFunc(out, func(o DirectoryConfig) bool { return strings.EqualFold(o.Name, d.Name) })
		switch {
		case d.Kind == "":
			continue
		case d.Kind != DirectoryCSV && slices.ContainsFunc(out, func(o DirectoryConfig) bool { return o.Kind == d.Kind }):
			item.Wrong(item.At, "there are two directories of the kind %s, and one secret for them; expected one", d.Kind)
		case d.Kind == DirectoryCSV && d.Path == "" && slices.ContainsFunc(out, DirectoryConfig.Added):
			item.Wrong(item.At, "there are two lists without a path, and `/access import people` adds one; expected a path")
		case same >= 0:
			item.Wrong(item.At, "two directories are called %s; expected a different name", terminal.Quoted(d.Name))
		default:
			out = append(out, d)
		}
	}
	return out
}

func (v value) directory(cfg *Config) DirectoryConfig {
	o := v.object(expectDirectory, "kind", "name", "path", "base_url", "login_url", "tenant", "client_id", "admin", "domain", "believe")
	d := DirectoryConfig{At: v.At, Kind: o.need("kind", "csv, okta, entra or google").OneOf(DirectoryCSV, DirectoryOkta, DirectoryEntra, DirectoryGoogle)}
	if d.Kind == "" {
		return d
	}
	for _, key := range []string{"path", "base_url", "login_url", "tenant", "client_id", "admin", "domain"} {
		if given := o.get(key); given.Given() && !slices.Contains(directoryKeys[d.Kind], key) {
			given.Wrong(given.At, "%s isn't one of the kind %s; expected %s", key, d.Kind, strings.Join(directoryKeys[d.Kind], ", "))
		}
	}
	if d.Name = o.get("name").label(); d.Name == "" {
		d.Name = directoryNames[d.Kind]
	}
	d.Believe = o.get("believe").day()
	switch d.Kind {
	case DirectoryCSV:
		if path, ok := o.get("path").Text(expectPath); ok {
			if d.Path = path; !filepath.IsAbs(path) {
				d.Path = filepath.Join(filepath.Dir(cfg.File), path)
			}
		}
	case DirectoryOkta:
		d.BaseURL = o.need("base_url", expectOkta).directoryURL(expectOkta)
	case DirectoryEntra:
		d.Tenant = o.need("tenant", expectTenant).formed(domainShape, expectTenant)
		d.ClientID = o.need("client_id", expectClient).formed(domainShape, expectClient)
		d.BaseURL, d.LoginURL = o.get("base_url").directoryURL("https://graph.microsoft.com"), o.get("login_url").directoryURL("https://login.microsoftonline.com")
	case DirectoryGoogle:
		d.Admin = o.need("admin", expectAdmin).formed(adminShape, expectAdmin)
		d.Domain = o.get("domain").formed(domainShape, expectDomain)
		d.BaseURL, d.LoginURL = o.get("base_url").directoryURL("https://admin.googleapis.com"), o.get("login_url").directoryURL("https://oauth2.googleapis.com/token")
	}
	return d
}

// formed is a text of a shape.
func (v value) formed(shape *regexp.Regexp, expected string) string {
	s, ok := v.Text(expected)
	if s = strings.ToLower(s); ok && !shape.MatchString(s) {
		v.Bad(expected)
	}
	return s
}

// directoryURL is an address to which a secret is sent.
func (v value) directoryURL(expected string) string {
	s, ok := v.Text(expected)
	if !ok {
		return ""
	}
	if _, err := apiclient.BaseURL(s, false); err != nil {
		v.Wrong(v.At, "%s %s; expected %s", v.Name, noAddress, expected)
	}
	return s
}

// day is a day of the calendar.
func (v value) day() string {
	s, ok := v.Text(expectBelieve)
	if !ok {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		v.Bad(expectBelieve)
	}
	return s
}

// Directory is the one of a kind; ok is false where there is none.
func (c *Config) Directory(kind string) (DirectoryConfig, bool) {
	i := slices.IndexFunc(c.People.Directories, func(d DirectoryConfig) bool { return d.Kind == kind })
	if i < 0 {
		return DirectoryConfig{}, false
	}
	return c.People.Directories[i], true
}
