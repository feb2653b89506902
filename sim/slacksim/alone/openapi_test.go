package alone

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// openapi is what of a description these tests read.
type openapi struct {
	Paths map[string]map[string]operation
}

type operation struct {
	OperationID string
	Parameters  []struct {
		Name    string
		Example any
	}
	RequestBody struct {
		Content map[string]struct {
			Schema   any
			Examples map[string]struct{ Value json.RawMessage }
		}
	}
	Responses map[string]any
}

func described(t *testing.T) openapi {
	t.Helper()
	var all openapi
	require.NoError(t, json.Unmarshal(description, &all))
	return all
}

// TestTheDescriptionHasEveryRoute, and no other.
func TestTheDescriptionHasEveryRoute(t *testing.T) {
	var said []string
	for path, operations := range described(t).Paths {
		for method := range operations {
			said = append(said, strings.ToUpper(method)+" "+path)
		}
	}
	c := &control{sim: slacksim.New(slacksim.Options{})}
	t.Cleanup(c.sim.Close)
	require.ElementsMatch(t, slices.Collect(maps.Keys(c.routes())), said)
}

// TestTheDescriptionHasEveryFault, each with an example.
func TestTheDescriptionHasEveryFault(t *testing.T) {
	var said []string
	for name := range described(t).Paths["/sim/faults"]["post"].RequestBody.Content["application/json"].Examples {
		said = append(said, name)
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(badDays(nil))), said)
}

// played is the order in which the examples make a story: who and what there is, what people do to an app, what they see, bad days.
var played = []string{"addUser", "addChannel", "addGroup", "manners", "type", "messages", "click", "views", "clickview", "suggest", "submit",
	"click", "close", "openHome", "home", "shortcut", "forge", "raw", "outcome", "ephemerals", "dm", "users", "groups", "channels",
	"connections", "calls", "redeliver", "violations", "openapi", "faults"}

// TestTheDescriptionIsTrue plays every example against the door, with an app that answers it: each is taken, and each answer is
// what was described.
func TestTheDescriptionIsTrue(t *testing.T) {
	p := start(t)
	p.storyApp()
	byID := map[string]string{}
	for path, operations := range described(t).Paths {
		for method, o := range operations {
			byID[o.OperationID] = method + " " + path
		}
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(byID)), slices.Compact(slices.Sorted(slices.Values(played))))
	schemas := compiler(t)
	for _, id := range played {
		method, path, _ := strings.Cut(byID[id], " ")
		for name, r := range p.examples(method, path) {
			answer := p.ask(r)
			require.Equal(t, 200, answer.status, "%s %s: %s", id, name, answer.body)
			require.NoError(t, schemas(pointer(path, method, "responses", "200")).Validate(answer.value(t)), "%s %s: %s", id, name, answer.body)
			if id != "faults" && method == "post" {
				var d struct {
					Done    bool
					Outcome *slacksim.Outcome
				}
				require.NoError(t, json.Unmarshal(answer.body, &d))
				require.True(t, d.Outcome == nil || !d.Done || d.Outcome.Acked, "%s came to nothing: %s", id, answer.body)
			}
		}
	}
}

// TestWhatIsNotDescribedIsRefused: an order with a field too many breaks its schema and is answered with 400, as described; what
// nobody has heard of with 404.
func TestWhatIsNotDescribedIsRefused(t *testing.T) {
	p, schemas := start(t), compiler(t)
	for path, operations := range described(t).Paths {
		if _, writes := operations["post"]; !writes {
			continue
		}
		order := map[string]any{"unknown": 1}
		require.Error(t, schemas(pointer(path, "post", "requestBody")).Validate(order), path)
		answer := p.ask(request{"POST", path, []byte(`{"unknown":1}`)})
		require.Equal(t, 400, answer.status, path)
		require.NoError(t, schemas(pointer(path, "post", "responses", "400")).Validate(answer.value(t)), path)
	}
	for _, r := range []request{{"POST", "/sim/redeliver", []byte(`{"id":7}`)}, {"GET", "/sim/outcome?id=7", nil}, {"GET", "/sim/outcome?id=x", nil}} {
		answer := p.ask(r)
		require.Equal(t, 404, answer.status)
		path, _, _ := strings.Cut(r.path, "?")
		require.NoError(t, schemas(pointer(path, strings.ToLower(r.method), "responses", "404")).Validate(answer.value(t)))
	}
	require.Equal(t, 400, p.ask(request{"POST", "/sim/users", []byte(`{"name":"nobody"}`)}).status, "it needs an id")
	require.Equal(t, 400, p.ask(request{"POST", "/sim/manners", []byte(`{"reading":"2027-01"}`)}).status)
	require.Equal(t, 400, p.ask(request{"POST", "/sim/faults", []byte(`{"kind":"earthquake"}`)}).status)
}

type request struct {
	method, path string
	body         []byte
}

type reply struct {
	status int
	body   []byte
}

func (r reply) value(t *testing.T) any {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.body))
	require.NoError(t, err, string(r.body))
	return v
}

// examples are the requests that the description has of an operation, each held to its own schema. What ends a bad day comes last.
func (p *program) examples(method, path string) map[string]request {
	o := described(p.t).Paths[path][method]
	if method == "get" {
		query := url.Values{}
		for _, one := range o.Parameters {
			query.Set(one.Name, fmt.Sprint(one.Example))
		}
		return map[string]request{"": {"GET", path + "?" + query.Encode(), nil}}
	}
	all := map[string]request{}
	for name, e := range o.RequestBody.Content["application/json"].Examples {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(e.Value))
		require.NoError(p.t, err)
		require.NoError(p.t, compiler(p.t)(pointer(path, method, "requestBody")).Validate(v), "%s %s", path, name)
		all[name] = request{"POST", path, e.Value}
	}
	require.NotEmpty(p.t, all, "%s has an example", path)
	return all
}

func (p *program) ask(r request) reply {
	ask, err := http.NewRequestWithContext(p.t.Context(), r.method, p.url+r.path, bytes.NewReader(r.body))
	require.NoError(p.t, err)
	response, err := http.DefaultClient.Do(ask)
	require.NoError(p.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	return reply{response.StatusCode, body}
}

// pointer is where in the description the schema of a part of an operation stands.
func pointer(path, method string, part ...string) string {
	at := append([]string{"paths", strings.NewReplacer("~", "~0", "/", "~1").Replace(path), method}, append(part, "content", "application~1json", "schema")...)
	return strings.Join(at, "/")
}

// compiler makes schemas of the description's own.
func compiler(t *testing.T) func(at string) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(description))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("https://slacksim.test/openapi.json", doc))
	return func(at string) *jsonschema.Schema {
		s, err := c.Compile("https://slacksim.test/openapi.json#/" + at)
		require.NoError(t, err, at)
		return s
	}
}

// storyApp answers what the examples do: a card for a command, a form for a click, options for a menu.
func (p *program) storyApp() {
	p.runs(func(api *slack.Client, client *socketmode.Client, e socketmode.Event) {
		switch data := e.Data.(type) {
		case slack.SlashCommand:
			_, _, err := api.PostMessage("C0GENERAL", slack.MsgOptionText("a card", false), slack.MsgOptionBlocks(goButton()))
			require.NoError(p.t, err)
			_ = client.Ack(*e.Request, map[string]any{"text": "you typed " + data.Text})
		case slack.InteractionCallback:
			var payload []any
			switch data.Type {
			case slack.InteractionTypeBlockActions:
				if data.View.ID == "" && data.Channel.ID == "C0GENERAL" && data.ActionCallback.BlockActions[0].ActionID == "go" {
					_, err := api.OpenView(data.TriggerID, storyForm())
					require.NoError(p.t, err)
				}
			case slack.InteractionTypeBlockSuggestion:
				payload = []any{map[string]any{"options": []any{slack.NewOptionBlockObject("101", slack.NewTextBlockObject("plain_text", data.Value, false, false), nil)}}}
			}
			_ = client.Ack(*e.Request, payload...)
		default:
			if e.Request != nil && e.Request.EnvelopeID != "" {
				_ = client.Ack(*e.Request)
			}
		}
	})
}

func goButton() slack.Block {
	return slack.NewActionBlock("", slack.NewButtonBlockElement("go", "12", slack.NewTextBlockObject("plain_text", "Go", false, false)))
}

func storyForm() slack.ModalViewRequest {
	text := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	menu := slack.NewOptionsSelectBlockElement("external_select", text("Which"), "site")
	menu.MinQueryLength = new(int)
	why := slack.NewInputBlock("why", text("Why"), nil, slack.NewPlainTextInputBlockElement(nil, "why"))
	site := slack.NewInputBlock("where", text("Website"), nil, menu)
	earlier := slack.NewActionBlock("more", slack.NewButtonBlockElement("earlier", "1", text("Earlier")))
	return slack.ModalViewRequest{Type: "modal", Title: text("Why"), Submit: text("Send"), NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{why, site, earlier}}}
}
