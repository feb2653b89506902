package reports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Manual promises reports that somebody asks for. It says nothing about who may ask.
type Manual struct {
	Reports []Config
	Box     outbox.Box
	Now     func() time.Time
	// Wake is called after a promise, so that it is carried out at once.
	Wake func()
}

// order is the body of an intent for a report asked for by hand. It is stored: fields may be added,
// never renamed.
type order struct {
	Channel string             `json:"channel"`
	By      approvals.PersonID `json:"by"`
	// Alone says that nobody but By is shown it.
	Alone bool `json:"alone,omitempty"`
}

// Names lists the configured reports, in the order of the configuration.
func (m *Manual) Names() []string {
	names := make([]string, len(m.Reports))
	for i, c := range m.Reports {
		names[i] = c.Name
	}
	return names
}

// Post promises one report in a channel, asked for by somebody. The same key again promises nothing
// more. An unknown name is an *approvals.Error NotFound; a store that cannot keep the promise one of
// Busy or Unsure.
func (m *Manual) Post(ctx context.Context, name, channel, key string, by approvals.PersonID) error {
	return m.promise(ctx, name, key, order{Channel: channel, By: by})
}

// Show promises one report to whoever asked alone, who may then have it posted in the channel; in all else it is Post.
func (m *Manual) Show(ctx context.Context, name, channel, key string, by approvals.PersonID) error {
	return m.promise(ctx, name, key, order{Channel: channel, By: by, Alone: true})
}

// Channel is where a report comes on its slots, as it is configured; "": in no channel, or there is no such report.
func (m *Manual) Channel(name string) string {
	for _, c := range m.Reports {
		if c.Name == name {
			return c.Channel
		}
	}
	return ""
}

// Posted is where the report of a key was posted; "": nowhere yet.
func (m *Manual) Posted(ctx context.Context, name, key string) (string, error) {
	r, _, err := m.Box.Receipt(ctx, ManualKey(name, key))
	if err != nil {
		return "", fmt.Errorf("read receipt of report %s: %w", name, err)
	}
	return r.Place, nil
}

// answerFirst is how long a report waits that is shown beside the answer to whoever asked: it comes after that.
const answerFirst = time.Second

func (m *Manual) promise(ctx context.Context, name, key string, o order) error {
	if !m.has(name) {
		return approvals.Refuse(approvals.NotFound, "There's no report called `%v` here.", name)
	}
	for _, c := range m.Reports {
		if err := c.whole(); c.Name == name && err != nil {
			return err
		}
	}
	if key == "" {
		return fmt.Errorf("promise report %s: it has no key to tell it from others", name)
	}
	body, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("encode order of report %s: %w", name, err)
	}
	change := outbox.AtOnce(ManualKey(name, key), 0, m.Now()).ButOnce()
	change.Put.Body = body
	if o.Alone {
		change.Put.Due = m.Now().Add(answerFirst)
	}
	if err := again(func() error { return m.Box.Promise(ctx, change) }); err != nil {
		return unkept(name, err)
	}
	m.Wake()
	return nil
}

func (m *Manual) has(name string) bool {
	for _, c := range m.Reports {
		if c.Name == name {
			return true
		}
	}
	return false
}

// unkept is what the person hears whose report could not be promised.
func unkept(name string, err error) error {
	switch {
	case errors.Is(err, approvals.ErrBusy):
		return approvals.Refuse(approvals.Busy, "Lots of requests are coming in right now, so nothing was saved. Please try again in a minute.").Because(err)
	case errors.Is(err, approvals.ErrUnknownOutcome):
		return approvals.Refuse(approvals.Unsure, "My disk had trouble just now, so I can't tell whether this was saved. If the report isn't here in a minute, please ask again.").Because(err)
	}
	return fmt.Errorf("promise report %s: %w", name, err)
}
