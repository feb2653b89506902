package slacksim

import (
	"fmt"
	"slices"
	"strings"
)

// Put has messages stand as they stood in another run, for a program that goes on from where that one ended. Whatever
// is said from now on is later.
func (s *Server) Put(said []Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range said {
		if user, direct := strings.CutPrefix(m.Channel, "D"); direct {
			m.Channel = s.dmWith("U" + user).ID
		}
		stands := m.clone()
		s.messages[m.Channel] = append(s.messages[m.Channel], &stands)
		var seconds, micro int64
		if _, err := fmt.Sscanf(m.TS, "%d.%d", &seconds, &micro); err == nil {
			s.lastTS = max(s.lastTS, seconds*1e6+micro)
		}
	}
	for _, list := range s.messages {
		slices.SortStableFunc(list, func(a, b *Message) int { return compare(a.TS, b.TS) })
	}
	s.changed()
}
