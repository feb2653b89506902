// Slack's own @slack/web-api and @slack/socket-mode meet what a workspace does on a bad day: pages, uploads, limits, refusals and
// 500s with the one; a refresh, a cut and Socket Mode switched off and on with the other. Each must come through by itself.

import { SocketModeClient } from '@slack/socket-mode';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { act, base, check, eventually, see } from './sim.mjs';

const slackApiUrl = `${base}/api/`;
const quick = { retries: 3, factor: 1, minTimeout: 50, maxTimeout: 100, randomize: false };
const web = new WebClient('xoxb-slacksim', { slackApiUrl, logLevel: LogLevel.ERROR, retryConfig: quick });
const fault = (kind, more) => act('faults', { kind, ...more });

// refused is the error of a call that must fail.
async function refused(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('a call that must be refused was answered');
}

async function pages() {
  const ids = [];
  for await (const page of web.paginate('users.list', { limit: 3 })) ids.push(...page.members.map((m) => m.id));
  check('everybody is on a page, once', ids.toSorted(), (await see('users')).map((u) => u.id).toSorted());
  const cursor = await refused(web.users.list({ cursor: 'nowhere', limit: 3 }));
  check('a cursor that is none is refused', cursor.data.error, 'invalid_cursor');
}

async function uploads() {
  await web.filesUploadV2({ channel_id: 'C0GENERAL', filename: 'seats.csv', content: 'Email\n', initial_comment: 'the list' });
  const message = (await see('messages?channel=general')).at(-1);
  check('a file stands in the channel', [message.text, message.files.length], ['the list', 1]);
}

async function limits() {
  await fault('rate_limit', { method: 'users.info', n: 1, seconds: 1 });
  const began = Date.now();
  check('a client that is limited waits and asks again', (await web.users.info({ user: 'U0BOB' })).user.id, 'U0BOB');
  check('not before it may', Date.now() - began >= 1000, true);
  await fault('rate_limit', { method: 'team.info', n: 1, seconds: 2 });
  const hasty = new WebClient('xoxb-slacksim', { slackApiUrl, logLevel: LogLevel.ERROR, rejectRateLimitedCalls: true });
  const error = await refused(hasty.team.info());
  check('one that does not wait is told for how long', [error.code, error.retryAfter], [ErrorCode.RateLimitedError, 2]);
}

async function refusals() {
  for (const [what, call, want] of [
    ['a channel that is none', () => web.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }), 'channel_not_found'],
    ['nothing to say', () => web.chat.postMessage({ channel: 'C0GENERAL', text: '' }), 'no_text'],
    ['a person who is none', () => web.users.info({ user: 'U0NOBODY' }), 'user_not_found'],
    ['an address that is nobody\'s', () => web.users.lookupByEmail({ email: 'x@acme.example' }), 'users_not_found'],
    ['a message that is not there', () => web.chat.update({ channel: 'C0GENERAL', ts: '1.000000', text: 'x' }), 'message_not_found'],
    ['a trigger that is none', () => web.views.open({ trigger_id: '1.2.x', view: { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] } }), 'invalid_trigger_id'],
    ['a token that is none', () => new WebClient('xoxb-nobody', { slackApiUrl, logLevel: LogLevel.ERROR }).auth.test(), 'invalid_auth'],
  ]) {
    const error = await refused(call());
    check(`${what} is refused as Slack does`, [error.code, error.data.error], [ErrorCode.PlatformError, want]);
  }
  await fault('fail', { fault: { method: 'users.info', kind: '500', times: 2 } });
  check('a client asks again after 500s', (await web.users.info({ user: 'U0BOB' })).ok, true);
  await fault('fail', { fault: { method: 'users.info', kind: '500' } });
  const once = new WebClient('xoxb-slacksim', { slackApiUrl, logLevel: LogLevel.ERROR, retryConfig: { ...quick, retries: 0 } });
  check('or says that it was one', (await refused(once.users.info({ user: 'U0BOB' }))).code, ErrorCode.HTTPError);
}

// back waits until the client is connected again: it lets five seconds pass before each try.
async function back(what) {
  for (let i = 0; i < 300; i++) {
    if ((await see('connections')) === 1 && (await act('home', { user: 'U0ALICE' })).outcome.acked) return console.log(`ok   ${what}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`${what}: not within 30 s`);
}

async function connections() {
  const socket = new SocketModeClient({ appToken: 'xapp-slacksim', logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl } });
  socket.on('slack_event', async ({ ack }) => ack());
  await socket.start();
  await eventually('a client is connected', async () => (await see('connections')) === 1);
  check('it is refreshed', (await fault('refresh')).done, true);
  await back('and comes back');
  check('its line is cut', (await fault('drop')).done, true);
  await back('and it comes back');
  await fault('socket_mode_off');
  await eventually('Socket Mode is switched off', async () => (await see('connections')) === 0);
  await fault('socket_mode_off', { undo: true });
  await back('and on again, and it comes back');
  await socket.disconnect();
}

await pages();
await uploads();
await limits();
await refusals();
await connections();
check('nothing else broke the protocol', await see('violations'), ['views.open with a trigger id that was never given out']);
