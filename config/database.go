package config

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

// DatabaseURLName is the variable that holds the address of the database, its password in it.
const DatabaseURLName = "USHER_DATABASE_URL"

// ReadDatabaseURL takes the address of a PostgreSQL database from the environment; "": everything is kept in a file in the
// data folder. What is wrong with it is said without showing it.
func ReadDatabaseURL(lookup Lookup) (address apiclient.Secret, note, problem string) {
	return DatabaseURLIn(lookup, DatabaseURLName)
}

// DatabaseURLIn is ReadDatabaseURL for the variable of another name, or its twin with _FILE.
func DatabaseURLIn(lookup Lookup, name string) (address apiclient.Secret, note, problem string) {
	value, called, note, problem := unwrap(lookup, name)
	if value == "" || problem != "" {
		return "", "", problem
	}
	if !IsDatabaseURL(value) {
		return "", "", NoDatabaseURL(called)
	}
	return apiclient.Secret(value), note, ""
}

// IsDatabaseURL reports whether a text is the address of a PostgreSQL database.
func IsDatabaseURL(value string) bool {
	u, err := url.Parse(value)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && (u.Host != "" || u.RawQuery != "")
}

// NoDatabaseURL says that what stands under a name is none, without showing it.
func NoDatabaseURL(called string) string {
	return fmt.Sprintf("%s isn't an address of a PostgreSQL database; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, with each special character of the password written as %%XX", called)
}

// passwordsIn are the password of such an address, as it is and as it is written there.
func passwordsIn(address apiclient.Secret) (all []apiclient.Secret) {
	u, err := url.Parse(address.Reveal())
	if err != nil {
		return nil
	}
	if password, ok := u.User.Password(); ok {
		_, written, _ := strings.Cut(u.User.String(), ":")
		all = append(all, apiclient.Secret(password), apiclient.Secret(written))
	}
	if password := u.Query().Get("password"); password != "" {
		all = append(all, apiclient.Secret(password))
	}
	return all
}
