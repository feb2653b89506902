package conform

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
)

// past is what is kept of apps' days: by app and day the figures, and the accounts.
type past struct{ figures, accounts map[string]map[string][]byte }

func (p past) clone() past {
	return past{cloned(p.figures), cloned(p.accounts)}
}

func cloned(m map[string]map[string][]byte) map[string]map[string][]byte {
	out := map[string]map[string][]byte{}
	for app, days := range m {
		out[app] = maps.Clone(days)
	}
	return out
}

// HistoryApps implements history.Memory.
func (s *sloppy) HistoryApps(context.Context) (apps []string, err error) {
	s.read(func(t *table) {
		for _, app := range slices.Sorted(maps.Keys(t.past.figures)) {
			if len(t.past.figures[app]) > 0 {
				apps = append(apps, app)
			}
		}
	})
	return apps, nil
}

// HistoryDays implements history.Memory.
func (s *sloppy) HistoryDays(_ context.Context, app, from string, each func(day string, figures []byte)) error {
	s.read(func(t *table) {
		for other, days := range t.past.figures {
			if other != app && (s.does != "takes the days of one app for those of another that begins so" || !strings.HasPrefix(other, app)) {
				continue
			}
			for _, day := range slices.Sorted(maps.Keys(days)) {
				if day >= from || s.does == "minds no day from which on others are wanted" {
					each(day, bytes.Clone(days[day]))
				}
			}
		}
	})
	return nil
}

// HistoryAccounts implements history.Memory.
func (s *sloppy) HistoryAccounts(_ context.Context, app, day string) (raw []byte, err error) {
	s.read(func(t *table) { raw = bytes.Clone(t.past.accounts[app][day]) })
	return raw, nil
}

// KeepDay implements history.Memory.
func (s *sloppy) KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (kept bool, err error) {
	err = s.commit(ctx, func(t *table) error {
		days := slices.Sorted(maps.Keys(t.past.figures[app]))
		is := ""
		if len(days) > 0 {
			is = days[len(days)-1]
		}
		stale := is != last && s.does != "keeps a day though another one was kept meanwhile"
		if kept = !stale && (day > is || s.does == "keeps days out of their order"); !kept {
			return nil
		}
		if t.past.figures[app] == nil {
			t.past.figures[app], t.past.accounts[app] = map[string][]byte{}, map[string][]byte{}
		}
		t.past.figures[app][day], t.past.accounts[app][day] = bytes.Clone(figures), bytes.Clone(accounts)
		return nil
	})
	return kept && err == nil, err
}

// ForgetDays implements history.Memory.
func (s *sloppy) ForgetDays(ctx context.Context, app, from, before string) error {
	return s.commit(ctx, func(t *table) error {
		gone := func(day string, _ []byte) bool { return day >= from && (before == "" || day < before) }
		for other := range t.past.figures {
			if other != app && s.does != "forgets the days of every app" {
				continue
			}
			maps.DeleteFunc(t.past.figures[other], gone)
			if s.does != "forgets days and not their accounts" {
				maps.DeleteFunc(t.past.accounts[other], gone)
			}
		}
		return nil
	})
}
