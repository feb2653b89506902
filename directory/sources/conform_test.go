package sources_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/entra"
	"github.com/usherbot/usher/apiclient/google"
	"github.com/usherbot/usher/apiclient/okta"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/directory/sources"
	"github.com/usherbot/usher/sim/entrasim"
	"github.com/usherbot/usher/sim/googlesim"
	"github.com/usherbot/usher/sim/oktasim"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/roster"
)

// place is one directory beside what reads it.
type place struct {
	*roster.Roster
	source directory.Source
	// write puts what the directory knows where the source reads it; a directory with an API needs nothing of it.
	write func()
	// fails makes the source fail from now on, and says since when somebody is off where the directory does.
	fails func()
	dates bool
	was   directory.Answer
}

// read reads it, as package directory does: with what was read last.
func (p *place) read(t *testing.T) (map[string]directory.Record, error) {
	p.write()
	a, err := p.source.Read(t.Context(), p.was.People, p.was.Bookmark)
	if err != nil {
		require.Empty(t, a.People, "an error brings nobody")
		return nil, err
	}
	p.was = a
	out := map[string]directory.Record{}
	for _, r := range a.People {
		require.NotContains(t, out, r.ID, "each is listed once")
		out[r.ID] = r
	}
	return out, nil
}

const admin = "admin@acme.example"

// making makes a directory of a kind, and its simulator at a base URL.
type making func(t *testing.T, r *roster.Roster, base string, web *http.Client) (http.Handler, *place)

// kinds are how each kind of directory is set up.
func kinds(t *testing.T) map[string]making {
	key, err := googlesim.Key()
	require.NoError(t, err)
	random := func() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{9}) }
	served := func(r *roster.Roster, s directory.Source, dates bool) *place {
		return &place{Roster: r, source: s, write: func() {}, fails: func() { r.Plan(roster.Fault{Trouble: roster.Cut, Times: -1}) }, dates: dates}
	}
	return map[string]making{
		"okta": func(t *testing.T, r *roster.Roster, base string, web *http.Client) (http.Handler, *place) {
			c, err := okta.New(okta.Config{BaseURL: base, AllowHTTP: true, Token: "00token-of-okta", HTTP: web, Now: time.Now, Random: random()})
			require.NoError(t, err)
			return oktasim.New(r, "00token-of-okta"), served(r, sources.Okta{Client: c}, true)
		},
		"entra": func(t *testing.T, r *roster.Roster, base string, web *http.Client) (http.Handler, *place) {
			c, err := entra.New(entra.Config{BaseURL: base, LoginURL: base, AllowHTTP: true, Tenant: "acme.example", ClientID: "app", Secret: "secret-of-entra", HTTP: web, Now: time.Now, Random: random()})
			require.NoError(t, err)
			return entrasim.New(r, "acme.example", "app", "secret-of-entra"), served(r, sources.Entra{Client: c}, false)
		},
		"google": func(t *testing.T, r *roster.Roster, base string, web *http.Client) (http.Handler, *place) {
			g := googlesim.New(r, admin, key)
			c, err := google.New(google.Config{BaseURL: base, TokenURL: base + "/token", AllowHTTP: true, Key: apiclient.Secret(g.KeyFile()), Subject: admin, HTTP: web, Now: time.Now, Random: random()})
			require.NoError(t, err)
			return g, served(r, sources.Google{Client: c}, false)
		},
		"csv": func(t *testing.T, r *roster.Roster, _ string, _ *http.Client) (http.Handler, *place) {
			path := filepath.Join(t.TempDir(), "people.csv")
			return http.NotFoundHandler(), &place{Roster: r, source: sources.CSV{Path: path, Now: time.Now}, dates: true,
				write: func() { export(t, r, path) }, fails: func() { require.NoError(t, os.RemoveAll(filepath.Dir(path))) }}
		},
	}
}

// export writes the people as a personnel office does; where it can't, nothing is there.
func export(t *testing.T, r *roster.Roster, path string) {
	var b strings.Builder
	b.WriteString("Personalnummer;E-Mail;Name;Austrittsdatum\n")
	for _, p := range r.People() {
		left := ""
		if !p.Off.IsZero() {
			left = p.Off.UTC().Format("02.01.2006")
		}
		for _, a := range append([]string{p.Email}, p.Also...) {
			if p.Deleted.IsZero() && !p.Guest {
				fmt.Fprintf(&b, "%s;%s;Name of %s;%s\n", p.ID, a, p.ID, left)
			}
		}
	}
	if os.WriteFile(path, []byte(b.String()), 0o600) == nil {
		require.NoError(t, os.Chtimes(path, time.Now(), time.Now()))
	}
}

// within is a directory of a kind behind its simulator, on a network of its own, until it is ended.
func within(t *testing.T, kind string, make making) (p *place, end func()) {
	r := roster.New(roster.Options{Now: time.Now, Violation: func(format string, args ...any) { t.Errorf("violation: "+format, args...) }})
	listener := pipenet.Listen(kind + ".test")
	transport := &http.Transport{DialContext: listener.DialContext}
	handler, p := make(t, r, "http://"+kind+".test", &http.Client{Transport: transport})
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	return p, func() {
		transport.CloseIdleConnections()
		require.NoError(t, server.Close())
		_ = listener.Close()
		synctest.Wait()
	}
}

// TestEverySourceKeepsTheContract holds each kind of directory to what directory.Source says.
func TestEverySourceKeepsTheContract(t *testing.T) {
	all := kinds(t)
	for _, name := range []string{"okta", "entra", "google", "csv"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, end := within(t, name, all[name])
				defer end()
				aLife(t, p)
			})
		})
	}
}

// aLife is a directory over some days.
func aLife(t *testing.T, p *place) {
	for i := range 60 {
		p.Put(roster.Person{ID: fmt.Sprintf("id%02d", i), Email: fmt.Sprintf("p%02d@acme.example", i), Private: "me@elsewhere.example", Created: time.Now()})
	}
	p.Change("id01", func(x *roster.Person) { x.Also = []string{"other@acme.example"} })
	p.Put(roster.Person{ID: "id98", Email: "guest@elsewhere.example", Guest: true})
	day := func() { <-time.After(24 * time.Hour) }
	read := func() map[string]directory.Record {
		people, err := p.read(t)
		require.NoError(t, err)
		for _, r := range people {
			require.NotContains(t, r.Addresses, "me@elsewhere.example", "what somebody wrote themselves proves nothing")
		}
		return people
	}
	people := read()
	require.GreaterOrEqual(t, len(people), 60)
	require.False(t, people["id07"].Off)
	require.Contains(t, people["id01"].Addresses, "p01@acme.example")
	require.Contains(t, people["id01"].Addresses, "other@acme.example")

	day()
	p.SwitchOff("id07")
	p.Change("id03", func(x *roster.Person) { x.Email = "renamed@acme.example" })
	p.Put(roster.Person{ID: "id99", Email: "new@acme.example", Created: time.Now()})
	day()
	day()
	people = read()
	require.True(t, people["id07"].Off)
	require.Equal(t, p.dates, !people["id07"].Since.IsZero(), "since when, where the directory says it")
	require.Equal(t, []string{"renamed@acme.example"}, slices.Compact(people["id03"].Addresses), "the same person under another address")
	require.False(t, people["id99"].Off)
	require.Contains(t, people, "id00", "who didn't change is there")

	day()
	p.Change("id07", func(x *roster.Person) { x.Off = time.Time{} })
	p.Change("id08", func(x *roster.Person) { x.Deleted = time.Now() })
	people = read()
	require.False(t, people["id07"].Off, "who came back")
	gone, listed := people["id08"]
	require.True(t, !listed || gone.Off, "who was deleted isn't listed, or is off")

	before := len(people)
	p.Tell(roster.Twice)
	require.Len(t, read(), before, "duplicates are one person")
	p.Heal()
	for range 9 { // a week and more: links expire
		day()
	}
	require.Len(t, read(), before)

	p.fails()
	_, err := p.read(t)
	require.Error(t, err, "what can't be read is an error")
	require.NotEmpty(t, apiclient.KindOf(err))
}
