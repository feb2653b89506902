package badday

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/test/world"
)

// commitsOfALife is how often at most the file is made durable for a request from its asking to what is said last about it, by people
// who take their time. bbolt syncs twice a commit.
const commitsOfALife = 10

// TestCommitsOfALife counts them: what is saved here must not come back unnoticed. Two that happen to come at the same moment share one.
func TestCommitsOfALife(t *testing.T) {
	commits := 0
	world.In(t, world.Config, func(w *world.World) {
		w.Alter = func(around *app.Surroundings) {
			inner := around.Store.Hook
			around.Store.Hook = func(place string) error {
				if place == "after commit" {
					commits++
				}
				return inner(place)
			}
		}
		w.Start()
		d := &busyDay{World: w, began: time.Now()}
		d.Pass(time.Minute)
		d.live(func() {}) // the first one of a day learns things
		before := commits
		d.live(func() {})
		require.LessOrEqual(t, commits-before, commitsOfALife)
		d.complete()
		w.End()
	})
}
