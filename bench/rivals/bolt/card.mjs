// How a request looks in its channel.

export const title = (r) => `#${r.n} · A seat for ${r.email}`;

export function card(r) {
  let text = `*${title(r)}*\n<@${r.by_user}> asks: “${r.reason}”`;
  if (r.state !== 'pending') {
    text += `\nApproved by <@${r.approver}>; the account is there.`;
    return [{ type: 'section', text: { type: 'mrkdwn', text } }];
  }
  const yes = { type: 'button', action_id: 'approve', value: String(r.n), text: { type: 'plain_text', text: 'Approve' } };
  return [{ type: 'section', text: { type: 'mrkdwn', text } }, { type: 'actions', block_id: 'decide', elements: [yes] }];
}
