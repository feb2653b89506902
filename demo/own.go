package demo

import (
	"slices"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
)

// offered are the apps of another configuration that the demo can have beside its own: those that people set up. So what
// somebody wrote can be tried before there is a Slack. Who carries them out is in this Slack, and nobody watches their units,
// since nothing here asks the world outside.
func offered(apps, own []config.AppConfig) (out []config.AppConfig) {
	for _, app := range own {
		byAPI := slices.ContainsFunc(apps, func(a config.AppConfig) bool { return a.ID == app.ID && a.Manual == nil })
		if app.Manual == nil || byAPI { // the demo's policies and its page are about that one
			continue
		}
		app.Owners, app.Units = []string{"U0BOB", "U0ADMIN"}, nil
		out = append(out, app)
	}
	return out
}

// beside are the demo's apps with those, each in the place of one of the same id.
func beside(apps, own []config.AppConfig) []config.AppConfig {
	apps = slices.DeleteFunc(slices.Clone(apps), func(a config.AppConfig) bool {
		return slices.ContainsFunc(own, func(o config.AppConfig) bool { return o.ID == a.ID })
	})
	return append(apps, own...)
}

// tries are what the page offers for them, before the others.
func tries(own []config.AppConfig) (list []slacksim.PageTry) {
	for _, app := range own {
		list = append(list, slacksim.PageTry{Label: "Ask for " + app.Name, As: "U0ALICE", Command: "/access request " + app.ID})
	}
	return append(list, demoTries...)
}
