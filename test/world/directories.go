package world

import (
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/oktasim"
	"github.com/usherbot/usher/sim/pipenet"
	"github.com/usherbot/usher/sim/roster"
)

// oktaToken is what the simulated Okta takes.
const oktaToken = "00QlUs4TtE9nD2aZpXcVbNmKjHgFdSaPoIuYtReW1x"

// elsewhere is a directory of people beside Slack, where the configuration names one.
type elsewhere struct {
	okta *oktasim.Okta
	net  *pipenet.Listener
	web  *http.Server
}

// Okta is the simulated Okta of a world whose configuration names one.
func (w *World) Okta() *oktasim.Okta {
	w.T.Helper()
	require.NotNil(w.T, w.elsewhere, "the configuration names no Okta")
	return w.elsewhere.okta
}

// raise sets it up, and returns what takes it down again.
func (w *World) raise(complain func(string, ...any)) (fell func()) {
	if _, named := w.Cfg.Directory(config.DirectoryOkta); !named {
		return func() {}
	}
	e := &elsewhere{okta: oktasim.New(roster.New(roster.Options{Now: time.Now, Violation: complain}), oktaToken), net: pipenet.Listen("okta")}
	e.web = &http.Server{Handler: e.okta}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = e.web.Serve(e.net) // it ends with Close
	}()
	w.elsewhere = e
	return func() {
		require.NoError(w.T, e.web.Close())
		_ = e.net.Close() // it is closed with the server
		<-over
	}
}

// reached puts the way to it into the surroundings of a life.
func (w *World) reached(around *app.Surroundings, now *life) {
	if w.elsewhere == nil {
		return
	}
	around.DirectoryHTTP = &http.Client{Transport: transport{&http.Transport{DialContext: w.elsewhere.net.DialContext, DisableKeepAlives: true}, now, &w.Points}}
}

// env is what the environment says.
func (w *World) env() config.Env {
	env := w.N.Env()
	env.OktaToken = oktaToken
	return env
}
