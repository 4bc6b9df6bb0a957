// Asks both nodes for globex as fast as they refuse, for 26 seconds, and counts what got through: node rate.mjs.
//
// A request counts at a moment between its call's beginning and its end, as the caller sees them. So neither beginnings nor ends
// alone say what is in a span: a call that began in it may have counted after it, one that ended in it before. A call that
// began and ended in the span has counted in it for certain: of those there must never be more than the limit says.
import assert from 'node:assert/strict';
import {performance} from 'node:perf_hooks';
import {call, pause} from '../postgres/calls.mjs';
import {asked, marked, tally} from './upstream.mjs';

const {GLOBEX_API_KEY, HOUSE, HOUSE_KEY} = process.env;
const nodes = process.env.NODES.split(',');
const LIMIT = 60;
const PER = 10_000;
const LASTING = 26_000;
// from nothing used, the whole limit at 0 s; again at 10 s and 20 s, each up to a sixteenth of the time later
const ALLOWED = 3 * LIMIT;
const LONGEST_WAIT = Math.ceil((PER * 17) / 16 / 1_000);
const CALLERS = 8;
const PAUSE = 40;
const QUESTION = {content: 'What is the capital of Mongolia?', text: 'Ulaanbaatar.'};

const results = [];
const start = performance.now();

async function caller(number) {
  for (let n = 0; performance.now() - start < LASTING; n += 1) {
    const node = (number + n) % nodes.length;
    const mark = `globex-${number}-${n}`;
    const began = performance.now();
    const result = await call(nodes[node], GLOBEX_API_KEY, {question: marked(QUESTION, mark)});
    results.push({mark, node: node + 1, began, ended: performance.now(), ...result});
    await pause(PAUSE);
  }
}

await Promise.all(Array.from({length: CALLERS}, (_, number) => caller(number)));

const answered = results.filter(({outcome}) => outcome === 'answered');
const refused = results.filter(({status, code}) => status === 429 && code === 'rate_limit_error');
const spans = answered.map(({began: from}) => answered.filter(({began, ended}) => began >= from && ended <= from + PER).length);
const most = Math.max(...spans);
const byNode = tally(answered.map(({node}) => node));
const refusedBy = tally(refused.map(({node}) => node));
console.log(
  `   ${results.length} calls in ${LASTING / 1_000} s, ${answered.length} answered (node 1 ${byNode[1]}, node 2 ${byNode[2]}), ` +
    `${refused.length} refused; at most ${most} in ${PER / 1_000} s`,
);
const others = results.filter((result) => !answered.includes(result) && !refused.includes(result));
assert.deepEqual(others.slice(0, 5), [], 'there are other failures');
assert.ok(byNode[1] > 0 && byNode[2] > 0 && refusedBy[1] > 0 && refusedBy[2] > 0, 'a node has answered or refused nothing');
assert.ok(most <= LIMIT, `${most} calls in ${PER / 1_000} s; the limit is ${LIMIT}`);
assert.ok(answered.length >= 0.8 * ALLOWED, `${answered.length} calls of ${ALLOWED} that are allowed`);
const wrong = refused.filter(({retryAfter}) => !/^[1-9][0-9]*$/.test(retryAfter) || Number(retryAfter) > LONGEST_WAIT);
assert.deepEqual(wrong.slice(0, 5), [], 'a refusal does not say when to come back');
const upstream = (await asked({url: HOUSE, key: HOUSE_KEY}, 'globex')).map(({mark}) => mark).sort();
assert.deepEqual(upstream, answered.map(({mark}) => mark).sort(), 'aimock was asked something else than was answered');
