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
	if !ok || !slices.Contains([]string{"Info", "Warn", "Error"}, f.Sel.Name) || len(call.Args) == 0 {
		return false
	}
	_, ok = text(call.Args[0])
	return ok
}

func text(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	words, err := strconv.Unquote(l.Value)
	return words, err == nil
}
