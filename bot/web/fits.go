package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// ErrMisfit is an answer that says ok and does not fit its question: about another channel or person, or
// without the id that was asked for. Nothing in it is believed; what was asked counts as an answer that
// was lost (Unknown), so a post is looked for, an update is made again, and somebody who could not be
// looked up is not judged.
//
// An echo that is left out is no misfit: that a call was carried out is said by ok, and the id of a
// conversation is enough without whose it is. Misfits that do not end are told (courier: misfit): what is
// owed waits for an answer one can read.
//
// A wrong answer that looks in all of this like a right one cannot be told from it: a group's members that
// are another's, a ts of the right shape, a history that leaves our message out. Of a wrong ts comes a card
// that is not found when it is to change, which is looked for before it is posted anew (courier: strayed);
// a history is not believed on "not there" until the attempt has had time to settle (courier: earlier), and
// one that were still wrong then would bring a second card.
var ErrMisfit = errors.New("the answer does not fit the question")

// fits is ErrMisfit unless ok.
func fits(ok bool) error {
	if ok {
		return nil
	}
	return ErrMisfit
}

// The shapes of Slack's ids, as far as anything depends on them.
var (
	tsShape     = regexp.MustCompile(`^\d{1,12}\.\d{6}$`)
	roomShape   = regexp.MustCompile(`^[CG][A-Z0-9]{1,30}$`)
	teamShape   = regexp.MustCompile(`^T[A-Z0-9]{1,30}$`)
	personShape = regexp.MustCompile(`^[UW][A-Z0-9]{1,30}$`)
	groupShape  = regexp.MustCompile(`^S[A-Z0-9]{1,30}$`)
	fieldShape  = regexp.MustCompile(`^X[A-Za-z0-9]{1,30}$`)
)

// isTS reports whether a text is a message's ts: seconds and microseconds.
func isTS(ts string) bool { return tsShape.MatchString(ts) }

// Seconds are those of a ts, or of a moment given without a fraction; what is neither has 0.
func Seconds(ts string) int64 {
	whole, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// fitHistory holds a page of a conversation to what was asked: a list, each message with its ts, none
// from before the time asked for.
func fitHistory(page []slack.Message, oldest string) error {
	stray := slices.ContainsFunc(page, func(m slack.Message) bool {
		return !isTS(m.Timestamp) || Seconds(m.Timestamp) < Seconds(oldest)
	})
	return fits(page != nil && !stray)
}

// fitRooms holds a page of channels to bearing ids.
func fitRooms(page []slack.Channel) error {
	return fits(!slices.ContainsFunc(page, func(c slack.Channel) bool { return !roomShape.MatchString(c.ID) }))
}

// fitTeams holds a page of workspaces to being a list, each with its id.
func fitTeams(page []slack.Team) error {
	return fits(page != nil && !slices.ContainsFunc(page, func(t slack.Team) bool { return !teamShape.MatchString(t.ID) }))
}

// fitMembers holds the members of a group to being people. A group without a list is not an empty one.
func fitMembers(ids []string) error {
	return fits(ids != nil && !slices.ContainsFunc(ids, func(id string) bool { return !personShape.MatchString(id) }))
}

// ourSocket reports whether an address for a connection leads to the Slack we work for: the API's own
// host, one below it, or one of Slack's. Whoever else answered there could click in anybody's name.
func (s *Client) ourSocket(address string) bool {
	to, err := url.Parse(address)
	root, bad := url.Parse(s.cfg.APIURL)
	if err != nil || bad != nil || to.User != nil || to.Host == "" {
		return false
	}
	if to.Scheme != "wss" && (to.Scheme != "ws" || root.Scheme != "http") {
		return false // what is asked for encrypted is not heard in the clear
	}
	return to.Host == root.Host || strings.HasSuffix(to.Host, "."+root.Host) || to.Scheme == "wss" && strings.HasSuffix(to.Host, slackDomain)
}

// slackDomain is what the hosts of Slack's connections end in.
const slackDomain = ".slack.com"

// mostAnswer bounds what is read of an answer that is looked into before others read it.
const mostAnswer = 64 << 10

// peek reads the body of an answer and puts it back.
func peek(resp *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	_ = resp.Body.Close() // what it returns changes nothing: the body has been read
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

// heeding is the way to response URLs. slack-go takes every HTTP 200 there for a yes; Slack says "ok", or
// nothing at all.
type heeding struct{ http.RoundTripper }

// heed makes a client hear what response URLs answer.
func heed(c *http.Client) *http.Client {
	if c == nil {
		return nil
	}
	hears := *c
	if hears.Transport == nil {
		hears.Transport = http.DefaultTransport
	}
	hears.Transport = heeding{hears.Transport}
	return &hears
}

// RoundTrip implements http.RoundTripper.
func (h heeding) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := h.RoundTripper.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusBadRequest {
		err = refusedBlocks(resp)
	}
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return resp, nil
	}
	body, err := peek(resp)
	if err != nil {
		return nil, err
	}
	var said struct {
		OK bool `json:"ok"`
	}
	plain := strings.TrimSpace(string(body))
	if err := fits(plain == "ok" || plain == "" || json.Unmarshal(body, &said) == nil && said.OK); err != nil {
		return nil, err
	}
	return resp, nil
}
