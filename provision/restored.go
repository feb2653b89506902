package provision

import "encoding/json"

// MayHaveHappened is the note of a deed that may have been carried out in a life whose notes are lost,
// as after restoring a backup: the vendor counts as asked, so what is found done is taken for this deed's.
func MayHaveHappened(raw json.RawMessage) json.RawMessage {
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
