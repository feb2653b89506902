package postgres

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/usherbot/usher/apiclient"
)

// configOf reads the address. What is wrong with it is not said in the library's words, which could repeat it.
func configOf(url apiclient.Secret, connections int) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url.Reveal())
	if err != nil {
		return nil, ErrAddress
	}
	c := config.ConnConfig
	if !strings.Contains(url.Reveal(), "sslmode=") {
		neverInTheClear(&c.Config)
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "usher"
	}
	// No statement is prepared under a name: a pooler may hand each transaction to another connection.
	c.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.MaxConns = int32(connections)
	return config, nil
}

// neverInTheClear takes away what the library would do where TLS can't be had and nobody has said what then: send the password
// and everything else in the clear. That is for who writes sslmode into the address to say, but for this machine itself.
func neverInTheClear(c *pgconn.Config) {
	var safe []*pgconn.FallbackConfig
	for _, f := range c.Fallbacks {
		if f.TLSConfig != nil || here(f.Host) {
			safe = append(safe, f)
		}
	}
	c.Fallbacks = safe
}

// here reports whether a host is this machine.
func here(host string) bool {
	if network, _ := pgconn.NetworkAddress(host, 0); network == "unix" || strings.EqualFold(host, "localhost") {
		return true
	}
	at, err := netip.ParseAddr(host)
	return err == nil && at.IsLoopback()
}

// Name is a database in words, as postgres://HOST:PORT/DATABASE: no user and no password is in it.
func Name(url apiclient.Secret) string {
	config, err := pgx.ParseConfig(url.Reveal())
	if err != nil {
		return "postgres://"
	}
	return "postgres://" + net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))) + "/" + config.Database
}
