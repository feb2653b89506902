// The types that schemas.mjs makes schemas of, by the names it asks for.
import type { BlockAction, BlockElementAction, BlockSuggestion, GlobalShortcut, MessageShortcut, SlashCommand, ViewClosedAction, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { AppHomeOpenedEvent, AppMentionEvent, GenericMessageEvent, HomeView, KnownBlock, ModalView } from '@slack/types';
import type * as api from '@slack/web-api';

export type Command = SlashCommand;
export type Click = BlockAction<BlockElementAction>;

// A click on an element of a form or a home bears that view, and neither a message nor a response URL: Slack's
// type has the view at will and demands the URL.
export interface ViewClick extends Omit<Click, 'channel' | 'message' | 'response_url' | 'state'> {
  view: ViewOutput;
  container: { type: 'view'; view_id: string };
}

// A click on a message that one person sees bears everything but the message.
export interface EphemeralClick extends Omit<Click, 'message' | 'view'> {
  channel: { id: string; name: string };
  container: { type: 'message'; message_ts: string; channel_id: string; is_ephemeral: true };
}

// What somebody typed into a menu of a form that asks the app for options.
export interface Suggestion extends BlockSuggestion {
  view: ViewOutput;
  container: { type: 'view'; view_id: string };
}

export type Global = GlobalShortcut;
export type OnMessage = MessageShortcut;
export type Submission = ViewSubmitAction;
export type Closed = ViewClosedAction;
export type ReturnedView = ViewOutput;
export type HomeOpened = AppHomeOpenedEvent;
export type Mention = AppMentionEvent;
export type DirectMessage = GenericMessageEvent;
export type Blocks = KnownBlock[];
export type Modal = ModalView;
export type Home = HomeView;
export type Manifest = api.AppsManifestCreateArguments['manifest'];

export type auth_teams_list = api.AuthTeamsListResponse;
export type auth_test = api.AuthTestResponse;
export type apps_connections_open = api.AppsConnectionsOpenResponse;
export type bots_info = api.BotsInfoResponse;
export type chat_delete = api.ChatDeleteResponse;
export type chat_getPermalink = api.ChatGetPermalinkResponse;
export type chat_postEphemeral = api.ChatPostEphemeralResponse;
export type chat_postMessage = api.ChatPostMessageResponse;
export type chat_update = api.ChatUpdateResponse;
export type conversations_history = api.ConversationsHistoryResponse;
export type conversations_info = api.ConversationsInfoResponse;
export type conversations_join = api.ConversationsJoinResponse;
export type conversations_list = api.ConversationsListResponse;
export type conversations_members = api.ConversationsMembersResponse;
export type conversations_open = api.ConversationsOpenResponse;
export type conversations_replies = api.ConversationsRepliesResponse;
export type files_completeUploadExternal = api.FilesCompleteUploadExternalResponse;
export type files_getUploadURLExternal = api.FilesGetUploadURLExternalResponse;
export type reactions_add = api.ReactionsAddResponse;
export type team_info = api.TeamInfoResponse;
export type usergroups_list = api.UsergroupsListResponse;
export type usergroups_users_list = api.UsergroupsUsersListResponse;
export type users_info = api.UsersInfoResponse;
export type users_list = api.UsersListResponse;
export type users_lookupByEmail = api.UsersLookupByEmailResponse;
export type views_open = api.ViewsOpenResponse;
export type views_publish = api.ViewsPublishResponse;
export type views_push = api.ViewsPushResponse;
export type views_update = api.ViewsUpdateResponse;
