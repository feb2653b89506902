package approvals

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// FoldEmail is the form in which addresses are compared: the vendor does not say whether it minds
// case, so two that differ only in case are the same to us. A domain in another script is the same as its
// name in plain letters, and a letter is the same however its accents are kept.
func FoldEmail(email string) string {
	return PlainEmail(folded(email))
}

// SameEmail reports whether two addresses are one.
func SameEmail(a, b string) bool { return FoldEmail(a) == FoldEmail(b) }

// PlainEmail is an address with its domain in plain letters, which is how it is kept.
func PlainEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	host := email[at+1:]
	if as := PlainHost(host); as != host {
		return email[:at+1] + as
	}
	return email // as nearly all are: lists of a hundred thousand are gone through
}

// spellings are both ways to write an address whose domain is in another script; one where it is not.
func spellings(email string) []string {
	at := strings.LastIndexByte(email, '@')
	if other := email[:at+1] + readable(email[at+1:]); other != email {
		return []string{email, other}
	}
	return []string{email}
}

// folded is text without regard to case and to how accents are kept. No letter becomes a plain one that was none, as
// the Kelvin sign would: it must not have the address of a K.
func folded(s string) string {
	s = strings.TrimSpace(s)
	if plain(s) {
		return strings.ToLower(s)
	}
	return strings.ToLower(norm.NFC.String(strings.Map(func(r rune) rune {
		const elsewhere = 0xF0000 // for private use, where no letter is
		if r > unicode.MaxASCII && (unicode.ToLower(r) <= unicode.MaxASCII || plain(norm.NFC.String(string(r)))) {
			return elsewhere + r
		}
		return r
	}, s)))
}

func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// PlainHost is a host in plain letters, as it is looked up: "xn--bcher-kva.example" for "bücher.example". What
// is no host stays as it is.
func PlainHost(host string) string {
	if plain(host) {
		return strings.ToLower(host)
	}
	if out, err := idna.Lookup.ToASCII(host); err == nil {
		return out
	}
	return host
}

// readable is a host in the letters it stands for: "bücher.example" for "xn--bcher-kva.example".
func readable(host string) string {
	if plain(host) && !strings.Contains(host, "xn--") {
		return host
	}
	if out, err := idna.Lookup.ToUnicode(PlainHost(host)); err == nil {
		return out
	}
	return host
}

// readableIn is readable for the host at the start of an address of a page, or of what may be one.
func readableIn(s string) string {
	end := strings.IndexAny(s, "/?#: ")
	if end < 0 {
		end = len(s)
	}
	return readable(s[:end]) + s[end:]
}

// strange are the letters of an address that are of no Latin alphabet, and may look like one that is.
func strange(email string) string {
	var out []string
	for _, r := range email {
		if r > unicode.MaxASCII && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.M, r) {
			out = append(out, "“"+string(r)+"”")
		}
	}
	return strings.Join(out, ", ")
}
