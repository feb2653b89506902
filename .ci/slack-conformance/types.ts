// The types that schemas.mjs makes schemas of, by the names it asks for.
import type { BlockAction, BlockElementAction, BlockSuggestion, GlobalShortcut, MessageShortcut, RespondArguments, SlashCommand, ViewClosedAction, ViewOutput, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { AppHomeOpenedEvent, AppMentionEvent, FileShareMessageEvent, GenericMessageEvent, HomeView, KnownBlock, MessageChangedEvent, MessageDeletedEvent, ModalView, Option, PlainTextElement, SubteamMembersChangedEvent, SubteamUpdatedEvent, TeamJoinEvent, ThreadBroadcastMessageEvent, UserChangeEvent } from '@slack/types';
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

// What was changed or deleted was somebody's message, as is what a thread hangs on: Slack's types have an event of any kind in their place, these
// among them, and Slack's reference has the message alone.
export interface MessageChanged extends Omit<MessageChangedEvent, 'message' | 'previous_message'> {
  message: Whole;
  previous_message: Whole;
}
export interface MessageDeleted extends Omit<MessageDeletedEvent, 'previous_message'> {
  previous_message: Whole;
}
type Whole = Omit<GenericMessageEvent, 'channel' | 'channel_type' | 'event_ts' | 'subtype'>;
export interface Broadcast extends Omit<ThreadBroadcastMessageEvent, 'client_msg_id' | 'root'> {
  parent_user_id?: string;
  team?: string;
  root: Whole & Pick<ThreadBroadcastMessageEvent['root'], 'thread_ts' | 'reply_count' | 'reply_users_count' | 'latest_reply' | 'reply_users'>;
}
export type FileShared = FileShareMessageEvent;
export type GroupMembers = SubteamMembersChangedEvent;

// Slack's reference has two more than its type.
export interface GroupUpdated extends Omit<SubteamUpdatedEvent, 'subteam'> {
  subteam: SubteamUpdatedEvent['subteam'] & { auto_type: string | null; deleted_by: string | null };
}
export type Joined = TeamJoinEvent;

// Of somebody who was deactivated Slack leaves most out, and of a bot the profile names the app.
type User = UserChangeEvent['user'];
type Changed = Omit<User, 'profile'> & { profile: User['profile'] & { api_app_id?: string; bot_id?: string } };
export interface UserChange extends Omit<UserChangeEvent, 'user'> {
  user: Changed | (Pick<Changed, 'id' | 'team_id' | 'name' | 'profile' | 'is_bot' | 'is_app_user' | 'updated'> & { deleted: true });
}
export type Blocks = KnownBlock[];

// What an app answers in an ack: to a command or a response URL a message, to a form what becomes of it, to a menu its options.
// (Spelled out: of Slack's own type for it, which leaves parts of a union out, no schema can be made.)
export interface Response extends Pick<RespondArguments, 'response_type' | 'replace_original' | 'delete_original' | 'text' | 'thread_ts'> {
  blocks?: KnownBlock[];
  parse?: 'none' | 'full';
}
export type ViewResponse = ViewResponseAction;
export type Suggested = { options: Option[] } | { option_groups: { label: PlainTextElement; options: Option[] }[] };
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
export type blocks_validate = api.BlocksValidateResponse;
export type files_info = api.FilesInfoResponse;
export type team_profile_get = api.TeamProfileGetResponse;
export type users_profile_get = api.UsersProfileGetResponse;

// What is asked of each method.
export type auth_teams_list_asked = api.AuthTeamsListArguments;
export type auth_test_asked = api.AuthTestArguments;
export type apps_connections_open_asked = api.AppsConnectionsOpenArguments;
export type bots_info_asked = api.BotsInfoArguments;
export type chat_delete_asked = api.ChatDeleteArguments;
export type chat_getPermalink_asked = api.ChatGetPermalinkArguments;
export type chat_postEphemeral_asked = api.ChatPostEphemeralArguments;
export type chat_postMessage_asked = api.ChatPostMessageArguments;
export type chat_update_asked = api.ChatUpdateArguments;
export type conversations_history_asked = api.ConversationsHistoryArguments;
export type conversations_info_asked = api.ConversationsInfoArguments;
export type conversations_join_asked = api.ConversationsJoinArguments;
export type conversations_list_asked = api.ConversationsListArguments;
export type conversations_members_asked = api.ConversationsMembersArguments;
export type conversations_open_asked = api.ConversationsOpenArguments;
export type conversations_replies_asked = api.ConversationsRepliesArguments;
export type files_completeUploadExternal_asked = api.FilesCompleteUploadExternalArguments;
export type files_getUploadURLExternal_asked = api.FilesGetUploadURLExternalArguments;
export type reactions_add_asked = api.ReactionsAddArguments;
export type team_info_asked = api.TeamInfoArguments;
export type usergroups_list_asked = api.UsergroupsListArguments;
export type usergroups_users_list_asked = api.UsergroupsUsersListArguments;
export type users_info_asked = api.UsersInfoArguments;
export type users_list_asked = api.UsersListArguments;
export type users_lookupByEmail_asked = api.UsersLookupByEmailArguments;
export type views_open_asked = api.ViewsOpenArguments;
export type views_publish_asked = api.ViewsPublishArguments;
export type views_push_asked = api.ViewsPushArguments;
export type views_update_asked = api.ViewsUpdateArguments;
export type blocks_validate_asked = api.BlocksValidateArguments;
export type files_info_asked = api.FilesInfoArguments;
export type team_profile_get_asked = api.TeamProfileGetArguments;
export type users_profile_get_asked = api.UsersProfileGetArguments;
