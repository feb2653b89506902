package commandline

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// TestADataFolderThatOthersMayWriteIsRefused: `usher run` says what to type, and starts once it was typed; a
// folder that they may only read is warned of. One that does not exist yet is made closed.
func TestADataFolderThatOthersMayWriteIsRefused(t *testing.T) {
	w := newSmallWorld(t)
	for _, mode := range []os.FileMode{0o777, 0o770, 0o702, 0o720, os.ModeSticky | 0o777} {
		require.NoError(t, os.Chmod(w.dir, mode))
		a := world.Usher(t, w.env, "run", "--config", w.config, "--data", w.dir)
		require.Equal(t, terminal.ExitWrong, a.Code, mode)
		require.Contains(t, a.Errors, w.dir+" has mode 0"+modeOf(mode)+", so other accounts on this machine can change what's in it")
		require.Contains(t, a.Errors, "`chmod 700 "+w.dir+"`")
		require.NoFileExists(t, filepath.Join(w.dir, bolt.File), "nothing was started")
	}
	require.NoError(t, os.Chmod(w.dir, 0o700))
	require.NoError(t, control.KeepPrivate(w.dir, slog.New(slog.DiscardHandler)))
	db := filepath.Join(w.dir, bolt.File)
	require.NoError(t, os.WriteFile(db, nil, 0o600))
	require.NoError(t, os.Chmod(db, 0o660))
	require.ErrorContains(t, control.KeepPrivate(w.dir, nil), "`chmod 600 "+db+"`")

	require.NoError(t, os.Chmod(db, 0o644))
	require.NoError(t, os.Chmod(w.dir, 0o755))
	var log bytes.Buffer
	require.NoError(t, control.KeepPrivate(w.dir, slog.New(slog.NewJSONHandler(&log, nil))))
	var line map[string]string
	require.NoError(t, json.NewDecoder(&log).Decode(&line))
	require.Equal(t, "WARN", line["level"])
	require.Equal(t, "chmod 700 "+w.dir+" && chmod 600 "+db, line["mend"])
	require.NoError(t, control.KeepPrivate(filepath.Join(w.dir, "none"), nil))
}

func modeOf(m os.FileMode) string {
	return string([]byte{'0' + byte(m>>6&7), '0' + byte(m>>3&7), '0' + byte(m&7)})
}

// smallWorld is what `usher run` reads before it starts anything.
type smallWorld struct {
	dir, config string
	env         map[string]string
}

func newSmallWorld(t *testing.T) smallWorld {
	return smallWorld{dir: t.TempDir(), config: world.WriteConfig(t, demo.Config),
		env: map[string]string{"SLACK_BOT_TOKEN": "xoxb-x", "SLACK_APP_TOKEN": "xapp-x", "SLACK_API_URL": "http://127.0.0.1:1/api/", "SERANKING_API_KEY": "00000000-0000-4000-8000-000000000001"}}
}
