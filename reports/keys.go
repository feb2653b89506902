package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
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

// parseKey takes a key apart. manual is true for a report asked for by hand, which has no slot.
func parseKey(key string) (report, slot string, manual, ok bool) {
	parts := strings.SplitN(key, "/", 4)
	switch {
	case len(parts) < 3 || parts[0] != Kind || parts[1] == "":
		return "", "", false, false
	case len(parts) == 4 && parts[2] == byHand && parts[3] != "":
		return parts[1], "", true, true
	case len(parts) == 3 && parts[2] != byHand:
		return parts[1], parts[2], false, true
	}
	return "", "", false, false
}
