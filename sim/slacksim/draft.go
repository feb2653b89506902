package slacksim

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

// draft is a message as an app hands it in, by whatever route.
type draft struct {
	text        string
	blocks      []Block
	attachments []map[string]any
	metadata    *Metadata
	threadTS    string
	hasBlocks   bool // blocks were given, if only an empty list
	hasText     bool
	broadcast   bool // a reply that is to stand in the channel too
}

// Slack's limits on messages.
const (
	maxText       = 40000 // longer texts are cut
	maxUpdateText = 4000
	maxAllBlocks  = 13200 // characters in all blocks together; undocumented, observed
)

// readDraft takes a message out of a call's arguments and holds it to Slack's
// rules. Wrong blocks are a violation: an app is to know them beforehand.
func (s *Server) readDraft(c *call) (*draft, error) {
	d := &draft{text: c.str("text"), threadTS: c.str("thread_ts"), hasText: c.has("text"), broadcast: c.flag("reply_broadcast")}
	if c.has("blocks") {
		d.hasBlocks = true
		if c.decode("blocks", &d.blocks) != nil {
			s.violation("%s with blocks that are no list of blocks", c.method)
			return nil, fail("invalid_blocks_format")
		}
	}
	if c.has("attachments") && c.decode("attachments", &d.attachments) != nil {
		return nil, fail("invalid_attachments")
	}
	if len(d.attachments) > 100 {
		return nil, fail("too_many_attachments")
	}
	if c.has("metadata") {
		if err := d.readMetadata(c); err != nil {
			return nil, err
		}
	}
	if utf8.RuneCountInString(d.text) > maxText {
		s.violation("%s with a text of %d characters; Slack cuts at %d", c.method, utf8.RuneCountInString(d.text), maxText)
		d.text = string([]rune(d.text)[:maxText])
	}
	if err := s.checkBlocks(c.method, d.blocks); err != nil {
		return nil, err
	}
	if c.str("parse") != "none" {
		d.text = wrapURLs(d.text)
	}
	s.fillIDs(d.blocks)
	s.dress(d.attachments)
	return d, nil
}

func (d *draft) readMetadata(c *call) error {
	var m struct {
		EventType string          `json:"event_type"`
		Payload   json.RawMessage `json:"event_payload"`
	}
	if c.decode("metadata", &m) != nil {
		return fail("invalid_metadata_format")
	}
	if m.EventType == "" && m.Payload == nil {
		return nil // {} takes metadata away
	}
	var payload map[string]any
	if m.EventType == "" || json.Unmarshal(m.Payload, &payload) != nil {
		return fail("invalid_metadata_schema")
	}
	d.metadata = &Metadata{m.EventType, m.Payload}
	return nil
}

// checkBlocks answers wrong blocks as chat.postMessage does.
func (s *Server) checkBlocks(method string, blocks []Block) error {
	if len(blocks) == 0 {
		return nil
	}
	if s.manners.NoData && hasData(blocks) {
		return fail("invalid_blocks", "[ERROR] unsupported type: data_table, data_visualization [json-pointer:/blocks]")
	}
	raw, err := json.Marshal(blocks)
	if err != nil {
		return fail("invalid_blocks_format")
	}
	if problems := s.manners.Reading.Message(raw); len(problems) > 0 {
		s.violation("%s with invalid blocks: %v", method, problems)
		return &apiError{code: problemCode(problems), messages: problemLines(problems)}
	}
	total := 0
	for _, t := range textsOf(blocks) {
		total += utf8.RuneCountInString(t)
	}
	if total > maxAllBlocks {
		s.violation("%s with %d characters in its blocks", method, total)
		return fail("msg_blocks_too_long")
	}
	return nil
}

var bareURL = regexp.MustCompile(`(^|[\s(])(https?://[^\s<>|)]+)`)

// wrapURLs writes bare addresses as <url>, as Slack does when it stores a text that was not sent with
// parse=none.
func wrapURLs(text string) string { return bareURL.ReplaceAllString(text, "$1<$2>") }

// post adds a message of the bot to a channel.
func (s *Server) post(channel *Channel, d *draft) *Message {
	m := &Message{Channel: channel.ID, TS: s.newTS(), User: BotUser, BotID: BotID, Text: d.text, Blocks: d.blocks,
		Attachments: d.attachments, Metadata: d.metadata, ThreadTS: d.threadTS, Broadcast: d.broadcast && d.threadTS != ""}
	s.messages[channel.ID] = append(s.messages[channel.ID], m)
	s.changed()
	return m
}

// whisper adds a message that one user sees. An empty author is Slack itself.
func (s *Server) whisper(channel, user string, d *draft) *Message {
	m := &Message{Channel: channel, TS: s.newTS(), User: BotUser, BotID: BotID, Text: d.text, Blocks: d.blocks,
		Attachments: d.attachments, ThreadTS: d.threadTS, EphemeralTo: user}
	s.ephemeral = append(s.ephemeral, m)
	s.changed()
	return m
}

// slackbot tells one user something in Slack's own name.
func (s *Server) slackbot(channel, user, text string) {
	s.ephemeral = append(s.ephemeral, &Message{Channel: channel, TS: s.newTS(), User: "USLACKBOT", Text: text, EphemeralTo: user})
	s.changed()
}

// revise changes a message. What the draft does not name stays as it was.
func (s *Server) revise(m *Message, d *draft) {
	if d.hasText {
		m.Text = d.text
	}
	if d.hasBlocks {
		m.Blocks = d.blocks
	}
	if d.attachments != nil {
		m.Attachments = d.attachments
	}
	if d.metadata != nil {
		m.Metadata = d.metadata
	}
	m.Edited = &Edited{User: BotUser, TS: s.newTS()}
	m.Warnings = nil
	s.changed()
}
