package web

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

const (
	everybodyPage = 500
	// mostEverybody is how many pages are read at most, and everybodyWaits how long Slack may have us wait for one.
	mostEverybody  = 200
	everybodyWaits = time.Minute
)

// Everybody is everybody Slack knows, those who have left too: for comparing a whole list at once, where a question for each of
// its addresses would take longer than anybody waits. All that is remembered of it is who is a full member. An error means that it is not whole.
func (d *Directory) Everybody(ctx context.Context) ([]approvals.Person, error) {
	us, err := d.slack.Identity(ctx)
	if err != nil {
		return nil, err
	}
	teams, err := d.slack.workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var all []approvals.Person
	known := map[approvals.PersonID]bool{}
	for _, team := range teams {
		if err := d.slack.eachUser(ctx, team, func(u *slack.User, turn int) {
			p := personOf(u, us)
			d.slack.news.listed(p, turn, func() { d.enrol(p) })
			if !known[p.ID] {
				known[p.ID] = true
				all = append(all, p)
			}
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// eachUser reads a workspace's people page by page. turn is that of the news before a page was asked for.
func (s *Client) eachUser(ctx context.Context, team string, each func(u *slack.User, turn int)) error {
	cursor := ""
	for range mostEverybody {
		turn := s.news.now()
		page, next, err := s.users(ctx, team, cursor)
		if limited, ok := errors.AsType[*Error](err); ok && limited.Fault == Limited && limited.After <= everybodyWaits {
			if err := Pause(ctx, limited.After); err != nil {
				return &Error{Method: methodUsers, Fault: NotSent, Code: "gave up waiting", Cause: err}
			}
			continue
		}
		if err != nil {
			return err
		}
		for i := range page {
			each(&page[i], turn)
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
	return &Error{Method: methodUsers, Fault: Unknown, Code: "wrong answer", Cause: ErrMisfit}
}

// users reads one page of a workspace's people.
func (s *Client) users(ctx context.Context, team, cursor string) (page []slack.User, next string, err error) {
	err = s.call(ctx, methodUsers, func(ctx context.Context) error {
		p, err := s.client.GetUsersPaginated(slack.GetUsersOptionLimit(everybodyPage), slack.GetUsersOptionTeamID(team),
			slack.GetUsersOptionCursor(cursor), slack.GetUsersOptionIncludeLocale(false)).Next(ctx)
		if err != nil {
			return err
		}
		page, next = p.Users, p.Cursor
		return fits(len(page)+len(next) > 0 && !slices.ContainsFunc(page, func(u slack.User) bool { return !personShape.MatchString(u.ID) }))
	})
	return page, next, err
}
