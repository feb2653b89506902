package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhoseASymbolIs(t *testing.T) {
	require.Equal(t, map[string]float64{"Go and its library": 300, "github.com/slack-go/slack": 70, "golang.org/x": 5, "github.com/usherbot/usher": 8}, sizesOf(`
  4a0 100 T runtime.main
  4a1 200 R type:map[string]int
  4a2 40 T github.com/slack-go/slack.(*Client).PostMessage
  4a3 30 R type:*github.com/slack-go/slack/socketmode.Client
  4a4 5 T golang.org/x/text/unicode/norm.nfcData
  4a5 8 T github.com/usherbot/usher/approvals.Step
  4a6 9000 B runtime.reserved
  4b0 9000 D crypto/internal/fips140/drbg.memory
`, []span{{0x4b0, 0x4c0}}))
}
