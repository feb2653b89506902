// An app written with Slack's own Bolt for JavaScript makes whole round trips
// against the slacksim program: a command, a button of a message, of one that one
// person sees and of a form, a menu that asks for its options, a form with an
// error and without, an event, a refresh of the connection. What it was sent is
// kept in recorded.json for schemas.mjs.

import { writeFileSync } from 'node:fs';
import bolt from '@slack/bolt';
import { act, base, check, eventually, see } from './sim.mjs';

const app = new bolt.App({
  token: 'xoxb-slacksim',
  appToken: 'xapp-slacksim',
  socketMode: true,
  logLevel: bolt.LogLevel.ERROR,
  clientOptions: { slackApiUrl: `${base}/api/` },
});

const recorded = [];
app.use(async ({ body, next }) => {
  recorded.push(body);
  await next();
});

const text = (t) => ({ type: 'plain_text', text: t });
const card = [
  { type: 'section', text: { type: 'mrkdwn', text: '*#12* a seat for jane@acme.example' } },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      { type: 'button', action_id: 'approve', style: 'primary', value: '12', text: text('Approve') },
      { type: 'button', action_id: 'deny', style: 'danger', value: '12', text: text('Deny') },
    ],
  },
];
const takeBack = { type: 'actions', elements: [{ type: 'button', action_id: 'undo', value: '12', text: text('Take back') }] };
const form = {
  type: 'modal',
  callback_id: 'deny',
  notify_on_close: true,
  title: text('Deny #12'),
  submit: text('Deny'),
  close: text('Back'),
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: text('Why'),
      element: { type: 'plain_text_input', action_id: 'text', multiline: true },
    },
    {
      type: 'input',
      block_id: 'instead',
      optional: true,
      label: text('Which website instead'),
      element: { type: 'external_select', action_id: 'site', min_query_length: 2 },
    },
    { type: 'actions', elements: [{ type: 'button', action_id: 'earlier', value: '12', text: text('Earlier ones') }] },
  ],
};

app.command('/access', async ({ ack, command, client, respond }) => {
  await ack({ text: `asked for: ${command.text}` });
  await client.chat.postMessage({ channel: 'C0APPROVE', text: 'a seat', blocks: card });
  await respond({ text: 'sent to the approvers', blocks: [takeBack] });
});
app.action('undo', async ({ ack, respond }) => {
  await ack();
  await respond({ text: 'taken back', replace_original: true });
});
app.action('approve', async ({ ack, body, client, respond }) => {
  await ack();
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: 'approved', blocks: [card[0]] });
  await respond({ text: 'thank you', replace_original: false });
});
app.action('deny', async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: form });
});
app.options('site', async ({ ack, options }) => {
  await ack({ options: [{ text: text(`found ${options.value}`), value: '101' }] });
});
app.action('earlier', async ({ ack, body, client }) => {
  await ack();
  const { id, hash } = body.view;
  await client.views.update({ view_id: id, hash, view: { ...form, title: text('Deny #12 after #11') } });
});
app.view('deny', async ({ ack, view, body, client }) => {
  const reason = view.state.values.reason.text.value;
  if (reason.length < 5) {
    await ack({ response_action: 'errors', errors: { reason: 'Say more' } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `denied: ${reason}` });
});
app.view({ callback_id: 'deny', type: 'view_closed' }, async ({ ack }) => ack());
const opensForm = async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: { ...form, notify_on_close: false } });
};
app.shortcut({ callback_id: 'ask', type: 'shortcut' }, opensForm);
app.shortcut({ callback_id: 'ask_for', type: 'message_action' }, async (chosen) => {
  await opensForm(chosen);
  await chosen.respond({ text: `for ${chosen.shortcut.message.user}`, response_type: 'ephemeral' });
});
app.event('app_home_opened', async ({ event, client }) => {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'Your seats' } }];
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
});
app.event('app_mention', async ({ event, say }) => say({ text: 'yes?', thread_ts: event.ts }));
app.message('hello', async ({ say }) => say('hello yourself'));

const command = { user: 'U0ALICE', channel: 'general', text: '/access create jane@acme.example Jane' };
const newest = async (what) => (await see(what)).at(-1);

async function roundTrips() {
  check('a command is acknowledged', (await act('type', command)).outcome.acked, true);
  await eventually('its ack and its response URL answer the person', async () =>
    (await see('ephemerals?user=U0ALICE')).map((m) => m.text).join('; ') ===
      'asked for: create <mailto:jane@acme.example|jane@acme.example> Jane; sent to the approvers');
  const { ts: sent } = await newest('ephemerals?user=U0ALICE');
  const undo = await act('click', { user: 'U0ALICE', channel: 'general', ts: sent, button: 'Take back' });
  check('a click on what one person sees is acknowledged', undo.outcome.acked, true);
  await eventually('what that person sees is replaced', async () => (await newest('ephemerals?user=U0ALICE'))?.text === 'taken back');
  const { ts } = await newest('messages?channel=C0APPROVE');
  const click = (button, at = ts) => act('click', { user: 'U0BOB', channel: 'C0APPROVE', ts: at, button });
  check('a click is acknowledged', (await click('Approve')).outcome.acked, true);
  await eventually('the card is updated', async () => (await newest('messages?channel=C0APPROVE'))?.text === 'approved');
  await eventually('the one who clicked is thanked', async () => (await newest('ephemerals?user=U0BOB'))?.text === 'thank you');

  await act('type', command);
  await eventually('a second card comes', async () => (await see('messages?channel=C0APPROVE')).length === 2);
  const second = await newest('messages?channel=C0APPROVE');
  await click('Deny', second.ts);
  await eventually('a form opens', async () => (await see('views?user=U0BOB')).length === 1);
  const search = await act('suggest', { user: 'U0BOB', button: 'site', text: 'acme' });
  check('a menu is given its options', search.outcome.payload, { options: [{ text: text('found acme'), value: '101' }] });
  const earlier = await act('clickview', { user: 'U0BOB', button: 'earlier' });
  check('a click in a form is acknowledged', earlier.outcome.acked, true);
  await eventually('the form is another', async () => (await newest('views?user=U0BOB')).view.title.text === 'Deny #12 after #11');
  const refused = await act('submit', { user: 'U0BOB', values: { reason: 'no' } });
  check('the form shows an error', refused.outcome.errors, { reason: 'Say more' });
  check('a better answer is taken', (await act('submit', { user: 'U0BOB', values: { reason: 'no seat is free' } })).outcome.acked, true);
  await eventually('the form is closed and a message came', async () =>
    (await see('views?user=U0BOB')).length === 0 && (await newest('dm?user=U0BOB'))?.text === 'denied: no seat is free');
  await click('Deny', second.ts);
  await eventually('the form opens again', async () => (await see('views?user=U0BOB')).length === 1);
  check('closing it is told', (await act('close', { user: 'U0BOB' })).outcome.acked, true);

  check('a global shortcut is acknowledged', (await act('shortcut', { user: 'U0ALICE', button: 'Ask for access' })).outcome.acked, true);
  await eventually('it opens a form', async () => (await see('views?user=U0ALICE')).length === 1);
  await act('close', { user: 'U0ALICE' });
  const said = await newest('messages?channel=C0APPROVE');
  const onMessage = { user: 'U0ERIN', channel: 'C0APPROVE', ts: said.ts, button: 'ask_for' };
  check('a message shortcut is acknowledged', (await act('shortcut', onMessage)).outcome.acked, true);
  await eventually('it opens a form too', async () => (await see('views?user=U0ERIN')).length === 1);
  await eventually('its response URL answers who chose it', async () => (await newest('ephemerals?user=U0ERIN'))?.text === `for ${said.user}`);
  await act('close', { user: 'U0ERIN' });

  check('an event is acknowledged', (await act('home', { user: 'U0ALICE' })).outcome.acked, true);
  await eventually('a home is published', async () => (await see('home?user=U0ALICE')).view?.type === 'home');
  check('the next opening bears the view', (await act('home', { user: 'U0ALICE' })).outcome.acked, true);
  check('a mention is acknowledged', (await act('type', { user: 'U0ALICE', channel: 'general', text: '@usher hi' })).outcome.acked, true);
  await eventually('a mention is answered in its thread', async () => (await newest('messages?channel=general'))?.thread_ts);
  const dm = (await see('channels')).find((c) => c.user === 'U0ALICE').id;
  check('a direct message is acknowledged', (await act('type', { user: 'U0ALICE', channel: dm, text: 'hello' })).outcome.acked, true);
  await eventually('a direct message is answered', async () => (await newest('dm?user=U0ALICE'))?.text === 'hello yourself');

  check('a connection is refreshed', (await act('faults', { kind: 'refresh' })).done, true);
  await new Promise((wake) => setTimeout(wake, 12000)); // Bolt waits five seconds after the server has closed
  check('Bolt came back', (await act('type', command)).outcome.acked, true);
}

await app.start();
try {
  await eventually('Bolt is connected', async () => (await see('connections')) === 1);
  await roundTrips();
  check('nothing broke the protocol', await see('violations'), []);
  writeFileSync(new URL('recorded.json', import.meta.url), JSON.stringify(recorded, null, 2));
} finally {
  await app.stop();
}
