package fetch

// Once are the people of several lists, each once by what id says, in the order in which they were met: a later list knows better.
func Once[T any](id func(T) string, lists ...[]T) (out []T) {
	at := map[string]int{}
	for _, list := range lists {
		for _, u := range list {
			if i, twice := at[id(u)]; twice {
				out[i] = u
				continue
			}
			at[id(u)] = len(out)
			out = append(out, u)
		}
	}
	return out
}
