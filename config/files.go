package config

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/usherbot/usher/terminal"
)

// FileSuffix makes of a secret's variable the one that names a file in which the secret stands, as container engines,
// Kubernetes and systemd hand secrets over.
const FileSuffix = "_FILE"

// maxSecretFile is how long a file of a secret may be; a key file of Google's has about 2,400 bytes.
const maxSecretFile = 64 << 10

// SecretFile is a file from which a secret was read.
type SecretFile struct {
	Name, Path string
	// Exposed says that other accounts can read it; "": they can't.
	Exposed string
}

// Mend is what to do about a file that others can read.
func (f SecretFile) Mend() string {
	return "chmod 600 " + f.Path + ", or have it mounted with mode 0400"
}

// found is what is set for one variable, and as what problems speak of it.
type found struct{ raw, called string }

// find is the value of a variable, or of the file that its twin names. A file is read anew each time: what mounts it may
// have put another in its place. A problem says nothing of what is in it.
func find(lookup Lookup, name string) (f found, problem string) {
	raw, _ := lookup(name)
	path, ok := fileOf(lookup, name)
	switch twin := name + FileSuffix; {
	case !ok:
		return found{raw, name}, ""
	case raw != "":
		return found{"", name}, fmt.Sprintf("%s and %s are both set; expected one of them", name, twin)
	case !looksLikePath(path):
		return found{"", twin}, twin + " names no file that's there; expected the path of a file in which the secret stands (what's set isn't shown, it may be the secret itself)"
	default:
		raw, bad := readSecret(path)
		if bad != "" {
			return found{"", twin}, fmt.Sprintf("%s names %s, which %s; expected a file in which the secret stands, and nothing else", twin, terminal.Shortened(path), bad)
		}
		return found{raw, fmt.Sprintf("%s (%s)", twin, terminal.Shortened(path))}, ""
	}
}

// fileOf is the path that is set for a secret.
func fileOf(lookup Lookup, name string) (path string, ok bool) {
	if !slices.Contains(SecretNames, name) {
		return "", false
	}
	path, _ = lookup(name + FileSuffix)
	return path, path != ""
}

// valuesOf is all that is set for a secret, right or wrong: what may not be shown.
func valuesOf(lookup Lookup, name string) (all []string) {
	raw, _ := lookup(name)
	all = append(all, raw)
	if path, ok := fileOf(lookup, name); ok && looksLikePath(path) {
		raw, _ := readSecret(path)
		all = append(all, raw)
	} else if ok {
		all = append(all, path)
	}
	return all
}

// looksLikePath keeps a secret that somebody put where a path belongs out of every message.
func looksLikePath(s string) bool {
	if filepath.IsAbs(s) || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") {
		return true
	}
	_, err := os.Stat(s)
	return err == nil
}

// readSecret reads a file without the line end that editors and echo leave there. Only a plain file can be read again.
func readSecret(path string) (raw, bad string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", "can't be read (" + terminal.Cause(err).Error() + ")"
	case !info.Mode().IsRegular():
		return "", "is no plain file"
	case info.Mode()&0o022 != 0:
		return "", fmt.Sprintf("has mode %04o, so other accounts on this machine can change it: `chmod 600 %s`", info.Mode().Perm(), path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", "can't be read (" + terminal.Cause(err).Error() + ")"
	}
	defer f.Close()
	all, err := io.ReadAll(io.LimitReader(f, maxSecretFile+1))
	switch {
	case err != nil:
		return "", "can't be read (" + terminal.Cause(err).Error() + ")"
	case len(all) > maxSecretFile:
		return "", fmt.Sprintf("has more than %d bytes", maxSecretFile)
	}
	raw = strings.TrimSuffix(strings.TrimSuffix(string(all), "\n"), "\r")
	if inner, _ := bare(raw); inner == "" {
		return "", "is empty"
	}
	return raw, ""
}

// secretFiles are the files that secrets were read from.
func secretFiles(lookup Lookup) (out []SecretFile) {
	for _, name := range SecretNames {
		if path, ok := fileOf(lookup, name); ok {
			out = append(out, SecretFile{Name: name, Path: path, Exposed: exposed(path)})
		}
	}
	return out
}

// exposed says how others can read a file. A group's members may be there for just that: Kubernetes hands secrets to the
// group of the pod.
func exposed(path string) string {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&fs.FileMode(0o004) == 0 {
		return ""
	}
	return fmt.Sprintf("has mode %04o, so every account on this machine can read it", info.Mode().Perm())
}
