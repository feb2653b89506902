package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fromTheRoot makes the paths of a test the tree's, of which all is read. It is not done once for all of them: what a
// test read before it began would not be known to go test, which then takes an old answer for a new one.
func fromTheRoot(t *testing.T) {
	t.Helper()
	t.Chdir("../..")
}

// source is one Go file of the module.
type source struct {
	path string // from the root
	room string // its folder; "." is package main
	test bool   // a test, or what tests share
	at   *token.FileSet
	file *ast.File
	// lines is how long the file is.
	lines int
}

// where is the place of something in it, for people.
func (s source) where(n ast.Node) string { return s.at.Position(n.Pos()).String() }

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		at := token.NewFileSet()
		file, err := parser.ParseFile(at, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(path))
		all = append(all, source{path: path, room: room, test: strings.HasSuffix(path, "_test.go") || strings.HasPrefix(room, "test/"),
			at: at, file: file, lines: at.File(file.Pos()).LineCount()})
		return nil
	}))
	require.Greater(t, len(all), 200)
	return all
}

// longFunctions may have more than sixty lines, each for its reason.
var longFunctions = map[string]string{
	"approvals.Step":                         "the state machine, one case for each event, to be read as one",
	"test/commandline.TestCheckSaysWhatToDo": "a table of troubles",
	"sim/slacksim.TestMessageLimits":         "a table of limits",
	"sim/slacksim.messageBounds":             "a table of limits",
}

// TestFilesAndFunctionsAreShort: no file over 400 lines, no function over 60.
func TestFilesAndFunctionsAreShort(t *testing.T) {
	fromTheRoot(t)
	excused := map[string]bool{}
	for _, s := range sources(t) {
		if s.lines > 400 {
			t.Errorf("%s has %d lines", s.path, s.lines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := s.at.Position(f.End()).Line - s.at.Position(f.Pos()).Line + 1
			name := s.room + "." + f.Name.Name
			if _, known := longFunctions[name]; known && lines > 60 {
				excused[name] = true
				continue
			}
			if lines > 60 {
				t.Errorf("%s: %s has %d lines", s.where(f), f.Name.Name, lines)
			}
		}
	}
	for name := range longFunctions {
		require.True(t, excused[name], "%s needs no excuse any more", name)
	}
}

// TestEveryExportedNameHasASentence, in the files that people import.
func TestEveryExportedNameHasASentence(t *testing.T) {
	fromTheRoot(t)
	held := 0
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		for _, d := range s.file.Decls {
			for _, n := range namesIn(d) {
				if held++; strings.TrimSpace(n.said) == "" {
					t.Errorf("%s: %s has no sentence", s.where(n.node), n.name)
				}
			}
		}
	}
	require.Greater(t, held, 500)
}

// name is an exported name and what is said about it.
type name struct {
	name, said string
	node       ast.Node
}

// namesIn are the exported names of a declaration: functions, methods, types with their fields and
// methods, constants and variables. One sentence above a group, or above fields that stand together,
// speaks for all of them.
func namesIn(d ast.Decl) []name {
	var out []name
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv)) {
			out = append(out, name{d.Name.Name, d.Doc.Text(), d})
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() {
					out = append(out, name{spec.Name.Name, said(d.Doc, spec.Doc, spec.Comment), spec})
				}
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					if id.IsExported() {
						out = append(out, name{id.Name, said(d.Doc, spec.Doc, spec.Comment), spec})
					}
				}
			}
		}
	}
	return out
}

func exportedReceiver(recv *ast.FieldList) bool {
	kind := recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if generic, ok := kind.(*ast.IndexExpr); ok {
		kind = generic.X
	}
	id, ok := kind.(*ast.Ident)
	return ok && id.IsExported()
}

func said(groups ...*ast.CommentGroup) string {
	out := ""
	for _, g := range groups {
		out += g.Text()
	}
	return out
}

// wiring are the rooms that hand time and chance to the others, the simulators, which are programs of their own,
// and what the tests of several rooms share.
func wiring(room string) bool {
	return slices.Contains([]string{".", "cli", "app", "audit", "backup", "bench", "bench/rivals/plain", "check", "demo", "demo/tour", "move", "bot/bottest"}, room) || strings.HasPrefix(room, "sim/")
}

// TestTimeAndChanceAreHandedIn: below the wiring nobody asks the clock or draws lots for himself.
func TestTimeAndChanceAreHandedIn(t *testing.T) {
	fromTheRoot(t)
	for _, s := range sources(t) {
		if s.test || wiring(s.room) {
			continue
		}
		for _, use := range s.uses() {
			switch {
			case slices.Contains([]string{"time.Now", "time.Since", "time.Until"}, use.name),
				strings.HasPrefix(use.name, "math/rand"), strings.HasPrefix(use.name, "crypto/rand."):
				t.Errorf("%s: %s; let it be handed in", s.where(use.node), use.name)
			}
		}
	}
}

// TestNobodySleepsInTests: time in tests costs nothing (testing/synctest) or is waited for by what happens.
func TestNobodySleepsInTests(t *testing.T) {
	fromTheRoot(t)
	for _, s := range sources(t) {
		for _, use := range s.uses() {
			if s.test && use.name == "time.Sleep" {
				t.Errorf("%s: %s", s.where(use.node), use.name)
			}
		}
	}
}

// uses are the names of other packages that a file mentions, as "import/path.Name".
func (s source) uses() []name {
	paths := map[string]string{}
	for _, imp := range s.file.Imports {
		path, _ := strconv.Unquote(imp.Path.Value)
		local := path[strings.LastIndex(path, "/")+1:]
		if path == "math/rand/v2" {
			local = "rand"
		}
		if imp.Name != nil {
			local = imp.Name.Name
		}
		paths[local] = path
	}
	var out []name
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && paths[id.Name] != "" {
			out = append(out, name{name: paths[id.Name] + "." + sel.Sel.Name, node: sel})
		}
		return true
	})
	return out
}

// TestNoHiddenState: no init, and no variable of a package but errors, tables, patterns and embedded files.
func TestNoHiddenState(t *testing.T) {
	fromTheRoot(t)
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init", s.where(f))
			}
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				if v := spec.(*ast.ValueSpec); !settled(s, g, v) {
					t.Errorf("%s: var %s", s.where(v), v.Names[0].Name)
				}
			}
		}
	}
}

// makers are calls whose results never change, though a variable must hold them; those of testMakers in tests.
var (
	makers     = []string{"errors.New", "fmt.Errorf", "regexp.MustCompile", "strings.NewReplacer", "time.Date", "approvals.Refuse", "approvals.Sayf"}
	testMakers = []string{"context.Background", "slog.New", "strings.Replace", "flag.Bool", "flag.Int", "flag.Int64", "flag.Uint64", "flag.String", "flag.Duration"}
)

// builtTables are tables that functions of their own room put together when the program starts.
var builtTables = map[string]string{
	"sim/slacksim.imageShape": "shapes of Slack's blocks are made of rules, and rules of functions", "sim/slacksim.blockShapes": "as imageShape",
	"sim/slacksim.elementShapes": "as imageShape", "sim/slacksim.optionGroup": "as imageShape", "sim/slacksim.id255": "as imageShape",
}

// settled reports whether a variable of a package is one in name only.
func settled(s source, g *ast.GenDecl, v *ast.ValueSpec) bool {
	if strings.Contains(commented(g.Doc)+commented(v.Doc), "//go:embed") || len(v.Names) == 1 && v.Names[0].Name == "_" {
		return true
	}
	if len(v.Values) != len(v.Names) {
		return false
	}
	if builtTables[s.room+"."+v.Names[0].Name] != "" {
		return true
	}
	return !slices.ContainsFunc(v.Values, func(e ast.Expr) bool { return !constant(s, e) })
}

// commented is a comment with its directives, which Text leaves out.
func commented(g *ast.CommentGroup) string {
	out := ""
	if g != nil {
		for _, c := range g.List {
			out += c.Text + "\n"
		}
	}
	return out
}

func constant(s source, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit, *ast.BasicLit:
		return true
	case *ast.UnaryExpr:
		return constant(s, e.X)
	case *ast.CallExpr:
		if _, converted := e.Fun.(*ast.ArrayType); converted {
			return constant(s, e.Args[0])
		}
		sel, ok := e.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		pkg, ok := sel.X.(*ast.Ident)
		if !ok {
			return false
		}
		maker := pkg.Name + "." + sel.Sel.Name
		return slices.Contains(makers, maker) || s.test && slices.Contains(testMakers, maker)
	}
	return false
}
