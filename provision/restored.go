package provision

import (
	"encoding/json"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// MayHaveHappened is the note of a promise that may have been carried out in a life whose notes are lost, as after a backup was
// restored or a standby took over. Messages are looked for without a note; deeds and what takes back need theirs: the vendor
// counts as asked, so what is found done is taken for this deed's.
func MayHaveHappened(in outbox.Intent) json.RawMessage {
	if kind := outbox.Kind(in.Key); kind == approvals.KindDeed || kind == approvals.KindEnd {
		return asked(in.Note)
	}
	return in.Note
}

func asked(raw json.RawMessage) json.RawMessage {
	var n note
	if len(raw) > 0 && json.Unmarshal(raw, &n) != nil {
		n = note{}
	}
	n.Tried = true
	out, err := json.Marshal(n)
	if err != nil {
		return raw // unreachable: a note always encodes
	}
	return out
}
