package slacksim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call is one Web API call while it is answered.
type call struct {
	method  string
	args    map[string]any // form values are strings; JSON bodies bring any type
	token   string
	header  bool   // the token came as Bearer header
	base    string // scheme, host and port the call came to
	warning string
}

const maxBody = 4 << 20

// readCall takes arguments from the query, a form or a JSON body, as Slack does.
func readCall(r *http.Request) (*call, error) {
	c := &call{method: strings.TrimPrefix(r.URL.Path, "/api/"), args: map[string]any{}, base: baseURL(r)}
	c.addForm(r.URL.Query())
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.token, c.header = bearer, true
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return c, fail("request_timeout")
	}
	if err := c.readBody(r, body); err != nil {
		return c, err
	}
	if token := str(c.args["token"]); token != "" && !c.header {
		c.token = token
	}
	return c, nil
}

func (c *call) readBody(r *http.Request, body []byte) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
		return nil
	case err != nil:
		return fail("missing_post_type")
	case kind == "application/json":
		if params["charset"] == "" {
			c.warning = "missing_charset"
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		if decoder.Decode(&c.args) != nil {
			return fail("invalid_json")
		}
		delete(c.args, "token") // a token counts in a form or a header only
		return nil
	case kind == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return fail("invalid_form_data")
		}
		c.addForm(values)
		return nil
	case kind == "multipart/form-data":
		return c.readMultipart(r, body)
	}
	return fail("invalid_post_type")
}

func (c *call) readMultipart(r *http.Request, body []byte) error {
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err := r.ParseMultipartForm(maxBody); err != nil {
		return fail("invalid_form_data")
	}
	c.addForm(r.MultipartForm.Value)
	return nil
}

func (c *call) addForm(values url.Values) {
	for key := range values {
		c.args[key] = values.Get(key)
	}
}

// str reads an argument as text; JSON numbers and booleans are spelt out.
func (c *call) str(key string) string {
	switch v := c.args[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// flag reads a boolean argument: true, 1, "true", "1".
func (c *call) flag(key string) bool {
	v := c.str(key)
	return v == "true" || v == "1"
}

// has tells whether an argument was given at all.
func (c *call) has(key string) bool {
	v, ok := c.args[key]
	return ok && v != nil && v != ""
}

// decode reads a structured argument: native in a JSON body, JSON text in a form.
func (c *call) decode(key string, into any) error {
	text, ok := c.args[key].(string)
	if !ok {
		raw, err := json.Marshal(c.args[key])
		if err != nil {
			return err
		}
		text = string(raw)
	}
	return json.Unmarshal([]byte(text), into)
}

// words reads a comma-separated argument, or a JSON array.
func (c *call) words(key string) []string {
	if items, ok := c.args[key].([]any); ok {
		var words []string
		for _, i := range items {
			words = append(words, str(i))
		}
		return words
	}
	var words []string
	for _, w := range strings.Split(c.str(key), ",") {
		if w = strings.TrimSpace(w); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// apiError is an answer with ok:false.
type apiError struct {
	code     string
	messages []string       // go to response_metadata.messages
	extra    map[string]any // further top-level keys
}

func (e *apiError) Error() string { return e.code }

func fail(code string, messages ...string) *apiError {
	return &apiError{code: code, messages: messages}
}

func missing(argument string) *apiError {
	return fail("invalid_arguments", "[ERROR] missing required field: "+argument)
}
