package commands

import (
	"slices"
	"strings"
	"unicode"
)

// fences are what Slack writes around words that are bold, slanted, struck out, code, or a block of code.
const fences = "*_~`"

// unformat takes Slack's formatting off a command. It comes in pairs, each around whole words of one line, code over
// several; a mark that stands alone or inside a word is the person's own. The reason keeps its marks, which are
// shown as typed, but for one that was opened before it. What is inside a pair may be formatted again.
func unformat(s string) string {
	in := []rune(s)
	drop := make([]bool, len(in))
	end := reasonAt(in)
	for i := 0; i < end; i++ {
		if drop[i] || !opens(in, drop, i) {
			continue
		}
		if j := closing(in, drop, i); j > 0 {
			drop[i], drop[j] = true, true
		}
	}
	for i := 0; i < end; i++ {
		if in[i] == '>' && lineStart(in, drop, i) && i+1 < len(in) && unicode.IsSpace(in[i+1]) {
			drop[i] = true // a quotation
		}
	}
	var b strings.Builder
	for i, r := range in {
		if !drop[i] {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// reasonAt is where the reason begins, or the end where there is none.
func reasonAt(in []rune) int {
	word := []rune("because")
	for i := 1; i+len(word) <= len(in); i++ {
		if strings.EqualFold(string(in[i:i+len(word)]), "because") && !isLetter(in[i-1]) && (i+len(word) == len(in) || !isLetter(in[i+len(word)])) {
			return i
		}
	}
	return len(in)
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// before and after are the runes next to one, but for what is dropped; a space where there is none.
func before(in []rune, drop []bool, i int) rune {
	for i--; i >= 0; i-- {
		if !drop[i] && !unseen(in[i]) {
			return in[i]
		}
	}
	return ' '
}

func after(in []rune, drop []bool, i int) rune {
	for i++; i < len(in); i++ {
		if !drop[i] && !unseen(in[i]) {
			return in[i]
		}
	}
	return ' '
}

func lineStart(in []rune, drop []bool, i int) bool {
	for i--; i >= 0 && !lineBreak(in[i]); i-- {
		if !drop[i] && !unicode.IsSpace(in[i]) {
			return false
		}
	}
	return true
}

// opens reports whether a mark stands before a word.
func opens(in []rune, drop []bool, i int) bool {
	if !strings.ContainsRune(fences, in[i]) {
		return false
	}
	was, next := before(in, drop, i), after(in, drop, i)
	return (unicode.IsSpace(was) || strings.ContainsRune(`=,;(<"'`+fences, mend(was))) && (!unicode.IsSpace(next) || in[i] == '`')
}

// closing is where the pair of a mark ends: behind a word, and before none; 0: nowhere.
func closing(in []rune, drop []bool, i int) int {
	code := in[i] == '`'
	for j := i + 1; j < len(in); j++ {
		if lineBreak(in[j]) && !code {
			return 0
		}
		if in[j] != in[i] || drop[j] || j == i+1 && !code {
			continue
		}
		was, next := before(in, drop, j), after(in, drop, j)
		ends := unicode.IsSpace(next) || strings.ContainsRune(`,;:.!?)>"'`+fences, mend(next))
		if ends && (!unicode.IsSpace(was) || code) && slices.ContainsFunc(in[i+1:j], func(r rune) bool { return !strings.ContainsRune(fences, r) }) {
			return j
		}
	}
	return 0
}
