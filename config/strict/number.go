package strict

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// PlainDecimal is how a whole number is written. YAML and Go read others too, and 025 as 21: whoever types that
// means 25.
var PlainDecimal = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`)

// otherBase is a number in another base, as YAML 1.2, YAML 1.1 and Go write them.
var otherBase = regexp.MustCompile(`^[+-]?0[xXoObB]`)

// decimalOf is how a number that is not written so would be in plain decimals; "" where it is none.
func decimalOf(written string) string {
	if otherBase.MatchString(written) {
		n, err := strconv.ParseInt(strings.TrimPrefix(written, "+"), 0, 64)
		if err != nil {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	bare := strings.TrimLeft(strings.NewReplacer("_", "", ",", "", "'", "", " ", "").Replace(strings.TrimPrefix(written, "+")), "0")
	if bare == "" && strings.Contains(written, "0") {
		return "0"
	}
	if _, err := strconv.ParseUint(bare, 10, 63); err != nil {
		return ""
	}
	return bare
}

// undecimal reports a value that is a number, only not in plain decimals.
func (v Value) undecimal(expected string) bool {
	switch n := v.Node.(type) {
	case *ast.IntegerNode:
		written := n.GetToken().Value
		if PlainDecimal.MatchString(written) {
			return false
		}
		if write := decimalOf(written); write != "" {
			expected = "a plain decimal number: write " + write
		}
	case *ast.StringNode:
		write := decimalOf(n.Value)
		switch {
		case write == "":
			return false
		case write == n.Value:
			expected = "a number: write it without the quotes"
		default:
			expected = "a plain decimal number: write " + write
		}
	default:
		return false
	}
	v.Bad(expected)
	return true
}
