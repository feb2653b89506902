package strict

import (
	"fmt"
	"strings"

	"github.com/usherbot/usher/terminal"
)

// Suggest says what was likely meant, or else what could have been.
func Suggest(typed string, words []string) string {
	if near := Nearest(typed, words); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "expected " + Among(words)
}

// Among is "a, b or c".
func Among(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}

// Nearest is the word that was likely meant: the closest, if no more than a third of it is different.
func Nearest(typed string, words []string) string {
	best, least := "", 0
	for _, w := range words {
		d := distance(strings.ToLower(terminal.Shortened(typed)), w)
		if 3*d <= max(len(w), 3) && (best == "" || d < least) {
			best, least = w, d
		}
	}
	return best
}

// distance is how many letters must be put in, taken out or replaced to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			d := diagonal
			if x[i] != y[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(y)]
}
