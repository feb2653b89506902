package catalog

// Moneys are the amounts of money that an account of such an app is limited to, as far as it can be told.
func (e *Entry) Moneys() (list []Field) {
	if e == nil {
		return nil
	}
	for _, f := range e.Details {
		if f.Kind == Money {
			list = append(list, f)
		}
	}
	return list
}
