package apiclient

import (
	"fmt"
	"io"
	"log/slog"
)

const veil = "[secret]"

// Secret is a key, token or password. However it is printed, logged or encoded it
// shows as [secret]; Reveal is the only way to the text, and so the one word to
// search for when one asks where secrets go.
type Secret string

// Reveal returns the secret itself, for a header or a request body and nothing else.
func (s Secret) Reveal() string { return string(s) }

// String returns [secret].
func (s Secret) String() string { return veil }

// GoString returns [secret], for %#v.
func (s Secret) GoString() string { return veil }

// Format prints [secret] under every verb, %x and %q included, which String alone
// would not cover.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, veil) }

// LogValue logs [secret].
func (s Secret) LogValue() slog.Value { return slog.StringValue(veil) }

// MarshalJSON encodes "[secret]".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + veil + `"`), nil }

// MarshalText encodes [secret], for encoders that ask for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(veil), nil }
