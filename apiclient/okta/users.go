package okta

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// Status is how far somebody is, by Okta's own words.
type Status string

// The statuses. One that isn't among them is taken as it comes.
const (
	Staged          Status = "STAGED"
	Provisioned     Status = "PROVISIONED"
	Active          Status = "ACTIVE"
	Recovery        Status = "RECOVERY"
	LockedOut       Status = "LOCKED_OUT"
	PasswordExpired Status = "PASSWORD_EXPIRED"
	Suspended       Status = "SUSPENDED"
	Deprovisioned   Status = "DEPROVISIONED"
)

// User is somebody in Okta.
type User struct {
	ID     string
	Status Status
	// Changed is since when that is their status, and Created when they came; zero: Okta doesn't say.
	Changed, Created time.Time
	// Login and Email are theirs; often they are the same.
	Login, Email string
}

// pageSize is the most that Okta gives at once.
const pageSize = 200

const readUsers = "read Okta's users"

// Users is everybody, those who were deactivated too, each once.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	here, err := c.list(ctx, "", true)
	if err != nil {
		return nil, err
	}
	off, err := c.list(ctx, `status eq "DEPROVISIONED"`, false)
	if err != nil {
		return nil, err
	}
	return fetch.Once(func(u User) string { return u.ID }, here, off), nil
}

// First reads the first page alone: how many are on it, and whether there are more.
func (c *Client) First(ctx context.Context) (n int, more bool, err error) {
	page, next, _, err := c.page(ctx, c.start(""))
	return len(page), next != "", err
}

func (c *Client) start(filter string) *url.URL {
	u := c.base.JoinPath("api/v1/users")
	q := url.Values{"limit": {strconv.Itoa(pageSize)}}
	if filter != "" {
		q.Set("filter", filter)
	}
	u.RawQuery = q.Encode()
	return u
}

// list follows the pages of one list to its end; more says that another is read behind it.
func (c *Client) list(ctx context.Context, filter string, more bool) (out []User, err error) {
	pages := fetch.NewPages(c.base)
	for u := c.start(filter); ; {
		page, next, rest, err := c.page(ctx, u)
		if err != nil {
			return nil, err
		}
		if rest > 0 && (more || next != "") && !c.read.Pause(ctx, rest) {
			e := wrong(errors.New("the rate limit leaves too little for the time there is"))
			e.Kind = apiclient.RateLimited
			return nil, e
		}
		if out = append(out, page...); next == "" {
			return out, nil
		}
		if u, err = pages.Next(next); err != nil {
			return nil, wrong(err)
		}
	}
}

// page reads one page. rest is how long to wait before the next call, as little is left of the rate limit.
func (c *Client) page(ctx context.Context, u *url.URL) (users []User, next string, rest time.Duration, err error) {
	a, err := c.read.Get(ctx, fetch.Call{Op: readUsers, URL: u, Scheme: "SSWS", Token: c.token, Judge: func(a fetch.Answer) *apiclient.Error {
		var failed *apiclient.Error
		users, failed = c.judge(a)
		return failed
	}})
	if err != nil {
		return nil, "", 0, err
	}
	return users, nextOf(a.Header.Values("Link")), c.spare(a.Header), nil
}

func wrong(cause error) *apiclient.Error {
	e := fetch.Failed(apiclient.Rejected, cause)
	e.Op = readUsers
	return e
}

// nextOf is the address of the next page; "": this was the last. Okta sends each link in a header of its own, or all in one.
func nextOf(links []string) string {
	for _, line := range links {
		for link := range strings.SplitSeq(line, ", <") {
			target, kind, ok := strings.Cut(strings.TrimPrefix(link, "<"), ">")
			if ok && strings.Contains(strings.ReplaceAll(kind, " ", ""), `rel="next"`) {
				return target
			}
		}
	}
	return ""
}

// judge reads a page strictly: an entry without an id or a status makes it no page.
func (c *Client) judge(a fetch.Answer) ([]User, *apiclient.Error) {
	if a.Status != 200 {
		return nil, c.refused(a)
	}
	var list []struct {
		ID            string     `json:"id"`
		Status        Status     `json:"status"`
		Created       *time.Time `json:"created"`
		StatusChanged *time.Time `json:"statusChanged"`
		Profile       *struct {
			Login string `json:"login"`
			Email string `json:"email"`
		} `json:"profile"`
	}
	if err := json.Unmarshal(a.Body, &list); err != nil || list == nil {
		return nil, fetch.Failed(apiclient.Temporary, errors.New("the answer is no list of users"))
	}
	users := make([]User, 0, len(list))
	for _, l := range list {
		if l.ID == "" || l.Status == "" || l.Profile == nil {
			return nil, fetch.Failed(apiclient.Rejected, errors.New("a user in the answer has no id, no status or no profile"))
		}
		u := User{ID: l.ID, Status: l.Status, Login: l.Profile.Login, Email: l.Profile.Email}
		if l.StatusChanged != nil {
			u.Changed = l.StatusChanged.UTC()
		}
		if l.Created != nil {
			u.Created = l.Created.UTC()
		}
		users = append(users, u)
	}
	return users, nil
}

// refused is what an error of Okta's means: {"errorCode":"E0000011","errorSummary":"Invalid token provided",…}.
func (c *Client) refused(a fetch.Answer) *apiclient.Error {
	var said struct {
		Code    string `json:"errorCode"`
		Summary string `json:"errorSummary"`
	}
	_ = json.Unmarshal(a.Body, &said) // what isn't said stays empty
	e := &apiclient.Error{Kind: fetch.KindOf(a.Status), Words: strings.Trim(said.Summary+" ("+said.Code+")", " ()")}
	if said.Code != "" && said.Summary != "" {
		e.Words = said.Summary + " (" + said.Code + ")"
	}
	if e.Kind == apiclient.RateLimited {
		e.RetryAfter = c.untilReset(a.Header)
	}
	if e.Words == "" {
		e.Err = errors.New("the answer says nothing more")
	}
	return e
}
