package slacksim

import (
	"encoding/json"
	"strings"
)

// blocksValidate says what is wrong with exactly one of blocks, view and
// message. It needs no token and counts as no violation: asking is right.
func (s *Server) blocksValidate(c *call) (answer, error) {
	given := ""
	for _, name := range []string{"blocks", "view", "message"} {
		if !c.has(name) {
			continue
		}
		if given != "" {
			return nil, fail("invalid_arguments", "[ERROR] exactly one of blocks, view and message")
		}
		given = name
	}
	if given == "" {
		return nil, fail("invalid_arguments", "[ERROR] exactly one of blocks, view and message")
	}
	var raw json.RawMessage
	if c.decode(given, &raw) != nil || len(raw) > 100_000 {
		return nil, fail("invalid_arguments")
	}
	validate, prefix := s.manners.Reading.Message, "/blocks"
	if given == "view" {
		validate, prefix = s.manners.Reading.View, "/view"
	}
	problems := validate(raw)
	if len(problems) == 0 {
		return answer{}, nil
	}
	for i := range problems {
		problems[i].Code = "failed_constraint"
		problems[i].Pointer = strings.TrimPrefix(problems[i].Pointer, prefix)
	}
	return nil, &apiError{code: "invalid_" + given, extra: map[string]any{"errors": problems}}
}
