package config

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/usherbot/usher/apiclient"
)

// Traces is where traces go, in the words that OpenTelemetry has for it; its zero value: nowhere.
type Traces struct {
	// URL takes batches of spans.
	URL string
	// Headers go with each batch; receivers that ask for a key find it there.
	Headers map[string]apiclient.Secret
	// Said is how the headers were given.
	Said apiclient.Secret
	// Resource is what is said of who sends them, beside what Usher says itself.
	Resource map[string]string
}

// TraceHeadersName is the variable of the headers, which may hold a key.
const TraceHeadersName = "OTEL_EXPORTER_OTLP_HEADERS"

// traces reads where traces go. The names are OpenTelemetry's own; of those that say what Usher can't do it isn't
// silent: whoever sets one would wait for traces in vain.
func (r *envReading) traces(lookup Lookup) (t Traces) {
	endpoint, _, _ := r.value(lookup, "OTEL_EXPORTER_OTLP_ENDPOINT")
	if endpoint == "" {
		return Traces{}
	}
	const such = "; expected one such as http://127.0.0.1:4318"
	u, err := url.Parse(endpoint)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.User != nil, u.RawQuery != "", u.Fragment != "":
		r.wrong("OTEL_EXPORTER_OTLP_ENDPOINT can't be used: it has to be http or https, with a host and without a user, a query or a fragment" + such)
		return Traces{}
	}
	if protocol, _, _ := r.value(lookup, "OTEL_EXPORTER_OTLP_PROTOCOL"); protocol != "" && protocol != "http/protobuf" {
		r.wrong("OTEL_EXPORTER_OTLP_PROTOCOL asks for something that Usher doesn't speak; expected http/protobuf, or nothing (receivers take it at port 4318)")
	}
	t.URL = u.JoinPath("v1", "traces").String()
	t.Headers = map[string]apiclient.Secret{}
	said, headers := r.pairs(lookup, TraceHeadersName)
	t.Said = apiclient.Secret(said)
	for name, value := range headers {
		if !isHeader(name) || strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c > '~' }) {
			r.wrong(fmt.Sprintf("%s has a header that can't be sent; expected name=value, and commas between them", TraceHeadersName))
			break
		}
		t.Headers[name] = apiclient.Secret(value)
	}
	_, t.Resource = r.pairs(lookup, "OTEL_RESOURCE_ATTRIBUTES")
	if name, _, _ := r.value(lookup, "OTEL_SERVICE_NAME"); name != "" {
		t.Resource["service.name"] = name
	}
	return t
}

// pairs reads a list as OpenTelemetry writes them: name=value, with commas between them, and what is neither percent-encoded.
func (r *envReading) pairs(lookup Lookup, name string) (raw string, out map[string]string) {
	out = map[string]string{}
	raw, called, _ := r.value(lookup, name)
	for pair := range strings.SplitSeq(raw, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if key = strings.TrimSpace(key); !ok || key == "" || err != nil {
			r.wrong(called + " has something in it that's no pair; expected name=value, and commas between them")
			return raw, out
		}
		out[key] = value
	}
	return raw, out
}

// isHeader reports whether a header may be called so.
func isHeader(name string) bool {
	return strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// secrets are the values of the headers, in the order of their names.
func (t Traces) secrets() (out []apiclient.Secret) {
	for _, name := range slices.Sorted(maps.Keys(t.Headers)) {
		out = append(out, t.Headers[name])
	}
	return out
}
