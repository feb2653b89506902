package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// talk serves h with its calls kept, and asks it once.
func talk(t *testing.T, l *Log, h http.HandlerFunc, r *http.Request) {
	t.Helper()
	served := httptest.NewServer(l.Handler(func(*http.Request) string { return "slack" }, h))
	defer served.Close()
	url := served.URL + r.URL.RequestURI()
	asked, err := http.NewRequest(r.Method, url, r.Body)
	require.NoError(t, err)
	asked.Header = r.Header
	answer, err := http.DefaultClient.Do(asked)
	if err != nil {
		return // it was cut
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	require.NoError(t, answer.Body.Close())
}

// TestACallIsKeptWithItsBytesAndWithoutItsSecrets: what is asked and answered, as it was, but for tokens, keys and passwords.
func TestACallIsKeptWithItsBytesAndWithoutItsSecrets(t *testing.T) {
	l := New(nil)
	r := httptest.NewRequest("POST", "/api/chat.postMessage?key=5eed5eed&x=1", strings.NewReader(`token=xoxb-1-2-abc&text=[{"setting.account_password":"hunt\"er22"},{"guest_link":"https://x/1"}]`))
	r.Header.Set("Authorization", "Bearer xoxb-1-2-abc")
	talk(t, l, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("X-Word", "xapp-9-z")
		_, _ = io.WriteString(w, `{"url":"ws://slack/link/?app_id=A\u0026ticket=abc-def"}`)
	}, r)
	all := l.After(0)
	require.Len(t, all, 1)
	x := all[0]
	require.Equal(t, 1, x.N)
	require.Equal(t, "/api/chat.postMessage?key=[secret]&x=1", x.URL)
	require.Equal(t, `token=[secret]&text=[{"setting.account_password":"[secret]"},{"guest_link":"[secret]"}]`, string(x.Ask.Body))
	require.Contains(t, x.Ask.Header, "Authorization: [secret]")
	require.Contains(t, x.Answer.Header, "X-Word: [secret]")
	require.Equal(t, `{"url":"ws://slack/link/?app_id=A\u0026ticket=[secret]"}`, string(x.Answer.Body))
	require.Equal(t, http.StatusOK, x.Status)
	require.False(t, x.Cut)
}

// TestWhatIsCutIsKeptAsCut, and nothing else is made of it.
func TestWhatIsCutIsKeptAsCut(t *testing.T) {
	l := New(nil)
	talk(t, l, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, httptest.NewRequest("POST", "/api/x", nil))
	x, ok := l.Get(1)
	require.True(t, ok)
	require.True(t, x.Cut)
	require.Zero(t, x.Status)
}

// TestTheLogForgetsTheOldest: neither many exchanges nor large ones make it grow without end.
func TestTheLogForgetsTheOldest(t *testing.T) {
	now := time.Unix(1800000000, 0)
	l := New(func() time.Time { return now })
	ticks, stop := l.Subscribe()
	for range MostKept + 5 {
		l.Frame("slack", 1, true, []byte(`{"type":"hello"}`))
	}
	<-ticks
	require.Len(t, l.After(0), MostKept)
	require.Len(t, l.After(MostKept), 5)
	require.Empty(t, l.After(MostKept+5))
	_, ok := l.Get(5)
	require.False(t, ok)
	x, ok := l.Get(6)
	require.True(t, ok)
	require.Equal(t, 6, x.N)
	large := []byte(strings.Repeat("a", MostBody+7))
	l.room = 4 * MostBody
	for range 6 {
		l.Frame("slack", 1, false, large)
	}
	require.LessOrEqual(t, l.bytes, l.room)
	all := l.After(0)
	require.Len(t, all[len(all)-1].Ask.Body, MostBody)
	require.Equal(t, 7, all[len(all)-1].Ask.More)
	stop()
	var none *Log
	none.Hand("semrush", "nobody listens")
	none.Frame("slack", 1, true, nil)
}

// TestTelling: whoever is told hears of each exchange, in order, also of those that the Log forgets.
func TestTelling(t *testing.T) {
	var told []int
	l := Telling(nil, func(x Exchange) { told = append(told, x.N) })
	for range MostKept + 1 {
		l.Hand("slack", "something")
	}
	require.Len(t, l.After(0), MostKept)
	require.Len(t, told, MostKept+1)
	require.Equal(t, []int{1, MostKept + 1}, []int{told[0], told[MostKept]})
}
