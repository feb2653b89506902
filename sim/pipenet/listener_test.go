package pipenet_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/pipenet"
)

func TestHTTPOverPipeInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := pipenet.Listen("vendor.example")
		srv := &http.Server{Handler: http.HandlerFunc(slowHello)}
		served := make(chan error, 1)
		go func() { served <- srv.Serve(l) }()
		client := l.HTTPClient()

		start := time.Now()
		for range 3 {
			require.Equal(t, "hello", get(t, client, "http://anything.example/"))
		}
		require.Equal(t, 3*time.Hour, time.Since(start), "each answer takes an hour of the bubble's time")
		require.Equal(t, 1, l.Open(), "the connection is kept alive between requests")

		require.NoError(t, srv.Close())
		require.ErrorIs(t, <-served, http.ErrServerClosed)
		client.CloseIdleConnections()
	})
}

func TestClientTimeoutInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := pipenet.Listen("vendor.example")
		srv := &http.Server{Handler: http.HandlerFunc(slowHello)}
		go func() { _ = srv.Serve(l) }()
		client := l.HTTPClient()
		client.Timeout = time.Minute

		_, err := client.Get("http://vendor.example/")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, srv.Close())
		client.CloseIdleConnections()
	})
}

func TestCloseUnblocksAcceptAndDial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		accepting, dialing := pipenet.Listen("a"), pipenet.Listen("b")
		errs := make(chan error, 2)
		go func() { _, err := accepting.Accept(); errs <- err }()
		go func() { _, err := dialing.DialContext(t.Context(), "tcp", "b:80"); errs <- err }()
		synctest.Wait()
		require.Equal(t, 1, dialing.Open())

		require.NoError(t, accepting.Close())
		require.ErrorIs(t, <-errs, net.ErrClosed)
		require.NoError(t, dialing.Close())
		require.ErrorIs(t, <-errs, syscall.ECONNREFUSED)
		require.Equal(t, 0, dialing.Open())
		require.NoError(t, dialing.Close(), "closing twice is fine")
	})
}

func TestClosedListenerRefuses(t *testing.T) {
	l := pipenet.Listen("gone")
	require.NoError(t, l.Close())
	_, err := l.DialContext(t.Context(), "tcp", "gone:80")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.ErrorContains(t, err, "gone")
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestDialHonoursContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := pipenet.Listen("busy")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := l.DialContext(ctx, "tcp", "busy:80")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 0, l.Open())
	})
}

func TestDeadlinesAndAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := connected(t, pipenet.Listen("srv"))
		require.Equal(t, "srv", near.RemoteAddr().String())
		require.Equal(t, "srv", far.LocalAddr().String())
		require.Equal(t, "client", far.RemoteAddr().String())
		require.Equal(t, "pipe", far.RemoteAddr().Network())

		require.NoError(t, near.SetDeadline(time.Now().Add(time.Second)))
		_, err := near.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		_, err = near.Write([]byte("nobody reads this"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	})
}

func TestBreakEndsOpenConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := pipenet.Listen("srv")
		near, far := connected(t, l)
		ended := make(chan error, 2)
		for _, c := range []net.Conn{near, far} {
			go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
		}
		synctest.Wait()
		require.Equal(t, 1, l.Break())
		require.Error(t, <-ended)
		require.Error(t, <-ended)
		require.Equal(t, 0, l.Open())

		near, far = connected(t, l)
		require.NoError(t, near.Close())
		require.Equal(t, 1, l.Open(), "the far end is still open")
		_, err := far.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
		require.NoError(t, far.Close())
		require.Equal(t, 0, l.Open())
	})
}

func connected(t *testing.T, l *pipenet.Listener) (near, far net.Conn) {
	t.Helper()
	accepted := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			accepted <- c
		}
		close(accepted)
	}()
	near, err := l.DialContext(t.Context(), "tcp", "srv:80")
	require.NoError(t, err)
	far, ok := <-accepted
	require.True(t, ok, "the listener accepts")
	return near, far
}

func get(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	res, err := client.Get(url)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body)
}

func slowHello(w http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(time.Hour):
		_, _ = io.WriteString(w, "hello")
	case <-r.Context().Done():
	}
}
