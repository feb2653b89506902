package slacksim

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

// raw opens a WebSocket without any Slack library.
func (w *world) raw() *websocket.Conn {
	dialer := &websocket.Dialer{NetDialContext: w.net.DialContext, WriteBufferSize: 64 << 10}
	conn, _, err := dialer.DialContext(w.t.Context(), w.linkURL(), nil)
	require.NoError(w.t, err)
	return conn
}

func (w *world) linkURL() string {
	_, link, err := w.api.StartSocketModeContext(w.t.Context())
	require.NoError(w.t, err)
	return link
}

func read(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	var frame map[string]any
	require.NoError(t, conn.ReadJSON(&frame))
	return frame
}

func TestHelloAndPings(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		conn := w.raw()
		defer conn.Close()
		hello := read(t, conn)
		require.Equal(t, "hello", hello["type"])
		require.EqualValues(t, 1, hello["num_connections"])
		require.Equal(t, AppID, object(hello["connection_info"])["app_id"])
		require.EqualValues(t, 18060, object(hello["debug_info"])["approximate_connection_time"])
		begun, pings := time.Now(), []string{}
		conn.SetPingHandler(func(data string) error {
			pings = append(pings, fmt.Sprint(data, " ", time.Since(begun)))
			return nil
		})
		_ = conn.SetReadDeadline(time.Now().Add(25 * time.Second))
		_, _, err := conn.ReadMessage()
		require.Error(t, err)
		require.Equal(t, []string{"Ping from applink-1 10s", "Ping from applink-1 20s"}, pings)
	})
}

func TestClientPingsAreAnswered(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		conn := w.raw()
		defer conn.Close()
		read(t, conn)
		pong := ""
		conn.SetPongHandler(func(data string) error { pong = data; return nil })
		require.NoError(t, conn.WriteControl(websocket.PingMessage, []byte("Ping from client (1)"), time.Now().Add(time.Second)))
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		_, _, err := conn.ReadMessage()
		require.Error(t, err)
		require.Equal(t, "Ping from client (1)", pong)
	})
}

func TestAConnectionStaysUpForADayByPings(t *testing.T) {
	inWorld(t, Options{ConnectionLife: -1}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		<-time.After(24 * time.Hour)
		synctest.Wait()
		require.Len(t, a.got(socketmode.EventTypeConnected), 1)
	})
}

func TestSlackRecyclesConnectionsEveryFiveHours(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		<-time.After(24 * time.Hour)
		synctest.Wait()
		require.Len(t, a.got(socketmode.EventTypeConnected), 5) // 24 h / 18060 s, and the first
		require.Equal(t, 1, w.Connections())
	})
}

func TestAWarningComesTenSecondsBeforeARefresh(t *testing.T) {
	inWorld(t, Options{ConnectionLife: time.Minute}, func(t *testing.T, w *world) {
		conn := w.raw()
		defer conn.Close()
		begun := time.Now()
		read(t, conn)
		require.Equal(t, "warning", read(t, conn)["reason"])
		require.Equal(t, 50*time.Second, time.Since(begun))
		require.Equal(t, 1, w.Connections())
		require.Equal(t, "refresh_requested", read(t, conn)["reason"])
		require.Equal(t, time.Minute, time.Since(begun))
		require.Equal(t, 0, w.Connections())
	})
}

func TestAConnectionThatIsWarnedIsRefreshedTenSecondsLater(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		conn := w.raw()
		defer conn.Close()
		read(t, conn)
		require.Equal(t, 1, w.DisconnectAll("warning"))
		require.Zero(t, w.DisconnectAll("warning"), "it has been told")
		begun := time.Now()
		require.Equal(t, "warning", read(t, conn)["reason"])
		require.Equal(t, "refresh_requested", read(t, conn)["reason"])
		require.Equal(t, 10*time.Second, time.Since(begun))
	})
}

func TestAServerThatNeverPingsAnswersPings(t *testing.T) {
	inWorld(t, Options{PingEvery: -1}, func(t *testing.T, w *world) {
		conn := w.raw()
		defer conn.Close()
		read(t, conn)
		pongs := 0
		conn.SetPongHandler(func(string) error { pongs++; return nil })
		conn.SetPingHandler(func(string) error { t.Error("it pings"); return nil })
		require.NoError(t, conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)))
		_ = conn.SetReadDeadline(time.Now().Add(time.Hour))
		_, _, err := conn.ReadMessage()
		require.Error(t, err)
		require.Equal(t, 1, pongs)
	})
}

func TestSocketModeSwitchedOffAndOn(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		open := w.raw()
		defer open.Close()
		read(t, open)
		w.SocketMode(false)
		require.Equal(t, "link_disabled", read(t, open)["reason"])
		another := w.raw()
		defer another.Close()
		frame := read(t, another)
		require.Equal(t, "disconnect", frame["type"], "in place of hello")
		require.Equal(t, "link_disabled", frame["reason"])
		require.Zero(t, w.Connections())
		w.SocketMode(true)
		again := w.raw()
		defer again.Close()
		require.Equal(t, "hello", read(t, again)["type"])
	})
}

func TestDropAllCutsEveryConnectionAtOnce(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		one, two := w.raw(), w.raw()
		defer one.Close()
		defer two.Close()
		read(t, one)
		read(t, two)
		require.Equal(t, 2, w.DropAll())
		require.Zero(t, w.DropAll())
	})
}

func TestATicketIsGoodOnce(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		dialer := &websocket.Dialer{NetDialContext: w.net.DialContext}
		link := w.linkURL()
		conn, _, err := dialer.Dial(link, nil)
		require.NoError(t, err)
		defer conn.Close()
		_, response, err := dialer.Dial(link, nil)
		require.Error(t, err)
		require.Equal(t, 403, response.StatusCode)
		require.Contains(t, w.Violations()[0], "ticket")
		u, err := url.Parse(link)
		require.NoError(t, err)
		require.Equal(t, "ws://slack.test", u.Scheme+"://"+u.Host)
	})
}

func TestTheEleventhConnectionIsToldToGo(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		for n := 1; n <= 10; n++ {
			conn := w.raw()
			defer conn.Close()
			require.EqualValues(t, n, read(t, conn)["num_connections"])
		}
		conn := w.raw()
		defer conn.Close()
		frame := read(t, conn)
		require.Equal(t, "disconnect", frame["type"])
		require.Equal(t, "too_many_websockets", frame["reason"])
		require.Equal(t, 10, w.Connections())
	})
}

func TestAnEnvelopeGoesToOneOfTheConnections(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		one, two := w.connect(nil), w.connect(nil)
		defer one.stop()
		defer two.stop()
		for range 40 {
			require.True(t, w.Type("U0ALICE", "general", "/access").Wait().Acked)
		}
		first, second := len(one.got(socketmode.EventTypeSlashCommand)), len(two.got(socketmode.EventTypeSlashCommand))
		require.Equal(t, 40, first+second)
		require.Greater(t, first, 8)
		require.Greater(t, second, 8)
	})
}

func TestDisconnectsReconnectSlackGo(t *testing.T) {
	for _, reason := range []string{"refresh_requested", "link_disabled", "warning"} {
		inWorld(t, Options{}, func(t *testing.T, w *world) {
			a := w.connect(nil)
			defer a.stop()
			require.True(t, w.Disconnect(reason))
			<-time.After(20 * time.Second)
			synctest.Wait()
			require.Len(t, a.got(socketmode.EventTypeConnected), 2, reason)
			require.Equal(t, 1, w.Connections())
			require.True(t, w.Type("U0ALICE", "general", "/access").Wait().Acked)
		})
	}
}

func TestDropCutsTheConnection(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		require.False(t, w.Drop())
		a := w.connect(nil)
		defer a.stop()
		require.True(t, w.Drop())
		synctest.Wait()
		<-time.After(time.Second)
		require.Len(t, a.got(socketmode.EventTypeConnected), 2)
	})
}

func TestTheCloseHandshakeLeavesTCPOpen(t *testing.T) {
	for _, closes := range []bool{false, true} {
		inWorld(t, Options{CloseTCP: closes}, func(t *testing.T, w *world) {
			conn := w.raw()
			defer conn.Close()
			read(t, conn)
			message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			require.NoError(t, conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second)))
			_, _, err := conn.ReadMessage()
			require.True(t, websocket.IsCloseError(err, websocket.CloseNormalClosure), "%v", err)
			_ = conn.NetConn().SetReadDeadline(time.Now().Add(time.Minute))
			begun := time.Now()
			_, err = conn.NetConn().Read(make([]byte, 1))
			require.Error(t, err)
			if closes {
				require.Less(t, time.Since(begun), time.Second)
			} else {
				require.Equal(t, time.Minute, time.Since(begun))
			}
			require.Equal(t, 0, w.Connections())
		})
	}
}

func TestAGhostSwallowsItsShareUntilItAgesOut(t *testing.T) {
	inWorld(t, Options{GhostLife: 4 * time.Minute}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		require.True(t, w.Ghost())
		o := w.Type("U0ALICE", "general", "/access").Wait()
		require.Equal(t, "operation_timeout", o.Error)
		require.Empty(t, a.got(socketmode.EventTypeSlashCommand))
		<-time.After(70 * time.Second) // slack-go misses the pings and opens another
		synctest.Wait()
		require.Equal(t, 2, w.Connections(), "Slack still believes in the ghost")
		hello := a.got(socketmode.EventTypeHello)
		require.Equal(t, 2, hello[len(hello)-1].Request.NumConnections)
		<-time.After(4 * time.Minute)
		synctest.Wait()
		require.Equal(t, 1, w.Connections())
		require.True(t, w.Type("U0ALICE", "general", "/access").Wait().Acked)
	})
}

func TestGhostsCanBeBuried(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		require.True(t, w.Ghost())
		require.False(t, w.Ghost(), "no healthy connection is left")
		w.BuryGhosts()
		synctest.Wait()
		<-time.After(time.Second)
		require.Equal(t, 1, w.Connections())
	})
}

func TestAHangingConnection(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.FailNext("apps.connections.open", BeforeEffect, Hang)
		begun := time.Now()
		_, _, err := w.api.StartSocketModeContext(t.Context())
		require.Error(t, err)
		require.Equal(t, 10*time.Second, time.Since(begun)) // the HTTP client's own deadline
		w.FailNext("link", BeforeEffect, Status500)
		_, response, err := (&websocket.Dialer{NetDialContext: w.net.DialContext}).Dial(w.linkURL(), nil)
		require.Error(t, err)
		require.Equal(t, 500, response.StatusCode)
	})
}

func TestDebugReconnectsLiveSixMinutes(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		conn, _, err := (&websocket.Dialer{NetDialContext: w.net.DialContext}).Dial(w.linkURL()+"&debug_reconnects=true", nil)
		require.NoError(t, err)
		defer conn.Close()
		begun := time.Now()
		require.EqualValues(t, 360, object(read(t, conn)["debug_info"])["approximate_connection_time"])
		read(t, conn)
		require.Equal(t, "refresh_requested", read(t, conn)["reason"])
		require.Equal(t, 360*time.Second, time.Since(begun))
	})
}

func TestTheOpenCallWantsTheAppTokenInTheHeader(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		form := url.Values{"token": {"xapp-slacksim"}}
		require.Equal(t, "not_authed", w.call("apps.connections.open", "application/x-www-form-urlencoded", form.Encode(), "")["error"])
		require.Equal(t, "not_allowed_token_type", w.call("apps.connections.open", "", "", "xoxb-slacksim")["error"])
		require.Equal(t, "invalid_auth", w.call("apps.connections.open", "", "", "xapp-other")["error"])
		require.Equal(t, true, w.call("apps.connections.open", "", "", "xapp-slacksim")["ok"])
		_, err := slack.New("xapp-slacksim", slack.OptionAPIURL(testBase+"/api/"), slack.OptionHTTPClient(w.http)).AuthTest()
		require.EqualError(t, err, "not_allowed_token_type")
	})
}

func TestTheSnifferFindsFragments(t *testing.T) {
	f := &sniffer{}
	long := append([]byte{0x81, 0x80 | 126, 0x01, 0x00, 1, 2, 3, 4}, []byte(strings.Repeat("x", 256))...)
	pieces := append([]byte{0x01, 0x81, 1, 2, 3, 4, 'a'}, // text, not final
		0x89, 0x80, 1, 2, 3, 4, // a ping between
		0x80, 0x81, 1, 2, 3, 4, 'b') // its end
	for _, b := range append(long, pieces...) {
		f.see([]byte{b})
	}
	require.False(t, f.next())
	require.True(t, f.next())
	require.False(t, f.next())
}
