package approvals

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
)

// KeyChanged is what the entry does by which a log goes over to another key. It is signed by both: by the key before, without
// which anybody could take a log over, and by the new one, which from then on signs alone.
const KeyChanged = "audit key changed"

// Signing is what signs a log.
type Signing struct {
	// Key signs each entry; nil: the log is chained by hashes alone.
	Key ed25519.PrivateKey
	// Before signed until now. It signs nothing but, beside Key, the entry of KeyChanged.
	Before ed25519.PrivateKey
}

// errOneKey refuses a change of keys that only one could sign.
var errOneKey = errors.New("seal a change of the audit key: both keys are needed, and not the same twice")

// Seal is the function Seal with whatever signs such an entry.
func (s Signing) Seal(e Entry, head Head) ([]byte, Head, error) {
	e.Was, e.WasSig = "", ""
	if e.What != KeyChanged {
		return Seal(e, head, s.Key)
	}
	if len(s.Key) == 0 || len(s.Before) == 0 || s.Key.Equal(s.Before) {
		return nil, head, errOneKey
	}
	e.Was = publicOf(s.Before)
	hash, err := digest(placed(e, head, s.Key))
	if err != nil {
		return nil, head, err
	}
	e.WasSig = hex.EncodeToString(ed25519.Sign(s.Before, hash))
	return Seal(e, head, s.Key)
}

// ErrSigner refuses an entry that would follow one of another key: whoever verifies the log would find it broken there.
var ErrSigner = errors.New("the audit log is signed with another key by now, so nothing more can be written under this one: start this Usher with the new key")

// Follows reports whether an entry is to be written after head, which signer (a public key, hex) has signed, where others write
// to the log too. A change of keys that somebody else has written already isn't.
func (s Signing) Follows(e Entry, head Head, signer string) (due bool, err error) {
	mine := s.Public()
	switch {
	case e.What == KeyChanged:
		return signer != mine, nil
	case head.Seq > 0 && signer != "" && signer != mine:
		return false, ErrSigner
	}
	return true, nil
}

func publicOf(key ed25519.PrivateKey) string {
	return hex.EncodeToString(key.Public().(ed25519.PublicKey))
}

// Public is the public key (hex) of what signs; "": nothing does.
func (s Signing) Public() string {
	if len(s.Key) == 0 {
		return ""
	}
	return publicOf(s.Key)
}

// changed accepts an entry by which the key changes: from the one that signed so far, and signed by both.
func (c *Chain) changed(e Entry, hash []byte) error {
	switch {
	case e.What != KeyChanged:
		return errors.New("bears a second signature, and changes no key")
	case c.Pinned != "":
		return fmt.Errorf("changes the key to another one (%s)", e.Key)
	case e.Was == "" || e.Was != c.key:
		return fmt.Errorf("changes the key, and not from the one that signed so far (from %s)", orNone(e.Was))
	case e.Key == e.Was:
		return errors.New("changes the key to the same one")
	}
	if err := signed(e.Was, e.WasSig, hash); err != nil {
		return fmt.Errorf("changes the key, and of the one before it %w", err)
	}
	if err := signed(e.Key, e.Sig, hash); err != nil {
		return err
	}
	c.key = e.Key
	return nil
}

func orNone(key string) string {
	if key == "" {
		return "none"
	}
	return key
}

// signed holds a signature of a hash to a public key, both hex.
func signed(key, sig string, hash []byte) error {
	pub, err := hex.DecodeString(key)
	if err != nil || len(pub) != ed25519.PublicKeySize || hex.EncodeToString(pub) != key {
		return errors.New("names no usable key")
	}
	raw, err := hex.DecodeString(sig)
	if err != nil || hex.EncodeToString(raw) != sig || !ed25519.Verify(pub, hash, raw) {
		return errors.New("has a false signature")
	}
	return nil
}
