package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// Kind is the kind of intent the Runner carries out.
const Kind = "report"

// byHand stands in a key where others have their slot; no slot is called so.
const byHand = "now"

// mostKey is the length up to which what makes a request unique is kept as it is.
const mostKey = 120

// SlotKey is the key of one slot of a report: "report/weekly-seats/2026-11-23T09:00".
func SlotKey(report, slot string) string { return Kind + "/" + report + "/" + slot }

// ManualKey is the key of a report asked for by hand: "report/weekly-seats/now/KEY". A key too long
// for a name is replaced by its hash, so that one request still makes one report.
func ManualKey(report, key string) string {
	if len(key) > mostKey {
		sum := sha256.Sum256([]byte(key))
		key = hex.EncodeToString(sum[:])
	}
	return SlotKey(report, byHand) + "/" + key
}

// ReaderKey is the key of one reader's message of a slot: "report/weekly-seats/2026-11-23T09:00/U0BOB".
func ReaderKey(report, slot string, who approvals.PersonID) string {
	return SlotKey(report, slot) + "/" + string(who)
}

// address is what a key names: a slot of a report, perhaps for one reader, or, by hand, a report without one.
type address struct {
	report, slot string
	reader       approvals.PersonID
	manual       bool
}

// parseKey takes a key apart.
func parseKey(key string) (a address, ok bool) {
	parts := strings.SplitN(key, "/", 4)
	if len(parts) < 3 || parts[0] != Kind || parts[1] == "" || parts[2] == "" {
		return a, false
	}
	a.report = parts[1]
	last := len(parts) == 4 && parts[3] != ""
	switch {
	case parts[2] == byHand:
		a.manual = true
		return a, last
	case len(parts) == 4:
		a.slot, a.reader = parts[2], approvals.PersonID(parts[3])
		return a, last && !strings.Contains(parts[3], "/")
	}
	a.slot = parts[2]
	return a, true
}
