package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// greetWithin bounds the opening of a connection that is opened for its greeting alone.
const greetWithin = 5 * time.Second

// Greeting opens a connection at an address from a Probe's Socket and ends it at its first frame: "" is a hello,
// anything else Slack's reason to want no connection. What is typed in the moment between may go to it and be lost,
// as Slack shows to whoever typed; there is no other way to learn that Socket Mode is switched off.
// beside is how many other connections of the app Slack counts.
func Greeting(ctx context.Context, dial DialFunc, address string) (reason string, beside int, err error) {
	ctx, cancel := context.WithTimeout(ctx, greetWithin)
	defer cancel()
	ws, err := dialSocket(ctx, dial, address, greetWithin)
	if err != nil {
		return "", 0, err
	}
	said := make(chan frame, 1)
	l := newLine(ws, greetWithin, func(l *line, raw []byte) {
		var f frame
		if json.Unmarshal(raw, &f) == nil {
			select {
			case said <- f:
			default: // only the first is asked for
			}
		}
		l.leave()
	}, func(*line) {})
	l.run(ctx)
	select {
	case f := <-said:
		return f.Reason, max(0, f.NumConnections-1), nil
	default:
		return "", 0, fmt.Errorf("wait for Slack's hello: %w", l.parting().err)
	}
}

// SwitchedOff is the reason of a connection that Slack does not want because Socket Mode is switched off in the
// app's settings, and Crowded that of one because the app has as many as it may.
const (
	SwitchedOff = reasonOff
	Crowded     = reasonCrowd
)
