// A seat bot as most teams would write it: Slack's own Bolt for JavaScript in Socket Mode, with the SQLite that is built into Node.
// It does what bench/rivals/plain does: what is acknowledged is on the disk, one commit a step, and a start takes up whatever was not
// finished.
//
//   node app.mjs --data DIR --vendor http://HOST/v1 [--fill N | --count]
//
// SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN and VENDOR_KEY say where and as whom.

import { parseArgs } from 'node:util';
import bolt from '@slack/bolt';
import { Store } from './store.mjs';
import { card, title } from './card.mjs';
import { createAccount } from './vendor.mjs';

const { values: flags } = parseArgs({
  options: { data: { type: 'string', default: '.' }, vendor: { type: 'string', default: '' }, fill: { type: 'string' }, count: { type: 'boolean' } },
});
const store = new Store(flags.data);
if (flags.count) {
  console.log(store.count());
  process.exit(0);
}
if (flags.fill) {
  store.fill(Number(flags.fill));
  store.close();
  process.exit(0);
}

const channel = 'C0APPROVE';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: bolt.LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

// A command is kept, then acknowledged.
app.command('/access', async ({ command, ack }) => {
  const [words, ...because] = command.text.split(' because ');
  const [verb, email, first] = words.split(/\s+/);
  if (verb !== 'create' || !first || !email.includes('@')) {
    return ack({ response_type: 'ephemeral', text: 'Try /access create EMAIL FIRST because …' });
  }
  const address = email.replace(/^<mailto:/, '').replace(/[|>].*$/, '');
  const r = store.ask(command.user_id, address, first, because.join(' because '));
  await ack({ response_type: 'ephemeral', text: r ? `Request #${r.n} sent: a seat for ${address}.` : 'Somebody has asked for that already.' });
  if (r) posting.wake();
});

// A click is kept, then acknowledged.
app.action('approve', async ({ action, body, ack, respond }) => {
  const counts = store.approve(Number(action.value), body.user.id);
  await ack();
  if (counts) return working.wake();
  await respond({ response_type: 'ephemeral', replace_original: false, text: 'That is decided already.' });
});

app.error(async (error) => console.error(error.message));

// lane goes through a list of things to do, in order, and waits for more. What fails is tried again.
function lane(todo, act) {
  let wake = () => {};
  const lane = { wake: () => wake(), run };
  async function run() {
    for (;;) {
      const more = new Promise((resolve) => { wake = resolve; });
      const some = todo();
      try {
        for (const r of some) await act(r);
        if (some.length === 0) await more;
      } catch (error) {
        console.error(`${error.message}; it is tried again`);
        await pause(1000);
      }
    }
  }
  return lane;
}

// Cards go up one a second, which is what Slack allows.
const posting = lane(() => store.withoutCard(), async (r) => {
  const posted = await app.client.chat.postMessage({ channel, text: title(r), blocks: card(r) });
  store.carded(r.n, posted.ts);
  await pause(1000);
});

// What is approved is carried out, and whoever asked is told.
const working = lane(() => store.toDo(), async (r) => {
  if (r.state === 'approved') {
    const account = await createAccount(flags.vendor, r);
    r = store.done(r.n, account);
  }
  if (r.card) await app.client.chat.update({ channel, ts: r.card, text: `${title(r)} — done`, blocks: card(r) });
  const dm = await app.client.conversations.open({ users: r.by_user });
  await app.client.chat.postMessage({ channel: dm.channel.id, text: `${r.first}'s seat is ready (#${r.n}).` });
  store.told(r.n);
});

await app.start();
posting.run();
working.run();
process.on('SIGTERM', async () => {
  await app.stop();
  store.close();
  process.exit(0);
});
