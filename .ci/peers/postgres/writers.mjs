// Two writers, each a command after another until SIGTERM: node writers.mjs run FILE COMMAND…. FILE tells of each command
// when it began, when it ended and how. A write counts as acknowledged when its command ended with status 0.
//
// node writers.mjs check FILE KILLED BACK API-KEYS TENANTS: whether every acknowledged write is in the two lists, and whether
// every write begun between KILLED and BACK was refused, in a reasonable time and with a code. A write that was under way at
// KILLED may have been done or not, and says so. Times are milliseconds.
import {spawn} from 'node:child_process';
import {readFileSync, renameSync, writeFileSync} from 'node:fs';

const COMMAND_LIMIT = 60_000;
const REFUSAL_LIMIT = 20_000;
const AWAY = 'store_unavailable';
const UNKNOWN = 'store_outcome_unknown';

async function run(file, command) {
  const writes = [];
  const running = new Set();
  let stopping = false;
  process.on('SIGTERM', () => {
    stopping = true;
    running.forEach((child) => child.kill('SIGTERM'));
  });

  function one(kind, id, args) {
    return new Promise((resolve) => {
      const write = {kind, id, began: Date.now()};
      const how = {stdio: ['ignore', 'pipe', 'pipe'], timeout: COMMAND_LIMIT};
      const child = spawn(command[0], [...command.slice(1), ...args], how);
      running.add(child);
      let out = '';
      let err = '';
      child.stdout.on('data', (bytes) => (out += bytes));
      child.stderr.on('data', (bytes) => (err += bytes));
      child.on('close', (code, signal) => {
        running.delete(child);
        Object.assign(write, {ended: Date.now(), status: code, signal, code: /^([a-z_]+):/m.exec(err)?.[1]});
        if (code === 0 && kind === 'apikey') {
          write.id = JSON.parse(out).id;
        } else if (code !== 0 && !stopping) {
          write.told = err.slice(0, 500);
        }
        if (!(stopping && code !== 0)) {
          writes.push(write);
          writeFileSync(`${file}.new`, JSON.stringify(writes, null, 1));
          renameSync(`${file}.new`, file);
        }
        resolve();
      });
    });
  }

  async function writer(kind, args) {
    for (let n = 1; !stopping; n += 1) {
      await one(kind, `written-${n}`, args(`written-${n}`));
    }
  }

  await Promise.all([
    writer('apikey', (name) => ['apikey', 'create', '--tenant', 'ledger', '--name', name, '--json']),
    writer('tenant', (name) => ['tenant', 'add', name, '--json']),
  ]);
}

function check(file, killed, starting, back, apiKeys, tenants) {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
  const writes = read(file);
  const there = {
    apikey: new Set(read(apiKeys).map(({id}) => id)),
    tenant: new Set(read(tenants).map(({tenant}) => tenant)),
  };
  const faults = [];

  const acknowledged = writes.filter(({status}) => status === 0);
  acknowledged
    .filter(({kind, id}) => !there[kind].has(id))
    .forEach((write) => faults.push(`acknowledged and not there: ${JSON.stringify(write)}`));
  const before = acknowledged.filter(({ended}) => ended <= killed).length;
  const after = acknowledged.filter(({began}) => began >= back).length;
  const lost = faults.length === 0 ? 'all are there' : `${faults.length} are lost`;
  console.log(`   ${acknowledged.length} acknowledged writes, ${before} before and ${after} after the crash: ${lost}`);

  const away = writes.filter(({began, ended}) => began >= killed && ended <= starting);
  away.filter(({status}) => status === 0).forEach((write) => faults.push(`done without a server: ${JSON.stringify(write)}`));
  const refused = writes.filter(({status}) => status !== 0);
  refused
    .filter(({status, code, began}) => status !== 1 || !(code === AWAY || (code === UNKNOWN && began < killed)))
    .forEach((write) => faults.push(`not refused with status 1 and ${AWAY}: ${JSON.stringify(write)}`));
  refused
    .filter(({began, ended}) => ended < killed || began >= back)
    .forEach((write) => faults.push(`refused while the server was there: ${JSON.stringify(write)}`));
  const times = refused.map(({began, ended}) => ended - began);
  const longest = Math.max(0, ...times);
  console.log(`   ${refused.length} writes refused; the slowest refusal took ${longest} ms, its start included`);
  if (longest > REFUSAL_LIMIT) {
    faults.push(`a refusal took ${longest} ms`);
  }
  if (away.length === 0) {
    faults.push('no write was tried while the server was away');
  }
  faults.forEach((fault) => console.error(fault));
  process.exitCode = faults.length === 0 ? 0 : 1;
}

const [, , mode, file, ...rest] = process.argv;
if (mode === 'run') {
  await run(file, rest);
} else {
  check(file, Number(rest[0]), Number(rest[1]), Number(rest[2]), rest[3], rest[4]);
}
