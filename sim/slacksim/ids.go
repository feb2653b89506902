package slacksim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// newTS stamps a message: seconds and microseconds, later than every earlier
// one even when the clock stands still or goes back.
func (s *Server) newTS() string {
	micro := max(s.now().UnixMicro(), s.lastTS+1)
	s.lastTS = micro
	return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6)
}

// newID makes an id of Slack's shape: a letter and upper-case characters.
func (s *Server) newID(letter string) string {
	s.counter++
	return letter + "0" + strings.ToUpper(strconv.FormatInt(int64(46656*(s.counter+35)+s.rng.IntN(46656)), 36))
}

// newUUID makes a version 4 UUID, the shape of envelope ids and tickets.
func (s *Server) newUUID() string {
	a, b := s.rng.Uint64(), s.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// newHash makes the hash of a view: it changes with every update.
func (s *Server) newHash() string {
	return s.newTS() + "." + strconv.FormatUint(uint64(s.rng.Uint32()), 36)
}

// fillIDs gives each block without a block_id one, and each interactive element
// without an action_id one, as Slack does. It changes the blocks in place.
func (s *Server) fillIDs(blocks []Block) {
	for _, b := range unfolded(blocks) {
		if str(b["block_id"]) == "" {
			b["block_id"] = s.shortID()
		}
		for _, e := range interactive(b) {
			if str(e["action_id"]) == "" {
				e["action_id"] = s.shortID()
			}
		}
	}
}

func (s *Server) shortID() string {
	s.counter++
	return fmt.Sprintf("%s%02d", strconv.FormatUint(uint64(s.rng.Uint32()), 36), s.counter%100)
}

// interactive lists the elements of a block that a person can use.
func interactive(b Block) []map[string]any {
	var found []map[string]any
	for _, key := range []string{"accessory", "element"} {
		if e, ok := b[key].(map[string]any); ok && str(e["type"]) != "image" {
			found = append(found, e)
		}
	}
	for _, row := range list(b["rows"]) {
		for _, cell := range list(row) {
			if e := object(object(cell)["element"]); e != nil {
				found = append(found, e)
			}
		}
	}
	if t := str(b["type"]); t != "actions" && t != "context_actions" && t != "card" {
		return found
	}
	for _, e := range slices.Concat(list(b["elements"]), list(b["actions"])) {
		if m, ok := e.(map[string]any); ok {
			found = append(found, m)
		}
	}
	return found
}

func str(v any) string {
	text, _ := v.(string)
	return text
}

func list(v any) []any {
	items, _ := v.([]any)
	return items
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}
