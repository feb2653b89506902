// Package logging makes the one logger of the program: a line an event, text where a person watches a terminal,
// JSON otherwise, and no secret in any of them.
//
//	logging.go  the logger, and what it hides
//	subject.go  what a line is about: the request that is being handled, and the trace in which all about it stands
//
// A secret shows as [secret] wherever it stands in a line: by its type where it is a value of its own, and because
// its value is known here where somebody else's text holds it. config's HideSecrets guards standard error by the
// same Veil.
package logging

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/usherbot/usher/apiclient"
)

// New writes one line an event: text where a person watches a terminal, JSON otherwise. Secrets
// show as [secret] wherever they stand in a line: in a value of their own type by that type, in
// somebody else's text because their values are known here.
func New(w io.Writer, level string, secrets ...apiclient.Secret) *slog.Logger {
	var min slog.Level
	if err := min.UnmarshalText([]byte(level)); err != nil {
		min = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: min, ReplaceAttr: guard(Veil(secrets))}
	if Terminal(w) != nil {
		return slog.New(mindful{Handler: slog.NewTextHandler(w, opts)})
	}
	return slog.New(mindful{Handler: slog.NewJSONHandler(w, opts)})
}

// Terminal is w where it is one that a person watches; nil: it isn't.
func Terminal(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// guard is a ReplaceAttr that lets no known secret through, in text, errors or whole values.
func guard(veil *strings.Replacer) func([]string, slog.Attr) slog.Attr {
	return func(_ []string, a slog.Attr) slog.Attr {
		switch v := a.Value.Resolve(); v.Kind() {
		case slog.KindString:
			a.Value = slog.StringValue(veil.Replace(v.String()))
		case slog.KindAny:
			text := fmt.Sprintf("%+v", v.Any())
			if hidden := veil.Replace(text); hidden != text {
				a.Value = slog.StringValue(hidden)
			}
		}
		return a
	}
}

// shortestSecret is the length from which a value is looked for in text; a shorter one is in many words.
const shortestSecret = 6

// Veil replaces each of the secrets by [secret].
func Veil(secrets []apiclient.Secret) *strings.Replacer {
	var pairs []string
	for _, s := range secrets {
		if len(s.Reveal()) >= shortestSecret {
			pairs = append(pairs, s.Reveal(), s.String())
		}
	}
	return strings.NewReplacer(pairs...)
}
