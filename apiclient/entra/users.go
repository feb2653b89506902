package entra

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// Change is what Graph says of somebody: all of it in a whole, and in changes what changed and maybe more.
type Change struct {
	ID string
	// Removed is why they are there no more ("changed": they can be restored, "deleted": they can't); "": they are.
	Removed string
	// Enabled is whether they can sign in; nil: it isn't said, and so as it was.
	Enabled *bool
	// Guest says that they are somebody else's; nil: it isn't said.
	Guest *bool
	// Addresses are theirs by the tenant, as far as they are said.
	Addresses []string
	Created   time.Time
}

// Changes is one reading.
type Changes struct {
	// Full says that it is everybody, and not only who changed.
	Full bool
	// People are in the order in which they were told; somebody may be told twice, and the later counts.
	People []Change
	// Link is where the next reading goes on.
	Link string
}

// fields are what is asked for. Graph's Link keeps them.
const fields = "id,accountEnabled,userType,userPrincipalName,mail,proxyAddresses,createdDateTime"

const readUsers = "read Entra ID's users"

// errForgotten says that Graph doesn't know a link any more.
var errForgotten = errors.New("the link has expired")

// Users reads what changed since a link; "": everybody. Where Graph has forgotten the link it reads everybody.
func (c *Client) Users(ctx context.Context, link string) (Changes, error) {
	token, err := c.token(ctx)
	if err != nil {
		return Changes{}, err
	}
	out, err := c.follow(ctx, token, link)
	if link != "" && errors.Is(err, errForgotten) {
		out, err = c.follow(ctx, token, "")
	}
	if err != nil {
		return Changes{}, err
	}
	return out, nil
}

// First reads the first page alone: how many are on it, and whether there are more.
func (c *Client) First(ctx context.Context) (n int, more bool, err error) {
	token, err := c.token(ctx)
	if err != nil {
		return 0, false, err
	}
	p, err := c.page(ctx, token, c.start(), true)
	return len(p.People), p.Next != "", err
}

func (c *Client) start() *url.URL {
	u := c.base.JoinPath("v1.0/users/delta")
	u.RawQuery = url.Values{"$select": {fields}}.Encode()
	return u
}

// follow reads from a link, or from the start, to the link that ends it.
func (c *Client) follow(ctx context.Context, token apiclient.Secret, link string) (Changes, error) {
	out := Changes{Full: link == ""}
	pages := fetch.NewPages(c.base)
	u := c.start()
	for first := true; ; first = false {
		if link != "" {
			var err error
			if u, err = pages.Next(link); err != nil && first {
				return out, errForgotten // it is from another configuration
			} else if err != nil {
				return out, wrong(err)
			}
		}
		p, err := c.page(ctx, token, u, out.Full)
		if err != nil {
			return out, err
		}
		out.People = append(out.People, p.People...)
		if p.Delta != "" {
			out.Link = p.Delta
			return out, nil
		}
		link = p.Next
	}
}

func wrong(cause error) *apiclient.Error {
	e := fetch.Failed(apiclient.Rejected, cause)
	e.Op = readUsers
	return e
}

// page is one answer, which names the next or the end.
type page struct {
	People      []Change
	Next, Delta string
}

func (c *Client) page(ctx context.Context, token apiclient.Secret, u *url.URL, whole bool) (p page, err error) {
	_, err = c.read.Get(ctx, fetch.Call{Op: readUsers, URL: u, Scheme: "Bearer", Token: token, Judge: func(a fetch.Answer) *apiclient.Error {
		if a.Status != 200 {
			return refused(a)
		}
		var failed *apiclient.Error
		p, failed = read(a.Body, whole)
		return failed
	}})
	return p, err
}

// told is somebody as Graph tells of them.
type told struct {
	ID      string `json:"id"`
	Removed *struct {
		Reason string `json:"reason"`
	} `json:"@removed"`
	Enabled *bool      `json:"accountEnabled"`
	Type    *string    `json:"userType"`
	Name    string     `json:"userPrincipalName"`
	Mail    string     `json:"mail"`
	Proxies []string   `json:"proxyAddresses"`
	Created *time.Time `json:"createdDateTime"`
}

// read reads a page strictly. In a whole each one says whether they can sign in: an app that may not read that is told nothing of it.
func read(body []byte, whole bool) (p page, failed *apiclient.Error) {
	var answer struct {
		Next  string `json:"@odata.nextLink"`
		Delta string `json:"@odata.deltaLink"`
		Value []told `json:"value"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return p, fetch.Failed(apiclient.Temporary, errors.New("the answer is no list of users"))
	}
	if answer.Value == nil || (answer.Next == "") == (answer.Delta == "") {
		return p, fetch.Failed(apiclient.Rejected, errors.New("the answer has no users, or doesn't say whether there are more"))
	}
	p = page{Next: answer.Next, Delta: answer.Delta}
	for _, t := range answer.Value {
		c := t.change()
		switch {
		case c.ID == "":
			return p, fetch.Failed(apiclient.Rejected, errors.New("a user in the answer has no id"))
		case whole && c.Removed == "" && c.Enabled == nil:
			return p, fetch.Failed(apiclient.NotAllowed, errors.New("a user in the answer doesn't say whether they can sign in; the app needs the permission User.Read.All"))
		}
		p.People = append(p.People, c)
	}
	return p, nil
}

func (t told) change() Change {
	c := Change{ID: t.ID, Enabled: t.Enabled}
	if t.Removed != nil {
		if c.Removed = t.Removed.Reason; c.Removed == "" {
			c.Removed = "changed"
		}
	}
	if t.Type != nil {
		guest := strings.EqualFold(*t.Type, "Guest")
		c.Guest = &guest
	}
	if t.Created != nil {
		c.Created = t.Created.UTC()
	}
	add := func(a string) {
		if strings.Contains(a, "@") && !strings.Contains(a, "#EXT#") {
			c.Addresses = append(c.Addresses, a)
		}
	}
	add(t.Mail)
	add(t.Name)
	for _, proxy := range t.Proxies {
		// "SMTP:" is the primary one, "smtp:" are the others; x500: and their like are none.
		if kind, a, ok := strings.Cut(proxy, ":"); ok && strings.EqualFold(kind, "smtp") {
			add(a)
		}
	}
	return c
}
