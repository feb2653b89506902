package apiclient

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// wordsMax is how much of a vendor's own words is kept, in characters.
const wordsMax = 200

// redactMost is how much of a text is looked at, in bytes: a vendor's answer may be megabytes of words,
// and looking for secrets in all of them would take minutes.
const redactMost = 4096

// secretPiece is how many successive characters of a secret betray it. Vendors echo
// keys cut short or masked in the middle, so whole matches would not do.
const secretPiece = 8

var (
	webAddress = regexp.MustCompile(`(?i)\b(https?)://([^\s/?#"'<>\\@]*@)?([^\s/?#"'<>\\]+)[^\s"'<>]*`)
	keyShaped  = regexp.MustCompile(`(?i)\b(?:[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|semrtkn-[\w-]+)`)
)

// Redact makes text fit to be logged and shown: white space and control characters become
// one space, every web address keeps its host alone (queries bear keys, and SE Ranking's guest
// links open statistics without a login), whatever is shaped like a key goes, and so does each
// piece of 8 or more characters of the given secrets, plain or percent-encoded. The result
// has at most 200 characters.
func Redact(text string, secrets ...Secret) string {
	text = text[:min(len(text), redactMost)]
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	text = webAddress.ReplaceAllString(text, "$1://$3/…")
	text = keyShaped.ReplaceAllString(text, veil)
	for _, s := range secrets {
		text = hide(text, s.Reveal())
		text = hide(text, url.QueryEscape(s.Reveal()))
		text = hide(text, url.PathEscape(s.Reveal()))
	}
	return shorten(text)
}

// hide replaces each run of text that is covered by pieces of secret.
func hide(text, secret string) string {
	size := min(secretPiece, len(secret))
	if size == 0 {
		return text
	}
	covered := make([]bool, len(text))
	for i := 0; i+size <= len(secret); i++ {
		cover(covered, text, secret[i:i+size])
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !covered[i]:
			b.WriteByte(text[i])
		case i == 0 || !covered[i-1]:
			b.WriteString(veil)
		}
	}
	return b.String()
}

// cover marks each occurrence of piece in text, in upper or lower case.
func cover(marks []bool, text, piece string) {
	for at := 0; at+len(piece) <= len(text); at++ {
		if !strings.EqualFold(text[at:at+len(piece)], piece) {
			continue
		}
		for j := range len(piece) {
			marks[at+j] = true
		}
	}
}

func shorten(text string) string {
	r := []rune(text)
	if len(r) <= wordsMax {
		return text
	}
	return string(r[:wordsMax-1]) + "…"
}
