package commands

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var rewrite = flag.Bool("update", false, "rewrite testdata/*.txtar with what Parse says now")

// TestParse reads tables in testdata: each file is one row, what is typed (a Go string where it begins
// with a quote) above the line "=>" and what is made of it below.
func TestParse(t *testing.T) {
	tables, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, tables)
	for _, path := range tables {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		table := txtar.Parse(raw)
		require.NotEmpty(t, table.Files, path)
		for i, f := range table.Files {
			t.Run(filepath.Base(path)+"/"+f.Name, func(t *testing.T) {
				typed, want, _ := strings.Cut(string(f.Data), "=>\n")
				typed = strings.TrimSuffix(typed, "\n")
				got := told(parsed(typedText(t, typed)))
				table.Files[i].Data = []byte(typed + "\n=>\n" + got)
				if !*rewrite {
					require.Equal(t, want, got)
				}
			})
		}
		if *rewrite {
			require.NoError(t, os.WriteFile(path, txtar.Format(table), 0o644))
		}
	}
}

func typedText(t *testing.T, s string) string {
	if !strings.HasPrefix(s, `"`) || !strings.HasSuffix(s, `"`) {
		return s
	}
	out, err := strconv.Unquote(s)
	require.NoError(t, err, s)
	return out
}

// told is the outcome of Parse in a form that one can read.
func told(cmd Command, answer *Reply) string {
	switch {
	case cmd != nil && answer != nil:
		return "both\n"
	case cmd != nil:
		keeps := "looks"
		if cmd.Keeps() {
			keeps = "keeps"
		}
		return fmt.Sprintf("%s %s\n", keeps, strconv.QuoteToGraphic(cmd.Typed()))
	case answer == nil:
		return "nothing\n"
	}
	return says(*answer)
}

// says is a reply as plain text.
func says(r Reply) string {
	var b strings.Builder
	if len(r.Head) > 0 {
		b.WriteString(r.Head.Plain() + "\n")
	}
	if r.Request != nil {
		fmt.Fprintf(&b, "[#%d %s]\n", r.Request.Number, r.Request.State)
	}
	for _, w := range r.Waiting {
		fmt.Fprintf(&b, "[#%d waits]\n", w.Number)
	}
	for _, l := range r.Lines {
		b.WriteString("| " + l.Plain() + "\n")
	}
	for _, e := range r.Examples {
		b.WriteString("> " + e + "\n")
	}
	return b.String()
}

func TestParseTakesAnEnormousLine(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for _, typed := range []string{
		long, strings.Repeat(`,"x`, 3_000), strings.Repeat(`,'x`, 3_000), strings.Repeat("🎉", 5_000), strings.Repeat("a ", 5_000), strings.Repeat(`"`, 10_000), strings.Repeat("<", 10_000),
		"create " + long, "create jane@acme.example " + long + " because x", "create " + long + "@acme.example Jane because x",
		"share jane@acme.example " + strings.Repeat("1,", 5_000) + " because x", "share jane@acme.example a because " + long,
		"status " + strings.Repeat("9", 10_000), "update a@b.example access=" + strings.Repeat("a,", 5_000) + " because x",
		"create a@b.example Jane " + long + "=1 because x", "help " + long, "show " + strings.Repeat("@", 10_000),
		strings.Repeat("<@U012|x>", 1_000), "create " + strings.Repeat("<mailto:a@b.example|a@b.example> ", 300),
	} {
		cmd, answer := parsed(typed)
		if cmd != nil { // a list that is long, but a list
			require.Nil(t, answer)
			continue
		}
		require.NotNil(t, answer, typed[:20])
		require.Less(t, len([]rune(says(*answer))), 2_500, "the answer repeats the enormous input")
	}
}

// FuzzParse: no input panics or is met with silence, and what is offered for copying is read back as
// the same command.
func FuzzParse(f *testing.F) {
	tables, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, path := range tables {
		table, err := txtar.ParseFile(path)
		require.NoError(f, err)
		for _, row := range table.Files {
			typed, _, _ := strings.Cut(string(row.Data), "\n=>\n")
			if out, err := strconv.Unquote(typed); err == nil {
				typed = out
			}
			f.Add(typed)
		}
	}
	for _, g := range words().guides() {
		for _, e := range g.examples {
			f.Add(e)
		}
	}
	f.Fuzz(func(t *testing.T, typed string) {
		cmd, answer := parsed(typed)
		if (cmd == nil) == (answer == nil) {
			t.Fatalf("command %v and answer %v for %q", cmd, answer, typed)
		}
		if answer != nil {
			if strings.TrimSpace(answer.Head.Plain()) == "" {
				t.Fatalf("an answer without a first line for %q", typed)
			}
			return
		}
		again, answer := parsed(entitiesOf(cmd.Typed()))
		if again == nil {
			if strings.Contains(cmd.Typed(), " @") || strings.Contains(cmd.Typed(), "=@") { // a person's name cannot be typed in full
				return
			}
			t.Fatalf("%q became %q, which is answered with %s", typed, cmd.Typed(), says(*answer))
		}
		if again.Typed() != cmd.Typed() {
			t.Fatalf("%q became %q, and that %q", typed, cmd.Typed(), again.Typed())
		}
	})
}

// entitiesOf escapes text as Slack does before it sends it.
func entitiesOf(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// TestExamplesAreUnderstood holds help to its word.
func TestExamplesAreUnderstood(t *testing.T) {
	for _, g := range words().guides() {
		require.NotEmpty(t, g.examples, g.name)
		for _, e := range g.examples {
			cmd, answer := parsed(strings.ReplaceAll(e, "@jane ", "<@U0JANE|jane> "))
			if g.name == "help" {
				require.NotNil(t, answer, e)
				continue
			}
			if answer != nil && strings.HasSuffix(e, "@jane") {
				continue
			}
			require.Nil(t, answer, e)
			require.Equal(t, g.because || slices.Contains([]string{"cancel", "nudge", "report", "away", "back", "end", "review", "leave"}, g.name), cmd.Keeps(), e)
			require.True(t, strings.HasPrefix(cmd.Typed(), "/access "+g.name), cmd.Typed())
		}
	}
}
