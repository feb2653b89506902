package list

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoded is the text of a file. UTF-16 shows by its mark or by where its zeros stand; what isn't UTF-8 is Windows-1252, which
// has all letters of Latin-1 where that has them.
func decoded(raw []byte) (string, error) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		return strings.ToValidUTF8(string(raw[3:]), "\uFFFD"), nil
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return by(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), raw[2:])
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return by(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), raw[2:])
	}
	even, odd := zeros(raw[:min(len(raw), 4096)])
	switch {
	case even > 4*odd && even > 2:
		return by(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), raw)
	case odd > 4*even && odd > 2:
		return by(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), raw)
	case even+odd > 0:
		return "", problem("That's neither a text file nor a spreadsheet. Export the list as CSV or XLSX.")
	case utf8.Valid(raw):
		return string(raw), nil
	}
	return by(charmap.Windows1252, raw)
}

func by(e encoding.Encoding, raw []byte) (string, error) {
	text, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return "", problem("I can't read the letters of that file. Save it as CSV in UTF-8, and import that.")
	}
	return string(text), nil
}

// zeros counts the zero bytes at even and at odd places.
func zeros(raw []byte) (even, odd int) {
	for i, b := range raw {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	return even, odd
}

// looksLikePage reports whether a text is HTML.
func looksLikePage(text string) bool {
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}
