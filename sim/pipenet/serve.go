package pipenet

import "net/http"

// Serve serves a handler under a host's name, and gives the way there and what ends it: the connections that wait for another request,
// the server, the Listener. In a bubble whoever ended it waits (synctest.Wait) before they leave.
func Serve(host string, handler http.Handler) (way *http.Transport, end func() error) {
	listener := Listen(host)
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	way = &http.Transport{DialContext: listener.DialContext}
	return way, func() error {
		way.CloseIdleConnections()
		err := server.Close()
		_ = listener.Close() // the server has closed it, if it came to serve
		return err
	}
}
