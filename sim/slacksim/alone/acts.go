package alone

import "github.com/usherbot/usher/sim/slacksim"

// acts are what people do, and what a hostile client or a future Slack might send.
func (c *control) acts() map[string]func(order) *slacksim.Delivery {
	s := c.sim
	return map[string]func(order) *slacksim.Delivery{
		"type": func(o order) *slacksim.Delivery { return s.Type(o.User, o.Channel, o.Text) },
		"click": func(o order) *slacksim.Delivery {
			return s.Choose(o.User, o.Channel, c.message(o), o.Button, o.choice())
		},
		"forge":     func(o order) *slacksim.Delivery { return s.ClickForged(o.User, o.Forged) },
		"clickview": func(o order) *slacksim.Delivery { return s.ClickView(o.User, o.View, o.Button, o.choice()) },
		"suggest":   func(o order) *slacksim.Delivery { return s.Suggest(o.User, o.View, o.Button, o.Text) },
		"shortcut": func(o order) *slacksim.Delivery {
			if o.Channel != "" {
				return s.ShortcutOn(o.User, o.Channel, c.message(o), o.Button)
			}
			return s.Shortcut(o.User, o.Button)
		},
		"submit": func(o order) *slacksim.Delivery { return s.Submit(o.User, o.View, o.Values) },
		"close":  func(o order) *slacksim.Delivery { return s.CloseView(o.User, o.View) },
		"home":   func(o order) *slacksim.Delivery { return s.OpenHome(o.User) },
		"raw":    func(o order) *slacksim.Delivery { return s.Raw(o.Kind, o.User, o.Channel, o.Payload) },
	}
}

// message is the one that an order means: the newest of its channel where it names none.
func (c *control) message(o order) string {
	if all := c.sim.Messages(o.Channel); o.TS == "" && len(all) > 0 {
		return all[len(all)-1].TS
	}
	return o.TS
}

func (o order) choice() any {
	if o.Choice == nil && o.Value != "" {
		return o.Value
	}
	return o.Choice
}
