package web

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// Slack's lists are each workspace's own, and a token for a whole organization says of which it asks: these take
// the workspace's id, or "" with a token that has only one.

// teams reads one page of the workspaces that a token for an organization works in.
func (s *Client) teams(ctx context.Context, cursor string) (ids []string, next string, err error) {
	err = s.call(ctx, methodTeams, func(ctx context.Context) error {
		page, more, err := s.client.ListTeamsContext(ctx, slack.ListTeamsParameters{Limit: teamsPage, Cursor: cursor})
		if err != nil {
			return err
		}
		ids, next = make([]string, len(page)), more
		for i, t := range page {
			ids[i] = t.ID
		}
		return fitTeams(page)
	})
	return ids, next, err
}

// groupIn lists the members of a user group of one workspace.
func (s *Client) groupIn(ctx context.Context, team string, id approvals.GroupID) ([]string, error) {
	var members []string
	err := s.call(ctx, methodGroup, func(ctx context.Context) (err error) {
		members, err = s.client.GetUserGroupMembersContext(ctx, string(id), slack.GetUserGroupMembersOptionTeamID(team))
		if err == nil {
			err = fitMembers(members)
		}
		return err
	})
	return members, err
}

// handles are a workspace's user groups as people mention them, each under its id.
func (s *Client) handles(ctx context.Context, team string) (map[approvals.GroupID]string, error) {
	all := map[approvals.GroupID]string{}
	err := s.call(ctx, methodGroups, func(ctx context.Context) error {
		groups, err := s.client.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionTeamID(team))
		if err != nil {
			return err
		}
		for _, g := range groups {
			if !groupShape.MatchString(g.ID) {
				return fits(false)
			}
			all[approvals.GroupID(g.ID)] = handleOf(g)
		}
		return nil
	})
	return all, err
}

func handleOf(g slack.UserGroup) string {
	if g.Handle == "" {
		return g.Name
	}
	return "@" + g.Handle
}

// channels reads one page of a workspace's channels, as far as the bot can see them.
func (s *Client) channels(ctx context.Context, team, cursor string) (page []slack.Channel, next string, err error) {
	err = s.call(ctx, methodChannels, func(ctx context.Context) (err error) {
		page, next, err = s.client.GetConversationsContext(ctx, &slack.GetConversationsParameters{
			Cursor: cursor, Limit: channelsPage, Types: []string{"public_channel", "private_channel"}, TeamID: team})
		if err == nil {
			err = fitRooms(page)
		}
		return err
	})
	return page, next, err
}
