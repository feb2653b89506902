package list

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// workbook is a spreadsheet as it is unzipped, part by part, all of them within one limit.
type workbook struct {
	parts   map[string]*zip.File
	left    int64
	strings []string
}

var errBeyond = errors.New("beyond the limit")

// fromWorkbook are the rows of the first sheet with anything in it.
func fromWorkbook(raw []byte) ([]row, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, problem("The spreadsheet is damaged, or only part of it arrived. Save it anew as XLSX or CSV.")
	}
	if len(z.File) > mostParts {
		return nil, problem("The spreadsheet has too many parts. Save the list alone, as XLSX or CSV.")
	}
	w := workbook{parts: map[string]*zip.File{}, left: mostUnzipped}
	for _, f := range z.File {
		w.parts[strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")] = f
	}
	rows, err := w.rows()
	var p *Problem
	switch {
	case errors.Is(err, errBeyond):
		return nil, problem("Unzipped, the spreadsheet has more than %d MB. Save the list alone, as CSV.", mostUnzipped>>20)
	case err != nil && !errors.As(err, &p):
		return nil, problem("I can't read that spreadsheet: it isn't XLSX as spreadsheet programs write it. Save it anew as XLSX or CSV.")
	}
	return rows, err
}

func (w *workbook) rows() ([]row, error) {
	sheets, err := w.sheets()
	if err != nil {
		return nil, err
	}
	if err := w.readStrings(); err != nil {
		return nil, err
	}
	for _, name := range sheets {
		if rows, err := w.sheet(name); err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	return nil, nil
}

// part calls fn with each element that begins in a part, and the decoder behind it, for fn to read on. Nothing beyond the limit
// is unzipped, whatever the part says of its size.
func (w *workbook) part(name string, fn func(*xml.Decoder, xml.StartElement) error) error {
	f, ok := w.parts[name]
	if !ok {
		return fmt.Errorf("find %s: there is none", name)
	}
	if f.UncompressedSize64 > uint64(w.left) { // it says so itself; one that lies is stopped on the way
		return errBeyond
	}
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("unzip %s: %w", name, err)
	}
	defer in.Close()
	d := xml.NewDecoder(&limited{in, &w.left})
	for {
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read %s: %w", name, err)
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := fn(d, e); err != nil {
				return err
			}
		}
	}
}

// limited reads until nothing is left of what may be read in all.
type limited struct {
	in   io.Reader
	left *int64
}

func (l *limited) Read(p []byte) (int, error) {
	if *l.left <= 0 {
		return 0, errBeyond
	}
	n, err := l.in.Read(p[:min(int64(len(p)), *l.left)])
	*l.left -= int64(n)
	return n, err
}

// sheets are the parts with the sheets that are shown, in the order of the workbook.
func (w *workbook) sheets() (names []string, err error) {
	at := map[string]string{}
	if err := w.part("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if target := attr(e, "Target"); strings.HasPrefix(target, "/") {
			at[attr(e, "Id")] = strings.TrimPrefix(path.Clean(target), "/")
		} else {
			at[attr(e, "Id")] = path.Join("xl", target)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	err = w.part("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "sheet" || attr(e, "state") == "hidden" || attr(e, "state") == "veryHidden" {
			return nil
		}
		for _, a := range e.Attr {
			if a.Name.Local == "id" && a.Name.Space != "" {
				names = append(names, at[a.Value])
			}
		}
		return nil
	})
	return names, err
}

// readStrings reads the texts that cells refer to, where the workbook has any.
func (w *workbook) readStrings() error {
	const name = "xl/sharedStrings.xml"
	if _, ok := w.parts[name]; !ok {
		return nil
	}
	return w.part(name, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.strings) == mostStrings {
			return errBeyond
		}
		s, err := text(d)
		w.strings = append(w.strings, s)
		return err
	})
}

// text is what stands in the t elements below one that has begun, but for how it is spoken.
func text(d *xml.Decoder) (string, error) {
	var b strings.Builder
	for depth, spoken, in := 1, 0, false; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return "", fmt.Errorf("read text: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			in = t.Name.Local == "t"
			if t.Name.Local == "rPh" {
				spoken = depth
			}
		case xml.EndElement:
			if depth == spoken {
				spoken = 0
			}
			depth--
			in = false
		case xml.CharData:
			if in && spoken == 0 && b.Len() <= mostCell {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

// sheet are the rows of one sheet that aren't blank.
func (w *workbook) sheet(name string) (rows []row, err error) {
	last := 0
	err = w.part(name, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "row" {
			return nil
		}
		last++
		if n, err := strconv.Atoi(attr(e, "r")); err == nil && n >= last {
			last = n
		}
		cells, err := w.cells(d)
		if err != nil {
			return err
		}
		if cells, err = tidy(cells); err != nil || strings.Join(cells, "") == "" {
			return err
		}
		if len(rows) == MostRows+within {
			return tooMany()
		}
		rows = append(rows, row{last, cells})
		return nil
	})
	return rows, err
}

// cells are those of a row that has begun.
func (w *workbook) cells(d *xml.Decoder) (out []string, err error) {
	for {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		if end, ok := t.(xml.EndElement); ok && end.Name.Local == "row" {
			return out, nil
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "c" {
			continue
		}
		at := len(out)
		if i := columnIn(attr(e, "r")); i >= 0 {
			at = i
		}
		said, err := w.cell(d, attr(e, "t"))
		switch {
		case err != nil:
			return nil, err
		case said == "":
			continue
		case at >= mostColumns:
			_, err := tidy(make([]string, mostColumns+1))
			return nil, err
		}
		if need := at + 1 - len(out); need > 0 {
			out = append(out, slices.Repeat([]string{""}, need)...)
		}
		out[at] = said
	}
}

// cell is what a cell shows. Of a formula that is what it came to when the file was saved; it is never worked out.
func (w *workbook) cell(d *xml.Decoder, kind string) (string, error) {
	var shown string
	for {
		t, err := d.Token()
		if err != nil {
			return "", fmt.Errorf("read cell: %w", err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "c" {
				return w.meant(shown, kind), nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "is":
				if shown, err = text(d); err != nil {
					return "", err
				}
			case "v":
				if err := d.DecodeElement(&shown, &t); err != nil {
					return "", fmt.Errorf("read cell: %w", err)
				}
			default:
				if err := d.Skip(); err != nil {
					return "", fmt.Errorf("read cell: %w", err)
				}
			}
		}
	}
}

func (w *workbook) meant(shown, kind string) string {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(shown)); err == nil && i >= 0 && i < len(w.strings) {
			return w.strings[i]
		}
		return ""
	case "b":
		return map[string]string{"1": "true", "0": "false"}[shown]
	case "e":
		return ""
	}
	return shown
}

// columnIn is the column of a reference such as AB12, counted from 0; -1: it has none.
func columnIn(ref string) int {
	n := 0
	for _, r := range ref {
		if r < 'A' || r > 'Z' {
			break
		}
		if n = n*26 + int(r-'A') + 1; n > 1<<15 {
			break
		}
	}
	return n - 1
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
