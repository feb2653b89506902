package app

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/reviews"
)

// between is what stands between two rooms where they are joined: nothing, unless somebody puts a
// decorator there. Tests seed bugs and faults by it, so that no room needs a switch for them.
type between struct {
	Book      func(approvals.Book) approvals.Book
	Box       func(outbox.Box) outbox.Box
	Directory func(approvals.Directory) approvals.Directory
	Desk      func(bot.Desk) bot.Desk
	House     func(bot.House) bot.House
	Doer      func(kind string, d outbox.Doer) outbox.Doer
	Kind      func(provision.Kind) provision.Kind
	Register  func(register.Book) register.Book
	Reviews   func(reviews.Book) reviews.Book
	Leavers   func(leavers.Book) leavers.Book
	Joiners   func(joiners.Book) joiners.Book
	Past      func(history.Memory) history.Memory
	Slots     func(reports.Slots) reports.Slots
	Slack     func(*web.Config)
	Ear       func(*bot.Config)
}

func decorate[T any](with func(T) T, plain T) T {
	if with == nil {
		return plain
	}
	return with(plain)
}

func (b between) book(x approvals.Book) approvals.Book { return decorate(b.Book, x) }
func (b between) box(x outbox.Box) outbox.Box          { return decorate(b.Box, x) }
func (b between) directory(x approvals.Directory) approvals.Directory {
	return decorate(b.Directory, x)
}
func (b between) desk(x bot.Desk) bot.Desk               { return decorate(b.Desk, x) }
func (b between) house(x bot.House) bot.House            { return decorate(b.House, x) }
func (b between) kind(x provision.Kind) provision.Kind   { return decorate(b.Kind, x) }
func (b between) register(x register.Book) register.Book { return decorate(b.Register, x) }
func (b between) reviews(x reviews.Book) reviews.Book    { return decorate(b.Reviews, x) }
func (b between) leavers(x leavers.Book) leavers.Book    { return decorate(b.Leavers, x) }
func (b between) joiners(x joiners.Book) joiners.Book    { return decorate(b.Joiners, x) }
func (b between) past(x history.Memory) history.Memory   { return decorate(b.Past, x) }
func (b between) slots(x reports.Slots) reports.Slots    { return decorate(b.Slots, x) }

func (b between) doer(kind string, d outbox.Doer) outbox.Doer {
	if b.Doer == nil {
		return d
	}
	return b.Doer(kind, d)
}

func (b between) slack(c web.Config) web.Config { return adjust(b.Slack, c) }
func (b between) ear(c bot.Config) bot.Config   { return adjust(b.Ear, c) }

func adjust[T any](with func(*T), c T) T {
	if with != nil {
		with(&c)
	}
	return c
}
