package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

const (
	// slackFiles is where Slack's own files are, also when the API is reached through a gateway.
	slackFiles = "files.slack.com"
	// downloadWithin bounds one download: it is no answer that people wait for.
	downloadWithin = time.Minute
	// pagesBorne is how many pages in place of a file are taken for trouble of Slack's, before they are taken for its word.
	pagesBorne = 6
)

// errPage is a page in the place of a file: Slack's sign-in page, or one that tells of trouble.
var errPage = errors.New("a page came in place of the file")

// CanReadFiles reports whether files that people add to forms can be read, as far as is known: a token whose scopes Slack doesn't
// say is tried.
func (s *Client) CanReadFiles(ctx context.Context) bool {
	who, err := s.Identity(ctx)
	granted := scopeList(who.Scopes)
	return err != nil || len(granted) == 0 || slices.Contains(granted, ScopeFiles)
}

// Unreadable is what people read where the token may not read files.
func Unreadable() *approvals.Error {
	return approvals.Refuse(approvals.Unavailable, "I can't read files in this workspace: the app lacks the scope `%v`. An admin can add it in the app's settings, as in Usher's `manifest.yml`, and reinstall the app.", ScopeFiles)
}

// Fetch reads a file that somebody added to a form: first what it is, then, where fits has nothing against its size, what is in
// it, and never more than that size. tries is how often it was tried before. An *approvals.Error says why it can't be read, for
// good; fits' own error is returned as it is; after any other the file may be there the next time.
func (s *Client) Fetch(ctx context.Context, id string, tries int, fits func(size int64) error) ([]byte, error) {
	f, err := s.file(ctx, id)
	if err != nil {
		return nil, goneFile(err)
	}
	if f.IsExternal || !s.ourFile(f.URLPrivateDownload) {
		s.log.WarnContext(ctx, "a file isn't kept by Slack, and is not fetched", "file", id)
		return nil, approvals.Refuse(approvals.Invalid, "That file isn't kept in Slack, so I don't open it. Download it, and add the file itself.")
	}
	if err := fits(int64(f.Size)); err != nil {
		return nil, err
	}
	raw, err := s.download(ctx, f.URLPrivateDownload, int64(f.Size))
	if errors.Is(err, errPage) && tries >= pagesBorne {
		s.log.WarnContext(ctx, "Slack shows a page in place of a file", "file", id)
		return nil, approvals.Refuse(approvals.Unavailable, "Slack shows me its sign-in page in place of that file, so I couldn't read it. An admin can look whether the app has the scope `%v` and is installed anew since. Then add the file again.", ScopeFiles).Because(err)
	}
	return raw, goneFile(err)
}

// goneFile turns what Slack says for good of a file into what people read.
func goneFile(err error) error {
	switch {
	case IsCode(err, "missing_scope"):
		return Unreadable().Because(err)
	case IsCode(err, "file_not_found"), IsCode(err, "file_deleted"), IsCode(err, "HTTP 404"), IsCode(err, "HTTP 410"):
		return approvals.Refuse(approvals.NotFound, "The file isn't in Slack any more, so I couldn't read it. Please add it again.").Because(err)
	}
	return err
}

// file is what Slack knows of a file, but for what is in it.
func (s *Client) file(ctx context.Context, id string) (f *slack.File, err error) {
	err = s.call(ctx, methodFile, func(ctx context.Context) error {
		f, _, _, err = s.client.GetFileInfoContext(ctx, id, 0, 0)
		if err == nil {
			err = fits(f.ID == id && f.Size >= 0)
		}
		return err
	})
	return f, err
}

// ourFile reports whether the token may go to an address of a file: the host of the API or one of its files, or Slack's own. Whoever
// else stood there would get it.
func (s *Client) ourFile(address string) bool { return s.ours(address, slackFiles, "files.") }

// download reads what is in a file. It is as long as Slack has said, or it is none.
func (s *Client) download(ctx context.Context, address string, size int64) (raw []byte, err error) {
	if err := s.pace.wait(ctx, pseudoDownload, "", ""); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, downloadWithin)
	defer cancel()
	raw, err = s.bytesAt(ctx, address, size)
	err = apiError(pseudoDownload, err)
	if e, ok := errors.AsType[*Error](err); ok && e.Fault == Limited {
		s.pace.hold(ctx, pseudoDownload, e.After)
	}
	return raw, err
}

func (s *Client) bytesAt(ctx context.Context, address string, size int64) ([]byte, error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("ask for a file: %w", Bare(err))
	}
	ask.Header.Set("Authorization", "Bearer "+string(s.cfg.BotToken))
	resp, err := s.files.Do(ask)
	if err != nil {
		return nil, fmt.Errorf("ask for a file: %w", Bare(err))
	}
	defer func() { _ = resp.Body.Close() }() // what it returns changes nothing: the body has been read
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return nil, fmt.Errorf("%w: it leads elsewhere", errPage)
	case resp.StatusCode != http.StatusOK:
		return nil, slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, size+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a file: %w", err)
	case int64(len(raw)) == size:
		return raw, nil
	case kind == "text/html":
		return nil, errPage
	}
	return nil, fits(false)
}

// filing is the way to files: slower than a call may be, and to hosts of ours alone, wherever it leads from there.
func (s *Client) filing(c *http.Client) *http.Client {
	if c == nil {
		c = &http.Client{}
	}
	slow := *c
	slow.Timeout = downloadWithin
	slow.CheckRedirect = func(to *http.Request, via []*http.Request) error {
		if len(via) > 3 || !s.ourFile(to.URL.String()) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return &slow
}
