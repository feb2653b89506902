package wire

import (
	"net/http"
	"regexp"
	"slices"
)

// hidden stands in the place of a secret.
const hidden = "[secret]"

// secretHeaders are those whose whole value is one.
var secretHeaders = []string{"Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"}

// secrets are the places where one stands in a URL or a body, after what is kept of the match.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`()xox[a-z]-[\w-]+`),
	regexp.MustCompile(`()xapp-[\w-]+`),
	regexp.MustCompile(`((?:^|[?&]|\\u0026)(?:token|key|apikey|ticket)=)[^&"\\\s]+`),
	regexp.MustCompile(`(/limits/key/)[^/?"\s]+`),
	regexp.MustCompile(`("(?:setting\.account_password|guest_link)"\s*:\s*")(?:[^"\\]|\\.)*`),
}

// clean is a text without them.
func clean(text []byte) []byte {
	for _, s := range secrets {
		text = s.ReplaceAll(text, []byte("${1}"+hidden))
	}
	return text
}

// part is a direction of an exchange as it may be kept.
func part(header http.Header, body []byte, more int) Part {
	p := Part{Body: clean(slices.Clone(body)), More: more}
	if len(body) > MostBody {
		p.Body, p.More = clean(slices.Clone(body[:MostBody])), more+len(body)-MostBody
	}
	for name, values := range header {
		for _, v := range values {
			if slices.Contains(secretHeaders, name) {
				v = hidden
			}
			p.Header = append(p.Header, name+": "+string(clean([]byte(v))))
		}
	}
	slices.Sort(p.Header)
	return p
}
