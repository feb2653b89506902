package view

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// accounts is a table of n accounts, each with a button.
func accounts(n int, email func(i int) string) Table {
	t := Table{Title: say("*Blocked by limits: %v*", count(n, "account", "accounts")), Caption: "Accounts blocked by limits", Head: []string{"Account", "Since", "Why", "Mend it"},
		More:    func(left int) approvals.Text { return say("and %v more", left) },
		Instead: []slack.Block{slack.NewActionBlock("instead", slack.NewButtonBlockElement("other", "1", typed("Mend another…")))}}
	for i := range n {
		who := email(i)
		t.Rows = append(t.Rows, Row{Cells: []approvals.Text{say("%v", who), say("%v", clock(9, i%60)), say("asked by %v", approvals.PersonID("U0ALICE"))},
			Button: slack.NewButtonBlockElement("remedy", fmt.Sprint(i), typed("Mend")), Line: say("• %v · since %v", clip(who, emailLength), clock(9, i%60))})
	}
	return t
}

func numbered(i int) string { return fmt.Sprintf("account_%03d@acme.example", i) }

// on draws one thing on a page.
func on(draw func(p *page)) Message {
	p := newPage()
	draw(p)
	return p.message()
}

func TestTables(t *testing.T) {
	for name, table := range map[string]Table{"three": accounts(3, numbered), "some without a button": func() Table {
		t := accounts(2, numbered)
		t.Rows[1].Button = nil
		return t
	}()} {
		t.Run(name, func(t *testing.T) {
			m := on(func(p *page) { p.table(maxAll, table) })
			golden(t, "table-"+name, held(t, m))
		})
	}
	held(t, on(func(p *page) { p.table(maxAll, accounts(1000, numbered)) }))
	for name, s := range hostile {
		m := on(func(p *page) { p.table(maxAll, accounts(150, func(int) string { return s })) })
		require.NotEmpty(t, m.Plain, name)
		held(t, m)
	}
}

// TestATableSaysAllThatItsLinesSay: whoever sees the one misses nothing that those with the other read.
func TestATableSaysAllThatItsLinesSay(t *testing.T) {
	for _, n := range []int{1, 5, 99, 100, 101, 130, 160} {
		m := on(func(p *page) { p.table(maxAll, accounts(n, numbered)) })
		plain, native := string(JSON(m.Plain)), string(JSON(m.Blocks))
		for i := range n {
			require.Equal(t, strings.Count(plain, numbered(i)), strings.Count(native, numbered(i)), "%d of %d", i, n)
		}
		require.Equal(t, strings.Contains(plain, "more"), strings.Contains(native, "more"))
		require.Equal(t, n > tableRows, strings.Contains(native, "Mend another"), "%d", n)
		require.Contains(t, plain, "Mend another")
		held(t, m)
	}
}

// TestWhatIsTooMuchIsDrawnPlainly: no table is cut for the sake of another one, and a third chart is left to its lines.
func TestWhatIsTooMuchIsDrawnPlainly(t *testing.T) {
	m := on(func(p *page) {
		for i := range 3 {
			table := accounts(100, numbered)
			table.Instead = []slack.Block{slack.NewActionBlock(fmt.Sprint(i), slack.NewButtonBlockElement("other", "1", typed("Mend another…")))}
			p.table(maxAll/4, table)
			p.chart(weekly(12, 24))
		}
	})
	native := string(JSON(m.Blocks))
	require.Equal(t, 2, strings.Count(native, `"data_visualization"`))
	require.Positive(t, strings.Count(native, `"data_table"`))
	held(t, m)
	m = on(func(p *page) { p.section(say("nothing of that kind")) })
	require.Nil(t, m.Plain)
	require.NotContains(t, string(JSON(m)), "Plain", "what a message without them shows has the hash it always had")
}

func TestActionOf(t *testing.T) {
	require.Equal(t, "remedy", ActionOf("remedy@12"))
	require.Equal(t, "remedy", ActionOf("remedy"))
}

// weekly is a chart of some weeks of one app's seats.
func weekly(weeks int, from float64) Chart {
	c := Chart{Title: "Seats used in SE Ranking", Of: "seats", Along: "week", Series: []Series{{Name: "used"}}}
	for i := range weeks {
		c.Points = append(c.Points, clock(9, 0).AddDate(0, 0, 7*(i-weeks)).Format("2 Jan"))
		c.Series[0].Values = append(c.Series[0].Values, from+math.Mod(float64(i*7), 5))
	}
	return c
}

func TestCharts(t *testing.T) {
	gaps := weekly(12, 18)
	gaps.Series = append(gaps.Series, Series{Name: "blocked", Values: make([]float64, 12)})
	gaps.Series[0].Values[3], gaps.Series[1].Values[7] = math.NaN(), math.NaN()
	many, none := weekly(30, 90), weekly(4, 1)
	for i := range 9 {
		many.Series = append(many.Series, Series{Name: "an app with a name that is long", Values: many.Series[i].Values})
	}
	many.Bars = true
	none.Series[0].Values = []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	for name, c := range map[string]Chart{"weeks": weekly(12, 18), "gaps": gaps, "enormous": many, "unknown": none, "one": weekly(1, 1)} {
		t.Run(name, func(t *testing.T) {
			golden(t, "chart-"+name, held(t, on(func(p *page) { p.chart(c) })))
		})
	}
	for name, s := range hostile {
		c := weekly(5, 1)
		c.Title, c.Of, c.Along, c.Series[0].Name = s, s, s, s
		c.Points = []string{s, s, s, s, s}
		held(t, on(func(p *page) { p.chart(c) }))
		require.NotEmpty(t, name)
	}
}
