// Runs the apps of docs/simulator.md, each out of its own code block, and the test of them that stands there: once with Bolt, once
// with slack-go. The simulator serves at SLACKSIM_URL, which stands in for the page's address.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { base, eventually, see } from './sim.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const page = readFileSync(here('../../docs/simulator.md'), 'utf8');
const env = { ...process.env, SLACK_API_URL: `${base}/api/` };

// block is the first code block of a language.
function block(language) {
  const found = page.match(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm'));
  if (!found) throw new Error(`docs/simulator.md has no block of ${language}`);
  return found[1];
}

const work = mkdtempSync(join(tmpdir(), 'guide-'));
const app = {
  bolt: () => {
    writeFileSync(here('guide-app.mjs'), block('js')); // beside node_modules
    return ['node', here('guide-app.mjs')];
  },
  'slack-go': () => {
    writeFileSync(join(work, 'main.go'), block('go'));
    execFileSync('go', ['build', '-o', join(work, 'app'), join(work, 'main.go')], { cwd: here('../..'), stdio: 'inherit' });
    return [join(work, 'app')];
  },
}[process.argv[2]];
const [program, ...args] = app();
const running = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
try {
  await eventually(`${process.argv[2]} is connected`, async () => (await see('connections')) === 1);
  execFileSync('sh', ['-ec', block('sh').replace('http://127.0.0.1:3100', base)], { stdio: ['ignore', 'ignore', 'inherit'] });
  console.log(`ok   the page's test of ${process.argv[2]}`);
} finally {
  running.kill();
  rmSync(work, { recursive: true, force: true });
}
