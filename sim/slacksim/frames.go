package slacksim

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"
)

// sniffer reads along with a connection, to know which messages came in
// fragments: Slack ignores those, and the WebSocket library hides them.
type sniffer struct {
	header     []byte // of the frame at hand, as far as read
	skip       uint64 // payload bytes of the frame still to come
	parts      int    // frames of the message at hand
	fragmented []bool // one for each whole message not yet asked for
}

// next tells whether the oldest message not yet asked for came in fragments.
func (f *sniffer) next() bool {
	if len(f.fragmented) == 0 {
		return false
	}
	first := f.fragmented[0]
	f.fragmented = f.fragmented[1:]
	return first
}

// see takes bytes as they come.
func (f *sniffer) see(data []byte) {
	for len(data) > 0 {
		if f.skip > 0 {
			n := min(f.skip, uint64(len(data)))
			f.skip -= n
			data = data[n:]
			continue
		}
		f.header = append(f.header, data[0])
		data = data[1:]
		if size, whole := f.frame(); whole {
			f.skip = size
			f.count()
			f.header = f.header[:0]
		}
	}
}

// frame reads the length of the payload once the header is whole.
func (f *sniffer) frame() (size uint64, whole bool) {
	h := f.header
	if len(h) < 2 {
		return 0, false
	}
	need, short := 2, uint64(h[1]&0x7f)
	switch short {
	case 126:
		need += 2
	case 127:
		need += 8
	}
	lengthEnd := need
	if h[1]&0x80 != 0 {
		need += 4 // the mask
	}
	switch {
	case len(h) < need:
		return 0, false
	case short == 126:
		return uint64(binary.BigEndian.Uint16(h[2:lengthEnd])), true
	case short == 127:
		return binary.BigEndian.Uint64(h[2:lengthEnd]), true
	}
	return short, true
}

// count closes a message at its final frame; control frames are none.
func (f *sniffer) count() {
	final, opcode := f.header[0]&0x80 != 0, f.header[0]&0x0f
	if opcode >= 8 {
		return
	}
	f.parts++
	if final {
		f.fragmented = append(f.fragmented, f.parts > 1)
		f.parts = 0
	}
}

// sniffingWriter slips the sniffer under the connection that is hijacked.
type sniffingWriter struct {
	http.ResponseWriter
	sniffer *sniffer
}

// Hijack is http.Hijacker.
func (w *sniffingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return &sniffedConn{conn, w.sniffer}, rw, nil
}

type sniffedConn struct {
	net.Conn
	sniffer *sniffer
}

// Read is net.Conn's; the sniffer sees what it sees.
func (c *sniffedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.sniffer.see(p[:n])
	return n, err
}
