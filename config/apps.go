package config

import (
	"slices"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/provision/manual"
	"github.com/usherbot/usher/terminal"
)

func (v value) apps(cfg *Config) []AppConfig {
	var out []AppConfig
	for _, e := range v.entries("at least one app, such as seranking") {
		e.Name = "app " + e.Key
		if !appID.MatchString(e.Key) || len(e.Key) > 40 {
			e.Name = "app " + terminal.Quoted(e.Key)
			e.Wrong(e.KeyAt, "people couldn't type the app's id %s; expected %s", terminal.Quoted(e.Key), expectAppID)
		}
		e.Path = "apps.*"
		out = append(out, e.app(e.Key, cfg))
	}
	v.watchedOnce(out)
	return out
}

const expectAppKeys = "kind, name, seats, owners, price and what the kind takes"

// The keys of an app that are of one kind alone.
var (
	byAPI  = []string{"base_url", "dialect"}
	byHand = []string{"template", "setup", "steps", "due", "confirm_removals", "pool", "units"}
)

func (v value) app(id string, cfg *Config) AppConfig {
	o := v.object(expectAppKeys, slices.Concat([]string{"kind", "name", "seats", "owners", "price"}, byAPI, byHand)...)
	a := AppConfig{ID: id, At: v.At, Name: o.get("name").label()}
	a.Kind = o.need("kind", KindSERanking+" or "+manual.Kind).OneOf(append(cfg.kinds.names(), manual.Kind)...)
	a.Seats = o.get("seats").Number(0, 1_000_000, 0, expectSeats)
	a.Price = o.get("price").price()
	a.Owners = o.get("owners").distinct(o.get("owners").list("the owner", expectOwners), ownerShape, expectOwner)
	if len(a.Owners) == 0 && o.get("owners").Given() {
		cfg.misnamed = append(cfg.misnamed, id)
	}
	switch a.Kind {
	case "":
	case manual.Kind:
		o.foreign(byAPI, "an app that a person carries out has none")
		o.manual(cfg, &a)
	default:
		o.foreign(byHand, "only apps of the kind "+manual.Kind+" have one")
		o.api(&a)
	}
	if a.Name == "" {
		a.Name = id
	}
	return a
}

// foreign reports keys of another kind.
func (o object) foreign(keys []string, why string) {
	for _, k := range keys {
		if v := o.get(k); v.Given() {
			v.Wrong(v.At, "%s means nothing here: %s; leave it out", k, why)
		}
	}
}

// api reads how an app is reached.
func (o object) api(a *AppConfig) {
	dialect := o.get("dialect").OneOf(string(seranking.Auto), string(seranking.Unified), string(seranking.Legacy))
	if a.Dialect = seranking.Dialect(dialect); a.Dialect == "" {
		a.Dialect = seranking.Auto
	}
	a.BaseURL = o.get("base_url").baseURL(a.Dialect)
}

// legacyBaseURL is where the legacy dialect lives (vendor facts 1.1).
const legacyBaseURL = "https://api4.seranking.com"

func (v value) baseURL(d seranking.Dialect) string {
	if !v.Given() && d == seranking.Legacy {
		return legacyBaseURL
	}
	if !v.Given() {
		return seranking.DefaultBaseURL
	}
	s, ok := v.Text("an address such as " + seranking.DefaultBaseURL)
	if !ok {
		return ""
	}
	if _, err := apiclient.BaseURL(s, false); err != nil {
		v.Wrong(v.At, "base_url %s; expected one such as %s", noAddress, seranking.DefaultBaseURL)
	}
	return s
}
