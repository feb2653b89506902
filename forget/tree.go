package forget

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// node is a piece of JSON: an object ('{') with its keys, a list ('['), a text ('"'), or whatever else it is, as it was written (0).
type node struct {
	kind byte
	keys []string
	kids []*node
	text string
	raw  []byte
}

// parsed reads JSON, one value after another.
func parsed(raw []byte) (all []*node, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	for {
		n, err := parse(d)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
}

func parse(d *json.Decoder) (*node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		return parseInside(d, byte(t))
	case string:
		return &node{kind: '"', text: t}, nil
	}
	raw, err := json.Marshal(token)
	return &node{raw: raw}, err
}

func parseInside(d *json.Decoder, open byte) (*node, error) {
	n := &node{kind: open}
	for d.More() {
		if open == '{' {
			token, err := d.Token()
			if err != nil {
				return nil, whole(err)
			}
			n.keys = append(n.keys, fmt.Sprint(token))
		}
		kid, err := parse(d)
		if err != nil {
			return nil, whole(err)
		}
		n.kids = append(n.kids, kid)
	}
	_, err := d.Token()
	return n, whole(err)
}

// whole has what breaks off not be taken for the end.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// write writes it as encoding/json does.
func (n *node) write(out *bytes.Buffer) {
	switch n.kind {
	case '"':
		out.Write(quoted(n.text))
	case '{', '[':
		out.WriteByte(n.kind)
		for i, kid := range n.kids {
			if i > 0 {
				out.WriteByte(',')
			}
			if n.kind == '{' {
				out.Write(quoted(n.keys[i]))
				out.WriteByte(':')
			}
			kid.write(out)
		}
		out.WriteByte(n.kind + 2) // a bracket closes two behind where it opens
	default:
		out.Write(n.raw)
	}
}

func quoted(s string) []byte {
	raw, _ := json.Marshal(s) // a text always encodes
	return raw
}

// of is what stands under a key of an object; nil: nothing does.
func (n *node) of(key string) *node {
	for i, k := range n.keys {
		if k == key {
			return n.kids[i]
		}
	}
	return nil
}

// texts are the texts that a node is, or, of a list, has.
func (n *node) texts() (all []string) {
	switch {
	case n == nil:
	case n.kind == '"':
		return []string{n.text}
	case n.kind == '[':
		for _, kid := range n.kids {
			if kid.kind == '"' {
				all = append(all, kid.text)
			}
		}
	}
	return all
}

// each calls fn with a node and all that is in it.
func (n *node) each(fn func(*node)) {
	fn(n)
	for _, kid := range n.kids {
		kid.each(fn)
	}
}
