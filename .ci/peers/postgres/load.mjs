// Calls both nodes for both tenants, whole answers and streams, until SIGTERM: node load.mjs REPORT. Keeps REPORT up to date,
// with how many calls there were and which failed. NODES and KEYS are in the environment, with commas between them.
//
// It stands for clients behind a load balancer: a call that does not reach a node, or that the node has no room for, goes to
// the other one. Whatever else happens to a call is a failure, and so is an answer with the wrong text.
import {renameSync, writeFileSync} from 'node:fs';
import {performance} from 'node:perf_hooks';
import {call, pause, QUESTIONS} from './calls.mjs';

const [, , report] = process.argv;
const nodes = process.env.NODES.split(',');
const keys = process.env.KEYS.split(',');
const CALLERS = 8;
const PAUSE = 120;
const SHOWN = 20;

let stopping = false;
let answered = 0;
let retried = 0;
const failures = [];
const times = [];

async function caller(first) {
  for (let n = first; !stopping; n += 1) {
    await one(n);
    await pause(PAUSE);
  }
}

async function one(n) {
  const tenant = n % keys.length;
  const node = (n >> 1) % nodes.length;
  const asked = {question: QUESTIONS[(n >> 2) % QUESTIONS.length], stream: (n >> 3) % 2 === 0};
  const began = performance.now();
  const tries = [await attempt(node, tenant, asked)];
  if (elsewhere(tries[0])) {
    retried += 1;
    tries.push(await attempt(1 - node, tenant, asked));
  }
  times.push(performance.now() - began);
  if (tries.at(-1).outcome === 'answered') {
    answered += 1;
  } else {
    failures.push({tenant: tenant + 1, stream: asked.stream, tries});
  }
}

async function attempt(node, tenant, asked) {
  const at = new Date().toISOString();
  return {at, node: node + 1, ...(await call(nodes[node], keys[tenant], asked))};
}

const elsewhere = ({outcome, status, code}) =>
  outcome === 'unreached' || (outcome === 'refused' && status === 503 && code === 'overloaded');

function write(done) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
  const state = {
    done,
    calls: times.length,
    answered,
    retried,
    failed: failures.length,
    milliseconds: {median: at(0.5), p99: at(0.99), longest: at(1)},
    failures: failures.slice(0, SHOWN),
  };
  writeFileSync(`${report}.new`, JSON.stringify(state, null, 2));
  renameSync(`${report}.new`, report);
}

process.on('SIGTERM', () => {
  stopping = true;
});
const writing = setInterval(() => write(false), 250);
await Promise.all(Array.from({length: CALLERS}, (_, first) => caller(first)));
clearInterval(writing);
write(true);
