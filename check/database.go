package check

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/terminal"
)

// server looks at a database on a server: whether it's one that Usher can be run on, what of it could get lost, and, for as
// long as there is time, whether what it keeps is whole. Nothing is changed.
func (t *Table) server(ctx context.Context, f control.Folder) {
	const thing = "database"
	ctx, cancel := context.WithTimeout(ctx, checkProofTime)
	defer cancel()
	found, err := postgres.Look(ctx, f.Database)
	switch {
	case err != nil:
		t.fail(thing, terminal.OneLine(err.Error()), mendDatabase(err))
		return
	case found.Schema == 0 && !found.MayMake:
		t.fail(thing, found.Name+": nothing is there yet, and this user may not make it", "let the user own the database, or GRANT CREATE ON DATABASE to it")
		return
	case found.Schema == 0:
		t.ok(thing, "PostgreSQL %s, %s: nothing is there yet; the first start makes it", found.Version, found.Name)
	default:
		t.whole(ctx, f, found)
	}
	t.replicas(found.Nodes)
	t.exposure(found)
}

// replicas says who runs on the database, whether Slack has room for them, and for one more, which an upgrade starts before it
// stops another.
func (t *Table) replicas(nodes []postgres.Node) {
	const thing = "replicas"
	connections, most, versions, about := 0, 0, map[string]bool{}, []string{}
	for _, n := range nodes {
		connections, most = connections+n.Connections, max(most, n.Connections)
		versions[n.Version] = true
		about = append(about, n.String())
	}
	says := fmt.Sprintf("%s on the database, with %d of the %d connections that Slack allows: %s", terminal.Plural(len(nodes), "Usher runs", "Ushers run"), connections, bot.MostConnections, strings.Join(about, "; "))
	switch {
	case len(nodes) == 0:
		t.ok(thing, "no Usher runs on the database at the moment")
	case connections > bot.MostConnections:
		t.fail(thing, says, "stop some of them, or lower slack.connections: Slack refuses an eleventh connection, so those that come last hear nothing")
	case len(versions) > 1:
		t.warn(thing, says, "bring all of them to one version")
	case connections+most > bot.MostConnections:
		t.warn(thing, says, "run one less, or lower slack.connections: an upgrade that starts one before it stops another has no room, nor has a connection that Slack still counts after it broke")
	default:
		t.ok(thing, "%s", says)
	}
}

// whole proves what the database keeps.
func (t *Table) whole(ctx context.Context, f control.Folder, found postgres.Found) {
	const thing = "database"
	db, err := f.OpenReadOnly(ctx)
	if err == nil {
		err = errors.Join(db.Check(ctx), db.Close())
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		t.warn(thing, "PostgreSQL "+found.Version+", "+found.Name+": there's more in it than can be looked at within a minute", "`usher audit verify` checks the log, however long it takes")
	case err != nil:
		t.fail(thing, terminal.OneLine(err.Error()), "restore a backup")
	case found.Schema < found.Known:
		t.ok(thing, "PostgreSQL %s, %s, %s, whole; the next start brings it from schema %d to %d, and an older Usher can't run on it then", found.Version, found.Name, terminal.Size(found.Bytes), found.Schema, found.Known)
	default:
		t.ok(thing, "PostgreSQL %s, %s, %s, whole, schema %d", found.Version, found.Name, terminal.Size(found.Bytes), found.Schema)
	}
	t.deputies(ctx, f)
}

// exposure says what could be read on the way, and what could be lost.
func (t *Table) exposure(found postgres.Found) {
	if found.Clear {
		t.warn("database connection", "the password and everything else go over the network in the clear", "have the server offer TLS, and write sslmode=verify-full into "+config.DatabaseURLName)
	}
	if found.Standbys > 0 && !found.Waits {
		t.warn("database standby", terminal.Plural(found.Standbys, "server follows", "servers follow")+" this one, and no commit waits for any: when one takes over, what was decided last can be gone, though people were told",
			"set synchronous_standby_names on the server, with synchronous_commit = on, or live with it")
	}
}

// mendDatabase is what to do about a database that can't be used.
func mendDatabase(err error) string {
	switch {
	case errors.Is(err, postgres.ErrForeign):
		return "make a database for Usher alone (CREATE DATABASE), and name it in " + config.DatabaseURLName
	case errors.Is(err, postgres.ErrNewer):
		return "install the version of Usher that wrote it, or a later one"
	case errors.Is(err, postgres.ErrOld):
		return "move the database to a server that is new enough"
	case errors.Is(err, postgres.ErrReadOnly):
		return "name the server that's written to, or several of them with target_session_attrs=read-write"
	}
	return "see that the server runs, that this machine reaches it, and that " + config.DatabaseURLName + " has the right user and password"
}
