package provision

import (
	"strings"
	"time"
)

// Health is how the vendor of one app answers.
type Health struct {
	// App is its id, and Name what people call it.
	App, Name string
	// Read is when the last of its lists was read, and Blind since when one of them can't be; zero: never, and it can.
	Read, Blind time.Time
}

// Health says how each vendor answered whoever asked last, in the order of the configuration. It asks none.
func (v *Inventory) Health() (all []Health) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, a := range v.list {
		h := Health{App: a.ID, Name: a.Name, Read: v.seats[a.ID].At}
		if walked := v.walked[a.ID]; walked.After(h.Read) {
			h.Read = walked
		}
		for of, list := range v.items {
			if of.app == a.ID && list.At.After(h.Read) {
				h.Read = list.At
			}
		}
		for flight, since := range v.blind {
			if strings.HasSuffix(flight, "/"+a.ID) && (h.Blind.IsZero() || since.Before(h.Blind)) {
				h.Blind = since
			}
		}
		all = append(all, h)
	}
	return all
}

// fared notes how a reading went; v.mu is held. One that was cut off at the end of the program says nothing of the vendor.
func (v *Inventory) fared(flight string, err error) {
	_, known := v.blind[flight]
	switch {
	case err == nil:
		delete(v.blind, flight)
	case !known && v.life.Err() == nil:
		v.blind[flight] = v.now()
	}
}
