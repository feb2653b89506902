package sheet

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/register/list"
)

// nasty are cells that a spreadsheet, XML or CSV would take for something else than text.
var nasty = []string{"=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "a,b;c\"d", "line\nbreak", "<b>&amp;</b>", "\x01\x00control", "ünï çødé 漢字", "", "'quoted"}

// TestWhatStandsInACellIsText: in CSV nothing begins as a formula does, and everything is read as it was but for that.
func TestWhatStandsInACellIsText(t *testing.T) {
	out, err := CSV(Table{"facts", [][]string{{"key", "value"}}}, Table{"cells", [][]string{{"cell"}, nasty}})
	require.NoError(t, err)
	text, marked := strings.CutPrefix(string(out), "\ufeff")
	require.True(t, marked)
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	for i, c := range rows[2] {
		led := strings.TrimLeft(c, " \u00a0")
		require.False(t, led != "" && strings.ContainsRune("=+-@\t", rune(led[0])), c)
		if c != nasty[i] {
			require.Equal(t, "'"+nasty[i], c, "nothing else is changed")
		}
	}
}

// TestAWorkbookIsReadAsItWasWritten, by what reads vendors' own lists.
func TestAWorkbookIsReadAsItWasWritten(t *testing.T) {
	rows := [][]string{{"Email", "Name", "Role"}, {"jane@acme.example", "=1+1", "a <b> & \"c\""}, {"lee@globex.example", "Lee · 漢字", strings.Repeat("x", 40000)}}
	out, err := XLSX(Table{"Accounts [all]: of/Q1*" + strings.Repeat("n", 40), rows}, Table{"", [][]string{{"Review", "3"}}})
	require.NoError(t, err)
	read, err := list.Read(out, nil)
	require.NoError(t, err)
	require.Len(t, read.Members, 2)
	require.Equal(t, []string{"jane@acme.example", "=1+1", "a <b> & \"c\""}, []string{read.Members[0].Email, read.Members[0].Name, read.Members[0].Role})
	require.Equal(t, "Lee · 漢字", read.Members[1].Name)
	again, err := XLSX(Table{"Accounts [all]: of/Q1*" + strings.Repeat("n", 40), rows}, Table{"", [][]string{{"Review", "3"}}})
	require.NoError(t, err)
	require.Equal(t, out, again)
	_, err = XLSX(Table{"cells", [][]string{{"cell"}, nasty}})
	require.NoError(t, err)
}

// TestAFileIsWhatItsNameSays, and nothing else is written.
func TestAFileIsWhatItsNameSays(t *testing.T) {
	csv, err := File("a.CSV", Table{"t", [][]string{{"x"}}})
	require.NoError(t, err)
	require.Equal(t, "\ufeffx\r\n", string(csv))
	book, err := File("a.b.xlsx", Table{"t", [][]string{{"x"}}})
	require.NoError(t, err)
	require.Equal(t, "PK", string(book[:2]))
	for _, name := range []string{"a", "a.txt", "csv", ""} {
		_, err := File(name)
		require.ErrorIs(t, err, ErrFormat)
	}
	require.Equal(t, []string{"A", "Z", "AA", "AZ", "BA"}, []string{column(0), column(25), column(26), column(51), column(52)})
}
