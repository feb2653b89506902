package seranking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/usherbot/usher/apiclient"
)

// Unreadable stands for a number that the vendor sent in a form nobody documented.
const Unreadable = -1

// Details is what the vendor tells of one sub-account.
type Details struct {
	Email     string
	FirstName string
	LastName  string
	Type      string
	Lang      string
	Access    []string // in people's spelling (see AccessCodes), in the vendor's order
	Limits    Limits
	Partial   bool // only the line of the list could be had: Access and Limits are not known
}

// Limits are the quotas of one sub-account. Only the balance can be written through the API.
type Limits struct {
	Sites, Keywords, Backlinks, AuditAccount, AuditSite int64
	Amount                                              int64  // the money limit, in the account's currency as far as is known
	Period                                              string // day, week or month
}

// Account returns the details of one sub-account; NotFound if it is not there.
func (c *Client) Account(ctx context.Context, id int64) (Details, error) {
	d, err := c.ready(ctx, "read account", id)
	if err != nil {
		return Details{}, err
	}
	return c.details(ctx, d, id)
}

// ready refuses ids that cannot be, before any address is built, and finds the dialect
// that the whole operation will keep to.
func (c *Client) ready(ctx context.Context, op string, id int64) (Dialect, error) {
	if id <= 0 {
		return "", c.fail(op, apiclient.Rejected, fmt.Errorf("%d is not the id of an account", id))
	}
	return c.Dialect(ctx)
}

func (c *Client) details(ctx context.Context, d Dialect, id int64) (Details, error) {
	q := call{op: "read account", method: http.MethodGet}
	q.locate(d, userAt, id)
	out, err := fetch(ctx, c, q, func(body []byte) (*Details, error) { return decodeDetails(body, id) })
	if err != nil {
		return Details{}, err
	}
	if out == nil {
		return c.detailsFromList(ctx, d, id)
	}
	return *out, nil
}

// detailsFromList answers for a server that takes a request for one account as one for the
// list, with which it shares its path in the unified dialect. Only the whole list can say
// that the account is not there.
func (c *Client) detailsFromList(ctx context.Context, d Dialect, id int64) (Details, error) {
	all, err := c.listAccounts(ctx, d)
	if err != nil {
		return Details{}, err
	}
	for _, a := range all {
		if a.ID == id {
			return Details{Email: a.Email, FirstName: a.FirstName, LastName: a.LastName, Type: a.Type, Lang: a.Lang, Partial: true}, nil
		}
	}
	return Details{}, c.fail("read account", apiclient.NotFound, errors.New("the list of accounts does not have it"))
}

// settings are the account_* fields, in details and in lines of the list alike.
type settings struct {
	Email     lenientText `json:"account_email"`
	FirstName lenientText `json:"account_first_name"`
	LastName  lenientText `json:"account_last_name"`
	Type      lenientText `json:"account_type"`
	Lang      lenientText `json:"account_lang"`
}

type rawDetails struct {
	Setting  *rawSetting     `json:"setting"`
	Settings *rawSetting     `json:"settings"` // the documents' table; their example has setting
	Access   []lenientText   `json:"access"`
	Limit    rawLimits       `json:"limit"`
	List     json.RawMessage `json:"list"`
}

type rawSetting struct {
	ID lenientInt `json:"account_id"` // 0: not told
	settings
}

type rawLimits struct {
	Site         quota `json:"site"`
	Keyword      quota `json:"keyword"`
	Backlink     quota `json:"backlink"`
	AuditAccount quota `json:"audit_account"`
	AuditSite    quota `json:"audit_site"`
	Balance      struct {
		Amount quota       `json:"amount"`
		Period lenientText `json:"period"`
	} `json:"balance"`
}

// decodeDetails returns nil when the list of accounts came instead of one. Details that say
// they are of another account than the one asked for are an error.
func decodeDetails(body []byte, id int64) (*Details, error) {
	var raw rawDetails
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	set := raw.Setting
	if set == nil {
		set = raw.Settings
	}
	if set == nil && raw.List != nil {
		return nil, nil
	}
	if set == nil {
		return nil, errors.New("read account: no setting in the answer")
	}
	if set.ID != 0 && int64(set.ID) != id {
		return nil, fmt.Errorf("read account: the answer is about account %d", set.ID)
	}
	return &Details{
		Email: string(set.Email), FirstName: string(set.FirstName), LastName: string(set.LastName),
		Type: string(set.Type), Lang: string(set.Lang),
		Access: fromWire(raw.Access), Limits: raw.Limit.limits(),
	}, nil
}

func (l rawLimits) limits() Limits {
	return Limits{
		Sites: int64(l.Site), Keywords: int64(l.Keyword), Backlinks: int64(l.Backlink),
		AuditAccount: int64(l.AuditAccount), AuditSite: int64(l.AuditSite),
		Amount: int64(l.Balance.Amount), Period: string(l.Balance.Period),
	}
}
