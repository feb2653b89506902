package cli

import (
	"fmt"
	"io"
	"strings"
)

type manCmd struct{}

// Run prints the manual's page, of what the command line says of itself.
func (manCmd) Run(s *session) error { return manual(s.stdout, s.places) }

func manual(w io.Writer, all []place) error {
	out := &strings.Builder{}
	out.WriteString(".TH USHER 1\n.SH NAME\nusher \\- gives people their seats, from Slack\n.SH SYNOPSIS\n.B usher\n.I COMMAND\n[flags]\n.SH DESCRIPTION\n" +
		"Usher is a self-hosted Slack bot. What people ask for in Slack is approved there and carried out once, at the vendor or by a person.\n.SH FLAGS OF EVERY COMMAND\n")
	common := all[0].flags
	described(out, common)
	out.WriteString(".SH COMMANDS\n")
	for _, p := range all[1:] {
		if len(p.commands) > 0 {
			continue
		}
		fmt.Fprintf(out, ".SS %s\n%s\n", roff(strings.TrimSuffix(p.use, " [flags]")), roff(p.help))
		described(out, p.args)
		described(out, p.flags[:len(p.flags)-len(common)])
	}
	out.WriteString(".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nfailed, with one sentence on standard error\n.TP\n2\nthe command line, the configuration or the environment is wrong; nothing was started\n")
	_, err := io.WriteString(w, out.String())
	return err
}

func described(out io.Writer, list []word) {
	for _, w := range list {
		name := w.name
		if strings.HasPrefix(name, "--") && w.takes != "" {
			name += "=" + w.takes
		}
		fmt.Fprintf(out, ".TP\n.B %s\n%s\n", roff(name), roff(w.help))
	}
}

// roff is a text as it is, in a language in which hyphens, backslashes and what begins a line mean something.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		return `\&` + s
	}
	return s
}
