package approvals

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An entry of the log stays as it was sealed, for ever; what it says of somebody must not. So the words in its details that may be about a
// person (an address, a name, a reason, whatever was typed) are kept beside it, and in their place stands "~0", "~1" and so on. The entry
// holds their keyed hash (Entry.Personal): for each word an HMAC under a key of its own, and the hash of these together. Whoever has the words
// and keys can show that they are what was written; when a word is forgotten its key goes with it, and what is left gives nothing to try
// addresses against.

// Beside is what is kept beside one entry. It is stored as JSON: fields may be added, never renamed.
type Beside struct {
	// Key, hex, is that from which each word's own is drawn; "": some were forgotten, and the others have theirs with them.
	Key   string `json:"key,omitempty"`
	Words []Word `json:"words"`
}

// Word is one of them: as it was written, or, once it was forgotten, who it was about, and its keyed hash, of which nobody has the key.
type Word struct {
	Text string `json:"text,omitempty"`
	Key  string `json:"key,omitempty"`
	Mark string `json:"mark,omitempty"`
	Who  string `json:"who,omitempty"`
}

// errBeside says that what is kept beside an entry isn't what was written.
var errBeside = errors.New("what is kept beside it is not what was written")

const keyLength = 32

// Apart takes out of an entry what may be somebody's, and returns that for the place beside it, nil where there is none. random draws the key.
func Apart(e Entry, random io.Reader) (Entry, []byte, error) {
	var b Beside
	e, err := e.rewritten(func(key, s string) string {
		if !personal(key, s) {
			return s
		}
		b.Words = append(b.Words, Word{Text: s})
		return "~" + strconv.Itoa(len(b.Words)-1)
	})
	if err != nil {
		return e, nil, fmt.Errorf("take apart an audit entry: %w", err)
	}
	if len(b.Words) == 0 {
		return e, nil, nil
	}
	key := make([]byte, keyLength)
	if _, err := io.ReadFull(random, key); err != nil {
		return e, nil, fmt.Errorf("draw the key of an audit detail: %w", err)
	}
	b.Key = hex.EncodeToString(key)
	if e.Personal, err = b.sum(); err != nil {
		return e, nil, err
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return e, nil, fmt.Errorf("encode audit detail: %w", err)
	}
	return e, raw, nil
}

// Together is an entry with its details as they are known by now: what was forgotten has whom it was about in its place. What is kept beside it
// must be what was written.
func (e Entry) Together(beside []byte) (Entry, error) {
	b, err := e.Holds(beside)
	if err != nil || e.Personal == "" {
		return e, err
	}
	return e.rewritten(func(_, s string) string {
		n, placed := place(s)
		switch {
		case !placed || n >= len(b.Words):
			return s
		case b.Words[n].Mark != "":
			return b.Words[n].Who
		}
		return b.Words[n].Text
	})
}

// byReason is how a reason begins that somebody gave for a decision that was taken past the policy, or for an edit.
const byReason = "reason: "

// Typed is what somebody may have typed in one of an entry's reasons, and what the program says before it; false: all of it is the program's own.
// What an edit changed has in it what was asked before and is asked now.
func (e Entry) Typed(why string) (before, words string, is bool) {
	if words, is := strings.CutPrefix(why, byReason); is {
		return byReason, words, true
	}
	if field, words, is := strings.Cut(why, ": "); is && e.What == (Edited{}).what() {
		return field + ": ", words, true
	}
	return "", "", false
}

// rewritten is an entry with each text in its details, and each that somebody typed among its reasons, as word makes it of the field's name and the text.
func (e Entry) rewritten(word func(key, s string) string) (Entry, error) {
	e.Why = slices.Clone(e.Why)
	for i, s := range e.Why {
		if before, words, is := e.Typed(s); is {
			e.Why[i] = before + word("reason", words)
		}
	}
	if len(e.Detail) == 0 {
		return e, nil
	}
	detail, err := rewritten(e.Detail, word)
	e.Detail = detail
	return e, err
}

// Holds reads what is kept beside an entry, and says whether that is what was written.
func (e Entry) Holds(beside []byte) (b Beside, err error) {
	if (e.Personal == "") != (len(beside) == 0) {
		return b, errBeside
	}
	if e.Personal == "" {
		return b, nil
	}
	if err := json.Unmarshal(beside, &b); err != nil {
		return b, fmt.Errorf("%w: %w", errBeside, err)
	}
	if sum, err := b.sum(); err != nil || sum != e.Personal {
		return b, errors.Join(errBeside, err)
	}
	return b, nil
}

// Forgotten is how many of the words were forgotten.
func (b Beside) Forgotten() (n int) {
	for _, w := range b.Words {
		if w.Mark != "" {
			n++
		}
	}
	return n
}

// Forget is b without those of its words that are somebody's, which who names from then on. Their keys are gone.
func (b Beside) Forget(who string, theirs func(n int, text string) bool) (Beside, error) {
	out := Beside{}
	for n, w := range b.Words {
		if w.Mark == "" {
			key, err := b.key(n)
			if err != nil {
				return b, err
			}
			if w.Key = hex.EncodeToString(key); theirs(n, w.Text) {
				w = Word{Mark: hex.EncodeToString(mark(key, w.Text)), Who: who}
			}
		}
		out.Words = append(out.Words, w)
	}
	if out.Forgotten() == b.Forgotten() {
		return b, nil
	}
	return out, nil
}

// sum is the hash of the marks of all words.
func (b Beside) sum() (string, error) {
	all := sha256.New()
	for n, w := range b.Words {
		of, err := hex.DecodeString(w.Mark)
		if w.Mark == "" {
			var key []byte
			key, err = b.key(n)
			of = mark(key, w.Text)
		}
		if err != nil || len(of) != sha256.Size {
			return "", errors.Join(errBeside, err)
		}
		_, _ = all.Write(of) // a hash takes everything
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

// key is the key of one word: its own, or drawn from that of all.
func (b Beside) key(n int) ([]byte, error) {
	from := b.Words[n].Key
	if b.Key != "" {
		from = b.Key
	}
	key, err := hex.DecodeString(from)
	if err != nil || len(key) != keyLength {
		return nil, errBeside
	}
	if b.Key != "" {
		key = mark(key, string(binary.BigEndian.AppendUint64(nil, uint64(n))))
	}
	return key, nil
}

func mark(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	_, _ = m.Write([]byte(text)) // a hash takes everything
	return m.Sum(nil)
}

// place is the number of the word for which a text stands; false: it stands for itself.
func place(s string) (int, bool) {
	digits, placed := strings.CutPrefix(s, "~")
	n, err := strconv.Atoi(digits)
	return n, placed && err == nil && n >= 0 && "~"+strconv.Itoa(n) == s
}

// plainKeys are the names of fields whose words are the program's or the configuration's own.
var plainKeys = []string{"app", "action", "state", "policy", "kept", "how", "kind", "approvers", "people", "escalate_to", "to", "who", "messages", "app_id", "sort", "period", "surface", "type", "of", "bundle", "step", "key", "id", "host", "asking", "from", "hash", "sha256", "nonce", "day", "until_day", "schema"}

// plainWord is what names somebody or something by an id alone, of Slack's or a vendor's, a time, or a hash.
var plainWord = regexp.MustCompile(`^(|[UWSCDGTB][A-Z0-9]{2,20}|\d{1,20}(\.\d{1,9})?|[0-9a-f]{16,128}|usher|manager|owners|admins)$`)

// personal reports whether a word in the details of an entry may be somebody's. What isn't known to be none's is.
func personal(key, s string) bool {
	if strings.HasPrefix(s, "~") {
		return true
	}
	if plainWord.MatchString(s) || slices.Contains(plainKeys, key) && !strings.Contains(s, "@") {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	return err != nil
}

// rewritten is JSON with each of its texts, but for the names of fields, as word makes it of the name of the innermost field and the text.
func rewritten(raw json.RawMessage, word func(key, s string) string) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	w := rewriter{d: d, word: word}
	if err := w.value(""); err != nil {
		return nil, err
	}
	return w.out.Bytes(), nil
}

type rewriter struct {
	d    *json.Decoder
	out  bytes.Buffer
	word func(key, s string) string
}

func (w *rewriter) value(key string) error {
	token, err := w.d.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case json.Delim:
		return w.members(key, t)
	case string:
		return w.put(w.word(key, t))
	case json.Number:
		w.out.WriteString(t.String())
		return nil
	}
	return w.put(token)
}

// members writes what is inside braces or brackets, and these.
func (w *rewriter) members(key string, open json.Delim) error {
	w.out.WriteString(open.String())
	for first := true; w.d.More(); first = false {
		if !first {
			w.out.WriteByte(',')
		}
		name := key
		if open == '{' {
			token, err := w.d.Token()
			if err != nil {
				return err
			}
			name, _ = token.(string)
			if err := w.put(name); err != nil {
				return err
			}
			w.out.WriteByte(':')
		}
		if err := w.value(name); err != nil {
			return err
		}
	}
	closing, err := w.d.Token()
	if err == nil {
		w.out.WriteString(fmt.Sprint(closing))
	}
	return err
}

func (w *rewriter) put(v any) error {
	raw, err := json.Marshal(v)
	w.out.Write(raw)
	return err
}
