package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/thedatashed/xlsxreader"

	"github.com/usherbot/usher/test/pace"
)

// counted is a stream of so many rows, with what is in use of the heap now and then.
func counted(n int, heap *uint64) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for i := range n {
			if heap != nil && i%20_000 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				*heap = max(*heap, m.HeapAlloc)
			}
			if !yield([]string{fmt.Sprint(i), fmt.Sprintf("person_%06d@acme.example", i), "=1+1", "client"}, nil) {
				return
			}
		}
	}
}

// TestNumbersCanBeAddedUp: what is a plain number in a column of such is one to another library, and everything else is text.
func TestNumbersCanBeAddedUp(t *testing.T) {
	cells := append([]string{"12", "0", "500.00", "-3", "0.50", "007", "1e5", "1,000", "12.", ".5", "-", "1234567890123456", "yes", "0x1F", "+1", "1.2.3", "٣"}, nasty...)
	rows := [][]string{{"1", "2"}}
	for _, c := range cells {
		rows = append(rows, []string{c, c})
	}
	one := Table{"t", rows}.Stream()
	one.Numbers = []int{1}
	var raw bytes.Buffer
	require.NoError(t, WriteXLSX(&raw, one))
	book, err := xlsxreader.NewReader(raw.Bytes())
	require.NoError(t, err)
	var numbers []string
	for row := range book.ReadRows("t") {
		require.NoError(t, row.Error)
		for _, c := range row.Cells {
			if c.Type != xlsxreader.TypeString {
				require.Equal(t, "B", c.Column)
				numbers = append(numbers, c.Value)
			}
		}
	}
	require.Equal(t, []string{"12", "0", "500.00", "-3", "0.50", "-1"}, numbers)
	require.NotContains(t, raw.String(), "<f>")
}

// opened reads a workbook by a library that isn't ours.
func opened(t *testing.T, path string) map[string][][]string {
	t.Helper()
	book, err := xlsxreader.OpenFile(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, book.Close()) }()
	out := map[string][][]string{}
	for _, name := range book.Sheets {
		for row := range book.ReadRows(name) {
			require.NoError(t, row.Error)
			var cells []string
			for _, c := range row.Cells {
				require.Equal(t, xlsxreader.TypeString, c.Type, "each cell is text")
				cells = append(cells, c.Value)
			}
			out[name] = append(out[name], cells)
		}
	}
	return out
}

// TestALongTableIsWrittenRowByRow: 100,000 rows take no more memory than a few, and another library reads them all.
func TestALongTableIsWrittenRowByRow(t *testing.T) {
	pace.Apart(t, "one row after another")
	var used [2]uint64
	for i, n := range []int{1000, 100_000} {
		for _, name := range []string{"long.csv", "long.xlsx"} {
			file, err := os.Create(filepath.Join(t.TempDir(), name))
			require.NoError(t, err)
			require.NoError(t, Write(file, name, Table{"few", [][]string{{"head"}}}.Stream(), Stream{Name: "long", Rows: counted(n, &used[i])}))
			require.NoError(t, file.Close())
			if strings.HasSuffix(name, ".xlsx") {
				rows := opened(t, file.Name())["long"]
				require.Len(t, rows, n)
				require.Equal(t, []string{fmt.Sprint(n - 1), fmt.Sprintf("person_%06d@acme.example", n-1), "=1+1", "client"}, rows[n-1])
				continue
			}
			again, err := os.Open(file.Name())
			require.NoError(t, err)
			r := csv.NewReader(again)
			r.FieldsPerRecord = -1
			rows := 0
			for ; ; rows++ {
				if _, err := r.Read(); errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
			}
			require.NoError(t, again.Close())
			require.Equal(t, n+1, rows)
		}
	}
	require.Less(t, int64(used[1])-int64(used[0]), int64(2<<20), "bytes in use over those of a thousand rows")
}

// TestAStreamIsTheSameFile as the table, and one that breaks off is none.
func TestAStreamIsTheSameFile(t *testing.T) {
	rows := [][]string{{"Email", "Name"}, {"jane@acme.example", "=1+1"}, nasty}
	lost := errors.New("page 2 is lost")
	for _, name := range []string{"a.csv", "a.xlsx"} {
		want, err := File(name, Table{"a", rows}, Table{"b", rows})
		require.NoError(t, err)
		var got strings.Builder
		require.NoError(t, Write(&got, name, Table{"a", rows}.Stream(), Table{"b", rows}.Stream()))
		require.Equal(t, string(want), got.String())
		broken := Stream{Name: "a", Rows: func(yield func([]string, error) bool) { _ = yield([]string{"x"}, nil) && yield(nil, lost) }}
		require.ErrorIs(t, Write(io.Discard, name, broken), lost)
		require.Error(t, Write(full{}, name, Table{"a", rows}.Stream()))
	}
	require.ErrorIs(t, Write(io.Discard, "a.pdf"), ErrFormat)
}

// full is a disk with no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestTwoSheetsOfOneName are told apart: a spreadsheet refuses a book that has them.
func TestTwoSheetsOfOneName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.xlsx")
	raw, err := XLSX(Table{"Accounts", [][]string{{"a"}}}, Table{"ACCOUNTS", [][]string{{"b"}}}, Table{"Accounts\n", [][]string{{"c"}}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, raw, 0o600))
	require.Equal(t, map[string][][]string{"Accounts": {{"a"}}, "Sheet 2": {{"b"}}, "Sheet 3": {{"c"}}}, opened(t, path))
}
