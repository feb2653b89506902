// Talks to a running slacksim program: acts as people, reads what they see.

export const base = process.env.SLACKSIM_URL ?? process.argv[2];
if (!base) throw new Error('set SLACKSIM_URL to the address slacksim printed');

async function read(response) {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

export async function act(what, body) {
  return read(await fetch(`${base}/sim/${what}`, { method: 'POST', body: JSON.stringify(body) }));
}

export async function see(what) {
  return read(await fetch(`${base}/sim/${what}`));
}

// check throws with both sides when they differ.
export function check(what, got, want) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what}: got ${a}, want ${b}`);
  console.log(`ok   ${what}`);
}

// eventually waits up to five seconds for a condition to hold.
export async function eventually(what, holds) {
  for (let i = 0; i < 100; i++) {
    if (await holds()) {
      console.log(`ok   ${what}`);
      return;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`${what}: did not happen within 5 s`);
}
