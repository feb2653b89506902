package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

type completionCmd struct {
	Shell string `arg:"" help:"The shell." enum:"bash,zsh,fish"`
}

// Run prints what a shell has to read so that Tab completes Usher's commands and flags.
func (c completionCmd) Run(s *session) error {
	write := map[string]func(io.Writer, []place) error{"bash": bash, "zsh": zsh, "fish": fish}[c.Shell]
	return write(s.stdout, s.places)
}

// next are the words that may stand next at a place.
func (p place) next() []word { return slices.Concat(p.commands, p.flags) }

// taking are the flags of all places that take a value, each once.
func taking(all []place) (out []word) {
	for _, p := range all {
		for _, f := range p.flags {
			if f.takes != "" && !slices.ContainsFunc(out, func(w word) bool { return w.name == f.name }) {
				out = append(out, f)
			}
		}
	}
	return out
}

func names(list []word) string {
	var out []string
	for _, w := range list {
		out = append(out, w.name)
	}
	return strings.Join(out, " ")
}

// valued is a flag with the values it knows, as a shell's case; what takes anything else is left to file names.
func valued(w io.Writer, all []place, line string) {
	for _, f := range taking(all) {
		fmt.Fprintf(w, line, f.name, strings.Join(f.values, " "))
	}
}

// found is, in bash and zsh alike, the loop that finds the place: each word that is a command there leads on. What follows a flag
// that takes something is none.
func found(w io.Writer, all []place) {
	fmt.Fprintf(w, "		if [ -n \"$skip\" ]; then skip=\"\"; continue; fi\n		case \"$word\" in\n		%s) skip=1 ;;\n		esac\n", strings.ReplaceAll(names(taking(all)), " ", "|"))
	fmt.Fprintln(w, `		case "$at:$word" in`)
	for _, p := range all {
		for _, c := range p.commands {
			fmt.Fprintf(w, "		%q) at=%q ;;\n", p.path+":"+c.name, strings.TrimSpace(p.path+" "+c.name))
		}
	}
	fmt.Fprintln(w, "		esac")
}

// values are what a place's argument can be.
func (p place) values() []string {
	var out []string
	for _, a := range p.args {
		out = append(out, a.values...)
	}
	return out
}

func bash(w io.Writer, all []place) error {
	out := &strings.Builder{}
	fmt.Fprint(out, "# Usher's completion for bash: source <(usher completion bash)\n_usher() {\n	local at=\"\" skip=\"\" word words=\"\" current=${COMP_WORDS[COMP_CWORD]}\n	case \"${COMP_WORDS[COMP_CWORD-1]}\" in\n")
	valued(out, all, "	%s) COMPREPLY=($(compgen -W %q -- \"$current\")); return ;;\n")
	fmt.Fprint(out, "	esac\n	for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n")
	found(out, all)
	fmt.Fprint(out, "	done\n	case \"$at\" in\n")
	for _, p := range all {
		fmt.Fprintf(out, "	%q) words=%q ;;\n", p.path, strings.TrimSpace(strings.Join(p.values(), " ")+" "+names(p.next())))
	}
	fmt.Fprint(out, "	esac\n	COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\ncomplete -o default -F _usher usher\n")
	_, err := io.WriteString(w, out.String())
	return err
}

func zsh(w io.Writer, all []place) error {
	out := &strings.Builder{}
	fmt.Fprint(out, "#compdef usher\n# Usher's completion for zsh: source <(usher completion zsh)\n_usher() {\n	local at=\"\" skip=\"\" word\n	local -a next\n	case \"${words[CURRENT-1]}\" in\n")
	valued(out, all, "	%s) next=(%s); if (( $#next )); then compadd -a next; else _files; fi; return ;;\n")
	fmt.Fprint(out, "	esac\n	for word in \"${(@)words[2,CURRENT-1]}\"; do\n")
	found(out, all)
	fmt.Fprint(out, "	done\n	case \"$at\" in\n")
	for _, p := range all {
		fmt.Fprintf(out, "	%q) next=(", p.path)
		for _, v := range p.values() {
			fmt.Fprint(out, quoted(v), " ")
		}
		for _, x := range p.next() {
			fmt.Fprint(out, quoted(strings.ReplaceAll(x.name, ":", `\:`)+":"+x.help), " ")
		}
		fmt.Fprintln(out, ") ;;")
	}
	fmt.Fprint(out, "	esac\n	_describe usher next || _files\n}\ncompdef _usher usher\n")
	_, err := io.WriteString(w, out.String())
	return err
}

func fish(w io.Writer, all []place) error {
	out := &strings.Builder{}
	fmt.Fprint(out, "# Usher's completion for fish: usher completion fish | source\nfunction __usher_at\n	set -l at ''\n	set -l skip ''\n	for word in (commandline -opc)[2..-1]\n		if test -n \"$skip\"\n			set skip ''\n			continue\n		end\n		switch \"$word\"\n")
	fmt.Fprintf(out, "			case %s\n				set skip 1\n		end\n		switch \"$at:$word\"\n", names(taking(all)))
	for _, p := range all {
		for _, c := range p.commands {
			fmt.Fprintf(out, "			case %s\n				set at %s\n", quoted(p.path+":"+c.name), quoted(strings.TrimSpace(p.path+" "+c.name)))
		}
	}
	fmt.Fprint(out, "		end\n	end\n	test \"$at\" = \"$argv[1]\"\nend\n")
	for _, p := range all {
		at := "-n " + quoted("__usher_at "+quoted(p.path))
		for _, v := range p.values() {
			fmt.Fprintf(out, "complete -c usher -f %s -a %s\n", at, quoted(v))
		}
		for _, c := range p.commands {
			fmt.Fprintf(out, "complete -c usher -f %s -a %s -d %s\n", at, c.name, quoted(c.help))
		}
		for _, f := range p.flags {
			how := ""
			switch {
			case f.takes != "" && f.files():
				how = " -rF"
			case f.takes != "":
				how = " -x -a " + quoted(strings.Join(f.values, " "))
			}
			fmt.Fprintf(out, "complete -c usher %s -l %s%s -d %s\n", at, strings.TrimPrefix(f.name, "--"), how, quoted(f.help))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// quoted is a text as all three shells read it as one word.
func quoted(s string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", `'\''`) + "'"
}
