// What schemas.mjs and payloads.mjs share: JSON schemas made of Slack's own TypeScript types, and what of a payload or an answer is held against
// which of them.

import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

export const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const generator = createGenerator({
  path: here('types.ts'),
  tsconfig: here('tsconfig.json'),
  skipTypeCheck: true,
  topRef: false,
});
const ajv = new Ajv({ strict: false, allErrors: true });
const compiled = new Map();
function schemaOf(type) {
  if (!compiled.has(type)) compiled.set(type, ajv.compile(generator.createSchema(type)));
  return compiled.get(type);
}

// complaints lists what a value has that its type has not.
export function complaints(type, value) {
  const validate = schemaOf(type);
  if (validate(value)) return [];
  return validate.errors.map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
}

// Where Slack's types are known to be narrower than what Slack sends, the field
// is set aside; each of these is a documented part of the payload or answer:
//   - "enterprise": null, where the types know the field absent or an object
//   - style of a button that was clicked, and the confirmation that it asked for, typed as a dialog's of old
//   - the description of an option that was chosen in a form, which clicks have and forms have not
//   - what Slack's reference has and its types have not: a cell of a data_table that has a button, charts, and a press of Enter in an input for an
//     address or a number, which is as one in an input for text
//   - the view in app_home_opened, typed as what an app publishes rather than
//     what comes back; it is held against the type of a returned view instead
function payloadOf(body) {
  const { enterprise, ...payload } = structuredClone(body);
  for (const action of payload.actions ?? []) {
    delete action.style;
    delete action.confirm;
    if (['email_text_input', 'url_text_input', 'number_input'].includes(action.type)) action.type = 'plain_text_input';
  }
  for (const input of Object.values(payload.view?.state?.values ?? {}).flatMap(Object.values)) {
    for (const chosen of [input.selected_option, ...(input.selected_options ?? [])]) delete chosen?.description;
  }
  return enterprise === null ? payload : { enterprise, ...payload };
}

function eventOf({ event }, hold) {
  if (event.type !== 'app_home_opened' || !event.view) return event;
  const { view, ...rest } = event;
  hold('the view of app_home_opened', 'ReturnedView', view);
  return rest;
}

// blocksOf are blocks as their types know them.
export function blocksOf(blocks) {
  const cell = (one) => (one.element ? { type: 'raw_text', text: 'a button' } : one);
  const known = blocks.filter((block) => block.type !== 'data_visualization');
  return known.map((block) => (block.type === 'data_table' ? { ...block, rows: block.rows.map((row) => row.map(cell)) } : block));
}

// The response types come from recordings. What apps make up freely is in them
// as it was recorded, and null not at all, so both are set aside: blocks are held
// against Slack's block types instead.
export function answerOf(value, hold, at = '') {
  if (Array.isArray(value)) return value.map((one) => answerOf(one, hold, at));
  if (value === null || typeof value !== 'object') return value;
  const out = {};
  for (const [key, one] of Object.entries(value)) {
    if (one === null || key === 'event_payload' || (key === 'values' && at === 'state')) continue;
    if (key === 'fields' && Array.isArray(one) && one.length === 0) continue; // what Slack has in a profile for an empty map
    if (key === 'blocks') hold('  its blocks', 'Blocks', blocksOf(one));
    else out[key] = answerOf(one, hold, key);
  }
  return out;
}

function typeOfClick({ container }) {
  if (container.type === 'view') return 'ViewClick';
  return container.is_ephemeral ? 'EphemeralClick' : 'Click';
}

// The events, by their types and, of messages, subtypes.
const events = {
  app_home_opened: 'HomeOpened',
  app_mention: 'Mention',
  message: 'DirectMessage',
  'message message_changed': 'MessageChanged',
  'message message_deleted': 'MessageDeleted',
  'message thread_broadcast': 'Broadcast',
  'message file_share': 'FileShared',
  subteam_members_changed: 'GroupMembers',
  subteam_updated: 'GroupUpdated',
  team_join: 'Joined',
  user_change: 'UserChange',
};

function typeOfEvent({ type, subtype }) {
  const name = events[subtype ? `${type} ${subtype}` : type];
  if (!name) throw new Error(`an event of an unknown kind: ${type} ${subtype ?? ''}`);
  return name;
}

// typeOfPayload is the type of what Slack sends, and what of it is held against that; hold takes what is held by itself.
export function typeOfPayload(body, hold) {
  if (body.command) return ['Command', body];
  switch (body.type) {
    case 'block_actions':
      return [typeOfClick(body), payloadOf(body)];
    case 'block_suggestion':
      return ['Suggestion', payloadOf(body)];
    case 'shortcut':
      return ['Global', payloadOf(body)];
    case 'message_action':
      return ['OnMessage', payloadOf(body)];
    case 'view_submission':
      return ['Submission', payloadOf(body)];
    case 'view_closed':
      return ['Closed', payloadOf(body)];
    case 'event_callback':
      return [typeOfEvent(body.event), eventOf(body, hold)];
  }
  throw new Error(`a payload of an unknown kind: ${JSON.stringify(body)}`);
}
