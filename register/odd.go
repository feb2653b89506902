package register

import (
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// Odd is an answer that isn't believed yet: an app or a directory that suddenly lists nobody, or half. It is stored as JSON.
type Odd struct {
	// Accounts and People are how many there were, and Days the days on which that was so.
	Accounts int      `json:"accounts"`
	People   int      `json:"people"`
	Days     []string `json:"days"`
}

// believedAfter is on how many days something odd is seen before it is believed.
const believedAfter = 3

// doubts is an answer that isn't believed, and why, as people are told; nil: it is. What stays so for some days is: a company may have
// been split, or an app emptied on purpose.
func (k Kept) doubts(app approvals.App, accounts, people int, day string) (*Odd, approvals.Text) {
	lost, gone := approvals.Fewer(k.Count, accounts), approvals.Fewer(k.People, people)
	if !lost && !gone {
		return nil, nil
	}
	o := Odd{Accounts: accounts, People: people, Days: []string{day}}
	if k.Odd != nil {
		for _, d := range k.Odd.Days {
			if d != day {
				o.Days = append(o.Days, d)
			}
		}
	}
	if len(o.Days) >= believedAfter {
		return nil, nil
	}
	after := approvals.Sayf("I take that for trouble and not for news, so I've changed nothing. Is it right? Then you don't have to do anything: if it's still so on %v, I'll go by it.", dayOf(day, believedAfter-len(o.Days)))
	if gone {
		return &o, approvals.Sayf("Slack suddenly lists %v, and it was %v when I last looked. %v", counted(people, "active person", "active people"), k.People, after)
	}
	return &o, approvals.Sayf("*%v* suddenly lists %v, and it was %v when I last looked. %v", app.Name, counted(accounts, "account", "accounts"), k.Count, after)
}

// dayOf is a day so many after a slot.
func dayOf(slot string, later int) string {
	day, err := time.Parse(time.DateOnly, slot)
	if err != nil {
		return "the third day"
	}
	return day.AddDate(0, 0, later).Format("2 Jan")
}

func counted(n int, one, many string) string { return catalog.Noun{One: one, Many: many}.Count(n) }
