package app

import (
	"fmt"
	"net/http"

	"github.com/usherbot/usher/outbox"
)

// fenced begins no call of a delivery whose claim somebody else has taken over, or of which that can't be found out. It is asked last,
// right before the network, so that a program that was paused anywhere before it stops here.
type fenced struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (f fenced) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := outbox.Stands(r.Context()); err != nil {
		return nil, fmt.Errorf("begin a call: %w", err)
	}
	return f.RoundTripper.RoundTrip(r)
}

// fence has a client ask before each call whether the delivery that it is for is still ours.
func fence(client *http.Client) *http.Client {
	if client == nil {
		return nil
	}
	asks := *client
	if asks.Transport == nil {
		asks.Transport = http.DefaultTransport
	}
	asks.Transport = fenced{asks.Transport}
	return &asks
}

// fenced are the same surroundings, with every way out fenced.
func (w Surroundings) fenced() Surroundings {
	w.SlackHTTP, w.VendorHTTP, w.DirectoryHTTP = fence(w.SlackHTTP), fence(w.VendorHTTP), fence(w.DirectoryHTTP)
	return w
}
