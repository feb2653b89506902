package app

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/usherbot/usher/apiclient/entra"
	"github.com/usherbot/usher/apiclient/google"
	"github.com/usherbot/usher/apiclient/okta"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/directory/sources"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
	"github.com/usherbot/usher/terminal"
)

// Directories are where people are known from beside Slack, each joined to what reads it.
func Directories(cfg *config.Config, a Around) ([]directory.Directory, error) {
	var out []directory.Directory
	for _, d := range cfg.People.Directories {
		if d.Added() {
			out = append(out, directory.Directory{Name: d.Name, Origin: origin(d), Parse: func(raw []byte, columns map[list.Column]string) (directory.Answer, error) {
				return sources.List(raw, columns, a.Now())
			}})
			continue
		}
		read, err := Directory(d, a)
		if err != nil {
			return nil, terminal.Wrong(fmt.Sprintf("%s:%d:%d: directory %s: %v", cfg.File, d.At.Line, d.At.Column, d.Name, err))
		}
		out = append(out, directory.Directory{Name: d.Name, Origin: origin(d), Source: read, Believe: d.Believe})
	}
	return out, nil
}

// origin is what is read: where it changes, what is kept is about another directory.
func origin(d config.DirectoryConfig) string {
	return d.Kind + " " + d.BaseURL + d.Tenant + d.Admin + d.Domain
}

// Directory is what reads one.
func Directory(d config.DirectoryConfig, a Around) (directory.Source, error) {
	web := cmp.Or(a.DirectoryHTTP, a.VendorHTTP)
	switch d.Kind {
	case config.DirectoryOkta:
		c, err := okta.New(okta.Config{BaseURL: d.BaseURL, AllowHTTP: a.AllowHTTP, Token: a.OktaToken, HTTP: web, Now: a.Now, Random: a.Random, Log: a.Log})
		return sources.Okta{Client: c}, err
	case config.DirectoryEntra:
		c, err := entra.New(entra.Config{BaseURL: d.BaseURL, LoginURL: d.LoginURL, AllowHTTP: a.AllowHTTP, Tenant: d.Tenant, ClientID: d.ClientID, Secret: a.EntraSecret,
			HTTP: web, Now: a.Now, Random: a.Random, Log: a.Log})
		return sources.Entra{Client: c}, err
	case config.DirectoryGoogle:
		c, err := google.New(google.Config{BaseURL: d.BaseURL, TokenURL: d.LoginURL, AllowHTTP: a.AllowHTTP, Key: a.GoogleKey, Subject: d.Admin, Domain: d.Domain,
			HTTP: web, Now: a.Now, Random: a.Random, Log: a.Log})
		return sources.Google{Client: c}, err
	}
	return sources.CSV{Path: d.Path, Now: a.Now}, nil
}

// readings reads them once a day.
func (a *App) readings(of []directory.Directory, box outbox.Box, cfg *config.Config) *directory.Readings {
	return &directory.Readings{Directories: of, Few: cfg.Leavers.Breaker, Memory: a.Store, Box: box, Now: a.Clock.Now, Log: a.Log, Wake: a.worker.Wake, Alarm: a.alarm(cfg.Slack.Admins, a.Clock.Now)}
}

// elsewhere is how people stand in them; nil: there are none.
func elsewhere(r *directory.Readings) register.Elsewhere {
	if len(r.Directories) == 0 {
		return nil
	}
	return r
}

// enroll has the list of people taken that somebody adds, where there is one.
func (a *App) enroll(house *commands.House) {
	if d, ok := a.directories.Added(); ok {
		a.Register.Roll, house.People = a.directories, d.Name
	}
}

// adds reports whether somebody adds the list of one, for which Slack is asked for files.
func adds(of []directory.Directory) bool {
	return slices.ContainsFunc(of, func(d directory.Directory) bool { return d.Parse != nil })
}
