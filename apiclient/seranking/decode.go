package seranking

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The lenient types take what the API was seen to send for one value: numbers as text, text as
// numbers, booleans as 1, "1" and "true". What names something (ids, lists of ids) stays strict
// all the same: a set of shares that is read wrongly would be written back wrongly.

// lenientInt takes 39, "39", "39.00", null and "".
type lenientInt int64

func (n *lenientInt) UnmarshalJSON(raw []byte) error {
	text := scalar(raw)
	if text == "" {
		*n = 0
		return nil
	}
	whole, zeros, _ := strings.Cut(text, ".")
	v, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(zeros, "0") != "" {
		return errors.New("expected a whole number")
	}
	*n = lenientInt(v)
	return nil
}

// quota is a number that is only shown: what cannot be read becomes Unreadable and
// does not spoil the rest of the answer.
type quota int64

func (n *quota) UnmarshalJSON(raw []byte) error {
	var v lenientInt
	if err := v.UnmarshalJSON(raw); err != nil {
		v = Unreadable
	}
	*n = quota(v)
	return nil
}

// lenientText takes text, numbers, booleans and null; anything else becomes "".
type lenientText string

func (s *lenientText) UnmarshalJSON(raw []byte) error {
	*s = lenientText(scalar(raw))
	return nil
}

// lenientBool takes true, 1, "1", "true", "yes"; everything else is false, 2 included: for
// email_verified the documents say "1 - yes, 2 - no".
type lenientBool bool

func (b *lenientBool) UnmarshalJSON(raw []byte) error {
	switch strings.ToLower(scalar(raw)) {
	case "true", "1", "yes":
		*b = true
	default:
		*b = false
	}
	return nil
}

// scalar is the text of a JSON string, number or boolean; "" for null, lists and objects.
func scalar(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	var text string
	if raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return strings.TrimSpace(text)
	}
	return string(raw)
}

// siteID takes 39, "39", {"id":39} and {"site_id":"39"}; never 0 or less.
type siteID int64

func (s *siteID) UnmarshalJSON(raw []byte) error {
	var obj struct {
		ID     lenientInt `json:"id"`
		SiteID lenientInt `json:"site_id"`
	}
	id := &obj.SiteID
	if bytes.HasPrefix(raw, []byte("{")) {
		if err := json.Unmarshal(raw, &obj); err != nil {
			return err
		}
		if obj.SiteID == 0 {
			id = &obj.ID
		}
	} else if err := id.UnmarshalJSON(raw); err != nil {
		return err
	}
	if *id <= 0 {
		return errors.New("expected the id of a website")
	}
	*s = siteID(*id)
	return nil
}

// decodeIDs reads a list of website ids. Only a list will do: null or an object could be an
// error in disguise, and reading it as "none shared" would un-share everything on the next write.
func decodeIDs(body []byte) ([]int64, error) {
	var list []siteID
	if err := decodeList(body, &list); err != nil {
		return nil, fmt.Errorf("read website ids: %w", err)
	}
	ids := make([]int64, len(list))
	for i, s := range list {
		ids[i] = int64(s)
	}
	return set(ids), nil
}

// decodeList decodes a JSON list into the slice that into points to.
func decodeList(body []byte, into any) error {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		return errors.New("expected a list")
	}
	return json.Unmarshal(body, into)
}
