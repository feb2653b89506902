package register

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Elsewhere is how people stand in directories beside Slack. An error means that it isn't known of anybody: nothing is found by it then, and
// nothing that was found is over.
type Elsewhere interface {
	Standings(ctx context.Context) (Standings, error)
}

// Standings is how people stand in every directory beside Slack.
type Standings struct {
	// Of is how who has an address stands, by folded address, in each directory that has them.
	Of map[string][]Standing
	// Unsure are directories that haven't answered for days: they say nothing of anybody.
	Unsure []string
}

// Standing is how somebody stands in one directory. It is stored as JSON.
type Standing struct {
	Directory string `json:"directory"`
	// Off says that they were switched off there, since Since; zero: it isn't known since when.
	Off   bool      `json:"off,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Addresses are all of theirs there, folded.
	Addresses []string `json:"-"`
}

// slackName is what the directory of the workspace is called.
const slackName = "Slack"

// known is who is in the workspace, beside how they stand elsewhere.
func (g *Register) known(ctx context.Context, people []approvals.Person) (Directory, error) {
	d := NewDirectory(people)
	if g.Elsewhere == nil {
		return d, nil
	}
	var err error
	if d.Elsewhere, err = g.Elsewhere.Standings(ctx); err != nil {
		return d, fmt.Errorf("find out how people stand elsewhere: %w", err)
	}
	return d, nil
}

// also is who somebody is in the workspace by another address of theirs, which another directory vouches for.
func (d Directory) also(key string) approvals.Person {
	for _, s := range d.Elsewhere.Of[key] {
		for _, a := range s.Addresses {
			if p := d.ByEmail[a]; p.ID != "" {
				return p
			}
		}
	}
	return approvals.Person{}
}

// there reports whether a directory has somebody under an address who is active in it.
func (d Directory) there(key string) bool {
	return slices.ContainsFunc(d.Elsewhere.Of[key], func(s Standing) bool { return !s.Off })
}

// elsewhere finds of one address that somebody is switched off in a directory though they are active in Slack or aren't there at all; and
// of who was deactivated in Slack that a directory has them as active. Where it isn't known who is in the workspace it finds nothing.
func (c comparing) elsewhere(f Finding, key string, who approvals.Person) (Finding, bool) {
	if len(c.people.ByID) == 0 {
		return f, false
	}
	for _, s := range c.people.Elsewhere.Of[key] {
		s.Addresses = nil
		f.Stands = append(f.Stands, s)
	}
	if who.ID != "" {
		f.Stands = append(f.Stands, Standing{Directory: slackName, Off: !who.Active})
	}
	off := func(s Standing) bool { return s.Off && s.Directory != slackName }
	on := func(s Standing) bool { return !s.Off && s.Directory != slackName }
	switch {
	case who.ID != "" && !who.Active && slices.ContainsFunc(f.Stands, on):
		f.Kind = OffInSlack
	case (who.ID == "" || who.Active) && slices.ContainsFunc(f.Stands, off):
		f.Kind = OffElsewhere
	default:
		return f, false
	}
	return f, true
}

// sayStands is how somebody stands, in words: where they are off, since when, and where they aren't.
func (f Finding) sayStands() approvals.Text {
	var off approvals.Text
	var on []string
	for _, s := range f.Stands {
		if !s.Off {
			on = append(on, s.Directory)
			continue
		}
		if off != nil {
			off = approvals.Sayf("%v and ", off)
		}
		if off = approvals.Sayf("%voff in %v", off, s.Directory); !s.Since.IsZero() {
			off = approvals.Sayf("%v since %v", off, s.Since)
		}
	}
	switch {
	case len(on) > 0:
		return approvals.Sayf("%v, active in %v, and still has it.", off, strings.Join(on, " and "))
	case !slices.ContainsFunc(f.Stands, func(s Standing) bool { return s.Directory == slackName }):
		return approvals.Sayf("%v, not in Slack, and still has it.", off)
	}
	return approvals.Sayf("%v, and still has it.", off)
}

// unsure reports whether a finding rests on a directory that can't say any more how somebody stands.
func (f Finding) unsure(directories []string) bool {
	return slices.ContainsFunc(f.Stands, func(s Standing) bool { return slices.Contains(directories, s.Directory) })
}
