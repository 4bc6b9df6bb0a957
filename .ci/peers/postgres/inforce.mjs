// Changes things by command and measures on both nodes, over HTTP, when each change is in force:
// node inforce.mjs COMMAND…. Two times are told: after the command's end, and after the commit, which is earlier, since a
// command takes a while to end. The server knows when that was.
import {execFileSync, spawn} from 'node:child_process';
import {call, pause} from './calls.mjs';

const command = process.argv.slice(2);
const {ACME_API_KEY, ALICE_API_KEY, PSQL} = process.env;
const nodes = process.env.NODES.split(',');
const MODEL = 'openai-compatible/peer-model';
const COMMAND_LIMIT = 90_000;
const IN_FORCE_LIMIT = 30_000;
const WANTED = 1_000;
const FAILED_ABOVE = 5_000;
const BETWEEN = 20;

const answered = ({outcome}) => outcome === 'answered';
const refused = (status, code) => (result) => result.status === status && (!code || result.code === code);

let made; // an API key that is made on the way

const CHANGES = [
  ['a tenant is switched off', ['tenant', 'disable', 'acme'], () => ACME_API_KEY, refused(401)],
  ['a tenant is switched on', ['tenant', 'enable', 'acme'], () => ACME_API_KEY, answered],
  ['a member is removed', ['member', 'remove', 'alice', '-t', 'acme'], () => ALICE_API_KEY, refused(403, 'access_denied')],
  ['a member is added', ['member', 'add', 'alice', '-t', 'acme', '--role', 'editor'], () => ALICE_API_KEY, answered],
  ['a credential gets a wrong key', update('WRONG_PEER_KEY'), () => ACME_API_KEY, refused(502, 'authorization_error')],
  ['a credential gets the right key', update('ACME_PEER_KEY'), () => ACME_API_KEY, answered],
  ['the default model is unset', setDefault('--none'), () => ACME_API_KEY, refused(400, 'default_model_not_set')],
  ['the default model is set', setDefault(MODEL), () => ACME_API_KEY, answered],
  ['an API key is made', ['apikey', 'create', '-t', 'acme', '--name', 'short-lived', '--json'], () => made?.key, answered],
  ['an API key is withdrawn', () => ['apikey', 'revoke', made.id, '-t', 'acme'], () => made.key, refused(401)],
];

function update(variable) {
  return ['credential', 'update', 'openai-compatible', 'main', '-t', 'acme', '--from-env', `api_key=${variable}`];
}

function setDefault(model) {
  return ['model', 'default', model, '--type', 'llm', '-t', 'acme'];
}

function run(args) {
  return new Promise((resolve, reject) => {
    const how = {stdio: ['ignore', 'pipe', 'inherit'], timeout: COMMAND_LIMIT};
    const child = spawn(command[0], [...command.slice(1), ...args], how);
    let out = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      code === 0 ? resolve(out) : reject(new Error(`${args.slice(0, 2).join(' ')} ended with ${code ?? signal}`)),
    );
  });
}

// when the latest change of the tenant was committed, by the same machine's clock
function committed() {
  const query = `SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 FROM config_versions
    WHERE tenant_id = 'acme'`;
  return Number(execFileSync(PSQL, ['-X', '-w', '-A', '-t', '-c', query], {timeout: 30_000, encoding: 'utf8'}));
}

// asks a node again and again until the change shows; gives the time of the answer that shows it
async function seen(node, key, shows, until) {
  let last;
  while (Date.now() < until.time) {
    const presented = key();
    if (presented) {
      last = await call(node, presented, {timeout: 10_000});
      if (shows(last)) {
        return Date.now();
      }
    }
    await pause(BETWEEN);
  }
  throw new Error(`${node} does not show it: ${JSON.stringify(last)}`);
}

async function change([name, args, key, shows]) {
  const words = typeof args === 'function' ? args() : args;
  for (const node of nodes) {
    if (key() && shows(await call(node, key()))) {
      throw new Error(`${name}: it shows before the change`);
    }
  }
  const until = {time: Date.now() + COMMAND_LIMIT + IN_FORCE_LIMIT};
  const both = nodes.map((node) => seen(node, key, shows, until));
  // one that fails while the command still runs is told below
  both.forEach((one) => one.catch(() => {}));
  let out;
  try {
    out = await run(words);
  } catch (error) {
    until.time = 0;
    throw error;
  }
  const ended = Date.now();
  until.time = ended + IN_FORCE_LIMIT;
  if (words[0] === 'apikey' && words[1] === 'create') {
    made = JSON.parse(out);
  }
  const times = await Promise.all(both);
  const commit = committed();
  for (const node of nodes) {
    for (let i = 0; i < 5; i += 1) {
      const later = await call(node, key());
      if (!shows(later)) {
        throw new Error(`${name}: ${node} showed it and does no more: ${JSON.stringify(later)}`);
      }
    }
  }
  // a key that is new is known only once the command has ended
  const late = words[1] === 'create';
  return times.map((time) => ({afterEnd: Math.max(0, time - ended), afterCommit: late ? null : time - commit}));
}

function summary(what, values) {
  const sorted = values.filter((value) => value !== null).map(Math.round).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const slow = sorted.filter((value) => value > WANTED).length;
  const many = `${slow} of ${sorted.length} above ${WANTED} ms`;
  console.log(`   after the ${what}: median ${median} ms, longest ${sorted.at(-1)} ms, ${many}`);
  return sorted.at(-1);
}

const measured = [];
for (const one of CHANGES) {
  const times = await change(one);
  measured.push(...times);
  const shown = times.map(({afterEnd, afterCommit}) =>
    afterCommit === null ? `${afterEnd} ms after the end` : `${Math.round(afterCommit)} ms after the commit`,
  );
  console.log(`   ${one[0]}: node 1 ${shown[0]}, node 2 ${shown[1]}`);
}
const longest = Math.max(
  summary("command's end", measured.map((one) => one.afterEnd)),
  summary('commit', measured.map((one) => one.afterCommit)),
);
if (longest > FAILED_ABOVE) {
  console.error(`a change took ${longest} ms to be in force`);
  process.exitCode = 1;
}
