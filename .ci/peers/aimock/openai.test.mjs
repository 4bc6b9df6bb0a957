// Drives the packaged runnable over HTTP against aimock, an OpenAI server nobody here wrote. Run by ./run, which has
// started both and says where in the environment.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

const {SERVER, MANAGEMENT, ACME_API_KEY, GLOBEX_API_KEY, HAPLESS_API_KEY, ACME_AIMOCK, ACME_PEER_KEY} = process.env;
const {GLOBEX_PEER_KEY, SERVER_LOG} = process.env;

const user = (content) => ({messages: [{role: 'user', content}]});
const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of the next days',
    parameters: {type: 'object', properties: {city: {type: 'string'}, days: {type: 'integer'}}, required: ['city']},
  },
};
const ANIMAL = {
  type: 'object',
  properties: {name: {type: 'string'}, humps: {type: 'integer'}, wild: {type: 'boolean'}},
  required: ['name', 'humps', 'wild'],
  additionalProperties: false,
};

function post(path, body, key = ACME_API_KEY, signal = AbortSignal.timeout(60_000)) {
  return fetch(SERVER + path, {
    method: 'POST',
    headers: {'Content-Type': 'application/json', Authorization: `Bearer ${key}`},
    body: JSON.stringify(body),
    signal,
  });
}

async function chat(body, key) {
  const response = await post('/peer/chat', body, key);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

async function refusal(path, body, key) {
  const response = await post(path, body, key);
  const {error} = await response.json();
  assert.ok(error.request_id, 'an error names its request');
  return {status: response.status, code: error.code, message: error.message, retryAfter: response.headers.get('retry-after')};
}

// the events of a stream, with the time of each
async function stream(body, key) {
  const response = await post('/chat', body, key);
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text());
  assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  const events = [];
  let text = '';
  const decoder = new TextDecoder('utf-8', {fatal: true});
  for await (const bytes of response.body) {
    text += decoder.decode(bytes, {stream: true});
    const parts = text.split('\n\n');
    text = parts.pop();
    for (const part of parts.filter((line) => line.startsWith('data: '))) {
      const data = part.slice('data: '.length);
      events.push({at: performance.now(), data: data === '[DONE]' ? data : JSON.parse(data)});
    }
  }
  assert.equal(text, '', 'every event is whole');
  return events;
}

const chunks = (events) => events.map((event) => event.data).filter((data) => data !== '[DONE]');
const deltas = (events) => chunks(events).flatMap((chunk) => chunk.choices ?? []).map((choice) => choice.delta ?? {});
const textOf = (events) => deltas(events).map((delta) => delta.content ?? '').join('');
const usageOf = (events) => chunks(events).map((chunk) => chunk.usage).filter(Boolean);
const finishOf = (events) =>
  chunks(events).flatMap((chunk) => chunk.choices ?? []).map((choice) => choice.finish_reason).filter(Boolean);

// what aimock received last
async function received(origin = ACME_AIMOCK, key = ACME_PEER_KEY) {
  const journal = await fetch(`${origin}/__aimock/journal`, {headers: {Authorization: `Bearer ${key}`}});
  return (await journal.json()).at(-1);
}

test('a whole answer has text, model, reason and usage', async () => {
  const answer = await chat({
    messages: [
      {role: 'system', content: 'You are a geographer'},
      {role: 'user', content: 'What is the capital of Mongolia?'},
    ],
    temperature: 0.2,
    max_tokens: 50,
    stop: ['END'],
    seed: 7,
  });

  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.model, 'peer-model-2026-01-01');
  assert.equal(answer.choices[0].message.content, 'The capital of Mongolia is Ulaanbaatar.');
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.usage.prompt_tokens, 21);
  assert.equal(answer.usage.completion_tokens, 9);
  assert.equal(answer.usage.total_tokens, 30);
});

test('the server receives the request as it was meant and nothing of ours', async () => {
  await chat({...user('What is the capital of Mongolia?'), temperature: 0.2, max_tokens: 50, stop: ['END'], seed: 7});
  const {path, body, headers} = await received();

  assert.equal(path, '/v1/chat/completions');
  assert.equal(body.model, 'peer-model');
  assert.deepEqual(body.messages, [{role: 'user', content: 'What is the capital of Mongolia?'}]);
  assert.equal(body.temperature, 0.2);
  assert.equal(body.max_tokens, 50);
  assert.deepEqual([body.stop].flat(), ['END']);
  assert.equal(body.seed, 7);
  assert.notEqual(body.stream, true);
  const ours = Object.keys(headers).filter((name) => /camel|bactrian|cookie|forwarded|breadcrumb/i.test(name));
  assert.deepEqual(ours, []);
});

test('a length limit shows as the reason', async () => {
  const answer = await chat(user('write until you must stop'));
  assert.equal(answer.choices[0].finish_reason, 'length');
});

test('a filtered answer shows as the reason', async () => {
  const answer = await chat(user('filtered'));
  assert.equal(answer.choices[0].finish_reason, 'content_filter');
});

test('a stream of single characters gives the same text, its usage and its end', async () => {
  const events = await stream(user('sing in many scripts'));

  assert.equal(textOf(events), 'Тэмээ 🐫 ラクダ جمل — ñandú "quoted" \\ back\nsecond line');
  assert.ok(deltas(events).filter((delta) => delta.content).length > 20, 'it came in pieces');
  assert.deepEqual(finishOf(events), ['stop']);
  const usage = usageOf(events);
  assert.equal(usage.length, 1);
  assert.equal(usage[0].total_tokens, 51);
  assert.equal(events.at(-1).data, '[DONE]');
  const {body} = await received();
  assert.equal(body.stream, true);
  assert.equal(body.stream_options.include_usage, true);
});

test('pieces are passed on as they come', async () => {
  const events = (await stream(user('count slowly'))).filter((event) => event.data !== '[DONE]');
  // aimock waits 100 ms before each of some forty pieces
  assert.ok(events.at(-1).at - events[0].at > 2_000, 'the first piece came long before the last');
});

test('a question alone and plain text are asked as well', async () => {
  assert.equal(textOf(await stream({question: 'What is the capital of Mongolia?'})), 'Ulaanbaatar.');
  const plain = await fetch(`${SERVER}/chat`, {
    method: 'POST',
    headers: {'Content-Type': 'text/plain', Authorization: `Bearer ${ACME_API_KEY}`},
    body: 'What is the capital of Mongolia?',
  });
  assert.equal(plain.status, 200);
  assert.match(await plain.text(), /Ulaanbaatar/);
});

test('a tool call comes with its id, name and arguments', async () => {
  const answer = await chat({...user('weather in Dalanzadgad'), tools: [WEATHER], tool_choice: 'auto'});

  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(call.id, 'call_peer_1');
  assert.equal(call.type, 'function');
  assert.equal(call.function.name, 'get_weather');
  assert.deepEqual(JSON.parse(call.function.arguments), {city: 'Dalanzadgad', days: 3, note: 'é "x"'});
  const {body} = await received();
  assert.deepEqual(body.tools[0].function.parameters, WEATHER.function.parameters);
  assert.equal(body.tool_choice, 'auto');
});

test('streamed pieces of a tool call make the same call', async () => {
  const events = await stream({...user('weather in Dalanzadgad'), tools: [WEATHER]});
  const pieces = deltas(events).flatMap((delta) => delta.tool_calls ?? []);

  assert.ok(pieces.length > 3, 'it came in pieces');
  assert.equal(pieces.find((piece) => piece.id)?.id, 'call_peer_1');
  assert.equal(pieces.find((piece) => piece.function?.name)?.function.name, 'get_weather');
  const args = pieces.map((piece) => piece.function?.arguments ?? '').join('');
  assert.deepEqual(JSON.parse(args), {city: 'Dalanzadgad', days: 3, note: 'é "x"'});
  assert.deepEqual(finishOf(events), ['tool_calls']);
  assert.equal(usageOf(events)[0].total_tokens, 77);
});

test('two calls in one stream keep apart', async () => {
  const events = await stream({...user('two cities at once'), tools: [WEATHER]});
  const byIndex = new Map();
  for (const piece of deltas(events).flatMap((delta) => delta.tool_calls ?? [])) {
    byIndex.set(piece.index, (byIndex.get(piece.index) ?? '') + (piece.function?.arguments ?? ''));
  }

  assert.equal(textOf(events), 'Looking up both.');
  assert.deepEqual([...byIndex.values()].map((args) => JSON.parse(args).city), ['Khovd', 'Sainshand']);
});

test('the result of a tool goes back under the id of its call', async () => {
  const answer = await chat({
    messages: [
      {role: 'user', content: 'weather in Dalanzadgad'},
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {id: 'call_peer_1', type: 'function', function: {name: 'get_weather', arguments: '{"city":"Dalanzadgad"}'}},
        ],
      },
      {role: 'tool', tool_call_id: 'call_peer_1', content: '{"celsius":-24}'},
    ],
    tools: [WEATHER],
  });

  assert.equal(answer.choices[0].message.content, 'It is -24 degrees in Dalanzadgad.');
});

test('a schema in the request gives JSON of that shape', async () => {
  const answer = await chat({
    ...user('describe the animal'),
    response_format: {type: 'json_schema', json_schema: {name: 'animal', schema: ANIMAL, strict: true}},
  });

  assert.deepEqual(JSON.parse(answer.choices[0].message.content), {name: 'Bactrian camel', humps: 2, wild: false});
  const {body} = await received();
  assert.deepEqual(body.response_format.json_schema.schema, ANIMAL);
});

test('a schema in the route gives JSON of that shape', async () => {
  const response = await post('/peer/structured', user('describe the animal'));
  const text = await response.text();

  assert.equal(response.status, 200, text);
  assert.deepEqual(JSON.parse(text), {name: 'Bactrian camel', humps: 2, wild: false});
  const {body} = await received();
  assert.equal(body.response_format.type, 'json_schema');
  assert.deepEqual(body.response_format.json_schema.schema, ANIMAL);
});

test('texts become vectors, one for each', async () => {
  const response = await post('/peer/embeddings', {input: ['two humps', 'and more']});
  const text = await response.text();

  assert.equal(response.status, 200, text);
  const {data} = JSON.parse(text);
  assert.deepEqual(data.map((item) => item.index), [0, 1]);
  assert.deepEqual(data[0].embedding, [0.25, -0.5, 0.125, 0.75]);
  const {path, body} = await received();
  assert.equal(path, '/v1/embeddings');
  // aimock notes the texts joined
  assert.equal(body.embeddingInput, 'two humps and more');
});

test('a rate limit is told apart and says when to come back', async () => {
  const refused = await refusal('/peer/chat', user('too fast'));
  assert.equal(refused.status, 429);
  assert.equal(refused.code, 'rate_limit_error');
  assert.equal(refused.retryAfter, '7');
});

test('a rate limit is told before a stream begins, too', async () => {
  const refused = await refusal('/chat', user('too fast'));
  assert.equal(refused.status, 429);
  assert.equal(refused.code, 'rate_limit_error');
});

const CODES = [
  ['an empty purse is no rate limit', 'no money left', 'insufficient_quota'],
  ['a prompt that is too long', 'far too long', 'context_length_exceeded'],
  ['a model the server does not know', 'no such model', 'model_not_found'],
];
for (const [name, content, code] of CODES) {
  test(name, async () => assert.equal((await refusal('/peer/chat', user(content))).code, code));
}

test('a server in trouble, a dropped connection and rubbish are three different errors', async () => {
  const trouble = await refusal('/peer/chat', user('server trouble'));
  const dropped = await refusal('/peer/chat', user('hang up on me'));
  const rubbish = await refusal('/peer/chat', user('talk rubbish'));

  for (const refused of [trouble, dropped, rubbish]) {
    assert.ok(refused.status >= 500, `${refused.status} ${refused.code}`);
  }
  assert.equal(new Set([trouble.code, dropped.code, rubbish.code]).size, 3);
});

test('a connection dropped before the first piece is an error, not an empty stream', async () => {
  const refused = await refusal('/chat', user('hang up on me'));
  assert.ok(refused.status >= 500, refused.code);
});

test('a connection dropped in the middle of a stream ends it with an error', async () => {
  const events = await stream(user('cut me off'));

  const text = textOf(events.filter((event) => !event.data.error));
  assert.ok(text.length > 0 && 'This sentence will never be whole'.startsWith(text), text);
  assert.deepEqual(finishOf(events), []);
  assert.ok(chunks(events).at(-1).error?.code, 'the last event is an error with a code');
});

test('each tenant pays with its own key', async () => {
  const before = (await received(process.env.GLOBEX_AIMOCK, GLOBEX_PEER_KEY))?.id;
  const answer = await chat(user('What is the capital of Mongolia?'), GLOBEX_API_KEY);

  assert.equal(answer.choices[0].message.content, 'Ulaanbaatar.');
  // this aimock knows the other tenant's key only
  assert.notEqual((await received(process.env.GLOBEX_AIMOCK, GLOBEX_PEER_KEY)).id, before);
});

test('a key that the server refuses is told as such and never shown', async () => {
  const refused = await refusal('/peer/chat', user('What is the capital of Mongolia?'), HAPLESS_API_KEY);
  assert.ok(refused.status >= 400);
  assert.match(refused.code, /auth|credential/);
  assert.doesNotMatch(refused.message, /bxcanary/);
});

test('a caller without a valid API key is refused', async () => {
  const response = await post('/peer/chat', user('What is the capital of Mongolia?'), 'bak_nothing');
  assert.equal(response.status, 401);
  await response.body.cancel();
});

test('without a model server, the model in the JVM answers who asks from this machine', async () => {
  const firsts = [];
  for (const question of ['how do I stop someone from using a key', 'which Java do I need']) {
    const response = await fetch(`${SERVER}/search?q=${encodeURIComponent(question)}`);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    const {results} = JSON.parse(text);
    const scores = results.map((result) => result.score);
    assert.deepEqual(scores, [...scores].sort((a, b) => b - a), 'best first');
    assert.match(results[0].source, /\.md$/);
    firsts.push(results[0].text);
  }
  assert.notEqual(firsts[0], firsts[1]);
});

test('calls and refusals are counted, by provider and model', async () => {
  const metrics = await (await fetch(`${MANAGEMENT}/metrics`)).text();
  assert.match(metrics, /^gen_ai_client_operation_duration[^\n]*peer-model/m);
  assert.match(metrics, /^gen_ai_client_token_usage[^\n]*peer-model/m);
  assert.match(metrics, /^gen_ai_client_operation_duration[^\n]*rate_limit_error/m);
  assert.doesNotMatch(metrics, /bxcanary/);
});

test('no key is in the log of the server', () => {
  const log = readFileSync(SERVER_LOG, 'utf8');
  assert.ok(log.length > 0);
  for (const secret of [ACME_PEER_KEY, GLOBEX_PEER_KEY, ACME_API_KEY, GLOBEX_API_KEY, 'bxcanary-']) {
    assert.ok(!log.includes(secret), 'a key shows in the log');
  }
});
