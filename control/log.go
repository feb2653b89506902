package control

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/usherbot/usher/approvals"
)

// auditPage is how many lines are read in one transaction; none is open while the other side reads.
const auditPage = 500

func (c *Server) audit(w http.ResponseWriter, r *http.Request) error {
	first := int64(1)
	if said := r.FormValue("from"); said != "" {
		n, err := strconv.ParseInt(said, 10, 64)
		if err != nil || n < 1 {
			return approvals.Refuse(approvals.Invalid, "%v isn't the number of an entry.", said)
		}
		first = n
	}
	return paged(w, first, func(from int64, fn func(int64, []byte) error) error { return c.Store.AuditLines(r.Context(), from, fn) })
}

func (c *Server) auditBeside(w http.ResponseWriter, r *http.Request) error {
	return paged(w, 1, func(from int64, fn func(int64, []byte) error) error {
		return c.Store.AuditBeside(r.Context(), from, func(seq int64, beside []byte) error { return fn(seq, keptLine(seq, beside)) })
	})
}

// paged writes lines that are numbered, from a number on, a page at a time.
func paged(w http.ResponseWriter, from int64, lines func(from int64, fn func(seq int64, line []byte) error) error) error {
	w.Header().Set("Content-Type", "application/jsonl")
	for {
		var page []byte
		first, full := from, errors.New("page is full")
		err := lines(from, func(seq int64, line []byte) error {
			page = append(append(page, line...), '\n')
			if from = seq + 1; from-first >= auditPage {
				return full
			}
			return nil
		})
		if err != nil && !errors.Is(err, full) {
			return err
		}
		if _, err := w.Write(page); err != nil {
			return fmt.Errorf("write audit log: %w", err)
		}
		if err == nil {
			return nil
		}
	}
}
