package google

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// User is somebody in the account.
type User struct {
	ID string
	// Suspended and Archived can't sign in, and who is Gone was deleted, at Deleted as far as that is said.
	Suspended, Archived, Gone bool
	Deleted, Created          time.Time
	// Primary is their address, and Aliases are further ones of the account's.
	Primary string
	Aliases []string
}

// The most that Google gives at once, and what is asked of each.
const (
	pageSize = "500"
	fields   = "kind,nextPageToken,users(id,primaryEmail,aliases,nonEditableAliases,suspended,archived,creationTime,deletionTime)"
	listKind = "admin#directory#users"
)

// mostPages is past what an account has: 500 people a page would be a million.
const mostPages = 2000

const readUsers = "read Google Workspace's users"

// Users is everybody, those who were deleted lately too, each once.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	token, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	here, err := c.list(ctx, token, false)
	if err != nil {
		return nil, err
	}
	deleted, err := c.list(ctx, token, true)
	if err != nil {
		return nil, err
	}
	return fetch.Once(func(u User) string { return u.ID }, here, deleted), nil
}

// First reads the first page alone: how many are on it, and whether there are more.
func (c *Client) First(ctx context.Context) (n int, more bool, err error) {
	token, err := c.token(ctx)
	if err != nil {
		return 0, false, err
	}
	page, next, err := c.page(ctx, token, false, "")
	return len(page), next != "", err
}

func (c *Client) address(deleted bool, page string) *url.URL {
	u := c.base.JoinPath("admin/directory/v1/users")
	q := url.Values{"maxResults": {pageSize}, "projection": {"full"}, "fields": {fields}}
	if c.domain != "" {
		q.Set("domain", c.domain)
	} else {
		q.Set("customer", "my_customer")
	}
	if deleted {
		q.Set("showDeleted", "true")
	}
	if page != "" {
		q.Set("pageToken", page)
	}
	u.RawQuery = q.Encode()
	return u
}

// list follows the pages of one list to its end.
func (c *Client) list(ctx context.Context, token apiclient.Secret, deleted bool) (out []User, err error) {
	seen := map[string]bool{}
	for at := ""; ; {
		page, next, err := c.page(ctx, token, deleted, at)
		if err != nil {
			return nil, err
		}
		for i := range page {
			page[i].Gone = deleted
		}
		if out = append(out, page...); next == "" {
			return out, nil
		}
		if seen[next] || len(seen) == mostPages {
			return nil, wrong(errors.New("the next page is one that was read already, or there are more than anybody has people"))
		}
		seen[next], at = true, next
	}
}

func wrong(cause error) *apiclient.Error {
	e := fetch.Failed(apiclient.Rejected, cause)
	e.Op = readUsers
	return e
}

func (c *Client) page(ctx context.Context, token apiclient.Secret, deleted bool, at string) (users []User, next string, err error) {
	_, err = c.read.Get(ctx, fetch.Call{Op: readUsers, URL: c.address(deleted, at), Scheme: "Bearer", Token: token, Judge: func(a fetch.Answer) *apiclient.Error {
		if a.Status != 200 {
			return refused(a)
		}
		var failed *apiclient.Error
		users, next, failed = read(a.Body, deleted)
		return failed
	}})
	return users, next, err
}

// read reads a page strictly: an entry without an id or without saying whether it is suspended makes it no page.
func read(body []byte, deleted bool) (users []User, next string, failed *apiclient.Error) {
	var answer struct {
		Kind  string `json:"kind"`
		Next  string `json:"nextPageToken"`
		Users []struct {
			ID        string     `json:"id"`
			Primary   string     `json:"primaryEmail"`
			Aliases   []string   `json:"aliases"`
			Fixed     []string   `json:"nonEditableAliases"`
			Suspended *bool      `json:"suspended"`
			Archived  bool       `json:"archived"`
			Created   *time.Time `json:"creationTime"`
			Deleted   *time.Time `json:"deletionTime"`
		} `json:"users"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, "", fetch.Failed(apiclient.Temporary, errors.New("the answer is no list of users"))
	}
	if answer.Kind != listKind {
		return nil, "", fetch.Failed(apiclient.Rejected, errors.New("the answer isn't a list of users"))
	}
	for _, u := range answer.Users {
		if u.ID == "" || u.Primary == "" || u.Suspended == nil && !deleted {
			return nil, "", fetch.Failed(apiclient.Rejected, errors.New("a user in the answer has no id or no address, or doesn't say whether they are suspended"))
		}
		user := User{ID: u.ID, Primary: u.Primary, Archived: u.Archived, Suspended: u.Suspended != nil && *u.Suspended, Aliases: append(u.Aliases, u.Fixed...)}
		if u.Created != nil {
			user.Created = u.Created.UTC()
		}
		if u.Deleted != nil {
			user.Deleted = u.Deleted.UTC()
		}
		users = append(users, user)
	}
	return users, answer.Next, nil
}
