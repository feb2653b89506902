package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Own is something to pick in a field of resources that is made of somebody's own words, and of nothing else.
type Own struct {
	// Typed is how one would write it in a list, and Words what it names, one after another.
	Typed string
	Words []string
}

// Owns is what a menu of somebody's own words offers them.
type Owns struct {
	// Typing is what they have typed into it by now: all of it where that is several, then each. Before are words of theirs from
	// earlier requests, the latest first.
	Typing, Before []Own
}

const (
	// mostBefore is how many words of earlier requests are offered, and searchedBefore in how many requests they are looked for.
	mostBefore     = 20
	searchedBefore = 100
	// longOwn is what is too long to be picked; of a page's address its beginning will do.
	longOwn = 140
)

// Own finds what somebody picks who may not read what vendors hold: what they type into a field of resources, and what
// they wrote in earlier requests of theirs while they mightn't either. What vendors hold is not looked at, so that neither
// the answer nor how long it takes can tell. Who may not ask, or can't be found out about, is offered nothing.
func (h *House) Own(ctx context.Context, by approvals.PersonID, d Draft, key, typed string) Owns {
	ctx, end := context.WithTimeout(ctx, lookFor)
	defer end()
	c, ok := h.speech().drafted(d)
	f, has := c.action.Field(key)
	if !ok || !has || f.Kind != catalog.Resources || h.Desk.MayAsk(ctx, by) != nil {
		return Owns{}
	}
	words := h.speech().resourcesIn(typed)
	for i := range words {
		words[i] = pickable(words[i])
	}
	out := Owns{}
	if len(words) > 1 {
		out.Typing = append(out.Typing, Own{written(words), words})
	}
	out.Typing = append(out.Typing, ownOf(words)...)
	beginning := ""
	if n := len(words); n > 0 && !strings.HasSuffix(strings.TrimSpace(typed), ",") {
		beginning = words[n-1]
	}
	out.Before = ownOf(h.before(ctx, by, c.app, f, beginning, words))
	return out
}

// before are the words of somebody's earlier requests for the same sort of resource that have something in them, the latest first.
// What they picked while they could see what there is was never theirs.
func (h *House) before(ctx context.Context, by approvals.PersonID, app approvals.App, f catalog.Field, part string, but []string) (words []string) {
	list, err := h.Desk.Requests(ctx, approvals.Filter{Of: by, All: true}, searchedBefore)
	if err != nil {
		return nil
	}
	known := func(word string, in []string) bool {
		return slices.ContainsFunc(in, func(o string) bool { return approvals.FoldName(o) == approvals.FoldName(word) })
	}
	for _, r := range list {
		if r.App.ID != app.ID || r.Said == nil || !r.Said.Blind {
			continue
		}
		for _, of := range r.Form().Resources() {
			said, _ := r.Said.Typed.Get(of.Key)
			for _, word := range said.Typed {
				if of.Resource == f.Resource && len(words) < mostBefore && strings.Contains(approvals.FoldName(word), approvals.FoldName(part)) && !known(word, but) && !known(word, words) {
					words = append(words, word)
				}
			}
		}
	}
	return words
}

// resourcesIn are the resources that somebody wrote, as they are read of a line.
func (s speech) resourcesIn(typed string) []string {
	words, _, _ := lex(typed)
	return (&line{speech: s}).items(words)
}

// ownOf is each of some words to pick by itself.
func ownOf(words []string) (out []Own) {
	for _, word := range words {
		out = append(out, Own{written([]string{word}), []string{word}})
	}
	return out
}

// pickable is a word that is short enough to be picked: of the address of a page, that of the page without what leads into it,
// or its beginning alone.
func pickable(word string) string {
	scheme, rest, isPage := strings.Cut(word, "://")
	if !isPage || len(word) <= longOwn {
		return word
	}
	if rest, _, _ = strings.Cut(rest, "?"); len(scheme)+len(rest) > longOwn {
		rest, _, _ = strings.Cut(rest, "/")
	}
	return scheme + "://" + rest
}

// ownWords fills a sheet with what somebody wrote into its fields of resources, who may not read what vendors hold; what
// somebody else picked for them is theirs from then on.
func (h *House) ownWords(s *Sheet) {
	s.Own = map[string][]Own{}
	for _, f := range s.Action.Resources() {
		if ids := s.Draft.Chosen[f.Key]; len(ids) > 0 {
			s.Draft.Typed[f.Key] = written(ids)
		}
		s.Own[f.Key] = ownOf(h.speech().resourcesIn(s.Draft.Typed[f.Key]))
	}
}
