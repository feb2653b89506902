package slacksim

import "slices"

// nothingToShow is what Slack writes into an attachment that says nothing for where it can't be drawn.
const nothingToShow = "[no preview available]"

// dress numbers attachments from 1 on, and gives each what Slack gives it.
func (s *Server) dress(attachments []map[string]any) {
	for i, a := range attachments {
		a["id"] = i + 1
		if str(a["fallback"]) == "" {
			a["fallback"] = nothingToShow
		}
		s.fillIDs(blocksOf(a))
	}
}

// allBlocks are a message's blocks and those of its attachments, whose elements are pressed as any.
func (m *Message) allBlocks() []Block {
	all := slices.Clone(m.Blocks)
	for _, a := range m.Attachments {
		all = append(all, blocksOf(a)...)
	}
	return all
}

// attachmentOf is the number of the attachment that a block stands in; 0: in none.
func (m *Message) attachmentOf(block string) int {
	return 1 + slices.IndexFunc(m.Attachments, func(a map[string]any) bool {
		return slices.ContainsFunc(unfolded(blocksOf(a)), func(b Block) bool { return str(b["block_id"]) == block })
	})
}
