package catalog

// Misfit is what of a request's values the app no longer has.
type Misfit struct {
	// Key is the field, and Label what it is called, where it is there still.
	Key, Label string
	// Choice is the choice that is gone; "": the field itself is.
	Choice Item
}

// Misfits are the values that an action no longer takes: a field that is gone, a choice that is. Resources are looked up
// where they are, and what is found of an account may be in any of its sorts.
func (a Action) Misfits(v Values) (out []Misfit) {
	for _, value := range v {
		f, ok := a.Field(value.Key)
		if !ok {
			out = append(out, Misfit{Key: value.Key, Label: value.Key})
			continue
		}
		if len(f.Choices) == 0 {
			continue
		}
		for _, i := range value.Items {
			if _, ok := f.Choice(i.ID); !ok && (f.Shape == "" || !f.Fits(i.ID)) {
				out = append(out, Misfit{Key: f.Key, Label: f.Label, Choice: i})
			}
		}
	}
	return out
}
