package postgres

import (
	"encoding/binary"
	"io"
)

// Message reads what a program says next to its server, and its words where that is a simple query. The first has no type before its length.
func Message(from io.Reader, first bool) (raw []byte, sql string, err error) {
	head := make([]byte, 5)
	if first {
		head = head[:4]
	}
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, "", err
	}
	body := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
	if _, err := io.ReadFull(from, body); err != nil {
		return nil, "", err
	}
	if head[0] == 'Q' && !first {
		sql = string(body[:len(body)-1])
	}
	return append(head, body...), sql, nil
}
