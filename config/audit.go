package config

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"

	"github.com/usherbot/usher/apiclient"
)

// AuditKeyName is the variable that holds the seed of the key that signs the audit log.
const AuditKeyName = "USHER_AUDIT_KEY"

// AuditKeyOldName is the variable that holds the seed of the key before it, while the log goes over to another one.
const AuditKeyOldName = "USHER_AUDIT_KEY_OLD"

// ReadAuditKey takes the signing key from the environment; without one the log isn't signed, only chained by hashes.
func ReadAuditKey(lookup Lookup) (key ed25519.PrivateKey, raw apiclient.Secret, note, problem string) {
	return readKey(lookup, AuditKeyName)
}

// ReadAuditKeyOld takes the key that signed until now; nil: the key isn't to change. Without another it changes nothing, and
// the same twice is a mistake.
func ReadAuditKeyOld(lookup Lookup) (key ed25519.PrivateKey, raw apiclient.Secret, note, problem string) {
	key, raw, note, problem = readKey(lookup, AuditKeyOldName)
	if key == nil || problem != "" {
		return nil, "", note, problem
	}
	switch now, _, _, bad := ReadAuditKey(lookup); {
	case bad != "": // which is told by itself
	case now == nil:
		problem = fmt.Sprintf("%s is set without %s; expected the new key there, and the one before it here", AuditKeyOldName, AuditKeyName)
	case now.Equal(key):
		problem = fmt.Sprintf("%s and %s are the same key; expected the new one there, and the one before it here", AuditKeyName, AuditKeyOldName)
	}
	if problem != "" {
		return nil, "", "", problem
	}
	return key, raw, note, ""
}

func readKey(lookup Lookup, name string) (key ed25519.PrivateKey, raw apiclient.Secret, note, problem string) {
	value, called, note, problem := unwrap(lookup, name)
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
