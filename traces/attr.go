package traces

import (
	"strings"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
)

// Key is what is told of a span. These are all there are: who adds one answers for it that no person stands in it.
type Key string

// The keys. Those that OpenTelemetry has a name for have that.
const (
	// keyRequest is the number of a request.
	keyRequest Key = "usher.request"
	// App and Action are what a request is about: its app's ID in the configuration, and the action's in the catalog.
	App    Key = "usher.app"
	Action Key = "usher.action"
	// Before and After are the states around a step.
	Before Key = "usher.state.before"
	After  Key = "usher.state.after"
	// Envelope and Said are what Slack calls what it sent, and Acked whether that was acknowledged.
	Envelope Key = "usher.envelope"
	Said     Key = "usher.said"
	Acked    Key = "usher.acked"
	// Kind is that of a promise, Tries how often it was put off before, Retaken whether somebody else had begun it, and Outcome what
	// became of it.
	Kind    Key = "usher.promise.kind"
	Tries   Key = "usher.promise.tries"
	Retaken Key = "usher.promise.retaken"
	Outcome Key = "usher.promise.outcome"
	// Peer is whom a call went to, Host where that is, Method and Route what was asked, and Status, Later (in seconds) and Trouble
	// what came back.
	Peer    Key = "usher.peer"
	Host    Key = "server.address"
	Method  Key = "http.request.method"
	Route   Key = "url.template"
	Status  Key = "http.response.status_code"
	Later   Key = "usher.retry_after"
	Trouble Key = "error.type"
)

// Keys are all of them.
func Keys() []Key {
	return []Key{keyRequest, App, Action, Before, After, Envelope, Said, Acked, Kind, Tries, Retaken, Outcome, Peer, Host, Method, Route, Status, Later, Trouble}
}

// Attr is one thing that is told.
type Attr struct {
	key   Key
	value *commonpb.AnyValue
}

// Text is a word of ours or of a protocol.
func Text(k Key, v string) Attr {
	return Attr{k, &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: plain(v)}}}
}

// Number is a count.
func Number(k Key, v int64) Attr {
	return Attr{k, &commonpb.AnyValue{Value: &commonpb.AnyValue_IntValue{IntValue: v}}}
}

// Truth says whether something is so.
func Truth(k Key, v bool) Attr {
	return Attr{k, &commonpb.AnyValue{Value: &commonpb.AnyValue_BoolValue{BoolValue: v}}}
}

// values are attrs as they're sent.
func values(attrs []Attr) []*commonpb.KeyValue {
	out := make([]*commonpb.KeyValue, 0, len(attrs))
	for _, a := range attrs {
		out = append(out, &commonpb.KeyValue{Key: string(a.key), Value: a.value})
	}
	return out
}

// ofRequest says of which request a span is; nothing where it's of none.
func ofRequest(n int64) []*commonpb.KeyValue {
	if n == 0 {
		return nil
	}
	return values([]Attr{Number(keyRequest, n)})
}

// mostText is how long a word may be.
const mostText = 120

// hidden stands for what isn't told.
const hidden = "?"

// plain is v where nothing in it can be an address of somebody, a name as Slack's IDs are, or words in any script: the words
// that are told are ours and those of protocols. This is the second guard; the first is that nobody gives it anything else.
func plain(v string) string {
	if len(v) > mostText {
		return hidden
	}
	for _, c := range v {
		if c >= 0x80 || c == '@' || c == '%' || c < ' ' {
			return hidden
		}
	}
	for _, word := range strings.FieldsFunc(v, func(c rune) bool { return !alphanumeric(c) }) {
		if isSlackID(word) {
			return hidden
		}
	}
	return v
}

func alphanumeric(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// isSlackID reports whether a word is made as the IDs of people, groups, channels and messages are in Slack: a capital, and then
// capitals and digits, of which one is early.
func isSlackID(word string) bool {
	if len(word) < 5 || word[0] < 'A' || word[0] > 'Z' || !strings.ContainsAny(word, "0123456789") {
		return false
	}
	return strings.ToUpper(word) == word
}
