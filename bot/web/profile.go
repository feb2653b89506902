package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// Field is a field that a workspace has added to everybody's profile.
type Field struct {
	ID, Label, Type string
	// Editable: members set it themselves.
	Editable bool
}

// Names reports whether the field holds people, and not words.
func (f Field) Names() bool { return f.Type == "user" }

// Labelled are the fields that people see under a label.
func Labelled(fields []Field, label string) (out []Field) {
	for _, f := range fields {
		if strings.EqualFold(strings.TrimSpace(f.Label), strings.TrimSpace(label)) {
			out = append(out, f)
		}
	}
	return out
}

// profileFields are the fields of profiles in every workspace that the bot works in.
func (s *Client) profileFields(ctx context.Context) (all []Field, err error) {
	err = s.inEach(ctx, func(team string) (bool, error) {
		fields, err := s.profileFieldsIn(ctx, team)
		for _, f := range fields {
			if !slices.ContainsFunc(all, func(o Field) bool { return o.ID == f.ID }) {
				all = append(all, f)
			}
		}
		return false, err
	})
	return all, err
}

func (s *Client) profileFieldsIn(ctx context.Context, team string) (fields []Field, err error) {
	err = s.call(ctx, methodFields, func(ctx context.Context) error {
		hears := &fieldHearing{client: s.cfg.HTTP}
		client := slack.New(string(s.cfg.BotToken), slack.OptionAPIURL(s.cfg.APIURL), slack.OptionHTTPClient(hears))
		var which []string
		if team != "" {
			which = []string{team}
		}
		if _, err := client.GetTeamProfileContext(ctx, which...); err != nil {
			return err
		}
		fields = hears.fields
		return fits(fields != nil && !slices.ContainsFunc(fields, func(f Field) bool { return !fieldShape.MatchString(f.ID) }))
	})
	return fields, err
}

// profileValue is what somebody's profile holds in a field; "": nothing, or Slack doesn't know them. Labels are not asked
// for: Slack limits that heavily.
func (s *Client) profileValue(ctx context.Context, id approvals.PersonID, field string) (value string, err error) {
	err = s.call(ctx, methodProfile, func(ctx context.Context) error {
		profile, err := s.client.GetUserProfileContext(ctx, &slack.GetUserProfileParameters{UserID: string(id)})
		if err != nil {
			return err
		}
		if profile != nil {
			value = strings.TrimSpace(profile.FieldsMap()[field].Value)
		}
		return fits(profile != nil)
	})
	if FaultOf(err) == NoPerson {
		return "", nil
	}
	return value, err
}

// fieldHearing hears of team.profile.get what slack-go leaves out, who may set a field, and keeps it from what it can't
// read: Slack says yes as true or as 1, and "no options" as null, {} or [].
type fieldHearing struct {
	client *http.Client
	fields []Field
}

// mostFields bounds what is read of the fields of a workspace, each of which may list what can be chosen in it.
const mostFields = 4 << 20

// Do makes a request as *http.Client does.
func (h *fieldHearing) Do(r *http.Request) (*http.Response, error) {
	resp, err := h.client.Do(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostFields))
	_ = resp.Body.Close() // what it returns changes nothing: the body has been read
	if err != nil {
		return nil, err
	}
	var said struct {
		OK      bool `json:"ok"`
		Profile struct {
			Fields []field `json:"fields"`
		} `json:"profile"`
	}
	if json.Unmarshal(body, &said) == nil && said.OK && said.Profile.Fields != nil {
		h.fields = []Field{}
		for _, f := range said.Profile.Fields {
			h.fields = append(h.fields, Field{ID: f.ID, Label: f.Label, Type: f.Type, Editable: f.editable()})
		}
		body = []byte(`{"ok":true}`)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// field is a field of profiles as Slack describes it.
type field struct {
	ID      string          `json:"id"`
	Label   string          `json:"label"`
	Type    string          `json:"type"`
	Options json.RawMessage `json:"options"`
	May     json.RawMessage `json:"permissions"`
}

// editable reports whether members set the field themselves. Where Slack doesn't say that they can't, they can.
func (f field) editable() bool {
	var may struct {
		UI *yes `json:"ui"`
	}
	if json.Unmarshal(f.May, &may) == nil && may.UI != nil {
		return bool(*may.UI)
	}
	var kept struct {
		Protected yes `json:"is_protected"`
		SCIM      yes `json:"is_scim"`
	}
	return json.Unmarshal(f.Options, &kept) != nil || !bool(kept.Protected || kept.SCIM)
}

// yes is a truth as Slack writes it.
type yes bool

// UnmarshalJSON reads true and 1 as yes, and everything else as no.
func (y *yes) UnmarshalJSON(b []byte) error {
	word := strings.Trim(string(b), `"`)
	*y = word == "true" || word == "1"
	return nil
}
