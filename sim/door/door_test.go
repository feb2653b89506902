package door

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPagesOfOtherPlacesStayOutside: by their origin where they say something, and by the name they asked for.
func TestPagesOfOtherPlacesStayOutside(t *testing.T) {
	knock := func(ip, method, host string, headers ...string) int {
		r := httptest.NewRequest(method, "/sim/faults", nil)
		r.Host = host
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		Guard(&net.TCPAddr{IP: net.ParseIP(ip), Port: 3100}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
		return w.Code
	}
	for _, mine := range []string{"127.0.0.1:3100", "localhost:3100", "LOCALHOST", "acme.localhost:3100", "[::1]:3100", "127.8.9.1"} {
		require.Equal(t, 200, knock("127.0.0.1", "POST", mine), mine)
	}
	for _, theirs := range []string{"evil.example", "evil.example:3100", "localhost.evil.example", "192.168.0.7:3100", ""} {
		require.Equal(t, 403, knock("127.0.0.1", "GET", theirs), theirs)
		require.Equal(t, 200, knock("0.0.0.0", "GET", theirs), "it was opened to other machines")
	}
	require.Equal(t, 403, knock("127.0.0.1", "POST", "127.0.0.1:3100", "Origin", "https://evil.example"))
	require.Equal(t, 403, knock("0.0.0.0", "POST", "slack.test:3100", "Sec-Fetch-Site", "cross-site"))
	require.Equal(t, 200, knock("127.0.0.1", "POST", "127.0.0.1:3100", "Origin", "http://127.0.0.1:3100"))
}
