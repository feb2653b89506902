package approvals

import "context"

// glance is a Directory for one look at many requests: each person and each group is asked about once, also
// where it could not be found out.
type glance struct {
	of     Directory
	people map[PersonID]found[Person]
	groups map[GroupID]found[[]PersonID]
}

type found[T any] struct {
	is  T
	err error
}

// Person implements Directory.
func (g *glance) Person(ctx context.Context, id PersonID) (Person, error) {
	return once(&g.people, id, func() (Person, error) { return g.of.Person(ctx, id) })
}

// ByEmail implements Directory.
func (g *glance) ByEmail(ctx context.Context, email string) (Person, error) {
	return g.of.ByEmail(ctx, email)
}

// Group implements Directory.
func (g *glance) Group(ctx context.Context, id GroupID) ([]PersonID, error) {
	return once(&g.groups, id, func() ([]PersonID, error) { return g.of.Group(ctx, id) })
}

func once[K comparable, T any](known *map[K]found[T], id K, ask func() (T, error)) (T, error) {
	f, ok := (*known)[id]
	if !ok {
		if *known == nil {
			*known = map[K]found[T]{}
		}
		f.is, f.err = ask()
		(*known)[id] = f
	}
	return f.is, f.err
}
