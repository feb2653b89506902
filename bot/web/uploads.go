package web

import (
	"bytes"
	"context"
	"slices"

	"github.com/slack-go/slack"
)

// Upload is a file that we add, by its name.
type Upload struct {
	Name    string
	Content []byte
}

// CanUpload reports whether we may add files, as far as is known: a token whose scopes Slack doesn't say is tried.
func (s *Client) CanUpload(ctx context.Context) (bool, error) {
	who, err := s.Identity(ctx)
	granted := scopeList(who.Scopes)
	return len(granted) == 0 || slices.Contains(granted, ScopeUploads), err
}

// Upload brings files to Slack, where nobody sees them until they are shared: done again it leaves some that nobody ever sees. The
// address of each is Slack's own, because the token goes along.
func (s *Client) Upload(ctx context.Context, files []Upload) (ids []string, err error) {
	for _, f := range files {
		var to *slack.GetUploadURLExternalResponse
		err = s.call(ctx, methodUploadURL, func(ctx context.Context) (err error) {
			to, err = s.client.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: f.Name, FileSize: len(f.Content)})
			if err == nil {
				err = fits(to.FileID != "" && s.ourFile(to.UploadURL))
			}
			return err
		})
		if err == nil {
			err = s.call(ctx, pseudoUpload, func(ctx context.Context) error {
				return s.client.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: to.UploadURL, Filename: f.Name, Reader: bytes.NewReader(f.Content)})
			})
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, to.FileID)
	}
	return ids, nil
}

// Share shows files that were uploaded in a conversation, or in a thread of it, as one message. Its answer names no message, and comes before that is
// there: whoever must know looks for it, by the names of the files. The caller has waited for its turn there.
func (s *Client) Share(ctx context.Context, place, thread string, ids []string, files []Upload, comment string) error {
	var all []slack.FileSummary
	for i, id := range ids {
		all = append(all, slack.FileSummary{ID: id, Title: files[i].Name})
	}
	return s.call(ctx, methodShare, func(ctx context.Context) error {
		got, err := s.client.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{Files: all, Channel: place, ThreadTimestamp: thread, InitialComment: comment})
		if err == nil {
			err = fits(len(got.Files) == len(ids) && !slices.ContainsFunc(got.Files, func(f slack.FileSummary) bool { return !slices.Contains(ids, f.ID) }))
		}
		return err
	})
}
