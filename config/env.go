package config

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/terminal"
)

// Env is what the environment says. Secrets come from there only, or from the files that it names, never from the
// configuration or a flag.
type Env struct {
	SlackBotToken apiclient.Secret
	SlackAppToken apiclient.Secret
	SERankingKey  apiclient.Secret // "" unless an app of its kind is configured
	SemrushKey    apiclient.Secret // "" unless an app's units are watched
	// OktaToken, EntraSecret and GoogleKey are those of the directories that are configured; "" where one isn't.
	OktaToken   apiclient.Secret
	EntraSecret apiclient.Secret
	GoogleKey   apiclient.Secret
	// AuditKey signs the audit log; nil: it is chained by hashes alone. AuditSeed is what it was made of.
	AuditKey  ed25519.PrivateKey
	AuditSeed apiclient.Secret
	// AuditKeyOld signed it until now, where the key is to change; nil: it isn't. AuditSeedOld is what it was made of.
	AuditKeyOld  ed25519.PrivateKey
	AuditSeedOld apiclient.Secret
	// DatabaseURL is the address of the database; "": everything is kept in a file in the data folder.
	DatabaseURL apiclient.Secret
	// SlackAPIURL is the root of Slack's Web API and ends in /api/.
	SlackAPIURL string
	// Traces is where traces go.
	Traces Traces
	// Notes are what was left out of the values, in a sentence each.
	Notes []string
	// Files are those from which secrets were read.
	Files []SecretFile
}

const defaultSlackAPIURL = "https://slack.com/api/"

// SecretNames are the variables whose values are shown nowhere.
var SecretNames = []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SERANKING_API_KEY", "SEMRUSH_API_KEY", AuditKeyName, AuditKeyOldName, DatabaseURLName, "OKTA_TOKEN", "ENTRA_CLIENT_SECRET", "GOOGLE_SERVICE_ACCOUNT_KEY", TraceHeadersName}

// ReadEnv takes what cfg needs from the environment. Its error names every variable that is missing
// or has the wrong shape, and where to get a right one; it never shows a value.
func ReadEnv(lookup Lookup, cfg *Config) (Env, error) {
	var r envReading
	get := func(name, prefix, from string, required bool) apiclient.Secret {
		return r.secret(lookup, name, prefix, from, required)
	}
	_, watched := cfg.Watched()
	env := Env{
		SlackBotToken: get("SLACK_BOT_TOKEN", "xoxb-", `the "Bot User OAuth Token" (xoxb-…) from "OAuth & Permissions" of your app at https://api.slack.com/apps`, true),
		SlackAppToken: get("SLACK_APP_TOKEN", "xapp-", `an app-level token (xapp-…) with the scope connections:write from "Basic Information" of your app at https://api.slack.com/apps`, true),
		SERankingKey:  get("SERANKING_API_KEY", "", "an API key from https://online.seranking.com/admin.api.dashboard.html", cfg.Needs(KindSERanking)),
		SemrushKey:    get("SEMRUSH_API_KEY", "", "the account's API key of version 3 (in Semrush: Subscription info, then API units), because units are watched", watched),
	}
	r.directories(lookup, cfg, &env)
	env.AuditKey, env.AuditSeed = r.auditKey(lookup, ReadAuditKey)
	env.AuditKeyOld, env.AuditSeedOld = r.auditKey(lookup, ReadAuditKeyOld)
	env.DatabaseURL = r.databaseURL(lookup)
	env.SlackAPIURL = r.slackURL(lookup)
	env.Traces = r.traces(lookup)
	if len(r.problems) > 0 {
		return Env{}, terminal.Wrong(r.problems...)
	}
	env.Notes, env.Files = r.notes, secretFiles(lookup)
	return env, nil
}

// envReading is one pass over the environment. It collects every problem instead of stopping at the first.
type envReading struct {
	problems, notes []string
}

// value is a variable without what stands around it, and as what problems speak of it; "" where it is not set or what stands
// there is wrong.
func (r *envReading) value(lookup Lookup, name string) (s, called string, ok bool) {
	s, called, note, problem := unwrap(lookup, name)
	if note != "" {
		r.notes = append(r.notes, note)
	}
	r.wrong(problem)
	return s, called, problem == ""
}

func (r *envReading) wrong(problem string) {
	if problem != "" {
		r.problems = append(r.problems, problem)
	}
}

func (r *envReading) secret(lookup Lookup, name, prefix, from string, required bool) apiclient.Secret {
	s, name, ok := r.value(lookup, name)
	switch {
	case !ok:
	case s == "" && required:
		r.wrong(fmt.Sprintf("%s is not set in the environment; expected %s", name, from))
	case s == "":
	case !strings.HasPrefix(s, prefix) || s == prefix:
		r.wrong(fmt.Sprintf("%s doesn't begin with %s, so it's another kind of token; expected %s", name, prefix, from))
	case strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' }):
		r.wrong(fmt.Sprintf("%s has spaces or unusual characters in it; expected %s, and nothing else", name, from))
	default:
		return apiclient.Secret(s)
	}
	return ""
}

func (r *envReading) slackURL(lookup Lookup) string {
	const expected = "; expected one such as " + defaultSlackAPIURL
	s, _, ok := r.value(lookup, "SLACK_API_URL")
	if s == "" || !ok {
		return defaultSlackAPIURL
	}
	if _, err := apiclient.BaseURL(s, false); err != nil {
		r.wrong("SLACK_API_URL " + noAddress + expected)
	} else if !strings.HasSuffix(s, "/api/") {
		r.wrong("SLACK_API_URL doesn't end in /api/" + expected)
	}
	return s
}

func (r *envReading) auditKey(lookup Lookup, read func(Lookup) (ed25519.PrivateKey, apiclient.Secret, string, string)) (ed25519.PrivateKey, apiclient.Secret) {
	key, seed, note, problem := read(lookup)
	if note != "" {
		r.notes = append(r.notes, note)
	}
	r.wrong(problem)
	return key, seed
}

func (r *envReading) databaseURL(lookup Lookup) apiclient.Secret {
	address, note, problem := ReadDatabaseURL(lookup)
	if note != "" {
		r.notes = append(r.notes, note)
	}
	r.wrong(problem)
	return address
}

// noAddress is what is wrong with an address. The address itself is not shown: somebody may have put
// a key or a password into it.
const noAddress = "can't be used: it has to be https (plain http only to localhost or 127.0.0.1), with a host and without a user, a query or a fragment"

// Secrets are the values that no log line may show.
func (e Env) Secrets() (all []apiclient.Secret) {
	known := e.named()
	for _, name := range SecretNames {
		all = append(all, known[name])
	}
	return slices.Concat(all, passwordsIn(e.DatabaseURL), e.Traces.secrets())
}

// named are the secrets by their variables.
func (e Env) named() map[string]apiclient.Secret {
	return map[string]apiclient.Secret{"SLACK_BOT_TOKEN": e.SlackBotToken, "SLACK_APP_TOKEN": e.SlackAppToken, "SERANKING_API_KEY": e.SERankingKey, "SEMRUSH_API_KEY": e.SemrushKey,
		AuditKeyName: e.AuditSeed, AuditKeyOldName: e.AuditSeedOld, DatabaseURLName: e.DatabaseURL, "OKTA_TOKEN": e.OktaToken, "ENTRA_CLIENT_SECRET": e.EntraSecret, "GOOGLE_SERVICE_ACCOUNT_KEY": e.GoogleKey, TraceHeadersName: e.Traces.Said}
}

// Changed names the secrets that are others than they were; one that isn't there any more has changed too.
func (e Env) Changed(was Env) (names []string) {
	before, now := was.named(), e.named()
	for _, name := range SecretNames {
		if before[name] != now[name] {
			names = append(names, name)
		}
	}
	return names
}

// Hide is a text without the values of the secrets.
func (e Env) Hide(text string) string { return logging.Veil(e.Secrets()).Replace(text) }

// Read reads the configuration and the environment. What is wrong with either is told at once,
// so that nobody mends one to be told of the other.
func Read(file string, lookup Lookup) (*Config, Env, error) {
	cfg, badConfig := Load(file)
	if badConfig != nil {
		cfg = &Config{}
	}
	env, badEnv := ReadEnv(lookup, cfg)
	return cfg, env, bothWrong(badConfig, badEnv)
}

// bothWrong joins the lines of two errors, either of which may be nil.
func bothWrong(errs ...error) error {
	var lines []string
	for _, err := range errs {
		if e, ok := errors.AsType[*terminal.Error](err); ok {
			lines = append(lines, e.Lines...)
		} else if err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return terminal.Wrong(lines...)
}

// HideSecrets is the last guard before standard error: no value of a secret variable passes it.
func HideSecrets(lookup Lookup, text string) string {
	var known []apiclient.Secret
	for _, name := range SecretNames {
		for _, raw := range valuesOf(lookup, name) {
			inner, _ := bare(raw)
			known = append(known, apiclient.Secret(strings.TrimSpace(raw)), apiclient.Secret(inner))
			known = append(known, passwordsIn(apiclient.Secret(inner))...)
		}
	}
	return logging.Veil(known).Replace(text)
}

// Lookup reads the environment, as os.LookupEnv does.
type Lookup func(name string) (string, bool)
