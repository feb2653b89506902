package config

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"

	"github.com/usherbot/usher/apiclient"
)

// AuditKeyName is the variable that holds the seed of the key that signs the audit log.
const AuditKeyName = "USHER_AUDIT_KEY"

// ReadAuditKey takes the signing key from the environment; without one the log isn't signed, only chained by hashes.
func ReadAuditKey(lookup Lookup) (key ed25519.PrivateKey, raw apiclient.Secret, note, problem string) {
	value, called, note, problem := unwrap(lookup, AuditKeyName)
	if value == "" || problem != "" {
		return nil, "", "", problem
	}
	seed, err := hex.DecodeString(value)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, "", "", fmt.Sprintf("%s isn't a signing key; expected %d hexadecimal digits, as `usher audit key --new` prints them", called, 2*ed25519.SeedSize)
	}
	return ed25519.NewKeyFromSeed(seed), apiclient.Secret(value), note, ""
}

// PublicKey is the public part of a key, in hexadecimal digits.
func PublicKey(key ed25519.PrivateKey) string {
	return hex.EncodeToString(key.Public().(ed25519.PublicKey))
}
