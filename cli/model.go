package cli

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// place is somewhere in the command line: the program, or a command of it; and what can stand there.
type place struct {
	// path are the commands that lead there, with a space between them; "" is the program.
	path string
	// help is what it does, and use how it's written.
	help, use string
	commands  []word
	flags     []word
	args      []word
}

// word is a command, a flag or an argument, and what it means.
type word struct {
	name, help string
	// takes is what stands after a flag, or is meant by an argument; "": nothing does. values are all there can be, if they're known.
	takes  string
	values []string
}

// files reports whether a word takes the name of a file or folder.
func (w word) files() bool { return w.takes == "FILE" || w.takes == "DIR" }

// places are all there are, the program first.
func places(model *kong.Application) []place { return walked(model.Node, "", nil) }

func walked(n *kong.Node, path string, above []word) []place {
	here := place{path: path, help: n.Help, use: strings.TrimSpace(n.Summary()), flags: slices.Concat(flags(n), above)}
	for _, a := range n.Positional {
		here.args = append(here.args, word{name: a.Name, help: a.Help, takes: strings.ToUpper(a.Name), values: known(a.Enum)})
	}
	out := []place{here}
	for _, c := range n.Children {
		if c.Hidden {
			continue
		}
		out[0].commands = append(out[0].commands, word{name: c.Name, help: c.Help})
		out = append(out, walked(c, strings.TrimSpace(path+" "+c.Name), out[0].flags)...)
	}
	return out
}

func flags(n *kong.Node) (out []word) {
	for _, f := range n.Flags {
		if f.Hidden {
			continue
		}
		w := word{name: "--" + f.Name, help: f.Help, values: known(f.Enum)}
		if !f.IsBool() {
			w.takes = strings.Trim(f.FormatPlaceHolder(), `"`)
		}
		out = append(out, w)
	}
	return out
}

func known(enum string) []string {
	if enum == "" {
		return nil
	}
	return strings.Split(enum, ",")
}
