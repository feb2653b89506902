package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	head      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	relSpace  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packSpace = `http://schemas.openxmlformats.org/package/2006`
	workbook  = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	// styles has three looks: 0 as it is, 1 bold for heads, 2 for amounts, with two digits after the point.
	styles = head + `<styleSheet xmlns="` + mainSpace + `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>` +
		`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/><xf numFmtId="4" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`
)

// longestName is how long a sheet's name may be.
const longestName = 31

// mostRows is how many rows a sheet may have.
const mostRows = 1 << 20

// XLSX writes tables as the sheets of a workbook. Each cell is text, but for those of Numbers.
func XLSX(tables ...Table) ([]byte, error) {
	var out bytes.Buffer
	err := WriteXLSX(&out, streams(tables)...)
	return out.Bytes(), err
}

// WriteXLSX is XLSX row by row: of what it writes it holds one row, and what the zip has yet to press.
func WriteXLSX(to io.Writer, tables ...Stream) error {
	z := zip.NewWriter(to)
	for _, f := range frame(tables) {
		if err := entry(z, f[0], func(w io.Writer) error { _, err := io.WriteString(w, f[1]); return err }); err != nil {
			return err
		}
	}
	for i, t := range tables {
		if err := entry(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), func(w io.Writer) error { return worksheet(w, t) }); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

func entry(z *zip.Writer, name string, write func(io.Writer) error) error {
	w, err := z.Create(name)
	if err == nil {
		err = write(w)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// frame is everything of a workbook but its sheets, by the name within the zip.
func frame(tables []Stream) [][2]string {
	var types, sheets, rels strings.Builder
	had := map[string]bool{}
	for i, t := range tables {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, workbook)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(nameOf(t.Name, n, had)), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relSpace, n)
	}
	fmt.Fprintf(&rels, `<Relationship Id="rIdStyles" Type="%s/styles" Target="styles.xml"/>`, relSpace)
	return [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="` + packSpace + `/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + workbook + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + workbook + `styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", head + `<Relationships xmlns="` + packSpace + `/relationships"><Relationship Id="rId1" Type="` + relSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", head + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relSpace + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", head + `<Relationships xmlns="` + packSpace + `/relationships">` + rels.String() + `</Relationships>`},
		{"xl/styles.xml", styles},
	}
}

// nameOf is what a sheet may be called; two of one name, of which a spreadsheet tells neither case nor what was cut off, are not had.
func nameOf(name string, n int, had map[string]bool) string {
	name = nameable(name)
	if name == "" || had[strings.ToLower(name)] {
		name = fmt.Sprintf("Sheet %d", n)
	}
	had[strings.ToLower(name)] = true
	return name
}

func nameable(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name), " '")
	if r := []rune(name); len(r) > longestName {
		name = strings.TrimRight(string(r[:longestName]), " '")
	}
	return name
}

// worksheet is one table, its head bold and fixed.
func worksheet(w io.Writer, t Stream) error {
	b := bufio.NewWriter(w) // it keeps its first error to the end
	b.WriteString(head + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`)
	n := 0
	for row, err := range t.Rows {
		if n++; err != nil {
			return fmt.Errorf("read row %d: %w", n, err)
		}
		if n > mostRows {
			return fmt.Errorf("write row %d: a sheet holds %d at most", n, mostRows)
		}
		fmt.Fprintf(b, `<row r="%d">`, n)
		for j, c := range row {
			if c != "" {
				writeCell(b, fmt.Sprintf("%s%d", column(j), n), c, n == 1, n > 1 && slices.Contains(t.Numbers, j))
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.Flush()
}

// writeCell writes what stands at a place of a sheet: as a number where it may be one and is, else as text.
func writeCell(b *bufio.Writer, at, c string, bold, number bool) {
	look := ""
	switch {
	case number && plainNumber(c):
		if strings.Contains(c, ".") {
			look = ` s="2"`
		}
		fmt.Fprintf(b, `<c r="%s"%s><v>%s</v></c>`, at, look, c)
		return
	case bold:
		look = ` s="1"`
	}
	fmt.Fprintf(b, `<c r="%s" t="inlineStr"%s><is><t xml:space="preserve">%s</t></is></c>`, at, look, escaped(cut(c)))
}

// mostDigits is how many digits of a number a spreadsheet keeps.
const mostDigits = 15

// plainNumber reports whether a cell is digits, perhaps with a minus before and a fraction after them, and loses nothing as a number.
func plainNumber(c string) bool {
	whole, part, broken := strings.Cut(strings.TrimPrefix(c, "-"), ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (whole == "0" || whole[0] != '0') && (!broken || digits(part)) && len(whole)+len(part) <= mostDigits
}

// column is what a spreadsheet calls a column, counted from 0: A, Z, AA.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + column(i%26)
}

// escaped is text within XML; what XML can't hold becomes a mark.
func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
