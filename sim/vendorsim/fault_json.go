package vendorsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// faultJSON is a Fault on the wire: its delay is a Go duration ("30s").
type faultJSON struct {
	faultFields
	Delay string `json:"delay,omitempty"`
}

type faultFields Fault

// MarshalJSON writes the delay as a Go duration.
func (f Fault) MarshalJSON() ([]byte, error) {
	out := faultJSON{faultFields: faultFields(f)}
	if f.Delay != 0 {
		out.Delay = f.Delay.String()
	}
	return json.Marshal(out)
}

// UnmarshalJSON is strict: a field that does not exist is an error.
func (f *Fault) UnmarshalJSON(data []byte) error {
	var in faultJSON
	if err := strictly(data, &in); err != nil {
		return err
	}
	*f = Fault(in.faultFields)
	if in.Delay == "" {
		return nil
	}
	d, err := time.ParseDuration(in.Delay)
	if err != nil {
		return fmt.Errorf("parse delay: %w", err)
	}
	f.Delay = d
	return nil
}

func strictly(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}
