// Two keys of initech, one of which its server refuses: node cooldown.mjs refused|corrected. COUNTED is the log of counted.mjs,
// which stands in front of the server that refuses.
//   refused    node 1 finds it out; node 2, which has called nobody yet, does not try that key three seconds later
//   corrected  the key was put right: both nodes use it again
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {call, pause} from '../postgres/calls.mjs';
import {marked, tally} from './upstream.mjs';

const [, , phase] = process.argv;
const {INITECH_API_KEY, COUNTED} = process.env;
const nodes = process.env.NODES.split(',');
const QUESTION = {content: 'What is the capital of Mongolia?', text: 'Ulaanbaatar.'};
const SHARED_WITHIN = 3_000;
const BACK_WITHIN = 5_000;
const CALLS = 30;

let number = 0;

const counted = () =>
  existsSync(COUNTED) ? readFileSync(COUNTED, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];

async function ask(node) {
  number += 1;
  const mark = `initech-${phase === 'refused' ? 0 : 1}-${node + 1}-${number}`;
  const result = await call(nodes[node], INITECH_API_KEY, {question: marked(QUESTION, mark), stream: number % 2 === 0});
  assert.equal(result.outcome, 'answered', `a call at node ${node + 1} fails: ${JSON.stringify(result)}`);
  return mark;
}

async function askMany(node) {
  const marks = [];
  for (let i = 0; i < CALLS; i += 1) {
    marks.push(await ask(node));
  }
  return marks;
}

async function refused() {
  for (let i = 0; counted().length === 0; i += 1) {
    assert.ok(i < 10, 'the second key is never tried');
    await ask(0);
  }
  await pause(SHARED_WITHIN);
  const found = counted();
  await askMany(1);
  await askMany(0);
  assert.deepEqual(tally(found.map(({status}) => status)), {401: found.length}, 'the second key is not refused');
  assert.ok(found.every(({mark}) => mark.startsWith('initech-0-1-')), 'not node 1 has found it out');
  assert.equal(counted().length, found.length, 'a key that was refused is tried again');
  console.log(`   node 1 found it out with ${found.length} request; then ${2 * CALLS} calls on both nodes, none with that key`);
}

// how long it takes until a call of that node comes through with the second key
async function back(node) {
  const began = Date.now();
  while (Date.now() < began + BACK_WITHIN) {
    const mark = await ask(node);
    if (counted().some((one) => one.mark === mark && one.status === 200)) {
      return Date.now() - began;
    }
    await pause(20);
  }
  throw new Error(`node ${node + 1} does not use the corrected key within ${BACK_WITHIN} ms`);
}

async function corrected() {
  const before = counted().length;
  const times = await Promise.all([back(0), back(1)]);
  for (const node of [0, 1]) {
    const marks = await askMany(node);
    const seen = counted().filter(({mark}) => marks.includes(mark));
    assert.deepEqual(tally(seen.map(({status}) => status)), {200: seen.length}, 'the corrected key is refused');
    assert.ok(seen.length >= CALLS / 3, `node ${node + 1} makes ${seen.length} of ${CALLS} calls with the corrected key`);
  }
  const refusedAgain = counted().slice(before).filter(({status}) => status !== 200);
  assert.deepEqual(refusedAgain, [], 'the corrected key was refused');
  console.log(`   the corrected key is in use again: node 1 ${times[0]} ms, node 2 ${times[1]} ms after the command`);
}

await (phase === 'refused' ? refused() : corrected());
