// Holds all that passed between Usher and slacksim while test/talks was played, in both directions, against JSON schemas made of Slack's own
// TypeScript types: what comes over Socket Mode and what Usher acknowledges it with, what Usher asks of each method of the Web API and what it's
// answered, and what it posts to response URLs. Usage: node payloads.mjs FOLDER, which USHER_TEST_PAYLOADS had the tests write to.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, blocksOf, complaints, typeOfPayload } from './held.mjs';

const counts = new Map(); // what was held, by its type
const wrong = new Map(); // what is wrong, with how often and where first
let unheld = 0; // what was cut off, or is no answer of Slack's: a broken day is being played

function fails(what, where) {
  const had = wrong.get(what) ?? { times: 0, where };
  had.times++;
  wrong.set(what, had);
}

function holding(where) {
  return (what, type, value) => {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    const found = complaints(type, value);
    if (found.length > 0) fails(`${type} [${Object.keys(value).join()}]`, `${where}\n     ${[...new Set(found)].slice(0, 12).join('\n     ')}`);
  };
}

// askedOf is what was asked of a method, as its arguments: a form has everything as text.
const insides = ['blocks', 'attachments', 'metadata', 'view', 'files', 'unfurls'];
const flags = ['inclusive', 'include_all_metadata'];
const truths = { true: true, false: false };
const numbers = ['limit', 'count', 'page', 'length'];

function askedOf({ type, ask, url }) {
  if (type.startsWith('application/json')) return JSON.parse(ask || '{}');
  const out = {};
  for (const [key, value] of new URLSearchParams(ask || url.split('?')[1] || '')) {
    if (key === 'token') continue; // in the header as well, and not kept
    if (key === 'blocks') out[key] = blocksOf(JSON.parse(value));
    else if (insides.includes(key)) out[key] = JSON.parse(value);
    else if (numbers.includes(key)) out[key] = Number(value);
    else if (flags.includes(key)) out[key] = value === '1' || value === 'true';
    else out[key] = truths[value] ?? value;
  }
  return out;
}

// parsed is what a body says; undefined: it isn't whole, or no JSON.
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    unheld++;
    return undefined;
  }
}

// The frames of one file: an ack is of the kind of what it acknowledges.
function frame(line, kinds, hold) {
  const said = parsed(line.ask);
  if (said === undefined) return;
  if (line.in) {
    if (!said.payload) return; // hello, disconnect
    kinds.set(said.envelope_id, said);
    if (Array.isArray(said.payload.view?.state?.values)) return; // a talk garbles the form: no Slack sends this
    hold('', ...typeOfPayload(said.payload, hold));
    return;
  }
  if (!said.payload || Object.keys(said.payload).length === 0) return;
  const of = kinds.get(said.envelope_id);
  const type = of?.payload.command ? 'Response' : { view_submission: 'ViewResponse', block_suggestion: 'Suggested' }[of?.payload.type];
  if (!type) throw new Error(`an ack with a payload for nothing that takes one: ${line.ask}`);
  hold('', type, said.payload);
}

// answeredOf is what is said to a response URL, with its blocks as their types know them.
const answeredOf = (said) => (said.blocks ? { ...said, blocks: blocksOf(said.blocks) } : said);

function exchange(line, hold) {
  const path = line.url.split('?')[0];
  if (/^\/(actions|commands)\//.test(path)) return hold('', 'Response', answeredOf(parsed(line.ask)));
  const method = /^\/api\/([\w.]+)$/.exec(path)?.[1].replaceAll('.', '_');
  if (!method) return; // a file's bytes, a page, the line itself
  hold('', `${method}_asked`, askedOf(line));
  const answer = line.status === 200 && !line.cut ? parsed(line.answer) : undefined;
  if (answer !== undefined) hold('', method, answerOf(answer, hold));
}

const folder = process.argv[2];
for (const name of readdirSync(folder)) {
  const kinds = new Map();
  for (const text of readFileSync(join(folder, name), 'utf8').split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text);
    if (line.more) {
      unheld++;
      continue;
    }
    const where = `${line.test}: ${(line.method ?? 'frame') + ' ' + (line.url ?? '')} ${line.ask.slice(0, 300)} → ${(line.answer ?? '').slice(0, 300)}`;
    if (line.kind === 'frame') frame(line, kinds, holding(where));
    else exchange(line, holding(where));
  }
}

// A run that saw too little shows too little.
for (const type of ['Command', 'Click', 'ViewClick', 'Suggestion', 'Submission', 'Response', 'ViewResponse', 'Suggested', 'GroupUpdated', 'UserChange', 'Blocks', 'chat_postMessage', 'chat_postMessage_asked', 'views_open_asked', 'views_publish_asked']) {
  if (!counts.get(type)) fails(`no ${type} passed`, folder);
}
for (const [what, { times, where }] of [...wrong].sort((a, b) => b[1].times - a[1].times)) console.log(`FAIL ${times} × ${what}\n     ${where}`);
const held = [...counts.values()].reduce((a, b) => a + b, 0);
console.log(`${held} payloads of ${counts.size} types held against Slack's; ${unheld} weren't whole; ${wrong.size} kinds of failure`);
process.exitCode = wrong.size === 0 ? 0 : 1;
