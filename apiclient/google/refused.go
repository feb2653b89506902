package google

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/apiclient/fetch"
)

// tooFast are the reasons by which a 403 says that calls came too fast, and not that they may not come
// (developers.google.com/admin-sdk/directory/v1/limits: "use exponential backoff").
var tooFast = []string{"userRateLimitExceeded", "rateLimitExceeded", "quotaExceeded"}

// refused is what an error of Google's means: {"error":{"code":403,"message":"…","errors":[{"reason":"userRateLimitExceeded",…}]}}.
func refused(a fetch.Answer) *apiclient.Error {
	var said struct {
		Error struct {
			Message string `json:"message"`
			Errors  []struct {
				Reason string `json:"reason"`
			} `json:"errors"`
		} `json:"error"`
	}
	_ = json.Unmarshal(a.Body, &said) // what isn't said stays empty
	e := &apiclient.Error{Kind: fetch.KindOf(a.Status), Words: said.Error.Message}
	for _, r := range said.Error.Errors {
		switch {
		case a.Status != http.StatusForbidden:
		case slices.Contains(tooFast, r.Reason):
			e.Kind = apiclient.RateLimited
		case r.Reason == "dailyLimitExceeded":
			e.Kind = apiclient.LimitReached
		}
	}
	if e.Words == "" {
		e.Err = errors.New("the answer says nothing more")
	}
	return e
}
