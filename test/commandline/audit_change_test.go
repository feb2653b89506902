package commandline

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/cli"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// lived is one life of `usher run` over TCP in which somebody asks for something, to its good end; it returns the log.
func (w *outset) lived(t *testing.T, asks string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var logs world.LockedBuffer
	code := make(chan int, 1)
	args := []string{"run", "--config", world.WriteConfig(t, w.config), "--data", w.data}
	go func() { code <- cli.Run(ctx, args, lookupIn(w.env), &logs, &logs) }()
	require.True(t, world.Waited(world.Patience, func() bool {
		return w.slack.Connections() > 0 && w.slack.Type("U0ALICE", "C0GENERAL", "/access create "+asks+"@acme.example Jane because asked").Wait().Acked
	}), logs.String())
	stop()
	require.Equal(t, terminal.ExitDone, <-code, logs.String())
	return logs.String()
}

// TestTheAuditKeyIsChanged: a start with both keys writes an entry that both sign, and from then on the new one is enough. An
// auditor may hold the log to either, and to no third one.
func TestTheAuditKeyIsChanged(t *testing.T) {
	t.Parallel()
	w := newOutset(t, slacksim.Options{})
	const second, third = "7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b", "8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c8c"
	public := func(seed string) string { return config.PublicKey(keyFrom(t, seed)) }
	usher := func(code int, says string, args ...string) string {
		t.Helper()
		a := world.Usher(t, w.env, args...)
		require.Equal(t, code, a.Code, a.Out+a.Errors)
		require.Contains(t, unwrapped(a.Out+a.Errors), says)
		require.NotContains(t, a.Out+a.Errors, second)
		require.NotContains(t, a.Out+a.Errors, checkKey)
		return a.Out
	}
	verify := []string{"audit", "verify", "--data", w.data}
	run := []string{"run", "--config", world.WriteConfig(t, w.config), "--data", w.data}
	w.lived(t, "first")

	w.env[config.AuditKeyName] = second
	usher(terminal.ExitWrong, "isn't the key that signed the audit log (public part "+checkKeyPublic+"); expected that one, or that one in USHER_AUDIT_KEY_OLD for the log to go over to another", run...)
	w.env[config.AuditKeyOldName] = third
	usher(terminal.ExitWrong, "expected that one, or that one in USHER_AUDIT_KEY_OLD", run...)
	w.env[config.AuditKeyOldName] = second
	usher(terminal.ExitWrong, "USHER_AUDIT_KEY and USHER_AUDIT_KEY_OLD are the same key", run...)
	w.env[config.AuditKeyOldName] = checkKey
	usher(terminal.ExitDone, "signed by "+checkKeyPublic+"; the next start changes it to the one in USHER_AUDIT_KEY", verify...)
	require.Contains(t, w.lived(t, "second"), `"msg":"the audit log is signed with another key from now on; give its public part to whoever audits, and take the old key away"`)
	require.Contains(t, w.lived(t, "third"), `"msg":"the audit log is signed with the new key already: the one before it isn't needed any more, so take it away"`)
	delete(w.env, config.AuditKeyOldName)
	require.NotContains(t, w.lived(t, "fourth"), "audit log")

	said := usher(terminal.ExitDone, "signed by "+public(second)+"; entry ", verify...)
	found := regexp.MustCompile(`entry (\d+) changed the key from ` + checkKeyPublic + `, and both signed it`).FindStringSubmatch(said)
	require.NotNil(t, found, said)
	whole := found[0]
	change, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	exported := usher(terminal.ExitDone, approvals.KeyChanged, "audit", "export", "--data", w.data)
	for _, key := range []string{checkKeyPublic, public(second)} {
		usher(terminal.ExitDone, whole, "audit", "verify", "--export", writeExport(t, []byte(exported)), "--key", key)
	}
	usher(terminal.ExitFailed, "entry 1: is signed by another key ("+checkKeyPublic+") than the one in --key", "audit", "verify", "--export", writeExport(t, []byte(exported)), "--key", public(third))
	lines := strings.SplitAfter(exported, "\n")
	without := writeExport(t, []byte(strings.Join(slices.Delete(lines, change-1, change), "")))
	usher(terminal.ExitFailed, fmt.Sprintf("entry %d: found number %d in its place", change, change+1), "audit", "verify", "--export", without)
	w.env[config.AuditKeyName] = checkKey
	usher(terminal.ExitWrong, "isn't the key that signed the audit log (public part "+public(second)+")", run...)
	delete(w.env, config.AuditKeyName)
	w.env[config.AuditKeyOldName] = checkKey
	usher(terminal.ExitWrong, "USHER_AUDIT_KEY_OLD is set without USHER_AUDIT_KEY", run...)
}

func keyFrom(t *testing.T, seed string) ed25519.PrivateKey {
	t.Helper()
	raw, err := hex.DecodeString(seed)
	require.NoError(t, err)
	return ed25519.NewKeyFromSeed(raw)
}

// TestALogThatIsNotWholeGoesOverToNoKey: the new key would answer for it.
func TestALogThatIsNotWholeGoesOverToNoKey(t *testing.T) {
	w := newOutset(t, slacksim.Options{})
	k := kept{t: t, dir: w.data, key: keyFrom(t, checkKey)}
	k.grow(3, k.key)
	k.forge(func(lines [][]byte) [][]byte { return append(lines[:1:1], lines[0], lines[2]) })
	w.env[config.AuditKeyOldName], w.env[config.AuditKeyName] = checkKey, strings.Repeat("7b", 32)
	a := world.Usher(t, w.env, "run", "--config", world.WriteConfig(t, w.config), "--data", w.data)
	require.Equal(t, terminal.ExitFailed, a.Code, a.Errors)
	require.Contains(t, a.Errors, "the audit log is not whole: entry 2: ")
	require.NotContains(t, world.Usher(t, nil, "audit", "export", "--data", w.data).Out, approvals.KeyChanged)
}
