package slacksim

import (
	"fmt"
	"math"
	"slices"
)

// dataLimits bound Slack's own tables and charts. Slack has said one thing in spring and another in autumn, and its clients' checks a
// third: the strict ones are the least of each.
type dataLimits struct {
	rows, text int // data rows of a table, and characters in all tables of a message
	series     int // of a chart, or segments of a pie
	charts     int // in a message
}

// dataTable is the shape of a data_table: a caption, a head of plain words, rows that are as long as the head.
func dataTable() shape {
	return checked(blockOf(map[string]rule{"caption": text(1, 2000), "rows": items(2, 1000, items(1, 20, dataCell)),
		"page_size": number(1, 100), "row_header_column_index": number(0, 19)}, "caption", "rows"), countDataTable)
}

func countDataTable(c *checker, at string, o map[string]any) {
	rows := list(o["rows"])
	if n := len(rows) - 1; n > c.data.rows {
		c.add(at+"/rows", fmt.Sprintf("no more than %d data rows allowed", c.data.rows), "max_items", c.data.rows)
	}
	for i, row := range rows {
		if len(list(row)) != len(list(rows[0])) {
			c.add(fmt.Sprintf("%s/rows/%d", at, i), "all rows must have as many cells", "items", "equal")
		}
		for j, cell := range list(row) {
			if kind := str(object(cell)["type"]); i == 0 && kind != "raw_text" {
				c.add(fmt.Sprintf("%s/rows/0/%d/type", at, j), "the header row holds raw_text only", "enum", "raw_text")
			}
			for _, t := range gather(nil, cell) {
				c.tableText += length(t)
			}
		}
	}
	if index, ok := o["row_header_column_index"].(float64); ok && len(rows) > 0 && int(index) >= len(list(rows[0])) {
		c.add(at+"/row_header_column_index", "must be the index of a column", "range", len(list(rows[0])))
	}
}

// dataCell is a cell of a data_table. Only its buttons bear action ids, which are unique in the block.
func dataCell(c *checker, at string, v any) {
	o := object(v)
	if str(o["type"]) != "action_cell" {
		tableCell(c, at, v)
		return
	}
	fallback := func(c *checker, at string, v any) {
		if kind := str(object(v)["type"]); kind != "raw_text" && kind != "raw_number" {
			c.add(at+"/type", "must be a valid enum value", "enum", []string{"raw_text", "raw_number"})
			return
		}
		tableCell(c, at, v)
	}
	c.object(at, v, shape{fields: map[string]rule{"element": element("button"), "fallback": fallback}, need: []string{"element"}})
}

// dataVisualization is the shape of a chart.
func dataVisualization() shape {
	return checked(blockOf(map[string]rule{"title": text(1, 50), "chart": chart}, "title", "chart"),
		func(c *checker, _ string, _ map[string]any) { c.charts++ })
}

func chart(c *checker, at string, v any) {
	switch kind := str(object(v)["type"]); kind {
	case "pie":
		segment := shaped(checked(shape{fields: map[string]rule{"label": text(1, 20), "value": numeric}, need: []string{"label", "value"}}, moreThanNothing))
		c.object(at, v, shape{fields: map[string]rule{"segments": items(1, c.data.series, segment)}, need: []string{"segments"}})
	case "bar", "area", "line":
		point := shaped(shape{fields: map[string]rule{"label": text(1, 20), "value": numeric}, need: []string{"label", "value"}})
		series := shaped(shape{fields: map[string]rule{"name": text(1, 20), "data": items(1, 20, point)}, need: []string{"name", "data"}})
		axis := shaped(shape{fields: map[string]rule{"categories": items(1, 20, text(1, 20)), "x_label": text(0, 50), "y_label": text(0, 50)}, need: []string{"categories"}})
		c.object(at, v, checked(shape{fields: map[string]rule{"series": items(1, c.data.series, series), "axis_config": axis}, need: []string{"series", "axis_config"}}, onePointEach))
	default:
		c.add(at+"/type", "must be a valid enum value", "enum", []string{"pie", "bar", "area", "line"})
	}
}

func moreThanNothing(c *checker, at string, o map[string]any) {
	if n, ok := o["value"].(float64); ok && n <= 0 {
		c.add(at+"/value", "must be more than 0", "range", 0)
	}
}

func numeric(c *checker, at string, v any) {
	if n, ok := v.(float64); !ok || math.IsNaN(n) {
		c.add(at, "must be a number", "type", "number")
	}
}

// onePointEach wants of each series one point for each category, and no name twice.
func onePointEach(c *checker, at string, o map[string]any) {
	categories := unique(c, at+"/axis_config/categories", list(object(o["axis_config"])["categories"]))
	var names []any
	for i, s := range list(o["series"]) {
		names = append(names, object(s)["name"])
		var labels []any
		for _, p := range list(object(s)["data"]) {
			labels = append(labels, object(p)["label"])
		}
		of := unique(c, fmt.Sprintf("%s/series/%d/data", at, i), labels)
		slices.Sort(of)
		want := slices.Clone(categories)
		slices.Sort(want)
		if !slices.Equal(of, want) {
			c.add(fmt.Sprintf("%s/series/%d/data", at, i), "must have exactly one point for every category", "items", "categories")
		}
	}
	unique(c, at+"/series", names)
}

// unique are words of which none may be there twice.
func unique(c *checker, at string, all []any) (words []string) {
	for _, one := range all {
		if word := str(one); slices.Contains(words, word) {
			c.add(at, fmt.Sprintf("must not have %q twice", word), "unique", word)
		} else {
			words = append(words, word)
		}
	}
	return words
}

// wholeData holds what all tables and charts of a message come to.
func (c *checker) wholeData(at string) {
	if c.tableText > c.data.text {
		c.add(at, fmt.Sprintf("data tables must be less than %d characters together", c.data.text+1), "max_length", c.data.text)
	}
	if c.charts > c.data.charts {
		c.add(at, fmt.Sprintf("no more than %d data_visualization blocks allowed", c.data.charts), "max_items", c.data.charts)
	}
}

// hasData reports whether blocks have one of Slack's own tables or charts.
func hasData(blocks []Block) bool {
	return slices.ContainsFunc(blocks, func(b Block) bool {
		kind := str(b["type"])
		return kind == "data_table" || kind == "data_visualization"
	})
}
