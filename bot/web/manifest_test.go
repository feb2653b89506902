package web

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

func readManifest(t *testing.T) slack.Manifest {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "manifest.yml"))
	require.NoError(t, err)
	var m slack.Manifest
	require.NoError(t, yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(&m), "every key is one that Slack knows")
	return m
}

func TestManifestIsCompleteAndWithinSlacksLimits(t *testing.T) {
	m := readManifest(t)
	require.LessOrEqual(t, len(m.Display.Name), 35)
	require.NotEmpty(t, m.Display.Name)
	require.LessOrEqual(t, len([]rune(m.Display.Description)), 140)
	require.NotEmpty(t, m.Features.BotUser.DisplayName)
	require.True(t, m.Features.AppHome.MessagesTabEnabled, "without the tab Slack refuses direct messages")
	require.True(t, m.Features.AppHome.HomeTabEnabled, "without the tab Slack refuses what is published there")
	require.Len(t, m.Features.SlashCommands, 1)
	c := m.Features.SlashCommands[0]
	require.Equal(t, "/access", c.Command)
	require.True(t, c.ShouldEscape)
	require.NotEmpty(t, c.UsageHint)
	require.LessOrEqual(t, len([]rune(c.UsageHint)), 1000)
	require.Empty(t, c.Url, "Socket Mode needs no address")
	require.True(t, m.Settings.SocketModeEnabled)
	require.NotNil(t, m.Settings.Interactivity)
	require.True(t, m.Settings.Interactivity.IsEnabled)
	require.Equal(t, Events(), m.Settings.EventSubscriptions.BotEvents)
	require.Empty(t, m.Settings.EventSubscriptions.UserEvents)
	require.Empty(t, m.Settings.EventSubscriptions.RequestUrl, "Socket Mode needs no address")
	require.False(t, m.Settings.TokenRotationEnabled, "the bot token is fixed while the program runs")
	require.Empty(t, m.OAuthConfig.Scopes.User)
}

func TestManifestAsksForExactlyTheScopesInUse(t *testing.T) {
	asked := slices.Clone(readManifest(t).OAuthConfig.Scopes.Bot)
	require.True(t, slices.IsSorted(asked))
	require.Equal(t, Scopes(), asked)
}

// methodOf maps slack-go's calls to Slack's methods, for every call that this package makes.
var methodOf = map[string]string{
	"AuthTestContext":               methodAuthTest,
	"ListTeamsContext":              methodTeams,
	"PostMessageContext":            MethodPost,
	"UpdateMessageContext":          methodUpdate,
	"DeleteMessageContext":          methodDelete,
	"PostEphemeralContext":          methodEphemeral,
	"GetConversationHistoryContext": MethodHistory,
	"GetConversationRepliesContext": methodReplies,
	"OpenConversationContext":       methodOpenDM,
	"GetConversationsContext":       methodChannels,
	"GetConversationInfoContext":    methodChannel,
	"GetUserInfoContext":            methodUser,
	"GetUserByEmailContext":         methodByEmail,
	"GetUsersPaginated":             methodUsers,
	"GetUserGroupMembersContext":    methodGroup,
	"GetUserGroupsContext":          methodGroups,
	"GetTeamProfileContext":         methodFields,
	"GetUserProfileContext":         methodProfile,
	"GetFileInfoContext":            methodFile,
	"GetUploadURLExternalContext":   methodUploadURL,
	"CompleteUploadExternalContext": methodShare,
	"OpenViewContext":               methodOpenView,
	"UpdateViewContext":             methodUpdateView,
	"PublishViewContext":            methodPublish,
	"StartSocketModeContext":        methodOpenSocket,
}

func TestEveryMethodInUseStandsInTheScopeTable(t *testing.T) {
	used := map[string]bool{}
	for _, call := range clientCalls(t) {
		method, known := methodOf[call]
		require.True(t, known, "%s is called, and this test does not know which method it is", call)
		used[method] = true
	}
	for method := range scopesOf {
		require.True(t, used[method], "%s stands in the table, and nothing calls it", method)
	}
	for method := range used {
		_, listed := scopesOf[method]
		require.True(t, listed || method == methodOpenSocket, "%s is called, and its scopes are not in the table", method)
	}
}

// clientCalls lists the methods of slack-go's Client that this package's own code calls, whatever holds
// the client.
func clientCalls(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var calls []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && isClientMethod(s.Sel.Name) {
				calls = append(calls, s.Sel.Name)
			}
			return true
		})
	}
	require.NotEmpty(t, calls)
	return calls
}

// isClientMethod knows calls that take a context, and the one that is read page by page; the others are not used here.
func isClientMethod(name string) bool {
	_, ok := reflect.TypeFor[*slack.Client]().MethodByName(name)
	return ok && (strings.HasSuffix(name, "Context") || strings.HasSuffix(name, "Paginated"))
}
