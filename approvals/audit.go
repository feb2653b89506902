package approvals

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Entry is one row of the audit log: who did what, when, on which surface, what was before and
// after, and why it was allowed. It is stored and exported as one line of JSON in exactly the form
// that encoding/json gives it; its hash covers that line without Hash and Sig, and the hash of the
// entry before, so that the log is a chain. Fields may be added at the end, never renamed.
type Entry struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Actor   Actor     `json:"actor"`
	What    string    `json:"what"`
	Surface string    `json:"surface"`
	Request int64     `json:"request,omitempty"`
	// Before and After are the request's states around the event.
	Before State `json:"before,omitempty"`
	After  State `json:"after,omitempty"`
	// Detail is what was asked, or what was read back around a deed.
	Detail json.RawMessage `json:"detail,omitempty"`
	// Why answers "why was this allowed": the policy, the hash of its text, who said yes, and by what
	// right it was done. Only decisions have it.
	Why  []string `json:"why,omitempty"`
	Prev string   `json:"prev"`
	Hash string   `json:"hash"`
	// Sig is the Ed25519 signature of Hash, and Key the public key, both hex; absent without a key.
	Key string `json:"key,omitempty"`
	Sig string `json:"sig,omitempty"`
	// Was is the public key that signed until this entry, and WasSig its signature of Hash, where it changes the key (KeyChanged).
	Was    string `json:"was,omitempty"`
	WasSig string `json:"was_sig,omitempty"`
	// Personal is the keyed hash of what is kept beside the entry (apart.go); "": nothing is.
	Personal string `json:"personal,omitempty"`
}

// Head names the end of the log: sequence number and hash of the last entry. The zero Head is the
// head of an empty log.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// String is how people and flags write a head: "412:9f3c…".
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Seq, h.Hash) }

// Seal gives e its place after head, its hash, and, with a key, its signature; it returns the line
// to keep and the new head.
func Seal(e Entry, head Head, key ed25519.PrivateKey) ([]byte, Head, error) {
	e = placed(e, head, key)
	hash, err := digest(e)
	if err != nil {
		return nil, head, err
	}
	e.Hash = hex.EncodeToString(hash)
	if len(key) > 0 {
		e.Sig = hex.EncodeToString(ed25519.Sign(key, hash))
	}
	line, err := json.Marshal(e)
	if err != nil {
		return nil, head, fmt.Errorf("encode audit entry: %w", err)
	}
	return line, Head{Seq: e.Seq, Hash: e.Hash}, nil
}

// placed is an entry in its place after head, before it is hashed and signed.
func placed(e Entry, head Head, key ed25519.PrivateKey) Entry {
	e.Seq, e.Prev, e.At = head.Seq+1, head.Hash, e.At.UTC()
	e.Key, e.Sig = "", ""
	if len(key) > 0 {
		e.Key = publicOf(key)
	}
	return e
}

// digest hashes the entry without its own hash and signatures.
func digest(e Entry) ([]byte, error) {
	e.Hash, e.Sig, e.WasSig = "", "", ""
	raw, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode audit entry: %w", err)
	}
	sum := sha256.Sum256(raw)
	return sum[:], nil
}

// Chain checks a log entry by entry, in order. Its zero value starts at the beginning of a log.
type Chain struct {
	head Head
	key  string // the public key that signed so far; "" while nothing was signed
	// Pinned, when set, is the only public key (hex) whose signatures are accepted, and every entry must bear one.
	Pinned string
}

// Resume is a Chain that goes on after a head which somebody has verified, and after the public key (hex)
// that signed the entry there; "" where none did.
func Resume(head Head, key string) Chain { return Chain{head: head, key: key} }

// Head is the head after the entries that were accepted.
func (c *Chain) Head() Head { return c.head }

// Signer is the public key (hex) that signed the last entry, or "".
func (c *Chain) Signer() string { return c.key }

// Next checks the next line of a log. The error names the entry and what is wrong with it.
func (c *Chain) Next(line []byte) (Entry, error) {
	where := fmt.Sprintf("entry %d", c.head.Seq+1)
	e, err := decodeEntry(line)
	if err != nil {
		return e, fmt.Errorf("%s: %w", where, err)
	}
	hash, err := digest(e)
	if err != nil {
		return e, fmt.Errorf("%s: %w", where, err)
	}
	switch {
	case e.Seq != c.head.Seq+1:
		return e, fmt.Errorf("%s: found number %d in its place", where, e.Seq)
	case e.Prev != c.head.Hash:
		return e, fmt.Errorf("%s: does not follow the entry before it", where)
	case e.Hash != hex.EncodeToString(hash):
		return e, fmt.Errorf("%s: its contents do not match its hash", where)
	}
	if err := c.signature(e, hash); err != nil {
		return e, fmt.Errorf("%s: %w", where, err)
	}
	c.head = Head{Seq: e.Seq, Hash: e.Hash}
	return e, nil
}

// signature accepts unsigned entries only before the first signed one, and one key throughout but where an entry of both
// changes it.
func (c *Chain) signature(e Entry, hash []byte) error {
	if e.What == KeyChanged || e.Was != "" || e.WasSig != "" {
		return c.changed(e, hash)
	}
	want := c.Pinned
	if want == "" {
		want = c.key
	}
	switch {
	case e.Key == "" && e.Sig == "" && want == "":
		return nil
	case e.Key == "":
		return fmt.Errorf("is not signed, though it must be")
	case want != "" && e.Key != want:
		return fmt.Errorf("is signed by another key (%s)", e.Key)
	}
	if err := signed(e.Key, e.Sig, hash); err != nil {
		return err
	}
	c.key = e.Key
	return nil
}

// decodeEntry accepts only the exact bytes that Seal writes.
func decodeEntry(line []byte) (Entry, error) {
	var e Entry
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("is not an audit entry: %w", err)
	}
	again, err := json.Marshal(e)
	if err != nil {
		return e, fmt.Errorf("cannot be encoded again: %w", err)
	}
	if !bytes.Equal(again, line) {
		return e, fmt.Errorf("is not in the form it was written in")
	}
	return e, nil
}
