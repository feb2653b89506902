package config

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/google"
)

// directories takes the secrets of the directories that are configured.
func (r *envReading) directories(lookup Lookup, cfg *Config, env *Env) {
	_, okta := cfg.Directory(DirectoryOkta)
	_, entra := cfg.Directory(DirectoryEntra)
	_, workspace := cfg.Directory(DirectoryGoogle)
	env.OktaToken = r.secret(lookup, "OKTA_TOKEN", "", "an API token of a read-only administrator (in Okta: Security, then API, then Tokens)", okta)
	env.EntraSecret = r.secret(lookup, "ENTRA_CLIENT_SECRET", "", "the value of a client secret of the app registration (in Entra: Certificates & secrets)", entra)
	env.GoogleKey = r.googleKey(lookup, workspace)
}

// googleKey reads the key file of a service account, as it is or in base64: a file of environment variables doesn't keep its
// quotes or its lines everywhere.
func (r *envReading) googleKey(lookup Lookup, required bool) apiclient.Secret {
	const from = "the JSON key file of the service account, as it is or in base64 (base64 -w0 key.json)"
	s, name, ok := r.value(lookup, "GOOGLE_SERVICE_ACCOUNT_KEY")
	switch {
	case !ok:
		return ""
	case s == "" && required:
		r.wrong(fmt.Sprintf("%s is not set in the environment; expected %s", name, from))
		return ""
	case !required: // no directory of the kind is read, so nothing is done with it but to hide it
		return apiclient.Secret(s)
	}
	if !strings.HasPrefix(s, "{") {
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			r.wrong(fmt.Sprintf("%s is neither JSON nor base64; expected %s", name, from))
			return ""
		}
		s = string(raw)
	}
	if _, err := google.ReadKey(apiclient.Secret(s)); err != nil {
		r.wrong(fmt.Sprintf("%s can't be used (%v); expected %s", name, err, from))
		return ""
	}
	return apiclient.Secret(s)
}
