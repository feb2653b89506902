package conform

import (
	"strings"

	"github.com/stretchr/testify/require"
)

// shelfRules are those of census.Shelf.
var shelfRules = []rule{
	{"Piece is what was shelved last under a name and nil where nothing is, and Pieces the names that begin so in their order, in the next life too", func(l *life) {
		holds := func(pre string, names ...string) {
			l.Helper()
			got, err := l.Pieces(l.Context(), pre)
			l.must(err)
			require.Equal(l, names, got)
			for _, name := range names {
				raw, err := l.Piece(l.Context(), name)
				l.must(err)
				require.Equal(l, "last of "+name, string(raw))
			}
			raw, err := l.Piece(l.Context(), "acme/1")
			l.must(err)
			require.Nil(l, raw)
		}
		holds("")
		l.must(l.Shelve(l.Context(), map[string][]byte{"acme/1/b": []byte("first of it"), "acme/1/a": []byte("last of acme/1/a")}, nil))
		l.must(l.Shelve(l.Context(), map[string][]byte{"acme/1/b": []byte("last of acme/1/b"), "bolt": []byte("last of bolt")}, nil))
		for range 2 {
			holds("acme/1/", "acme/1/a", "acme/1/b")
			holds("", "acme/1/a", "acme/1/b", "bolt")
			l.crash()
		}
	}},
	{"what Shelve is to drop is not there any more, nor in the next life, and what it never had is no error", func(l *life) {
		l.must(l.Shelve(l.Context(), map[string][]byte{"a": []byte("a"), "ab": []byte("ab"), "b": []byte("b")}, nil))
		l.must(l.Shelve(l.Context(), map[string][]byte{"c": []byte("c")}, []string{"a", "b", "never"}))
		for range 2 {
			names, err := l.Pieces(l.Context(), "")
			l.must(err)
			require.Equal(l, "ab c", strings.Join(names, " "))
			l.crash()
		}
	}},
	{"a piece and a report of one name are two things, and its bytes are the caller's", func(l *life) {
		raw := []byte("piece")
		l.must(l.Shelve(l.Context(), map[string][]byte{"weekly": raw}, nil))
		l.must(l.KeepSnapshot(l.Context(), "weekly", []byte("report")))
		copy(raw, "spoil")
		for range 2 {
			got, err := l.Piece(l.Context(), "weekly")
			l.must(err)
			require.Equal(l, "piece", string(got))
			copy(got, "spoil")
		}
	}},
}
