package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

const (
	head      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	relSpace  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packSpace = `http://schemas.openxmlformats.org/package/2006`
	workbook  = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	// styles has two looks: 0 as it is, 1 bold for heads.
	styles = head + `<styleSheet xmlns="` + mainSpace + `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>` +
		`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/></cellXfs></styleSheet>`
)

// longestName is how long a sheet's name may be.
const longestName = 31

// XLSX writes tables as the sheets of a workbook. Each cell is text.
func XLSX(tables ...Table) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var types, sheets, rels strings.Builder
	files := [][2]string{{"xl/styles.xml", styles}}
	for i, t := range tables {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, workbook)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(nameOf(t, n)), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relSpace, n)
		files = append(files, [2]string{fmt.Sprintf("xl/worksheets/sheet%d.xml", n), worksheet(t)})
	}
	fmt.Fprintf(&rels, `<Relationship Id="rIdStyles" Type="%s/styles" Target="styles.xml"/>`, relSpace)
	files = append([][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="` + packSpace + `/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + workbook + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + workbook + `styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", head + `<Relationships xmlns="` + packSpace + `/relationships"><Relationship Id="rId1" Type="` + relSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", head + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relSpace + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", head + `<Relationships xmlns="` + packSpace + `/relationships">` + rels.String() + `</Relationships>`},
	}, files...)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f[0], err)
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			return nil, fmt.Errorf("write %s: %w", f[0], err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	return out.Bytes(), nil
}

// nameOf is what a sheet may be called.
func nameOf(t Table, n int) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, t.Name), " '")
	if r := []rune(name); len(r) > longestName {
		name = string(r[:longestName])
	}
	if name == "" {
		return fmt.Sprintf("Sheet %d", n)
	}
	return name
}

// worksheet is one table, its head bold and fixed.
func worksheet(t Table) string {
	var b strings.Builder
	b.WriteString(head + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`)
	for i, row := range t.Rows {
		look := ""
		if i == 0 {
			look = ` s="1"`
		}
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, c := range row {
			if c == "" {
				continue
			}
			fmt.Fprintf(&b, `<c r="%s%d" t="inlineStr"%s><is><t xml:space="preserve">%s</t></is></c>`, column(j), i+1, look, escaped(cut(c)))
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
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
