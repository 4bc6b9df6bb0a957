// Two keys of umbrella at two servers, one of which fails again and again: node chaos.mjs. Streams, which go to the other one
// until their first piece; whole answers, which do so too unless the connection is lost: those may have been made.
import assert from 'node:assert/strict';
import {call, pause} from '../postgres/calls.mjs';
import {asked, chaos, forget, marked, tally} from './upstream.mjs';

const {UMBRELLA_API_KEY, ONE, TWO, ONE_KEY, TWO_KEY} = process.env;
const nodes = process.env.NODES.split(',');
const sound = {url: ONE, key: ONE_KEY};
const faulty = {url: TWO, key: TWO_KEY};
const QUESTION = {content: 'What is the capital of Mongolia?', text: 'Ulaanbaatar.'};
const CALLERS = 12;
// aimock's journal has room for that
const MOST = 70;
const PAUSE = 200;
const FAULTS = 3;

// calls over both nodes until there were some faults of each kind
async function load(round, stream, kinds) {
  await Promise.all([forget(sound), forget(faulty)]);
  const results = [];
  let enough = false;
  const watching = (async () => {
    while (!enough && results.length < CALLERS * MOST) {
      await pause(250);
      const faults = tally((await asked(faulty, 'umbrella')).map(({chaosAction}) => chaosAction));
      enough = kinds.every((kind) => faults[kind] >= FAULTS);
    }
  })();
  await Promise.all(
    Array.from({length: CALLERS}, async (_, number) => {
      for (let n = 0; n < MOST && !(enough && n >= MOST / 5); n += 1) {
        const mark = `umbrella-${round}-${number}-${n}`;
        const began = Date.now();
        const result = await call(nodes[(number + n) % 2], UMBRELLA_API_KEY, {question: marked(QUESTION, mark), stream});
        results.push({mark, node: ((number + n) % 2) + 1, ms: Date.now() - began, ...result});
        await pause(PAUSE);
      }
    }),
  );
  await watching;
  assert.ok(enough, `fewer than ${FAULTS} faults of one of the kinds ${kinds.join(', ')} say nothing`);
  const [well, ill] = await Promise.all([asked(sound, 'umbrella'), asked(faulty, 'umbrella')]);
  return {results, well, ill, faults: tally(ill.filter(({chaosAction}) => chaosAction).map(({chaosAction}) => chaosAction))};
}

function tell(what, {results, well, ill, faults}) {
  const kinds = Object.entries(faults).map(([kind, count]) => `${count} ${kind}`);
  const longest = Math.max(...results.map(({ms}) => ms));
  console.log(
    `   ${what}: ${results.length} calls, ${well.length} requests to the sound server, ${ill.length} to the other one, ` +
      `of which failed: ${kinds.join(', ')}; the longest call took ${longest} ms`,
  );
}

// every answer was given once: all requests of a call but one have failed
function onceEach({results, well, ill}) {
  const given = tally([...well, ...ill].filter(({chaosAction}) => !chaosAction).map(({mark}) => mark));
  const wrong = results.filter(({mark, outcome}) => given[mark] !== (outcome === 'answered' ? 1 : undefined));
  assert.deepEqual(wrong.slice(0, 5), [], 'a call was answered twice, or by nobody');
}

await chaos(faulty, {dropRate: 0.15, rateLimitRate: 0.15, disconnectRate: 0.15});
const streams = await load(1, true, ['drop', 'rateLimit', 'disconnect']);
tell('streams', streams);
assert.deepEqual(streams.results.filter(({outcome}) => outcome !== 'answered').slice(0, 5), [], 'streams fail');
onceEach(streams);

await chaos(faulty, {dropRate: 0.2, rateLimitRate: 0.2, latencyMs: 20});
const whole = await load(2, false, ['drop', 'rateLimit']);
tell('whole answers', whole);
assert.deepEqual(whole.results.filter(({outcome}) => outcome !== 'answered').slice(0, 5), [], 'whole answers fail');
onceEach(whole);

await chaos(faulty, {disconnectRate: 0.2});
const lost = await load(3, false, ['disconnect']);
tell('whole answers whose connection is lost', lost);
const cut = lost.results.filter(({outcome, code}) => outcome === 'refused' && code === 'connection_lost');
const others = lost.results.filter((result) => result.outcome !== 'answered' && !cut.includes(result));
assert.deepEqual(others.slice(0, 5), [], 'there are other failures');
onceEach(lost);
const requests = tally([...lost.well, ...lost.ill].map(({mark}) => mark));
assert.deepEqual(cut.filter(({mark}) => requests[mark] !== 1), [], 'an answer that may have been made was asked for again');
assert.equal(cut.length, lost.faults.disconnect, 'calls whose answer was lost');
await chaos(faulty, {});
