package slacksim

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// filesGetURL begins an upload: name and length first, then the bytes to the
// URL, then files.completeUploadExternal.
func (s *Server) filesGetURL(c *call) (answer, error) {
	size, err := strconv.Atoi(c.str("length"))
	if c.str("filename") == "" || err != nil || size <= 0 {
		return nil, fail("invalid_arguments", "[ERROR] filename and a positive length are required")
	}
	f := &File{ID: s.newID("F"), Name: c.str("filename"), Title: c.str("filename"), Size: size}
	s.files[f.ID] = f
	return answer{"upload_url": c.base + "/upload/v1/" + f.ID, "file_id": f.ID}, nil
}

// serveUpload takes a file's bytes, as the body or as the multipart field "file".
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, "/upload/v1/")
	fault := s.takeFault("upload")
	entry := s.note("upload", map[string]any{"file": id}, "ok", true)
	if fault != nil && s.strike(w, r, fault, entry) {
		return
	}
	content, err := uploaded(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[id]
	switch {
	case f == nil || f.Done:
		http.Error(w, "no such upload", http.StatusNotFound)
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
	part, _, err := r.FormFile("file")
	if err != nil {
		return nil, err
	}
	defer part.Close() //nolint:errcheck // a part in memory
	return io.ReadAll(part)
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
		m := s.post(channel, &draft{text: c.str("initial_comment"), threadTS: c.str("thread_ts")})
		m.Files = ids
	}
	return answer{"files": s.filesJSON(ids)}, nil
}

func (s *Server) filesJSON(ids []string) []map[string]any {
	out := []map[string]any{}
	for _, id := range ids {
		f := s.files[id]
		out = append(out, map[string]any{"id": f.ID, "name": f.Name, "title": f.Title, "size": f.Size,
			"user": BotUser, "mode": "hosted", "url_private": s.base + "/files-pri/" + f.ID})
	}
	return out
}

// serveDownload hands a file out to whoever holds the bot's token.
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[strings.TrimPrefix(r.URL.Path, "/files-pri/")]
	allowed := r.Header.Get("Authorization") == "Bearer "+s.opts.BotToken
	s.mu.Unlock()
	if f == nil || !allowed {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(f.Content) // a caller that hung up gets nothing
}
