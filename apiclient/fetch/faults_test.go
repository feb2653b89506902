package fetch_test

import (
	"context"
	"crypto/rsa"
	"fmt"
	"math/rand/v2"
	"net/http"
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
	"github.com/usherbot/usher/sim/entrasim"
	"github.com/usherbot/usher/sim/googlesim"
	"github.com/usherbot/usher/sim/oktasim"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/roster"
)

// Every client of a directory beside its simulator, which was written from the vendor's documents and shares no code with it: what they
// read is everybody or an error, whatever goes wrong on the way.

const (
	oktaToken   = "00QlUs4TtE9nD2aZpXcVbNmKjHgFdSaPoIuYtReW1x"
	entraTenant = "5a6e2c1b-0000-4444-8888-2f1d9c3b7a60"
	entraClient = "0d2f9c3b-1111-4444-8888-7a605a6e2c1b"
	entraSecret = "Zk8Q~cVbNmKjHgFdSaPoIuYtReW1xLsAqWsEdRf"
	googleAdmin = "admin@acme.example"
)

// made is a simulated directory by its name, and how its client is made.
func made(t *testing.T, name string, r *roster.Roster) (http.Handler, func(config) (reader, error)) {
	switch name {
	case "okta":
		return oktaOf(r)
	case "entra":
		return entraOf(r)
	}
	key, err := googlesim.Key()
	require.NoError(t, err)
	return googleOf(r, key)
}

// config is what is different from test to test; reader reads everybody.
type (
	config struct {
		base   string
		http   *http.Client
		secret string // in place of the right one
	}
	reader func(context.Context) ([]string, error)
)

func (c config) or(secret string) apiclient.Secret {
	if c.secret != "" {
		return apiclient.Secret(c.secret)
	}
	return apiclient.Secret(secret)
}

func mark(id string, off bool) string {
	if off {
		return id + "-"
	}
	return id
}

func oktaOf(r *roster.Roster) (http.Handler, func(config) (reader, error)) {
	return oktasim.New(r, oktaToken), func(c config) (reader, error) {
		client, err := okta.New(okta.Config{BaseURL: c.base, AllowHTTP: true, Token: c.or(oktaToken), HTTP: c.http, Now: time.Now, Random: rand.NewChaCha8([32]byte{1})})
		return func(ctx context.Context) (out []string, err error) {
			users, err := client.Users(ctx)
			for _, u := range users {
				out = append(out, mark(u.ID, u.Status == okta.Deprovisioned || u.Status == okta.Suspended))
			}
			return out, err
		}, err
	}
}

func entraOf(r *roster.Roster) (http.Handler, func(config) (reader, error)) {
	return entrasim.New(r, entraTenant, entraClient, entraSecret), func(c config) (reader, error) {
		client, err := entra.New(entra.Config{BaseURL: c.base, LoginURL: c.base, AllowHTTP: true, Tenant: entraTenant, ClientID: entraClient, Secret: c.or(entraSecret),
			HTTP: c.http, Now: time.Now, Random: rand.NewChaCha8([32]byte{1})})
		return func(ctx context.Context) (out []string, err error) {
			changes, err := client.Users(ctx, "")
			for _, u := range changes.People {
				if id := mark(u.ID, !*u.Enabled); !slices.Contains(out, id) { // Graph may tell somebody twice, and says so
					out = append(out, id)
				}
			}
			return out, err
		}, err
	}
}

func googleOf(r *roster.Roster, key *rsa.PrivateKey) (http.Handler, func(config) (reader, error)) {
	g := googlesim.New(r, googleAdmin, key)
	return g, func(c config) (reader, error) {
		client, err := google.New(google.Config{BaseURL: c.base, TokenURL: c.base + "/token", AllowHTTP: true, Key: c.or(g.KeyFile()), Subject: googleAdmin,
			HTTP: c.http, Now: time.Now, Random: rand.NewChaCha8([32]byte{1})})
		return func(ctx context.Context) (out []string, err error) {
			users, err := client.Users(ctx)
			for _, u := range users {
				out = append(out, mark(u.ID, u.Suspended || u.Archived || u.Gone))
			}
			return out, err
		}, err
	}
}

// company is a little over two pages of people, some of them off.
func company(r *roster.Roster) (want []string) {
	for i := range 45 {
		p := roster.Person{ID: fmt.Sprintf("id%02d", i), Email: fmt.Sprintf("p%02d@acme.example", i), Private: "private@elsewhere.example", Created: time.Now().Add(-1000 * time.Hour)}
		if i%20 == 3 {
			p.Off = time.Now().Add(-time.Hour)
		}
		if i == 4 {
			p.Off, p.Suspended = time.Now().Add(-time.Hour), true
		}
		r.Put(p)
		want = append(want, mark(p.ID, !p.Off.IsZero()))
	}
	slices.Sort(want)
	return want
}

// beside runs f in a bubble with a simulated directory and what reads it.
func beside(t *testing.T, name string, perMinute int, secret string, f func(t *testing.T, r *roster.Roster, read reader, want []string)) {
	synctest.Test(t, func(t *testing.T) {
		r := roster.New(roster.Options{Now: time.Now, PerMinute: perMinute, Violation: func(format string, args ...any) { t.Errorf("violation: "+format, args...) }})
		want := company(r)
		handler, client := made(t, name, r)
		transport, end := pipenet.Serve(name+".test", handler)
		defer func() {
			require.NoError(t, end())
			synctest.Wait()
		}()
		read, err := client(config{"http://" + name + ".test", &http.Client{Transport: transport}, secret})
		require.NoError(t, err)
		f(t, r, read, want)
	})
}

var names = []string{"okta", "entra", "google"}

func TestEverybodyIsReadOverAllPages(t *testing.T) {
	for _, name := range names {
		beside(t, name, 0, "", func(t *testing.T, r *roster.Roster, read reader, want []string) {
			for _, lie := range []roster.Lie{roster.Honest, roster.Twice} {
				r.Tell(lie)
				got, err := read(t.Context())
				require.NoError(t, err, name)
				slices.Sort(got)
				require.Equal(t, want, got, "%s, %s", name, lie)
			}
			require.Greater(t, len(r.Calls()), 2*3, name)
			r.Tell(roster.Nobody)
			got, err := read(t.Context())
			require.NoError(t, err, "that a whole answer has nobody in it is for others to doubt")
			require.Empty(t, got)
		})
	}
}

// TestAReadingIsWholeOrAnError puts every trouble at every call of a reading, once and for good: what comes is everybody or an
// error, never fewer.
func TestAReadingIsWholeOrAnError(t *testing.T) {
	troubles := []struct {
		fault roster.Fault
		once  apiclient.Kind // what comes of it where it passes; "": everybody, as it is asked again
		for_  apiclient.Kind // and where it stays
	}{
		{roster.Fault{Trouble: roster.Cut}, "", apiclient.Temporary},
		{roster.Fault{Trouble: roster.Truncated}, "", apiclient.Temporary},
		{roster.Fault{Trouble: roster.Broken}, "", apiclient.Temporary},
		{roster.Fault{Trouble: roster.Garbage}, "", apiclient.Temporary},
		{roster.Fault{Trouble: roster.Slow, Delay: 40 * time.Second}, "", apiclient.Temporary},
		{roster.Fault{Trouble: roster.Status, Status: 500}, "", apiclient.Temporary},
		{roster.Fault{Trouble: roster.Status, Status: 503, Header: http.Header{"Retry-After": {"9"}}}, "", apiclient.Temporary},
		{roster.Fault{Trouble: roster.Status, Status: 429, Header: http.Header{"Retry-After": {"9"}}}, "", apiclient.RateLimited},
		{roster.Fault{Trouble: roster.Status, Status: 401}, apiclient.NotAllowed, apiclient.NotAllowed},
		{roster.Fault{Trouble: roster.Status, Status: 403}, apiclient.NotAllowed, apiclient.NotAllowed},
		{roster.Fault{Trouble: roster.Status, Status: 404}, apiclient.NotFound, apiclient.NotFound},
		{roster.Fault{Trouble: roster.Status, Status: 410}, apiclient.Rejected, apiclient.Rejected},
		{roster.Fault{Trouble: roster.Redirect}, apiclient.Rejected, apiclient.Rejected},
	}
	for _, name := range names {
		for _, row := range troubles {
			t.Run(fmt.Sprintf("%s, %s %d", name, row.fault.Trouble, row.fault.Status), func(t *testing.T) {
				beside(t, name, 0, "", func(t *testing.T, r *roster.Roster, read reader, want []string) {
					_, err := read(t.Context())
					require.NoError(t, err)
					calls := len(r.Calls())
					for at := 1; at <= calls; at++ {
						for times, kind := range map[int]apiclient.Kind{1: row.once, -1: row.for_} {
							f := row.fault
							f.Nth, f.Times = at, times
							r.Heal()
							r.Plan(f)
							got, err := read(t.Context())
							slices.Sort(got)
							if kind == "" {
								require.NoError(t, err, "call %d", at)
								require.Equal(t, want, got, "call %d", at)
								continue
							}
							require.Equal(t, kind, apiclient.KindOf(err), "call %d: %v", at, err)
							require.Empty(t, got, "call %d", at)
						}
					}
				})
			})
		}
	}
}

// TestWhatIsNoListIsNoEmptyList: a sign-in page and a senseless object are errors at every call, and no short list.
func TestWhatIsNoListIsNoEmptyList(t *testing.T) {
	for _, name := range names {
		for _, trouble := range []roster.Trouble{roster.Page, roster.Shape} {
			beside(t, name, 0, "", func(t *testing.T, r *roster.Roster, read reader, _ []string) {
				_, err := read(t.Context())
				require.NoError(t, err)
				for at := range len(r.Calls()) {
					r.Heal()
					r.Plan(roster.Fault{Trouble: trouble, Nth: at + 1, Times: -1})
					got, err := read(t.Context())
					require.Error(t, err, "%s, %s at call %d", name, trouble, at+1)
					require.Empty(t, got)
					require.NotEmpty(t, apiclient.KindOf(err))
				}
			})
		}
	}
}

// TestAPaceIsKept: where the directory lets few calls through a minute, the reading takes its time and is whole. What is left of Okta's
// limit is left to others before it says no.
func TestAPaceIsKept(t *testing.T) {
	for _, name := range names {
		beside(t, name, 3, "", func(t *testing.T, r *roster.Roster, read reader, want []string) {
			start := time.Now()
			got, err := read(t.Context())
			require.NoError(t, err, name)
			slices.Sort(got)
			require.Equal(t, want, got, name)
			require.Greater(t, time.Since(start), time.Minute/2, name)
			for _, c := range r.Calls() {
				require.False(t, name == "okta" && c.Status == 429, "okta was asked until it said no")
			}
		})
	}
}

// TestAWrongSecretIsSaidAndNotShown: a secret that isn't the right one is refused, once, and no piece of it or of the right one is in the error.
func TestAWrongSecretIsSaidAndNotShown(t *testing.T) {
	for _, name := range []string{"okta", "entra"} {
		const odd = "wrong-kKq93hTtE9nD2aZpXcVbNmKjHgFdS"
		beside(t, name, 0, odd, func(t *testing.T, r *roster.Roster, read reader, _ []string) {
			_, err := read(t.Context())
			require.Equal(t, apiclient.NotAllowed, apiclient.KindOf(err), "%s: %v", name, err)
			require.Len(t, r.Calls(), 1)
			require.NotContains(t, err.Error(), odd[:8])
			for _, c := range r.Calls() {
				require.NotContains(t, c.Path+c.Query, odd)
			}
		})
	}
}

// TestNextPagesStayAtTheirHost: the next page of another host isn't asked for.
func TestNextPagesStayAtTheirHost(t *testing.T) {
	for _, link := range []string{"https://elsewhere.example/api/v1/users?after=1", "http://okta.test.elsewhere.example/x", "http://u:p@okta.test/api/v1/users", "//elsewhere.example/a", "%zz"} {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			answer := func(w http.ResponseWriter, _ *http.Request) {
				asked++
				w.Header().Set("Link", "<"+link+`>; rel="next"`)
				_, _ = w.Write([]byte(`[]`))
			}
			transport, end := pipenet.Serve("okta.test", http.HandlerFunc(answer))
			defer func() {
				require.NoError(t, end())
				synctest.Wait()
			}()
			_, client := oktaOf(roster.New(roster.Options{}))
			read, err := client(config{base: "http://okta.test", http: &http.Client{Transport: transport}})
			require.NoError(t, err)
			_, err = read(t.Context())
			require.Equal(t, apiclient.Rejected, apiclient.KindOf(err), "%s: %v", link, err)
			require.Equal(t, 1, asked)
			require.False(t, strings.Contains(err.Error(), oktaToken))
		})
	}
}
