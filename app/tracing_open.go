package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"maps"
	"net/url"
	"time"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/traces"
)

// lastSpans is how long what waits may take to be sent at the end.
const lastSpans = time.Second

// openTraces has spans sent to where the environment says, by every life of this process; nil: nowhere.
func openTraces(to config.Traces, log *slog.Logger) (*traces.Sender, error) {
	if to.URL == "" {
		return nil, nil
	}
	var name [16]byte
	if _, err := rand.Read(name[:]); err != nil {
		return nil, err
	}
	resource := map[string]string{"service.name": "usher", "service.version": Version(), "service.instance.id": hex.EncodeToString(name[:])}
	maps.Copy(resource, to.Resource)
	out, err := traces.Open(traces.Config{URL: to.URL, Headers: to.Headers, Resource: resource, HTTP: Outside().VendorHTTP, Random: rand.Reader, Now: time.Now, Log: log})
	if err == nil {
		log.Info("traces are sent", "to", hostOf(to.URL))
	}
	return out, err
}

// hostOf is whose address it is; its path may bear a key.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// closeTraces sends the last spans.
func closeTraces(out *traces.Sender) {
	ctx, cancel := context.WithTimeout(context.Background(), lastSpans)
	defer cancel()
	out.Close(ctx)
}
