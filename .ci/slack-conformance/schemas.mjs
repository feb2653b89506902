// Holds what slacksim sends and answers against JSON schemas made of Slack's own
// TypeScript types: the inbound payloads bolt.mjs recorded, and an answer of
// every Web API method. Slack's response types are made from recorded answers
// with every field optional, so they catch fields that are invented or mistyped.

import { readFileSync } from 'node:fs';
import { SocketModeClient } from '@slack/socket-mode';
import { answerOf, complaints, here, typeOfPayload } from './held.mjs';
import { act, base, see } from './sim.mjs';

let failures = 0;

function hold(what, type, value) {
  const found = complaints(type, value);
  if (found.length === 0) {
    console.log(`ok   ${what} is a ${type}`);
    return;
  }
  failures++;
  console.log(`FAIL ${what} is no ${type}`);
  for (const line of [...new Set(found)].slice(0, 12)) console.log(`     ${line}`);
}

// What bolt.mjs recorded, as pairs of a type and a value.
const recorded = JSON.parse(readFileSync(here('recorded.json'), 'utf8')).map((body) => typeOfPayload(body, hold));

const inbound = ['Command', 'Click', 'ViewClick', 'EphemeralClick', 'Suggestion', 'Global', 'OnMessage', 'Submission', 'Closed', 'HomeOpened', 'Mention', 'DirectMessage'];

function payloads() {
  for (const [i, [type, value]] of recorded.entries()) hold(`payload ${i}`, type, value);
  const kinds = new Set(recorded.map(([type]) => type));
  for (const type of inbound) {
    if (!kinds.has(type)) throw new Error(`bolt.mjs recorded no ${type}`);
  }
}

// call makes one Web API call and holds its answer against the method's type.
async function call(method, args, token = 'xoxb-slacksim') {
  const response = await fetch(`${base}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(args),
  });
  const answer = await response.json();
  if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer)}`);
  hold(method, method.replaceAll('.', '_'), answerOf(answer, hold));
  return answer;
}

const text = (t) => ({ type: 'plain_text', text: t });
const button = { type: 'button', action_id: 'go', value: '12', text: text('Go') };
const blocks = [
  { type: 'header', text: text('Seats') },
  { type: 'section', text: { type: 'mrkdwn', text: '*18 of 25*' }, fields: [{ type: 'mrkdwn', text: 'x' }] },
  { type: 'divider' },
  { type: 'context', elements: [{ type: 'mrkdwn', text: 'checked now' }] },
  { type: 'actions', elements: [button] },
];
const modal = (title) => ({
  type: 'modal',
  title: text(title),
  submit: text('Send'),
  blocks: [{ type: 'input', label: text('Why'), element: { type: 'plain_text_input' } }],
});

// trigger has somebody click the button of a message and takes the trigger id
// off the payload.
async function trigger(socket, ts) {
  const payload = new Promise((resolve) => {
    socket.once('interactive', async ({ ack, body }) => {
      await ack();
      resolve(body);
    });
  });
  await act('click', { user: 'U0BOB', channel: 'C0APPROVE', ts, button: 'go' });
  return (await payload).trigger_id;
}

async function readAnswers() {
  await call('auth.test', {});
  await call('auth.teams.list', {});
  await call('apps.connections.open', {}, 'xapp-slacksim');
  await call('team.info', {});
  await call('bots.info', { bot: 'B0USHER' });
  await call('users.list', { limit: 4 });
  for (const user of ['U0ALICE', 'U0ADMIN', 'U0GUEST', 'U0GONE', 'U0USHER']) await call('users.info', { user });
  await call('users.lookupByEmail', { email: 'alice@acme.example' });
  await call('usergroups.list', { include_users: true });
  await call('usergroups.users.list', { usergroup: 'S0LEADS' });
  await call('conversations.open', { users: 'U0ALICE', return_im: true });
  await call('conversations.list', { types: 'public_channel,private_channel,im', limit: 2 });
  await call('conversations.info', { channel: 'C0APPROVE' });
  await call('conversations.members', { channel: 'C0APPROVE' });
  await call('conversations.join', { channel: 'C0REPORTS' });
}

async function writeAnswers() {
  const channel = 'C0APPROVE';
  const metadata = { event_type: 'usher', event_payload: { key: 'card/12' } };
  const { ts } = await call('chat.postMessage', { channel, text: 'asks', blocks, metadata });
  await call('chat.postMessage', { channel, text: 'reply', thread_ts: ts });
  await call('chat.postEphemeral', { channel, user: 'U0ALICE', text: 'only you' });
  await call('chat.update', { channel, ts, text: 'asks still', blocks });
  await call('chat.getPermalink', { channel, message_ts: ts });
  await call('reactions.add', { channel, timestamp: ts, name: 'eyes' });
  await call('conversations.history', { channel, include_all_metadata: true });
  await call('conversations.replies', { channel, ts });
  const socket = new SocketModeClient({ appToken: 'xapp-slacksim', clientOptions: { slackApiUrl: `${base}/api/` } });
  await socket.start();
  const opened = await call('views.open', { trigger_id: await trigger(socket, ts), view: modal('One') });
  await call('views.push', { trigger_id: await trigger(socket, ts), view: modal('Two') });
  await socket.disconnect();
  await call('views.update', { view_id: opened.view.id, hash: opened.view.hash, view: modal('Three') });
  await call('views.publish', { user_id: 'U0ALICE', view: { type: 'home', blocks } });
  const upload = await call('files.getUploadURLExternal', { filename: 'seats.csv', length: 3 });
  await fetch(upload.upload_url, { method: 'POST', body: 'a,b' });
  await call('files.completeUploadExternal', { files: [{ id: upload.file_id, title: 'Seats' }], channel_id: channel });
  await call('conversations.history', { channel });
  await call('chat.delete', { channel, ts });
}

// A check that cannot fail checks nothing: broken values must be refused.
function brokenValuesAreRefused() {
  const first = (type) => recorded.find(([found]) => found === type)?.[1] ?? {};
  const { trigger_id, ...withoutTrigger } = first('Command');
  const [click, inView, inEphemeral] = ['Click', 'ViewClick', 'EphemeralClick'].map(first);
  const { value, ...withoutValue } = first('Suggestion');
  const { message, ...withoutMessage } = first('OnMessage');
  const { view, ...withoutView } = first('Suggestion');
  for (const [what, type, value] of [
    ['a command without a trigger', 'Command', withoutTrigger],
    ['a click with a user that is a string', 'Click', { ...click, user: 'U0BOB' }],
    ['a click with a field nobody knows', 'Click', { ...click, invented: true }],
    ['a click in a form with a response URL', 'ViewClick', { ...inView, response_url: `${base}/actions/x` }],
    ['a click in a form that was on a message', 'ViewClick', { ...inView, container: click.container }],
    ['a click on an ephemeral message that bears the message', 'EphemeralClick', { ...inEphemeral, message: click.message }],
    ['a click on an ephemeral message that everybody sees', 'EphemeralClick', { ...inEphemeral, container: { ...inEphemeral.container, is_ephemeral: false } }],
    ['a search for options without what was typed', 'Suggestion', withoutValue],
    ['a search for options without its form', 'Suggestion', withoutView],
    ['a global shortcut with a channel', 'Global', { ...first('Global'), channel: click.channel }],
    ['a message shortcut without its message', 'OnMessage', withoutMessage],
    ['a submission that is a click', 'Submission', click],
    ['a user list of strings', 'users_list', { ok: true, members: ['U0ALICE'] }],
    ['a post with an invented field', 'chat_postMessage', { ok: true, message: { invented: 1 } }],
    ['a button in mrkdwn', 'Blocks', [{ type: 'actions', elements: [{ ...button, text: { type: 'mrkdwn', text: 'x' } }] }]],
  ]) {
    if (complaints(type, value).length > 0) {
      console.log(`ok   ${what} is refused`);
      continue;
    }
    failures++;
    console.log(`FAIL ${what} was accepted`);
  }
}

// manifest holds manifest.yml, of which run.sh made JSON, against Slack's own types: they alone say which scopes and events there are.
function manifest() {
  const good = JSON.parse(readFileSync(process.env.MANIFEST, 'utf8'));
  hold('manifest.yml', 'Manifest', good);
  const spoilt = (what, spoil) => {
    const bad = structuredClone(good);
    spoil(bad);
    if (complaints('Manifest', bad).length > 0) return console.log(`ok   a manifest with ${what} is refused`);
    failures++;
    console.log(`FAIL a manifest with ${what} was accepted`);
  };
  spoilt('a scope that is none', (m) => m.oauth_config.scopes.bot.push('chat:wrote'));
  spoilt('an event that is none', (m) => m.settings.event_subscriptions.bot_events.push('app_home_opend'));
  spoilt('a shortcut of no kind', (m) => (m.features.shortcuts[0].type = 'local'));
}

brokenValuesAreRefused();
manifest();
payloads();
await readAnswers();
await writeAnswers();
const violations = await see('violations');
if (violations.length > 0) {
  failures++;
  console.log(`FAIL violations: ${JSON.stringify(violations)}`);
}
console.log(failures === 0 ? 'all schemas hold' : `${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
