// Holds streams of hooli open, which may have four at once over both nodes: node permits.mjs STATE. Writes into STATE what it
// has come to: at 'held' two streams are open on each node, and node 2 is to be killed.
//
// A stream holds its permit from before its first piece until its end is read at the node. What counts here is the time from its
// first piece to the last one with text: its end comes half a second later, so that a client which is slow to read sees no
// overlap that there is not.
import assert from 'node:assert/strict';
import {performance} from 'node:perf_hooks';
import {pause} from '../postgres/calls.mjs';
import {marked, tally, write} from './upstream.mjs';

const [, , state] = process.argv;
const {HOOLI_API_KEY} = process.env;
const nodes = process.env.NODES.split(',');
const LIMIT = 4;
const BRIEFLY = {content: 'hold briefly', text: '1 2 3 4 5 '};
const LONG = {content: 'hold for long', text: 'a b c d e f g h i j k l m n o p q r s t u v w x y z A B C D E F G H I J K L M N '};
// of the route: see instance/hold.yaml
const TIMEOUT = 14_000;
// after its deadline a call is given up after 5 s; the lease was for 15 s more
const BEYOND = 20_000;
const SLACK = 4_000;

const all = [];
let live = 0;

// One stream. 'opened' tells whether there is a first piece, 'done' when all is over.
function hold(node, question) {
  const one = {node: node + 1, began: performance.now(), outcome: 'unreached', text: ''};
  let tell;
  one.opened = new Promise((resolve) => (tell = resolve));
  one.done = read(one, nodes[node], marked(question, `hooli-${all.length}`), tell)
    .catch((error) => (one.reason = String(error.cause?.code ?? error.cause?.message ?? error.message)))
    .finally(() => {
      one.ended = performance.now();
      live -= one.first === undefined ? 0 : 1;
      tell(false);
    });
  all.push(one);
  return one;
}

async function read(one, address, question, tell) {
  const response = await fetch(`${address}/hold`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json', Authorization: `Bearer ${HOOLI_API_KEY}`},
    body: JSON.stringify({messages: [{role: 'user', content: question.content}]}),
    signal: AbortSignal.timeout(60_000),
  });
  if (response.status !== 200) {
    const code = JSON.parse(await response.text()).error.code;
    Object.assign(one, {outcome: 'refused', status: response.status, code, retryAfter: response.headers.get('retry-after')});
    return;
  }
  one.outcome = 'broken';
  let rest = '';
  for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + bytes).split('\n\n');
    rest = events.pop();
    events.forEach((event) => piece(one, event, question, tell));
  }
}

function piece(one, event, question, tell) {
  if (event === 'data: [DONE]') {
    one.outcome = one.text === question.text ? 'answered' : 'wrong';
    return;
  }
  const text = event.startsWith('data: ') ? (JSON.parse(event.slice(6)).choices?.[0]?.delta?.content ?? '') : '';
  if (text === '') {
    return;
  }
  if (one.first === undefined) {
    one.first = performance.now();
    live += 1;
    tell(true);
  }
  one.last = performance.now();
  one.text += text;
}

// how many were open at a time
function most(streams) {
  const changes = streams
    .filter(({first}) => first !== undefined)
    .flatMap(({first, last}) => [[first, 1], [last, -1]])
    .sort(([one, plus], [other, otherPlus]) => one - other || plus - otherPlus);
  let now = 0;
  let top = 0;
  for (const [, change] of changes) {
    now += change;
    top = Math.max(top, now);
  }
  return top;
}

// killed, or not ready yet
const mayBeAway = ({outcome, node, reason, status, code}) =>
  node === 2 && ((outcome === 'unreached' && reason === 'ECONNREFUSED') || (status === 503 && code === 'overloaded'));
const fullyRefused = ({outcome, status, code, retryAfter}) =>
  outcome === 'refused' && status === 429 && code === 'rate_limit_error' && /^[1-9][0-9]*$/.test(retryAfter);

// brief streams again and again, by some callers over both nodes, until something is so
async function brief(callers, over) {
  const before = all.length;
  await Promise.all(
    Array.from({length: callers}, async (_, number) => {
      for (let n = number; !over(); n += 1) {
        const one = hold(n % nodes.length, BRIEFLY);
        await one.done;
        if (one.outcome !== 'answered') {
          await pause(150);
        }
      }
    }),
  );
  return all.slice(before);
}

function fine(streams, what) {
  const others = streams.filter((one) => one.outcome !== 'answered' && !fullyRefused(one) && !mayBeAway(one));
  assert.deepEqual(others.slice(0, 5), [], `${what}: there are other failures`);
}

async function opened(node) {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    const one = hold(node, LONG);
    if (await one.opened) {
      return one;
    }
    assert.ok(fullyRefused(one), `a stream cannot be opened on node ${node + 1}: ${JSON.stringify(one)}`);
    await pause(100);
  }
  throw new Error(`no permit is to be had for node ${node + 1}`);
}

// --- many at a time ------------------------------------------------------------------------------------------------------

const end = performance.now() + 6_000;
const many = await brief(12, () => performance.now() > end);
fine(many, 'many at a time');
const answered = many.filter(({outcome}) => outcome === 'answered');
const byNode = tally(answered.map(({node}) => node));
console.log(
  `   ${many.length} streams asked for by 12 callers, ${answered.length} held (node 1 ${byNode[1] ?? 0}, node 2 ${byNode[2] ?? 0}), ` +
    `${many.length - answered.length} refused; at most ${most(many)} at once`,
);
// nothing is promised of how nodes divide them: one that is busy may keep what it has
assert.equal(most(many), LIMIT, 'streams at once');

// --- a node is killed with its streams open ------------------------------------------------------------------------------

const held = [await opened(0), await opened(1), await opened(0), await opened(1)];
for (const node of [0, 1]) {
  const one = hold(node, BRIEFLY);
  await one.done;
  assert.ok(fullyRefused(one), `a fifth stream is not refused on node ${node + 1}: ${JSON.stringify(one)}`);
}
write(state, {phase: 'held'});
const lost = held.filter(({node}) => node === 2);
await Promise.race(lost.map(({done}) => done));
const killed = performance.now();
await Promise.all(lost.map(({done}) => done));
assert.deepEqual(lost.map(({outcome}) => outcome), ['broken', 'broken'], 'node 2 was not killed while its streams were open');
const deadline = Math.max(...lost.map(({began}) => began)) + TIMEOUT;
const latest = Math.max(...lost.map(({first}) => first)) + TIMEOUT + BEYOND + SLACK;

// the first stream that makes three: what the killed node held is free. In the end there are four again.
let third;
let full = false;
const watching = setInterval(() => {
  third ??= live > LIMIT - lost.length ? performance.now() : undefined;
  full ||= live === LIMIT;
}, 5);
const after = await brief(8, () => full || performance.now() > latest + 2_000);
clearInterval(watching);
await Promise.all(all.map(({done}) => done));
fine(after, 'after the kill');
fine(held.filter(({node}) => node === 1), 'of node 1');
const unlike = held.filter(({node, outcome}) => node === 1 && outcome !== 'answered');
assert.deepEqual(unlike, [], 'a stream of node 1 has not come to its end');
assert.ok(third !== undefined, `the permits of the killed node are not free ${Math.round((latest - killed) / 1_000)} s after it`);
const seconds = (time) => ((time - killed) / 1_000).toFixed(1);
console.log(
  `   the permits of the killed node were free ${seconds(third)} s after it was killed, which is ` +
    `${((third - deadline) / 1_000).toFixed(1)} s after the deadline of its last call`,
);
assert.ok(third > deadline, 'they were free while its streams might have gone on');
assert.ok(third <= latest, 'that is later than it should be');
assert.ok(full, 'there are never four streams again');
assert.equal(most(all), LIMIT, 'streams at once');
