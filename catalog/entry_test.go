package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestANounHasItsArticle, whatever somebody's file calls what people have.
func TestANounHasItsArticle(t *testing.T) {
	for one, says := range map[string]string{"seat": "a seat", "editor seat": "an editor seat", "user": "a user", "Admin": "an Admin", "": "a "} {
		require.Equal(t, says, Noun{One: one}.A())
	}
}
