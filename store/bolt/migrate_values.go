package bolt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Up to schema 2 a request's change had a field for everything that the one app of those days knew. From schema 3 on it is a
// subject and values (docs/decisions/037-an-app-is-an-entry.md). What stands here is how the old one was, and never
// changes: it needs no catalog, since what was shown was kept with it.

// valued (2 → 3) writes every request anew, its change as a subject and values. Nothing else of it is touched, nor the log.
func valued(tx *bbolt.Tx) error {
	b := tx.Bucket(bRequests)
	anew := map[string][]byte{}
	err := b.ForEach(func(k, raw []byte) (err error) {
		if anew[string(k)], err = withValues(raw); err != nil {
			return fmt.Errorf("rewrite request #%d: %w", numberFrom(k), err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for k, raw := range anew {
		if err := b.Put([]byte(k), raw); err != nil {
			return fmt.Errorf("keep request #%d: %w", numberFrom([]byte(k)), err)
		}
	}
	return nil
}

// The parts of a request as schema 2 kept them, as far as they are another thing now.
type (
	oldRequest struct {
		Action  string    `json:"action"`
		Change  oldChange `json:"change"`
		Look    *oldLook  `json:"look"`
		Said    *oldSaid  `json:"said"`
		Outcome *oldRef   `json:"outcome"`
		Doubt   *oldRef   `json:"doubt"`
	}
	oldChange struct {
		Email     string          `json:"email"`
		Person    string          `json:"person"`
		Account   int64           `json:"account"`
		FirstName string          `json:"first_name"`
		LastName  string          `json:"last_name"`
		Type      string          `json:"type"`
		Lang      string          `json:"lang"`
		Access    []string        `json:"access"`
		HasAccess bool            `json:"has_access"`
		Named     []oldPermission `json:"named"`
		Amount    int             `json:"amount"`
		Period    string          `json:"period"`
		HasLimit  bool            `json:"has_limit"`
		Sites     []oldSite       `json:"sites"`
		Words     []string        `json:"words"`
	}
	oldPermission struct {
		Code      string `json:"code"`
		Label     string `json:"label"`
		Restricts bool   `json:"restricts"`
	}
	oldSite struct {
		ID     int64  `json:"id"`
		Name   string `json:"name"`
		Host   string `json:"host"`
		Paused bool   `json:"paused"`
	}
	oldLook struct {
		Was *oldWas `json:"was"`
	}
	oldWas struct {
		Shared    []oldSite       `json:"shared"`
		Shares    int             `json:"shares"`
		Owned     []oldSite       `json:"owned"`
		Owns      int             `json:"owns"`
		Access    []oldPermission `json:"access"`
		HasAccess bool            `json:"has_access"`
		Amount    int             `json:"amount"`
		Period    string          `json:"period"`
		HasLimit  bool            `json:"has_limit"`
	}
	oldSaid struct {
		Sites []string `json:"sites"`
	}
	// oldRef is what named an account by a number.
	oldRef struct {
		AccountID int64 `json:"account_id"`
		Account   int64 `json:"account"`
	}
)

// withValues is a request of schema 2 as schema 3 keeps it.
func withValues(raw []byte) ([]byte, error) {
	var old oldRequest
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &old); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	steps := []error{setJSON(all, "change", old.Change.anew(old.Action))}
	if old.Look != nil && old.Look.Was != nil {
		steps = append(steps, within(all, "look", func(look map[string]json.RawMessage) error {
			if old.Action == string(catalog.Delete) && old.Look.Was.Owns > 0 {
				look["bars"] = json.RawMessage("true")
			}
			return setJSON(look, "was", old.Look.Was.anew())
		}))
	}
	if old.Said != nil {
		steps = append(steps, within(all, "said", func(said map[string]json.RawMessage) error {
			delete(said, "sites")
			if len(old.Said.Sites) == 0 {
				return nil
			}
			return setJSON(said, "typed", catalog.Values{{Key: "sites", Typed: old.Said.Sites}})
		}))
	}
	if old.Outcome != nil {
		steps = append(steps, within(all, "outcome", renumber("account_id", old.Outcome.AccountID)))
	}
	if old.Doubt != nil {
		steps = append(steps, within(all, "doubt", renumber("account", old.Doubt.Account)))
	}
	for _, err := range steps {
		if err != nil {
			return nil, err
		}
	}
	return json.Marshal(all)
}

func setJSON(in map[string]json.RawMessage, key string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", key, err)
	}
	in[key] = raw
	return nil
}

// within alters one part of a request and leaves the rest of it as it is.
func within(all map[string]json.RawMessage, key string, alter func(map[string]json.RawMessage) error) error {
	var part map[string]json.RawMessage
	if err := json.Unmarshal(all[key], &part); err != nil || part == nil {
		return err
	}
	if err := alter(part); err != nil {
		return err
	}
	return setJSON(all, key, part)
}

// renumber makes an account's number the text that names it.
func renumber(key string, id int64) func(map[string]json.RawMessage) error {
	return func(part map[string]json.RawMessage) error { return setJSON(part, key, idText(id)) }
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// anew is a change as a subject and values. Of what sort an account was that was there already, is told of the account.
func (c oldChange) anew(action string) approvals.Change {
	out := approvals.Change{Email: c.Email, Person: approvals.PersonID(c.Person), Account: idText(c.Account), FirstName: c.FirstName, LastName: c.LastName}
	one := func(key string, item catalog.Item) {
		if item.ID != "" {
			out.Values = append(out.Values, catalog.Value{Key: key, Items: []catalog.Item{item}})
		}
	}
	if action == string(catalog.Create) {
		one("type", catalog.Item{ID: c.Type, Name: map[string]string{"client": "client seat", "user": "user seat"}[c.Type]})
	} else {
		out.Sort = c.Type
	}
	one("lang", catalog.Item{ID: c.Lang})
	if c.HasAccess {
		out.Values = append(out.Values, catalog.Value{Key: "access", Items: items(c.Access, c.Named)})
	}
	if c.HasLimit {
		out.Values = append(out.Values, limit(c.Amount, c.Period)...)
	}
	if len(c.Sites)+len(c.Words) > 0 {
		out.Values = append(out.Values, catalog.Value{Key: "sites", Items: sites(c.Sites), Typed: c.Words})
	}
	return out
}

// anew is what was read of an account, as it is kept now.
func (w oldWas) anew() approvals.Was {
	out := approvals.Was{Held: sites(w.Shared), Holds: w.Shares, Owned: sites(w.Owned), Owns: w.Owns}
	if w.HasAccess {
		var codes []string
		for _, p := range w.Access {
			codes = append(codes, p.Code)
		}
		out.Values = append(out.Values, catalog.Value{Key: "access", Items: items(codes, w.Access)})
	}
	if w.HasLimit {
		out.Values = append(out.Values, limit(w.Amount, w.Period)...)
	}
	return out
}

func items(codes []string, named []oldPermission) (out []catalog.Item) {
	for _, code := range codes {
		item := catalog.Item{ID: code}
		for _, p := range named {
			if p.Code == code {
				item.Name, item.Takes = p.Label, p.Restricts
			}
		}
		out = append(out, item)
	}
	return out
}

func limit(amount int, period string) catalog.Values {
	v := catalog.Values{{Key: "amount", Items: []catalog.Item{{ID: strconv.Itoa(amount)}}}}
	if period != "" {
		v = append(v, catalog.Value{Key: "period", Items: []catalog.Item{{ID: period}}})
	}
	return v
}

func sites(list []oldSite) (out []catalog.Item) {
	for _, s := range list {
		out = append(out, catalog.Item{ID: strconv.FormatInt(s.ID, 10), Name: s.Name, Host: s.Host, Paused: s.Paused, Nameless: "site"})
	}
	return out
}

// older reports whether the file that is read keeps requests as schema 2 did: a backup of before an upgrade is proven as
// it is.
func older(tx *bbolt.Tx) bool {
	version := tx.Bucket(bMeta).Get(kVersion)
	return bytes.Equal(version, []byte("1")) || bytes.Equal(version, []byte("2"))
}
