package approvals

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// SpanKind says how a Span is shown.
type SpanKind string

// The kinds of span. The zero kind is plain text.
const (
	SpanText    SpanKind = ""
	SpanPerson  SpanKind = "person"  // S is a person's id; shown as a mention
	SpanGroup   SpanKind = "group"   // S is a user group's id; shown as a mention that notifies nobody new
	SpanChannel SpanKind = "channel" // S is a channel id
	SpanTime    SpanKind = "time"    // T is Unix seconds; shown in the reader's zone
	SpanCode    SpanKind = "code"    // S is something to type
)

// Span is a stretch of text of one kind. Its S is never markup: every surface escapes it.
type Span struct {
	Kind SpanKind `json:"k,omitempty"`
	S    string   `json:"s,omitempty"`
	T    int64    `json:"t,omitempty"`
	Bold bool     `json:"b,omitempty"`
}

// Text is what people read, free of any surface's markup.
type Text []Span

// PersonID is a Slack user id (U… or W…) that Sayf shows as a mention.
type PersonID string

// GroupID is a Slack user group id (S…) that Sayf shows as a mention.
type GroupID string

// ChannelID is a Slack channel id (C…, G… or D…) that Sayf shows as a link.
type ChannelID string

// Typed is something to type, shown in a fixed-width face.
type Typed string

// Sayf builds Text from a format in which *stars* make bold, `backticks` make code, and each %v takes
// one argument: PersonID, GroupID, ChannelID, Typed, time.Time and Text keep their meaning, everything
// else is plain text whatever it contains. The format is ours; arguments may come from anybody.
func Sayf(format string, args ...any) Text {
	b := sayer{args: args}
	for format != "" {
		i := strings.IndexAny(format, "*`%")
		if i < 0 {
			b.text(format)
			break
		}
		b.text(format[:i])
		format = b.mark(format[i:])
	}
	return b.out
}

type sayer struct {
	out  Text
	args []any
	bold bool
	code bool
}

// mark consumes one mark at the start of rest.
func (b *sayer) mark(rest string) string {
	switch {
	case strings.HasPrefix(rest, "%v"):
		b.arg()
		return rest[2:]
	case rest[0] == '*':
		b.bold = !b.bold
	case rest[0] == '`':
		b.code = !b.code
	default:
		b.text(rest[:1])
	}
	return rest[1:]
}

func (b *sayer) arg() {
	if len(b.args) == 0 {
		b.text("%!v(missing)")
		return
	}
	a := b.args[0]
	b.args = b.args[1:]
	switch v := a.(type) {
	case Text:
		for _, s := range v {
			s.Bold = s.Bold || b.bold
			b.out = append(b.out, s)
		}
	case PersonID:
		b.span(Span{Kind: SpanPerson, S: string(v)})
	case GroupID:
		b.span(Span{Kind: SpanGroup, S: string(v)})
	case ChannelID:
		b.span(Span{Kind: SpanChannel, S: string(v)})
	case Typed:
		b.span(Span{Kind: SpanCode, S: string(v)})
	case time.Time:
		b.span(Span{Kind: SpanTime, T: v.Unix()})
	default:
		b.text(fmt.Sprint(v))
	}
}

func (b *sayer) text(s string) {
	if s == "" {
		return
	}
	if b.code {
		b.span(Span{Kind: SpanCode, S: s})
		return
	}
	b.span(Span{S: s})
}

// span appends s, joined to the span before where both are the same kind of words.
func (b *sayer) span(s Span) {
	s.Bold = b.bold
	if n := len(b.out); n > 0 && (s.Kind == SpanText || s.Kind == SpanCode) &&
		b.out[n-1].Kind == s.Kind && b.out[n-1].Bold == s.Bold {
		b.out[n-1].S += s.S
		return
	}
	b.out = append(b.out, s)
}

// Plain is the text without any markup, for logs; times are in UTC.
func (t Text) Plain() string {
	return t.Naming(func(s Span) string {
		if s.Kind == SpanChannel {
			return "#" + s.S
		}
		return "@" + s.S
	})
}

// Naming is Plain for terminals, where an id is no mention: name says what a person, a group or a channel is called.
func (t Text) Naming(name func(Span) string) string {
	var b strings.Builder
	for _, s := range t {
		switch s.Kind {
		case SpanPerson, SpanGroup, SpanChannel:
			b.WriteString(name(s))
		case SpanTime:
			b.WriteString(time.Unix(s.T, 0).UTC().Format("2006-01-02 15:04 UTC"))
		default:
			b.WriteString(s.S)
		}
	}
	return b.String()
}

// Join puts texts after one another with sep between them.
func Join(texts []Text, sep string) Text {
	var out Text
	for i, t := range texts {
		if i > 0 {
			out = append(out, Span{S: sep})
		}
		out = append(out, t...)
	}
	return out
}

// Capital begins a text with a capital letter, unless it begins with a mention.
func (t Text) Capital() Text {
	t = slices.Clone(t)
	if len(t) > 0 && t[0].Kind == SpanText && t[0].S != "" {
		t[0].S = strings.ToUpper(t[0].S[:1]) + t[0].S[1:]
	}
	return t
}
