package policy

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// typed reads the line that asks for a bundle as it is typed in Slack: its name, whom it is for, for how long. The names of the
// person and the reason change no verdict.
func (q Question) typed() Question {
	words := q.Given[1:]
	if i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, "because") }); i >= 0 {
		words = words[:i]
	}
	q.Given = nil
	for i, w := range words {
		key, value, set := strings.Cut(w, "=")
		switch {
		case i == 0:
			q.Bundle = w
		case set && key == "for":
			q.Given = append(q.Given, "lasts="+value)
		case set:
			q.Given = append(q.Given, w)
		case strings.Contains(w, "@"):
			q.For = strings.TrimPrefix(w, "@")
		}
	}
	return q
}

// explainBundle explains each item of a bundle as if it were asked by itself, and then what becomes of all of it.
func (q Question) explainBundle(ctx context.Context, cfg *config.Config, people approvals.Directory) error {
	all := cfg.Bundled()
	i := slices.IndexFunc(all, func(b approvals.Bundle) bool {
		return strings.EqualFold(b.ID, q.Bundle) || strings.EqualFold(b.Name, q.Bundle)
	})
	if i < 0 {
		return terminal.Wrong(fmt.Sprintf("usher: there's no bundle %s in %s", terminal.Quoted(q.Bundle), q.Config))
	}
	var lines []string
	var each []outcome
	for n, item := range all[i].Items {
		one := q
		one.App, one.Action = item.App, string(item.Action)
		s, err := one.situation(cfg)
		if err != nil {
			return err
		}
		form, _ := s.App.Entry.Action(s.Action)
		s.Values = valuesOf(form, item)
		if s, err = one.looked(ctx, cfg, people, s); err != nil {
			return err
		}
		o := decide(cfg, s)
		each = append(each, o)
		lines = append(append(lines, fmt.Sprintf("%d. %s in %s%s", n+1, item.Action, item.App, given(s.Values))), append(indented(o.told(s)), "")...)
	}
	_, err := io.WriteString(q.Out, strings.Join(append(lines, whole(all[i], each)...), "\n")+"\n")
	return err
}

// valuesOf are the values of an item as conditions see them.
func valuesOf(form catalog.Action, i approvals.BundleItem) (out catalog.Values) {
	for _, v := range i.Values {
		f, _ := form.Field(v.Key)
		if len(v.Typed) > 0 {
			v.Items = config.ItemsOf(f, v.Typed)
		}
		v.Typed = nil
		out = append(out, v)
	}
	return out
}

// given are the values of an item, as one would write them.
func given(values catalog.Values) (out string) {
	for _, v := range values {
		var ids []string
		for _, i := range v.Items {
			ids = append(ids, i.ID)
		}
		out += fmt.Sprintf(" %s=%s", v.Key, strings.Join(ids, ","))
	}
	return out
}

func indented(lines []string) (out []string) {
	for _, l := range lines {
		if l != "" {
			l = "   " + l
		}
		out = append(out, l)
	}
	return out
}

// whole says what becomes of all of a bundle: what one of its items is refused, all of it is.
func whole(b approvals.Bundle, each []outcome) []string {
	var refused, open, asks []string
	for n, o := range each {
		no := fmt.Sprint(n + 1)
		switch {
		case o.choice.None, !o.choice.Open && o.choice.Policy.Refusal != "":
			refused = append(refused, no)
		case o.choice.Open:
			open = append(open, no)
		case !o.choice.Policy.Auto:
			asks = append(asks, no)
		}
	}
	says := fmt.Sprintf("“%s” is decided as one: ", b.Name)
	switch {
	case len(refused) > 0:
		return []string{says + fmt.Sprintf("it's refused, because of %s.", strings.Join(refused, ", "))}
	case len(open) > 0:
		return []string{says + fmt.Sprintf("what becomes of it depends on what isn't known here, of %s.", strings.Join(open, ", "))}
	case len(asks) == 0:
		return []string{says + "nobody is asked. It's set up at once, one thing after another."}
	}
	return []string{says + fmt.Sprintf("nothing of it is set up before %s %s approved, then one thing after another.", strings.Join(asks, ", "), are(len(asks))),
		"A no to one is a no to all."}
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are all"
}
