package list

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// part is one file inside a spreadsheet.
type part struct{ name, text string }

const relations = `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`

const sheetList = `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` +
	`<sheet name="Hidden" sheetId="1" state="hidden" r:id="rId9"/><sheet name="Cover" sheetId="2" r:id="rId1"/><sheet name="Members" sheetId="3" r:id="rId2"/></sheets></workbook>`

// zipped makes a spreadsheet of parts.
func zipped(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range append([]part{{"xl/_rels/workbook.xml.rels", relations}, {"xl/workbook.xml", sheetList}, {"xl/worksheets/sheet1.xml", `<worksheet><sheetData/></worksheet>`}}, parts...) {
		w, err := z.Create(p.name)
		require.NoError(t, err)
		_, err = w.Write([]byte(p.text))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// sheetOf writes rows as a spreadsheet does, texts by reference.
func sheetOf(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	var texts, cells strings.Builder
	n := 0
	for i, r := range rows {
		fmt.Fprintf(&cells, `<row r="%d">`, i+1)
		for j, c := range r {
			if c == "" {
				continue
			}
			fmt.Fprintf(&cells, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+j, i+1, n)
			fmt.Fprintf(&texts, `<si><r><rPr><b/></rPr><t xml:space="preserve">%s</t></r><rPh><t>spoken</t></rPh></si>`, strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(c))
			n++
		}
		cells.WriteString("</row>")
	}
	return zipped(t, part{"xl/sharedStrings.xml", "<sst>" + texts.String() + "</sst>"},
		part{"xl/worksheets/sheet2.xml", "<worksheet><sheetData>" + cells.String() + "</sheetData></worksheet>"})
}

// TestASpreadsheet: texts by reference and in place, numbers, formulas by what they came to, gaps, sheets that are empty or hidden.
func TestASpreadsheet(t *testing.T) {
	l, err := Read(sheetOf(t, []string{"Members of ACME"}, nil, []string{"E-mail", "", "Role"}, []string{"jane@acme.example", "x", "Admin & more"}), nil)
	require.NoError(t, err)
	require.Equal(t, []Member{{Email: "jane@acme.example", Role: "Admin & more", Rows: []int{4}}}, l.Members)

	l, err = Read(zipped(t, part{"xl/worksheets/sheet2.xml", `<worksheet><sheetData>
		<row><c t="inlineStr"><is><t>Email</t></is></c><c t="inlineStr"><is><t>Name</t></is></c><c t="inlineStr"><is><t>Invited on</t></is></c></row>
		<row><c t="str"><f>HYPERLINK("http://x","jane@acme.example")</f><v>jane@acme.example</v></c><c t="inlineStr"><is><t>=1+1</t></is></c><c><v>46000.5</v></c></row>
		<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="b"><v>1</v></c></row></sheetData></worksheet>`}), nil)
	require.NoError(t, err)
	require.Len(t, l.Members, 1)
	require.Equal(t, "=1+1", l.Members[0].Name, "it is text, and stays it")
	require.Equal(t, "2025-12-09 12:00:00 +0000 UTC", l.Members[0].Invited.String())
	require.Equal(t, []Skipped{{3, "true"}}, l.Skipped)
}

// TestASpreadsheetThatIsNone: a bomb, one cut off, one that is another kind of file.
func TestASpreadsheetThatIsNone(t *testing.T) {
	bomb := zipped(t, part{"xl/worksheets/sheet2.xml", "<worksheet><sheetData>" + strings.Repeat(" ", mostUnzipped+1) + "</sheetData></worksheet>"})
	require.Less(t, len(bomb), 1<<20)
	long := strings.Repeat("<row><c><v>1</v></c></row>", MostRows+within+1)
	good := sheetOf(t, []string{"E-mail"}, []string{"jane@acme.example"})
	for say, raw := range map[string][]byte{
		"Unzipped, the spreadsheet has more than 32 MB. Save the list alone, as CSV.":                                 bomb,
		"The spreadsheet is damaged, or only part of it arrived. Save it anew as XLSX or CSV.":                        good[:len(good)/2],
		"I can't read that spreadsheet: it isn't XLSX as spreadsheet programs write it. Save it anew as XLSX or CSV.": zipped(t),
		tooMany().Error():    zipped(t, part{"xl/worksheets/sheet2.xml", "<worksheet><sheetData>" + long + "</sheetData></worksheet>"}),
		"The file is empty.": zipped(t, part{"xl/worksheets/sheet2.xml", "<worksheet/>"}),
	} {
		_, err := Read(raw, nil)
		require.EqualError(t, err, say)
	}
}
