package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/usherbot/usher/apiclient"
)

// Ask is the question for a token.
type Ask struct {
	Op string // verb and noun, opens every error
	// Secrets are what it is signed with: none of them reaches an error.
	Secrets []apiclient.Secret
	Source  func(context.Context) oauth2.TokenSource
}

// Token asks for a token until one comes, it is refused for good, or it was asked for five times.
func (r *Reader) Token(ctx context.Context, q Ask) (apiclient.Secret, error) {
	for try := 1; ; try++ {
		token, failed := r.token(ctx, q)
		if failed == nil {
			return token, nil
		}
		again := failed.Kind == apiclient.Temporary || failed.Kind == apiclient.RateLimited
		if !again || try == maxTries || ctx.Err() != nil || !r.Pause(ctx, r.delay(failed, try)) {
			return "", failed
		}
	}
}

func (r *Reader) token(ctx context.Context, q Ask) (apiclient.Secret, *apiclient.Error) {
	limited, cancel := context.WithTimeout(ctx, orDefault(r.Timeout, defaultTime))
	defer cancel()
	token, err := q.Source(context.WithValue(limited, oauth2.HTTPClient, r.HTTP)).Token()
	switch {
	case err != nil:
		return "", tokenError(q.Op, err, r.Now(), q.Secrets...)
	case token.AccessToken == "":
		e := Failed(apiclient.Temporary, errors.New("no token came"))
		e.Op = q.Op
		return "", e
	}
	return apiclient.Secret(token.AccessToken), nil
}

// tokenError is what the failure of asking for a token means. Who is refused isn't known or isn't trusted, and that is for a
// person to mend; what has no readable answer may be asked for again.
func tokenError(op string, err error, now time.Time, secrets ...apiclient.Secret) *apiclient.Error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		e := Failed(apiclient.Temporary, err, secrets...)
		e.Op = op
		return e
	}
	e := &apiclient.Error{Op: op, Kind: apiclient.Temporary}
	if refused.Response != nil {
		e.Status = refused.Response.StatusCode
		e.Kind = KindOf(e.Status)
		e.RetryAfter = RetryAfter(refused.Response.Header.Get("Retry-After"), now)
	}
	var said struct {
		Code  string `json:"error"`
		Words string `json:"error_description"`
	}
	_ = json.Unmarshal(refused.Body, &said) // what isn't said stays empty
	// Vendors answer 400 or 401 where the secret, the tenant or the permission is wrong, and name it so.
	if said.Code != "" && (e.Status == http.StatusBadRequest || e.Status == http.StatusUnauthorized) {
		e.Kind = apiclient.NotAllowed
	}
	e.Words = apiclient.Redact(strings.TrimPrefix(said.Code+": "+said.Words, ": "), secrets...)
	if said.Code+said.Words == "" {
		e.Words, e.Err = "", errors.New("no token came")
	}
	return e
}
