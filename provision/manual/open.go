package manual

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

// Kind is what the configuration calls an app that a person carries out.
const Kind = "manual"

//go:embed apps/*.yml
var builtIn embed.FS

// BuiltIn are the names of the apps that come with the program.
func BuiltIn() (names []string) {
	files, err := builtIn.ReadDir("apps")
	if err != nil {
		return nil // it is part of the program
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yml"))
	}
	return names
}

// fileLimit is the largest file that is read.
const fileLimit = 64 << 10

// about is what the file of an app is, where it can't be read.
var about = strict.About{Like: "docs/apps.md", Holds: "name and actions", Deepest: "the choices of a field"}

// Open reads what a template names: an app that is built in, or a file beside the configuration, which lies in dir. What
// the name lacks is reported there; what the file lacks, among Problems. Nil: there is nothing to go on with.
func Open(template strict.Value, dir string) *Draft {
	name, ok := template.Text(expectTemplate())
	if !ok {
		return nil
	}
	d := &Draft{Template: name}
	if slices.Contains(BuiltIn(), name) {
		d.builtIn(name)
		return d
	}
	if !isFile(name) {
		template.Wrong(template.At, "template is %s; %s", template.Shown(), near(dir, name, strict.Suggest(name, append(BuiltIn(), "a file beside the configuration, such as apps/acme.yml"))))
		return nil
	}
	raw, err := readFile(dir, name)
	if err != nil {
		template.Wrong(template.At, "template is %s, which %v", template.Shown(), err)
		return nil
	}
	d.file(name, raw)
	return d
}

func expectTemplate() string {
	return "one of " + strings.Join(BuiltIn(), ", ") + ", or a file beside the configuration, such as apps/acme.yml"
}

func isFile(name string) bool {
	return slices.Contains([]string{".yml", ".yaml"}, path.Ext(name))
}

// readFile reads a file of a company. Its error is the end of a sentence that begins with the file.
func readFile(dir, name string) ([]byte, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, errors.New("isn't beside the configuration; expected a file in its folder or below, such as apps/acme.yml")
	}
	at := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("isn't there; %s", near(dir, name, "expected the file "+at))
	case err != nil:
		return nil, fmt.Errorf("can't be opened (%w); expected a readable file", terminal.Cause(err))
	case !info.Mode().IsRegular():
		return nil, errors.New("isn't a file; expected one such as apps/acme.yml")
	case info.Size() > fileLimit:
		return nil, fmt.Errorf("is larger than %d KiB; expected the file of an app, which is much smaller", fileLimit>>10)
	}
	f, err := os.Open(at)
	if err != nil {
		return nil, fmt.Errorf("can't be opened (%w); expected a readable file", terminal.Cause(err))
	}
	raw, err := io.ReadAll(io.LimitReader(f, fileLimit+1))
	if err = cmp.Or(err, f.Close()); err != nil {
		return nil, fmt.Errorf("can't be read (%w); expected a readable file", terminal.Cause(err))
	}
	return raw, nil
}

// near is the file that was likely meant by a name, in the configuration's folder or one below it; otherwise what is given.
func near(dir, name, otherwise string) string {
	var files []string
	for _, pattern := range []string{"*.yml", "*.yaml", "*/*.yml", "*/*.yaml", path.Join(path.Dir(name), "*.yml")} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return otherwise // a folder whose name is a pattern itself
		}
		for _, f := range found {
			if rel, err := filepath.Rel(dir, f); err == nil {
				files = append(files, filepath.ToSlash(rel))
			}
		}
	}
	for _, f := range files {
		if path.Base(f) == path.Base(name) || f == name+path.Ext(f) {
			return fmt.Sprintf("did you mean %q?", f)
		}
	}
	if f := strict.Nearest(name, files); f != "" && path.Dir(f) != "." {
		return fmt.Sprintf("did you mean %q?", f)
	}
	return otherwise
}

// file reads the file of a company onto what it extends.
func (d *Draft) file(name string, raw []byte) {
	whole := about
	whole.File = name
	root, r := strict.Read(raw, whole)
	d.read = append(d.read, r)
	if d.unread = !root.Given(); d.unread {
		return
	}
	o := d.keys(root)
	if extends := o.Get("extends"); extends.Given() {
		d.builds = true
		if of := extends.OneOf(BuiltIn()...); of != "" {
			d.builtIn(of)
			d.Extends = of
		}
	}
	d.app(o)
}

// builtIn reads an app that comes with the program.
func (d *Draft) builtIn(name string) {
	raw, err := builtIn.ReadFile("apps/" + name + ".yml")
	if err != nil {
		return // it is part of the program
	}
	whole := about
	whole.File = "template " + name
	root, r := strict.Read(raw, whole)
	d.read = append(d.read, r)
	d.app(d.keys(root))
}

// Readable reports whether there is anything to go on with; if not, Problems say why.
func (d *Draft) Readable() bool { return !d.unread }

// Problems are what is wrong in the files that were read.
func (d *Draft) Problems() (all []strict.Problem) {
	for _, r := range d.read {
		all = append(all, r.Problems...)
	}
	return all
}
