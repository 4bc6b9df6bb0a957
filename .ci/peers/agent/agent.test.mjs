// Drives POST /ask of the packaged runnable, with aimock as the model. Run by ./run.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {test} from 'node:test';
import {ask, events, logged, log, post} from './client.mjs';

const calls = (result) => result.steps.flatMap((step) => step.calls);

test('answers without a tool where none is needed', async () => {
  const result = await ask({question: 'no tools, please'});
  assert.equal(result.status, 'answered');
  assert.equal(result.answer, 'None were needed.');
  assert.deepEqual(calls(result), []);
});

test('runs the calls of a turn at the same time and gives their results in the order of the model', async () => {
  const response = await post({question: 'do two at once'}, '?stream=true');
  const seen = [];
  for await (const event of events(response)) {
    seen.push(event);
  }
  const started = seen.filter(([type]) => type === 'tool_start').map(([, data]) => data.id);
  const ended = seen.filter(([type]) => type === 'tool_end').map(([, data]) => data.id);
  assert.deepEqual(started, ['call_slowly', 'call_quickly', 'call_sum']);
  assert.equal(ended.at(-1), 'call_slowly', `the slow one ends last: ${ended}`);
  const [type, result] = seen.at(-1);
  assert.equal(type, 'end');
  assert.equal(result.answer, 'Both were found, and 6*7 is 42.');
  assert.deepEqual(calls(result).map((call) => call.id), started);
  assert.match(calls(result)[0].observation, /found slowly/);
  assert.match(calls(result)[2].observation, /42/);
  const said = seen.filter(([kind]) => kind === 'text').map(([, data]) => data.text).join('');
  assert.ok(said.startsWith('I look both up. '), said);
});

test('lets the model correct malformed arguments', async () => {
  const result = await ask({question: 'malformed arguments'});
  assert.equal(result.answer, 'It took two tries.');
  assert.deepEqual(calls(result).map((call) => call.outcome), ['argument_error', 'success']);
});

test('tells the model that there is no such tool', async () => {
  const result = await ask({question: 'an unknown tool'});
  assert.equal(result.answer, 'There is no rocket.');
  assert.equal(calls(result)[0].code, 'tool_not_found');
});

test('tells the model that a tool failed, and nothing of what it said', async () => {
  const result = await ask({question: 'the broken tool'});
  assert.equal(result.answer, 'That tool is broken.');
  assert.equal(calls(result)[0].outcome, 'execution_error');
  assert.doesNotMatch(JSON.stringify(result), /bxcanary|upstream\.example/);
});

test('interrupts a tool when the client leaves', async () => {
  const left = new AbortController();
  const response = await post({question: 'take your time'}, '?stream=true', left.signal);
  for await (const [type] of events(response)) {
    if (type === 'tool_start') {
      break;
    }
  }
  left.abort();
  await wait(6_000);
  assert.equal(logged('looked up cancelled'), 0, 'the tool went on');
  assert.equal((await ask({question: 'no tools, please'})).status, 'answered');
});

test('waits for a person before it calls what asks for one', async () => {
  const pending = {};
  for (const [order, what] of [['42', 'approve'], ['43', 'deny']]) {
    const result = await ask({question: `refund order ${order}`});
    assert.equal(result.status, 'pending');
    assert.equal(result.approvals.length, 1);
    assert.deepEqual(JSON.parse(result.approvals[0].arguments), {order_id: order});
    pending[what] = result.approvals[0].id;
  }
  const again = await ask({question: 'refund order 42'});
  assert.equal(again.approvals[0].id, pending.approve, 'asking again does not ask twice');
  assert.equal(logged('refund made'), 0);
  writeFileSync(process.env.PENDING, JSON.stringify(pending));
  assert.doesNotMatch(log(), /bxcanary-agent/);
});
