package web

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/slack-go/slack"
)

// An app on Slack's Enterprise Grid is installed in one workspace or for the whole organization. Installed
// for all of it, what people click comes with "team": null and the organization; and everywhere on a Grid
// somebody's home workspace may be another one than that in which they ask.

// Includes reports whether something was said where the bot works: in its workspace, or in its
// organization. Who may do what is not judged by that, but by who they are (foreign).
func (who Identity) Includes(team, enterprise string) bool {
	if team != "" && team == who.Team {
		return true
	}
	return who.Enterprise != "" && enterprise == who.Enterprise
}

// foreign reports whether somebody belongs elsewhere: to no workspace that the bot works for.
func (who Identity) foreign(u *slack.User) bool {
	if u.TeamID == "" || u.TeamID == who.Team || slices.Contains(u.Enterprise.Teams, who.Team) {
		return false
	}
	return !who.OrgWide || u.Enterprise.EnterpriseID != who.Enterprise
}

// orgHearing hears of auth.test what slack-go leaves out: whether the app is installed for the organization.
type orgHearing struct {
	client *http.Client
	wide   bool
}

// Do makes a request as *http.Client does. What cannot be read here slack-go will say.
func (h *orgHearing) Do(r *http.Request) (*http.Response, error) {
	resp, err := h.client.Do(r)
	if err != nil {
		return resp, err
	}
	body, err := peek(resp)
	if err != nil {
		return nil, err
	}
	var said struct {
		Wide bool `json:"is_enterprise_install"`
	}
	h.wide = json.Unmarshal(body, &said) == nil && said.Wide
	return resp, nil
}
