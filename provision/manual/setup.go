package manual

import (
	"maps"
	"slices"

	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

const (
	expectSetup   = "questions by their keys, each with asks and choices"
	expectAnswers = "answers with what each means, such as {none: \"…\", scim: \"…\"}, or a list such as [none, scim]"
)

// question is what a company is asked at set-up. Its answer picks steps.
type question struct {
	key     string
	asks    string
	choices []string
	says    map[string]string
}

// questions reads what a file asks at set-up.
func (d *Draft) questions(v strict.Value) {
	before := len(v.Problems)
	defer func() { d.unsure = d.unsure || len(v.Problems) > before }()
	for _, e := range v.Entries(expectSetup) {
		e.Name = "question " + e.Key
		if !wordShape.MatchString(e.Key) {
			e.Wrong(e.KeyAt, "a question is called %s; expected lower-case letters and _, at most 30 in all", terminal.Quoted(e.Key))
			continue
		}
		o := e.Object("asks and choices", "asks", "choices")
		q := &question{key: e.Key, asks: o.Need("asks", "the question, as a sentence").Printable(200, "the question, as a sentence of at most 200 characters"), says: map[string]string{}}
		q.answers(o.Need("choices", expectAnswers))
		d.setup = append(slices.DeleteFunc(d.setup, func(o *question) bool { return o.key == q.key }), q)
	}
}

// answers reads the answers that a question has: a list of words, or words with what each means.
func (q *question) answers(v strict.Value) {
	if v.IsList() {
		for _, i := range v.List("the answer", expectAnswers) {
			if word, ok := i.Text("a word such as scim"); ok {
				q.choices = append(q.choices, word)
			}
		}
		return
	}
	for _, c := range v.Entries(expectAnswers) {
		q.choices, q.says[c.Key] = append(q.choices, c.Key), c.Printable(200, expectText)
	}
}

// Answers are what a company said at set-up, by the keys of the questions.
type Answers map[string]string

// Setup reads what a company says at set-up, at app's key setup; what isn't said is missing there.
func (d *Draft) Setup(app, setup strict.Value) Answers {
	said := Answers{}
	if d.unsure {
		return said
	}
	if len(d.setup) == 0 {
		if setup.Given() {
			setup.Wrong(setup.At, "%s asks nothing at set-up; leave setup out", d.Template)
		}
		return said
	}
	var keys []string
	for _, q := range d.setup {
		keys = append(keys, q.key)
	}
	o := setup.Beside(keys, "the answers to what "+d.Template+" asks at set-up: "+strict.Among(keys))
	for _, q := range d.setup {
		v := o.Get(q.key)
		switch {
		case v.Given():
			said[q.key] = v.OneOf(q.choices...)
		case !setup.Given():
			app.Wrong(app.At, "%s has no setup, and %s asks: %s Expected setup: {%s: …} with %s", app.Name, d.Template, q.asks, q.key, q.words())
		default:
			o.Need(q.key, q.words()+". "+q.asks)
		}
	}
	return said
}

// words are the answers there are, each with what it means.
func (q question) words() string {
	var list []string
	for _, c := range q.choices {
		if says := q.says[c]; says != "" {
			c += " (" + says + ")"
		}
		list = append(list, c)
	}
	return strict.Among(list)
}

// applies reports whether a step is for who answered so; what it asks of an answer there isn't is reported.
func (d *Draft) applies(s *step, said Answers) bool {
	if d.unsure {
		return true
	}
	for _, key := range slices.Sorted(maps.Keys(s.setup)) {
		at, wants := s.at("setup."+key), s.setup[key]
		i := slices.IndexFunc(d.setup, func(q *question) bool { return q.key == key })
		if i < 0 {
			var keys []string
			for _, q := range d.setup {
				keys = append(keys, q.key)
			}
			at.Wrong(at.At, "nothing is asked at set-up under %s; %s", terminal.Quoted(key), suggested(key, keys))
			return true
		}
		for _, w := range wants {
			if !slices.Contains(d.setup[i].choices, w) {
				at.Wrong(at.At, "%s has no answer %s; %s", key, terminal.Quoted(w), strict.Suggest(w, d.setup[i].choices))
			}
		}
		if answer, ok := said[key]; ok && answer != "" && !slices.Contains(wants, answer) {
			return false
		}
	}
	return true
}

// suggested is what was likely meant, where there is anything to mean.
func suggested(typed string, words []string) string {
	if len(words) == 0 {
		return "there is nothing that could stand there"
	}
	return strict.Suggest(typed, words)
}
