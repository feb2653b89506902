// The vendor's one call.

export async function createAccount(vendor, r) {
  const value = [{ 'setting.account_email': r.email }, { 'setting.account_first_name': r.first },
    { 'setting.account_password': `Aa1!${r.asked.toString(36)}xyzuvw` }, { 'setting.account_type': 'client' }];
  const answer = await fetch(`${vendor}/project-management/users`, {
    method: 'POST',
    headers: { authorization: `Token ${process.env.VENDOR_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify([{ key: 'data', value }]),
  });
  if (!answer.ok) throw new Error(`create an account: status ${answer.status}: ${await answer.text()}`);
  return Number((await answer.json()).id);
}
