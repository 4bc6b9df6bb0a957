// Spends the budget of acme with 32 callers over both nodes until SIGTERM: node budget.mjs STATE. Then compares what the
// callers got with what aimock was asked; each question bears a mark of its own. Keeps STATE up to date.
//
// A call that was under way when its node was killed is counted by aimock: it was asked, or it was not.
import assert from 'node:assert/strict';
import {call, pause} from '../postgres/calls.mjs';
import {asked, marked, tally, write} from './upstream.mjs';

const [, , state] = process.argv;
const {ACME_API_KEY, HOUSE, HOUSE_KEY} = process.env;
const nodes = process.env.NODES.split(',');
const LIMIT = 400;
const BLOCK = LIMIT / 100;
const CALLERS = 32;
const QUESTION = {content: 'spend one', text: 'Spent it.'};

let stopping = false;
const results = [];

async function caller(number) {
  for (let n = 0; !stopping; n += 1) {
    const node = (number + n) % nodes.length;
    const mark = `acme-${number}-${n}`;
    const at = Date.now();
    const result = await call(nodes[node], ACME_API_KEY, {question: marked(QUESTION, mark)});
    results.push({mark, at, node: node + 1, kind: kind(result), ...result});
    if (result.outcome !== 'answered') {
      await pause(200);
    }
  }
}

function kind({outcome, status, code}) {
  if (outcome === 'refused') {
    // a node that starts says that it is not ready yet
    return {'429 provider_quota_exceeded': 'refused', '503 overloaded': 'away'}[`${status} ${code}`] ?? 'wrong';
  }
  // nothing was sent where nobody listens; whatever else breaks may have been under way
  return {answered: 'answered', unreached: code === 'ECONNREFUSED' ? 'away' : 'lost', broken: 'lost'}[outcome] ?? 'wrong';
}

const of = (wanted) => results.filter((result) => result.kind === wanted);
const note = () =>
  write(state, {answered: of('answered').length, refused: tally(of('refused').map(({node}) => node)), last: results.at(-1)});

async function check() {
  const upstream = (await asked({url: HOUSE, key: HOUSE_KEY}, 'acme')).map(({mark}) => mark);
  const [answered, refused, lost] = [of('answered'), of('refused'), of('lost')];
  const reached = new Set(upstream);
  const underWay = lost.filter(({mark}) => reached.has(mark));
  const early = lost.length - underWay.length;
  const byNode = tally(answered.map(({node}) => node));
  console.log(
    `   ${results.length} calls: ${answered.length} answered (node 1 ${byNode[1]}, node 2 ${byNode[2]}), ${underWay.length} ` +
      `under way when node 2 was killed, ${early} on their way to aimock then, ${refused.length} refused; ` +
      `aimock was asked ${upstream.length} times`,
  );
  assert.deepEqual(of('wrong').slice(0, 5), [], 'there are other failures');
  assert.ok(byNode[1] > 0 && byNode[2] > 0, 'one of the nodes has answered nothing');
  assert.deepEqual([...lost, ...of('away')].filter(({node}) => node !== 2), [], 'node 1 was not reached');
  assert.ok(lost.length <= CALLERS, `${lost.length} calls were lost`);
  assert.equal(reached.size, upstream.length, 'a call was made twice');
  assert.deepEqual(answered.filter(({mark}) => !reached.has(mark)), [], 'an answer comes from elsewhere');
  assert.deepEqual(refused.filter(({mark}) => reached.has(mark)), [], 'a call was refused and made all the same');
  assert.equal(answered.length + underWay.length, upstream.length, 'aimock was asked what nobody asked');
  assert.ok(upstream.length <= LIMIT, `aimock was asked ${upstream.length} times; the budget is ${LIMIT}`);
  // what the killed node had leased counts as spent: what its calls had taken, and at most a block
  const unused = LIMIT - upstream.length;
  assert.ok(unused <= BLOCK + early, `${unused} of the budget were never used: more than a block and ${early} calls`);
  console.log(`   ${unused} of ${LIMIT} were lost with the killed node; a block is ${BLOCK}`);
}

process.on('SIGTERM', () => {
  stopping = true;
});
const noting = setInterval(note, 100);
await Promise.all(Array.from({length: CALLERS}, (_, number) => caller(number)));
clearInterval(noting);
note();
await check();
