package world

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/door"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/sim/wire"
)

// Line is one exchange, as the log shows it folded.
type Line struct {
	N         int       `json:"n"`
	At        time.Time `json:"at"`
	Took      float64   `json:"took_ms"`
	Neighbour string    `json:"neighbour"`
	Kind      wire.Kind `json:"kind"`
	// In: the neighbour began it.
	In     bool   `json:"in"`
	Method string `json:"method"` // in its own words: chat.update, POST /v1/…, slash_commands, ack
	Status int    `json:"status,omitempty"`
	Cut    bool   `json:"cut,omitempty"`
	Say    string `json:"say"`
	// Request is the number of the request that it is about; 0: of none, or that can't be known.
	Request int64 `json:"request,omitempty"`
	// Wrong: it didn't do what was wanted.
	Wrong bool `json:"wrong,omitempty"`
	// unknown: nobody has written a sentence for it.
	unknown bool
}

// teller makes lines of exchanges, each once, in the order in which they were over, because what one means may depend on what was before.
type teller struct {
	mu     *sync.Mutex
	names  names
	vendor *vendorsim.Vendor
	lines  []Line
	last   int
	// sent are the envelopes that aren't acknowledged yet, by their ids; a line's number and what Slack asked.
	sent map[string]envelope
	// asking is who gets what is posted to a response URL, by its path.
	asking map[string]string
	// stands is what stands in Slack, by channel and ts; about are the latest requests about an address; held are addresses of accounts.
	stands map[string]thing
	about  map[string]int64
	held   map[int64]string
}

// thing is what Usher has put into Slack.
type thing struct {
	what    string // #1's card
	request int64
}

func newTeller(slack *slacksim.Server, vendor *vendorsim.Vendor) teller {
	return teller{mu: &sync.Mutex{}, names: names{slack}, vendor: vendor,
		sent: map[string]envelope{}, asking: map[string]string{}, stands: map[string]thing{}, about: map[string]int64{}, held: map[int64]string{}}
}

// forgets is how many things it keeps in mind of each sort: far more than the lines that there are.
const forgets = 5 * wire.MostKept

// tell takes in what was over since.
func (t *teller) tell(log *wire.Log) {
	for _, x := range log.After(t.last) {
		if len(t.sent)+len(t.asking)+len(t.stands)+len(t.about) > forgets {
			clear(t.sent)
			clear(t.asking)
			clear(t.stands)
			clear(t.about)
		}
		t.last = x.N
		t.lines = append(t.lines, t.line(x))
	}
	if extra := len(t.lines) - wire.MostKept; extra > 0 {
		t.lines = slices.Delete(t.lines, 0, extra)
	}
}

// line is an exchange as a line.
func (t *teller) line(x wire.Exchange) Line {
	l := Line{N: x.N, At: x.At.UTC(), Took: float64(x.Took.Microseconds()) / 1000, Neighbour: x.Neighbour, Kind: x.Kind, In: x.In, Status: x.Status, Cut: x.Cut}
	switch {
	case x.Kind == wire.Hand:
		l.Say, l.Method = x.Said, "by hand"
	case x.Kind == wire.Frame && x.In:
		t.envelope(x, &l)
	case x.Kind == wire.Frame:
		t.ack(x, &l)
	case x.Neighbour == "slack":
		t.asked(x, &l)
	default:
		t.dealt(x, &l)
	}
	return l
}

// serveCalls lists the lines after a number, the oldest first: the last of them where there are many. neighbour, request and wrong choose among them.
func (w *World) serveCalls(out http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	after, _ := strconv.Atoi(q.Get("after")) // 0 where nothing is said
	request, _ := strconv.ParseInt(strings.TrimPrefix(q.Get("request"), "#"), 10, 64)
	most, err := strconv.Atoi(q.Get("most"))
	if err != nil || most < 1 || most > wire.MostKept {
		most = 300
	}
	w.teller.mu.Lock()
	defer w.teller.mu.Unlock()
	w.teller.tell(w.Wire)
	list := []Line{}
	for _, l := range w.teller.lines {
		if l.N > after && (request == 0 || l.Request == request) && (q.Get("neighbour") == "" || l.Neighbour == q.Get("neighbour")) && (q.Get("wrong") == "" || l.Wrong) {
			list = append(list, l)
		}
	}
	door.Answer(out, http.StatusOK, map[string]any{"calls": list[max(0, len(list)-most):], "last": w.teller.last})
}

// part is a direction of an exchange with its bytes as text.
type part struct {
	Header []string `json:"header"`
	Body   string   `json:"body"`
	More   int      `json:"more,omitempty"` // bytes that aren't shown
}

func partOf(p wire.Part) part {
	return part{Header: append([]string{}, p.Header...), Body: strings.ToValidUTF8(string(p.Body), "\uFFFD"), More: p.More}
}

// serveCall is an exchange unfolded: the bytes that passed.
func (w *World) serveCall(out http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	x, known := w.Wire.Get(n)
	if err != nil || !known {
		refuse(out, http.StatusNotFound, "This call is no longer kept: only the last %d are.", wire.MostKept)
		return
	}
	door.Answer(out, http.StatusOK, map[string]any{"n": x.N, "method": x.Method, "url": x.URL, "link": x.Link, "status": x.Status, "cut": x.Cut,
		"took_ms": float64(x.Took.Microseconds()) / 1000, "ask": partOf(x.Ask), "answer": partOf(x.Answer)})
}

// argsOf are the arguments of a call of Slack's: in the query, a form or JSON.
func argsOf(x wire.Exchange) map[string]any {
	args := map[string]any{}
	form := func(v url.Values) {
		for k := range v {
			args[k] = v.Get(k)
		}
	}
	if at, err := url.Parse(x.URL); err == nil {
		form(at.Query())
	}
	if json.Unmarshal(x.Ask.Body, &args) == nil {
		return args
	}
	if v, err := url.ParseQuery(string(x.Ask.Body)); err == nil {
		form(v)
	}
	for k, v := range args { // what is structured stands as JSON in a form
		text, _ := v.(string)
		var deep any
		if (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && json.Unmarshal([]byte(text), &deep) == nil {
			args[k] = deep
		}
	}
	return args
}

// object, text and list read what was decoded from JSON; what isn't there is empty.
func object(v any) map[string]any { m, _ := v.(map[string]any); return m }
func text(v any) string           { s, _ := v.(string); return s }
func list(v any) []any            { l, _ := v.([]any); return l }

// body is JSON as an object; nil: it's none.
func body(p wire.Part) (m map[string]any) {
	_ = json.Unmarshal(p.Body, &m) // what is cut or no JSON has nothing to say
	return m
}
