package commands

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision/seranking"
)

// fourPermissions is SE Ranking's entry with a few of its permissions: all of them fill no answer that can be read.
func fourPermissions() *catalog.Entry {
	e := seranking.Entry()
	for i := range e.Actions {
		for k, f := range e.Actions[i].Fields {
			if f.Key != "access" {
				continue
			}
			var few []catalog.Choice
			for _, id := range []string{"report_manual", "report_scheduled", "audit_website", "hide_search_volume"} {
				c, _ := f.Choice(id)
				few = append(few, c)
			}
			e.Actions[i].Fields[k].Choices = few
		}
	}
	return e
}

// words are what can be said where SE Ranking alone is configured.
func words() speech {
	return speech{apps: []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: seranking.Entry()}}, main: "seranking", bundles: bundles()}
}

// parsed reads a line where SE Ranking alone is configured.
func parsed(text string) (Command, *Reply) { return parse(words(), text) }
