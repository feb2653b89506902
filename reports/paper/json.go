package paper

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// object is a row by its columns, in their order.
type object struct {
	columns []Column
	cells   []string
}

// MarshalJSON writes the cells under the keys of their columns.
func (o object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, c := range o.columns {
		if i > 0 {
			out = append(out, ',')
		}
		key, err := json.Marshal(c.Key)
		if err != nil {
			return nil, fmt.Errorf("encode key: %w", err)
		}
		cell, err := json.Marshal(o.cells[i])
		if err != nil {
			return nil, fmt.Errorf("encode cell: %w", err)
		}
		out = append(append(append(out, key...), ':'), cell...)
	}
	return append(out, '}'), nil
}

// writeJSON writes a paper by its fields, each table as its rows by the keys of their columns; the accounts come last, one a line.
func writeJSON(to io.Writer, p Paper) error {
	type part struct {
		Section string   `json:"section"`
		Title   string   `json:"title"`
		Say     []string `json:"say"`
		Rows    []object `json:"rows"`
		More    int      `json:"more,omitempty"`
	}
	out := struct {
		Paper
		Parts []part `json:"sections"`
	}{Paper: p, Parts: []part{}}
	for _, one := range p.Parts {
		rows := []object{}
		for _, row := range one.Rows {
			rows = append(rows, object{one.Columns, row})
		}
		out.Parts = append(out.Parts, part{one.key(), one.Title, append([]string{}, one.Say...), rows, one.More})
	}
	raw, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	w := bufio.NewWriter(to) // it keeps its first error to the end
	fmt.Fprintf(w, "%s,\n  \"accounts\": [", raw[:len(raw)-2])
	if err := jsonAccounts(w, p); err != nil {
		return err
	}
	fmt.Fprint(w, "]\n}\n")
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func jsonAccounts(w io.Writer, p Paper) (err error) {
	columns, lead := accountColumns(), "\n    "
	p.accounts(func(row []string, lost error) bool {
		if err = lost; err != nil {
			return false
		}
		var raw []byte
		if raw, err = json.Marshal(object{columns, row}); err == nil {
			_, err = fmt.Fprintf(w, "%s%s", lead, raw)
		}
		lead = ",\n    "
		return err == nil
	})
	return err
}
