package forget

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// errUnread says that something can't be looked into, so that nobody knows whether it is about somebody.
var errUnread = errors.New("it can't be read")

// gzipped begins what is compressed with a header, and gzippedText that as JSON has bytes.
const (
	gzipped     = "\x1f\x8b"
	gzippedText = "H4sI"
)

// line is a thing with what is theirs taken out, as it's kept: JSON, lines of it, either compressed, or a text. some: there was anything.
func (p *Person) line(raw []byte, at place) (out []byte, some bool, err error) {
	switch {
	case len(raw) == 0:
		return raw, false, nil
	case bytes.HasPrefix(raw, []byte(gzipped)):
		return p.pressed(raw, at)
	}
	if isJSON(raw) && !at.about && !p.in(raw) {
		return raw, false, nil
	}
	if trees, err := parsed(raw); err == nil && isJSON(raw) {
		out, some = p.trees(trees, bytes.HasSuffix(raw, []byte("\n")), at)
		return out, some, nil
	}
	if inner, err := io.ReadAll(flate.NewReader(bytes.NewReader(raw))); err == nil && len(inner) > 0 {
		return p.deflated(inner, at)
	}
	is := p.text(string(raw), at.about)
	return []byte(is), is != string(raw), nil
}

// isJSON reports whether what can be read as JSON is that, and no text that happens to be.
func isJSON(raw []byte) bool { return bytes.ContainsAny(raw[:1], `{["`) }

func (p *Person) trees(trees []*node, lines bool, at place) ([]byte, bool) {
	var out bytes.Buffer
	some := false
	for i, n := range trees {
		some = p.redact(n, at) || some
		if n.write(&out); lines || i+1 < len(trees) {
			out.WriteByte('\n')
		}
	}
	return out.Bytes(), some
}

// pressed is line of what is compressed with a header.
func (p *Person) pressed(raw []byte, at place) (out []byte, some bool, err error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return raw, false, fmt.Errorf("%w: %w", errUnread, err)
	}
	inner, err := io.ReadAll(z)
	if err != nil {
		return raw, false, fmt.Errorf("%w: %w", errUnread, err)
	}
	inner, some, err = p.line(inner, at)
	if err != nil || !some {
		return raw, false, err
	}
	var to bytes.Buffer
	w, err := gzip.NewWriterLevel(&to, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(inner)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return raw, false, fmt.Errorf("compress it again: %w", err)
	}
	return to.Bytes(), true, nil
}

// deflated is line of what was compressed without a header.
func (p *Person) deflated(inner []byte, at place) (out []byte, some bool, err error) {
	inner, some, err = p.line(inner, at)
	if err != nil || !some {
		return nil, false, err
	}
	var to bytes.Buffer
	w, err := flate.NewWriter(&to, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(inner)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, false, fmt.Errorf("compress it again: %w", err)
	}
	return to.Bytes(), true, nil
}

// packed is a text of JSON that has compressed bytes in it, with what is theirs taken out; false: it has none, or they can't be read.
func (p *Person) packed(s string) (string, bool) {
	if !strings.HasPrefix(s, gzippedText) {
		return s, false
	}
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return s, false
	}
	out, some, err := p.pressed(raw, place{})
	if err != nil || !some {
		return s, err == nil
	}
	return base64.StdEncoding.EncodeToString(out), true
}
