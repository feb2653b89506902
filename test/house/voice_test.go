package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// speakers are the functions whose formats people read.
var speakers = []string{"Sayf", "Refuse", "say"}

// stiff is what nobody says aloud to a colleague.
var stiff = regexp.MustCompile(`(?i)\b(cannot|do not|does not|did not|is not|are not|was not|were not|has not|have not|could not|would not|will not|` +
	`there is|it is|i will|whom|anew|may decide|is asked|taken? back|took back|read back|closes itself|closed itself|nothing was asked|without a reason)\b`)

// fine is what is said so all the same: labels of buttons that programs go by, and "as it is".
var fine = regexp.MustCompile(`\*It did not( – try again)?\*|\*Could not be done\*|as it is`)

// TestWhatPeopleReadIsSpokenEnglish: contractions, and none of the turns that sound translated or legal.
func TestWhatPeopleReadIsSpokenEnglish(t *testing.T) {
	fromTheRoot(t)
	read := 0
	for _, s := range sources(t) {
		if s.test || !slices.Contains([]string{"approvals", "bot", "commands", "provision", "reports", "reviews"}, s.room) {
			continue
		}
		for _, words := range s.spoken() {
			read++
			text, err := strconv.Unquote(words.Value)
			require.NoError(t, err)
			require.Empty(t, stiff.FindString(fine.ReplaceAllString(text, "")), "%s: %s", s.where(words), text)
		}
	}
	require.Greater(t, read, 300)
}

// spoken are the literals in what is handed to a speaker.
func (s source) spoken() []*ast.BasicLit {
	var all []*ast.BasicLit
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !slices.Contains(speakers, called(call.Fun)) {
			return true
		}
		for _, arg := range call.Args {
			ast.Inspect(arg, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					all = append(all, l)
				}
				_, inner := n.(*ast.CallExpr)
				return !inner
			})
		}
		return true
	})
	return all
}

// called is the last name of what is called: "Sayf" of approvals.Sayf.
func called(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
