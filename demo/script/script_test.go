package script

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/terminal"
)

// TestEveryTalkIsRead: the language has all that the talks of test/talks say, and they say all that it has.
func TestEveryTalkIsRead(t *testing.T) {
	files, err := filepath.Glob("../../test/talks/testdata/talks/*.txtar")
	require.NoError(t, err)
	require.Greater(t, len(files), 100)
	for _, file := range files {
		talk, err := Read(file)
		require.NoError(t, err)
		require.NotEmpty(t, talk.Shows, file)
		require.NotEmpty(t, talk.Lines, file)
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, talk.Lines[0], strings.Split(string(raw), "\n")[talk.Before], "lines are counted as the file has them")
	}
}

// TestMistakes: each is told at its line and column, with what was expected, and all of them at once.
func TestMistakes(t *testing.T) {
	for name, row := range map[string]struct{ line, says string }{
		"a name":          {"alcie types /access", `x:3:1: "alcie" isn't understood here; expected somebody's name, such as alice`},
		"a verb":          {"alice tipes /access", `x:3:7: "tipes" isn't understood here; expected types, sees, is, has`},
		"a number":        {"card one says \"#1\"", `x:3:6: "one" isn't understood here; expected a number`},
		"an end":          {"bob clicks Approve on card", "x:3:27: the line ends too early; expected a number"},
		"quotes":          {`alice sees "#1`, `x:3:12: these words have no end; expected a second "`},
		"no quotes":       {"alice sees #1", `x:3:12: "#1" isn't understood here; expected words in "quotes"`},
		"a time":          {"wait soon", `x:3:6: "soon" isn't understood here; expected how long, such as 90s, 72h or 7d`},
		"a state":         {"request 1 is finished", `x:3:14: "finished" isn't understood here; expected pending, approved, running`},
		"too much":        {"crash twice", `x:3:7: "twice" isn't understood here; expected nothing more`},
		"who isn't there": {"slack joins S0LEADS bob zoe", `x:3:25: "zoe" isn't understood here; expected somebody's name, such as alice`},
		"an address":      {"vendor lacks jane", `x:3:14: "jane" isn't understood here; expected an e-mail address`},
		"a wide column":   {"alice sees “#1”", `x:3:12: "“#1”" isn't understood here`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x", "what it shows\n-- talk --\n"+row.line+"\n")
			require.ErrorContains(t, err, row.says)
			var wrong *terminal.Error
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, terminal.ExitWrong, wrong.Code)
		})
	}
	_, err := Parse("x", "-- talk --\ncrash twice\n# a remark\nstart\nwait\n")
	require.ErrorContains(t, err, "x:2:7: ")
	require.ErrorContains(t, err, "x:5:5: the line ends too early")
}

// TestMistakesAroundTheTalk are told too: of the archive, the configuration and the lives.
func TestMistakesAroundTheTalk(t *testing.T) {
	for text, says := range map[string]string{
		"alice types /access\n":                           "x:2:1: there's no talk; expected the line “-- talk --”",
		"a\n-- tlak --\nstart\n":                          `x:2:4: there's no use for a file called "tlak"; expected usher.yml, lives or talk`,
		"a\n-- usher.yml --\nslak: 1\n-- talk --\nstart":  "x:3:1: ",
		"a\n-- lives --\nformer\n-- talk --\nstart\n":     `x:3:1: there's no life called "former"`,
		"a\n-- usher.yml --\nslack: [\n-- talk --\nstart": "x:",
	} {
		_, err := Parse("x", text)
		require.ErrorContains(t, err, says)
	}
	_, err := Read("nothing.txtar")
	require.ErrorContains(t, err, "nothing.txtar: can't be read: no such file or directory")
}

// TestWhoIsHired is there from then on, and not before.
func TestWhoIsHired(t *testing.T) {
	_, err := Parse("x", "-- talk --\nslack hires zoe Zoe Zander zoe@acme.example\nzoe types /access\n")
	require.NoError(t, err)
	_, err = Parse("x", "-- talk --\nzoe types /access\nslack hires zoe Zoe Zander zoe@acme.example\n")
	require.ErrorContains(t, err, "x:2:1: ")
}

// TestWhatSomebodyTypesIsTheirs: nothing of it is read.
func TestWhatSomebodyTypesIsTheirs(t *testing.T) {
	talk, err := Parse("x", "-- talk --\nalice types /access create \"jane because “he said \"no\n")
	require.NoError(t, err)
	require.Equal(t, []string{""}, talk.Lives)
}

// FuzzParse never panics, and what it takes it takes again.
func FuzzParse(f *testing.F) {
	f.Add("a\n-- talk --\nalice types /access\nbob clicks Try again on card 1\n")
	f.Add("-- talk --\nvendor adds a@b user owns 1 2 3\nslack names X of bob \"a\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		first, err := Parse("x", text)
		again, err2 := Parse("x", text)
		require.Equal(t, err, err2)
		require.Equal(t, first, again)
	})
}
