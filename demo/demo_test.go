package demo

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheDemoSaysWhereItIs: at an address that can be opened, and to whom else it is open.
func TestTheDemoSaysWhereItIs(t *testing.T) {
	const others = "Others on your network can open it too, and be anybody in it: --addr 127.0.0.1:3000 keeps it to this machine."
	for addr, row := range map[string]struct {
		url  string
		open bool
	}{
		"127.0.0.1:3000": {"http://127.0.0.1:3000\n", false},
		"[::1]:3000":     {"http://[::1]:3000\n", false},
		"[::]:3000":      {"http://localhost:3000\n", true},
		"0.0.0.0:3000":   {"http://localhost:3000\n", true},
		"192.0.2.7:3000": {"http://192.0.2.7:3000\n", true},
	} {
		var b bytes.Buffer
		welcome(&b, addr, false)
		require.Contains(t, b.String(), row.url, addr)
		require.Equal(t, row.open, strings.Contains(b.String(), others), addr)
	}
}
