package catalog

// Moneys are the amounts of money that an account of such an app is limited to, as far as it can be told.
func (e *Entry) Moneys() []Field { return e.details(Money) }

// Numbers are what else such an account has by number, as far as it can be told: how much it may have of something.
func (e *Entry) Numbers() []Field { return e.details(Number) }

func (e *Entry) details(k Kind) (list []Field) {
	if e == nil {
		return nil
	}
	for _, f := range e.Details {
		if f.Kind == k {
			list = append(list, f)
		}
	}
	return list
}
