package web

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

var manifestJSON = flag.String("manifest-json", "", "write manifest.yml to this file as JSON (.ci/slack-conformance holds it against Slack's own types)")

// TestManifestKeepsSlacksRules of what may stand in a manifest and how long it may be, and each spoilt one is noticed.
func TestManifestKeepsSlacksRules(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "manifest.yml"))
	require.NoError(t, err)
	rules, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "manifest.schema.json"))
	require.NoError(t, err)
	problems := func(yml string) error {
		js, err := yaml.YAMLToJSON([]byte(yml))
		require.NoError(t, err)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(js))
		require.NoError(t, err)
		return rules.Validate(v)
	}
	good := string(raw)
	require.NoError(t, problems(good))
	if *manifestJSON != "" {
		js, err := yaml.YAMLToJSON(raw)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(*manifestJSON, js, 0o600))
	}
	for name, pair := range map[string][2]string{
		"a long name":           {"name: Usher\n", "name: " + strings.Repeat("x", 36) + "\n"},
		"a long description":    {"description: Gives", "description: " + strings.Repeat("x", 141) + "Gives"},
		"a misspelt setting":    {"socket_mode_enabled", "socket_mode"},
		"a shortcut too long":   {"name: Ask for their access", "name: Ask for access for the author"},
		"a shortcut nowhere":    {"type: global", "type: local"},
		"a command's slash":     {"command: /access", "command: access"},
		"a hint too long":       {"usage_hint: ", "usage_hint: " + strings.Repeat("x", 1001)},
		"an event twice":        {"- subteam_updated", "- subteam_updated\n      - subteam_updated"},
		"a word that is a flag": {"should_escape: true", "should_escape: \"yes\""},
	} {
		bad := strings.Replace(good, pair[0], pair[1], 1)
		require.NotEqual(t, good, bad, name)
		require.Error(t, problems(bad), name)
	}
}
