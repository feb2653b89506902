package web

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
)

// A token for a whole organization works in every workspace that the app has been added to. A user group or a
// channel's name is looked for in one after another, since Slack has no list of all of them. What each said is
// remembered, so that a search that is cut short, by a limit of Slack's or by time, goes on where it ended.

const (
	// workspacesFor is how long it is remembered which workspaces there are, and what is in none of them.
	workspacesFor = 10 * time.Minute
	// homesFor is how long a group is asked for first where it was.
	homesFor = 24 * time.Hour
)

// Words for what Slack has none for: a channel's name that two workspaces know, and an app that has been added
// to no workspace of its organization.
const (
	TwoChannels = "channel_in_two_workspaces"
	NoWorkspace = "app_in_no_workspace"
)

// organization is what is known of its workspaces.
type organization struct {
	teams *memory[struct{}, []string]
	homes *memory[approvals.GroupID, string]
	// without are the groups that a workspace said it has not, and rooms the channel of a name that it has; "": none.
	without *memory[within, bool]
	rooms   *memory[within, string]
}

// within is a group's id or a channel's name in one workspace.
type within struct{ team, what string }

func newOrganization(now func() time.Time) organization {
	return organization{
		teams:   &memory[struct{}, []string]{keep: workspacesFor, now: now},
		homes:   &memory[approvals.GroupID, string]{keep: homesFor, now: now},
		without: &memory[within, bool]{keep: workspacesFor, now: now},
		rooms:   &memory[within, string]{keep: workspacesFor, now: now},
	}
}

// workspaces are the ids to name in questions that want one: "" alone where the token has but one workspace.
func (s *Client) workspaces(ctx context.Context) ([]string, error) {
	if known, ok := s.org.teams.get(struct{}{}); ok {
		return known, nil
	}
	return ask(ctx, s, "which workspaces there are", func(ctx context.Context) ([]string, error) {
		who, err := s.Identity(ctx)
		if err != nil {
			return nil, err
		}
		all := []string{""}
		if who.OrgWide {
			all, err = s.allTeams(ctx)
		}
		if err == nil {
			s.org.teams.put(struct{}{}, all)
		}
		return all, err
	})
}

func (s *Client) allTeams(ctx context.Context) ([]string, error) {
	var all []string
	cursor := ""
	for range mostPages {
		page, next, err := s.teams(ctx, cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == "" && len(all) == 0 {
			return nil, &Error{Method: methodTeams, Fault: Misconfigured, Code: NoWorkspace}
		}
		if next == "" {
			return all, nil
		}
		cursor = next
	}
	return nil, &Error{Method: methodTeams, Fault: Unknown, Code: "wrong answer", Cause: ErrMisfit}
}

// inEach asks one workspace after another until look has found all it wants. One that says no ends nothing: what
// is looked for may be in the next. But where it was not found, that no is the answer, and not "nowhere".
func (s *Client) inEach(ctx context.Context, look func(team string) (enough bool, err error)) error {
	teams, err := s.workspaces(ctx)
	if err != nil {
		return err
	}
	var doubt error
	for _, team := range teams {
		enough, err := look(team)
		switch {
		case err != nil && !saysNo(err):
			return err
		case err == nil && enough:
			return nil
		case doubt == nil:
			doubt = err
		}
	}
	if IsCode(doubt, "team_access_not_granted") && teams[0] != "" {
		// Slack listed it as one of ours. One of the two answers is wrong, or has been overtaken: it is asked anew.
		s.org.teams.forget()
		return &Error{Method: methodTeams, Fault: Unknown, Code: "wrong answer", Cause: ErrMisfit}
	}
	return doubt
}

func saysNo(err error) bool {
	fault := FaultOf(err)
	return fault == Declined || fault == Misconfigured
}

// group lists the members of a user group, in whichever workspace it is.
func (s *Client) group(ctx context.Context, id approvals.GroupID) (members []string, err error) {
	if home, ok := s.org.homes.get(id); ok && home != "" {
		if members, err = s.groupIn(ctx, home, id); err == nil || !saysNo(err) {
			return members, err
		}
	}
	found := false
	err = s.inEach(ctx, func(team string) (_ bool, err error) {
		at := within{team, string(id)}
		if _, none := s.org.without.get(at); none {
			return false, nil
		}
		members, err = s.groupIn(ctx, team, id)
		found = err == nil
		switch {
		case found:
			s.org.homes.put(id, team)
		case IsCode(err, noSuchGroup):
			if team != "" {
				s.org.without.put(at, true)
			}
			return false, nil
		}
		return found, err
	})
	if err == nil && !found {
		err = &Error{Method: methodGroup, Fault: Declined, Code: noSuchGroup}
	}
	return members, err
}

// noSuchGroup is Slack's word for a user group that a workspace does not have.
const noSuchGroup = "no_such_subteam"
