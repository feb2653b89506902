package slacksim

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// filesGetURL begins an upload: name and length first, then the bytes to the
// URL, then files.completeUploadExternal.
func (s *Server) filesGetURL(c *call) (answer, error) {
	size, err := strconv.Atoi(c.str("length"))
	if c.str("filename") == "" || err != nil || size <= 0 {
		return nil, fail("invalid_arguments", "[ERROR] filename and a positive length are required")
	}
	if s.manners.NoFiles {
		return nil, fail("file_uploads_disabled")
	}
	f := &File{ID: s.newID("F"), Name: c.str("filename"), Title: c.str("filename"), Size: size}
	s.files[f.ID] = f
	return answer{"upload_url": c.base + "/upload/v1/" + f.ID, "file_id": f.ID}, nil
}

// brokeOff reports whether reading ended because the connection did: its end came too soon, or it was closed under who read.
func brokeOff(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe)
}

// serveUpload takes a file's bytes, as the body, or as the multipart field that slack-go calls "file" and @slack/web-api "body".
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, "/upload/v1/")
	content, err := uploaded(r) // first, or nobody would notice that the caller hung up
	fault := s.takeFault("upload")
	entry := s.note("upload", map[string]any{"file": id}, "ok", true)
	after := fault != nil && (fault.After || fault.Kind.lying())
	if fault != nil && !after && s.strike(w, r, fault, entry) {
		return
	}
	if after {
		s.mu.Lock()
		if f := s.files[id]; f != nil && !f.Done && err == nil && len(content) == f.Size {
			f.Content = content
		}
		s.mu.Unlock()
		s.strike(w, r, fault, entry)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[id]
	switch {
	case f == nil || f.Done:
		http.Error(w, "no such upload", http.StatusNotFound)
	case brokeOff(err) && len(content) < f.Size: // whoever sent it died in the middle of it
		http.Error(w, "the connection broke", http.StatusBadRequest)
	case err != nil || len(content) != f.Size:
		s.violation("upload of %d bytes where %d were announced (%v)", len(content), f.Size, err)
		http.Error(w, "length does not match", http.StatusBadRequest)
	default:
		f.Content = content
		fmt.Fprintf(w, "OK - %d", len(content))
	}
}

func uploaded(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return io.ReadAll(io.LimitReader(r.Body, 64<<20))
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if name := part.FormName(); name == "file" || name == "body" {
			return io.ReadAll(part)
		}
	}
}

// filesComplete makes uploads into files and shares them in a channel.
func (s *Server) filesComplete(c *call) (answer, error) {
	var wanted []struct{ ID, Title string }
	if c.decode("files", &wanted) != nil || len(wanted) == 0 {
		return nil, missing("files")
	}
	var channel *Channel
	if id := c.str("channel_id") + c.str("channels"); id != "" {
		if channel = s.channels[id]; channel == nil {
			return nil, fail("channel_not_found")
		}
		if !channel.has(BotUser) {
			return nil, fail("not_in_channel")
		}
		if thread := c.str("thread_ts"); thread != "" && s.findMessage(channel.ID, thread) == nil {
			return nil, fail("thread_not_found")
		}
	}
	var ids []string
	for _, one := range wanted {
		f := s.files[one.ID]
		if f == nil || f.Content == nil || f.Done {
			return nil, fail("file_not_found")
		}
		ids = append(ids, f.ID)
	}
	for _, one := range wanted {
		setDefault(&one.Title, s.files[one.ID].Name)
		s.files[one.ID].Done, s.files[one.ID].Title = true, one.Title
	}
	if channel != nil {
		s.share(channel, &draft{text: c.str("initial_comment"), threadTS: c.str("thread_ts")}, ids)
	}
	return answer{"files": s.filesJSON(ids)}, nil
}

// share shows files in a channel: at once, late, or never.
func (s *Server) share(channel *Channel, d *draft, ids []string) {
	switch late := s.manners.LateFiles; {
	case s.manners.LostFiles || s.closed:
	case late > 0:
		s.wg.Go(func() {
			select {
			case <-time.After(late):
				s.mu.Lock()
				defer s.mu.Unlock()
				s.post(channel, d).Files = ids
			case <-s.done:
			}
		})
	default:
		s.post(channel, d).Files = ids
	}
}

func (s *Server) filesJSON(ids []string) []map[string]any {
	out := []map[string]any{}
	for _, id := range ids {
		out = append(out, s.fileJSON(s.files[id]))
	}
	return out
}

// fileJSON is a file as Slack lists it. Its addresses answer to whoever bears a token that may read files.
func (s *Server) fileJSON(f *File) map[string]any {
	by, at := f.User, s.base+"/files-pri/"+TeamID+"-"+f.ID
	setDefault(&by, BotUser)
	if f.Created == 0 {
		f.Created = s.now().Unix()
	}
	return map[string]any{"id": f.ID, "name": f.Name, "title": f.Title, "size": f.Size, "user": by, "mode": "hosted", "is_external": false,
		"created": f.Created, "timestamp": f.Created, "user_team": TeamID, "permalink": s.base + "/files/" + by + "/" + f.ID + "/" + url.PathEscape(f.Name),
		"mimetype": "application/octet-stream", "filetype": strings.TrimPrefix(path.Ext(f.Name), "."),
		"url_private": at + "/" + url.PathEscape(f.Name), "url_private_download": at + "/download/" + url.PathEscape(f.Name)}
}

// filesInfo is what there is to know of a file, but for what is in it.
func (s *Server) filesInfo(c *call) (answer, error) {
	f := s.files[c.str("file")]
	switch {
	case !c.has("file"):
		return nil, missing("file")
	case f == nil || f.Content == nil:
		return nil, fail("file_not_found")
	case f.Deleted:
		return nil, fail("file_deleted")
	}
	return answer{"file": s.fileJSON(f), "comments": []any{}, "response_metadata": map[string]any{"next_cursor": ""}}, nil
}

// Attach is a person picking a file for a field of a form: it goes up to Slack at once, before the form is sent. What it
// returns is what Fill and Submit take for that field.
func (s *Server) Attach(user, name string, content []byte) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &File{ID: s.newID("F"), Name: name, Title: name, Size: len(content), Content: content, Done: true, User: user}
	s.files[f.ID] = f
	return []any{s.fileJSON(f)}
}

// DeleteFile is a person deleting a file that they added.
func (s *Server) DeleteFile(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[id]; f != nil {
		f.Deleted = true
	}
}

// downloadMethod is what the journal and faults call a download.
const downloadMethod = "file_download"

// serveDownload hands a file out to whoever bears the bot's token, if that may read files. To everybody else Slack shows its
// sign-in page, as a success.
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	id, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/files-pri/"), TeamID+"-"), "/")
	s.mu.Lock()
	f := s.files[id]
	token := s.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	signedIn := token.kind == botToken && !token.revoked && s.revoked == ""
	mayRead := signedIn && slices.Contains(s.opts.Scopes, "files:read")
	if !mayRead {
		s.violation("asked for a file without the scope files:read, or without the token")
	}
	s.mu.Unlock()
	fault := s.takeFault(downloadMethod)
	entry := s.note(downloadMethod, map[string]any{"file": id}, "ok", true)
	switch {
	case fault != nil && fault.Kind.lying() && fault.Kind != Torn:
		s.mu.Lock()
		entry.Answer = fmt.Sprint(fault.Kind)
		s.mu.Unlock()
		if fault.Kind == OtherID { // another file's bytes
			_, _ = io.WriteString(w, "Email\nelsewhere@elsewhere.example\n")
		}
		return
	case fault != nil && s.strike(w, r, fault, entry):
		return
	case !mayRead:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>")
		return
	case f == nil || f.Content == nil || f.Deleted:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(f.Content) // a caller that hung up gets nothing
}
