package web

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// PublishHome shows somebody a Home in the place of what they see there, and answers its state. Where the state of that is
// not hash any more nothing is changed, and the error is Stale; without a hash it is changed whatever its state.
func (s *Client) PublishHome(ctx context.Context, who approvals.PersonID, view slack.HomeTabViewRequest, hash string) (shown string, err error) {
	request := slack.PublishViewContextRequest{UserID: string(who), View: view}
	if hash != "" {
		request.Hash = &hash
	}
	err = s.call(ctx, methodPublish, func(ctx context.Context) error {
		v, err := s.client.PublishViewContext(ctx, request)
		if err == nil {
			err = fits(v.Hash != "" && v.Type == slack.VTHomeTab && v.CallbackID == view.CallbackID)
		}
		if err == nil {
			shown = v.Hash
		}
		return err
	})
	return shown, err
}

// Homeless reports whether there is no Home to show somebody anything in, and trying again is of no use: the tab is off in
// the app's settings, or Slack does not know the person any more.
func Homeless(err error) bool {
	return IsCode(err, "not_enabled") || FaultOf(err) == NoPerson
}
