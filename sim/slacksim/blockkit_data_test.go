package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const aCell = `{"type":"raw_text","text":"x"}`

// dataTableOf is a table with a head of one column over these rows, each with its brackets.
func dataTableOf(rows string) string {
	return `{"type":"data_table","caption":"c","rows":[[` + aCell + `],` + rows + `]}`
}

func actionCell(id string) string {
	return `{"type":"action_cell","element":{"type":"button","action_id":"` + id + `","text":{"type":"plain_text","text":"Go"}},"fallback":` + aCell + `}`
}

// chartOf is a line chart of some series over the categories a and b.
func chartOf(series ...string) string {
	return `{"type":"data_visualization","title":"t","chart":{"type":"line","axis_config":{"categories":["a","b"]},"series":[` + strings.Join(series, ",") + `]}}`
}

func seriesOf(name, labels string) string {
	var points []string
	for _, label := range strings.Split(labels, " ") {
		points = append(points, fmt.Sprintf(`{"label":%q,"value":1}`, label))
	}
	return fmt.Sprintf(`{"name":%q,"data":[%s]}`, name, strings.Join(points, ","))
}

func manySeries(n int) (all []string) {
	for i := range n {
		all = append(all, seriesOf(fmt.Sprint(i), "a b"))
	}
	return all
}

// TestDataLimits: each pair is the largest that every reading of Slack's limits takes, and the smallest that one of them refuses.
func TestDataLimits(t *testing.T) {
	row := `[` + aCell + `]`
	pie := func(value string) string {
		return `{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":"a","value":` + value + `}]}}`
	}
	for name, pair := range map[string][2]string{
		"rows":                  {dataTableOf(`MANY100(` + row + `)`), dataTableOf(`MANY101(` + row + `)`)},
		"a row below the head":  {dataTableOf(row), `{"type":"data_table","caption":"c","rows":[` + row + `]}`},
		"columns":               {`{"type":"data_table","caption":"c","rows":[[MANY20(` + aCell + `)],[MANY20(` + aCell + `)]]}`, `{"type":"data_table","caption":"c","rows":[[MANY21(` + aCell + `)],[MANY21(` + aCell + `)]]}`},
		"a caption":             {dataTableOf(row), strings.Replace(dataTableOf(row), `"caption":"c",`, "", 1)},
		"rows of one length":    {dataTableOf(row), dataTableOf(`[` + aCell + `,` + aCell + `]`)},
		"a plain head":          {dataTableOf(`[` + actionCell("a") + `]`), strings.Replace(dataTableOf(row), aCell, actionCell("a"), 1)},
		"no name twice":         {dataTableOf(`[` + actionCell("a") + `],[` + actionCell("b") + `]`), dataTableOf(`[` + actionCell("a") + `],[` + actionCell("a") + `]`)},
		"what stands for it":    {dataTableOf(`[` + actionCell("a") + `]`), dataTableOf(`[` + strings.Replace(actionCell("a"), aCell, actionCell("b"), 1) + `]`)},
		"characters together":   {dataTableOf(`MANY4([{"type":"raw_text","text":"LONG2499"}])`), dataTableOf(`MANY4([{"type":"raw_text","text":"LONG2500"}])`)},
		"page size":             {strings.Replace(dataTableOf(row), `"caption"`, `"page_size":100,"caption"`, 1), strings.Replace(dataTableOf(row), `"caption"`, `"page_size":101,"caption"`, 1)},
		"an index of a column":  {strings.Replace(dataTableOf(row), `"caption"`, `"row_header_column_index":0,"caption"`, 1), strings.Replace(dataTableOf(row), `"caption"`, `"row_header_column_index":1,"caption"`, 1)},
		"no empty cell":         {dataTableOf(row), dataTableOf(`[{"type":"raw_text","text":""}]`)},
		"series":                {chartOf(manySeries(6)...), chartOf(manySeries(7)...)},
		"charts":                {`MANY2(` + strings.ReplaceAll(pie("1"), "(", "") + `)`, `MANY3(` + pie("1") + `)`},
		"a point each":          {chartOf(seriesOf("s", "b a")), chartOf(seriesOf("s", "a"))},
		"no point beside them":  {chartOf(seriesOf("s", "a b")), chartOf(seriesOf("s", "a c"))},
		"no series twice":       {chartOf(seriesOf("s", "a b"), seriesOf("t", "a b")), chartOf(seriesOf("s", "a b"), seriesOf("s", "a b"))},
		"a name":                {chartOf(seriesOf("LONG20", "a b")), chartOf(seriesOf("LONG21", "a b"))},
		"a title":               {strings.Replace(pie("1"), `"t"`, `"LONG50"`, 1), strings.Replace(pie("1"), `"t"`, `"LONG51"`, 1)},
		"a slice of something":  {pie("0.5"), pie("0")},
		"a number":              {pie("1"), pie(`"1"`)},
		"a known kind of chart": {pie("1"), strings.Replace(pie("1"), "pie", "donut", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, ValidateMessage(expand(t, `{"text":"x","blocks":[`+pair[0]+`]}`)))
			require.NotEmpty(t, ValidateMessage(expand(t, `[`+pair[1]+`]`)))
			require.NotEmpty(t, ValidateView(expand(t, modal("", pair[0]))), "a form takes none")
		})
	}
	home := func(block string) json.RawMessage { return expand(t, `{"type":"home","blocks":[`+block+`]}`) }
	require.Empty(t, ValidateView(home(dataTableOf(row))))
	require.NotEmpty(t, ValidateView(home(pie("1"))))
	require.Empty(t, October2026.Message(expand(t, `[`+dataTableOf(`MANY200(`+row+`)`)+`,`+chartOf(manySeries(12)...)+`]`)))
	require.NotEmpty(t, October2026.Message(expand(t, `[`+dataTableOf(`MANY201(`+row+`)`)+`]`)))
}

// TestAButtonInATable is pressed as any other.
func TestAButtonInATable(t *testing.T) {
	var blocks []Block
	require.NoError(t, json.Unmarshal([]byte(`[`+dataTableOf(`[`+actionCell("a@1")+`],[`+actionCell("a@2")+`]`)+`]`), &blocks))
	_, e := findElement(blocks, "a@2")
	require.Equal(t, "a@2", str(e["action_id"]))
	require.Equal(t, "c x Go Go", strings.ReplaceAll(strings.Join(textsOf(blocks), " "), "x x", "x"))
}
