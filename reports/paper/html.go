package paper

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var page string

// mostShown is how many accounts stand on a page; all of them stand in the other files.
const mostShown = 1000

// shown is what the page is made of.
type shown struct {
	Paper
	Made     string
	Pictures []picture
	Columns  []Column
	Accounts [][]string
	Rest     int
}

// picture is a chart, drawn for a light and for a dark page.
type picture struct {
	Say   string
	Light template.URL
	Dark  template.Srcset
}

// writeHTML writes one page that needs nothing else and asks nobody for anything.
func writeHTML(to io.Writer, p Paper) error {
	s := shown{Paper: p, Made: p.made(), Columns: accountColumns()}
	for _, c := range p.Charts {
		drawn, err := drawn(c)
		if err != nil {
			return err
		}
		s.Pictures = append(s.Pictures, drawn)
	}
	var lost error
	p.accounts(func(row []string, err error) bool {
		if lost = err; err != nil {
			return false
		}
		if len(s.Accounts) == mostShown {
			s.Rest++
		} else {
			s.Accounts = append(s.Accounts, row)
		}
		return true
	})
	if lost != nil {
		return lost
	}
	t, err := template.New("page").Parse(page)
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	if err := t.Execute(to, s); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

func drawn(c Chart) (picture, error) {
	light, err := c.PNG(false)
	if err != nil {
		return picture{}, err
	}
	dark, err := c.PNG(true)
	if err != nil {
		return picture{}, err
	}
	return picture{c.Say, template.URL(inline(light)), template.Srcset(inline(dark))}, nil
}

func inline(png []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)
}
