package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/test/world"
)

// TestTheLogIsInAnOperatorsWords reads what is logged at INFO and above in the source itself.
func TestTheLogIsInAnOperatorsWords(t *testing.T) {
	fromTheRoot(t)
	held := 0
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.room, "sim") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !logs(call) {
				return true
			}
			held++
			for _, a := range call.Args {
				if words, ok := text(a); ok && (world.OwnWords.MatchString(words) || words == "key") {
					t.Errorf("%s: %q", s.where(call), words)
				}
			}
			return true
		})
	}
	require.Greater(t, held, 60)
}

// logs reports whether a call is one of a logger, at INFO or above.
func logs(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Info", "Warn", "Error"}, strings.TrimSuffix(f.Sel.Name, "Context")) {
		return false
	}
	return slices.ContainsFunc(call.Args[:min(len(call.Args), 2)], func(a ast.Expr) bool { _, ok := text(a); return ok })
}

func text(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	words, err := strconv.Unquote(l.Value)
	return words, err == nil
}

// TestLinesAreWrittenUnderTheirContext: who has a context at hand writes the log under it, because it says of which request a
// line is.
func TestLinesAreWrittenUnderTheirContext(t *testing.T) {
	fromTheRoot(t)
	held := 0
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.room, "sim") || strings.HasPrefix(s.room, "test/") {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				held += under(f.Body, hasContext(f.Type), func(call *ast.CallExpr) { t.Errorf("%s: a line without the context at hand", s.where(call)) })
			}
		}
	}
	require.Greater(t, held, 150)
}

// under looks through a function for lines of the log, of which it counts those that are written under a context; bare hears of
// those that aren't though one is at hand.
func under(body ast.Node, given bool, bare func(*ast.CallExpr)) (held int) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			held += under(n.Body, given || hasContext(n.Type), bare)
			return false
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.SelectorExpr)
			if ok && strings.HasSuffix(f.Sel.Name, "Context") && isLog(f.X) {
				held++
			}
			if ok && given && slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, f.Sel.Name) && isLog(f.X) {
				bare(n)
			}
		}
		return true
	})
	return held
}

// isLog reports whether something is called as loggers are.
func isLog(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return strings.EqualFold(x.Name, "log")
	case *ast.SelectorExpr:
		return strings.EqualFold(x.Sel.Name, "log")
	}
	return false
}

// hasContext reports whether a function is given a context, by a name.
func hasContext(f *ast.FuncType) bool {
	return slices.ContainsFunc(f.Params.List, func(p *ast.Field) bool {
		of, ok := p.Type.(*ast.SelectorExpr)
		if !ok || of.Sel.Name != "Context" {
			return false
		}
		id, ok := of.X.(*ast.Ident)
		return ok && id.Name == "context" && slices.ContainsFunc(p.Names, func(n *ast.Ident) bool { return n.Name != "_" })
	})
}
