// The server was restarted, and a person has decided meanwhile. Run by ./run.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {test} from 'node:test';
import {ask, logged, post} from './client.mjs';

const pending = createRequire(import.meta.url)(process.env.PENDING);

test('goes on with the call that was approved, once', async () => {
  const result = await ask({approval: pending.approve});
  assert.equal(result.status, 'answered');
  assert.equal(result.answer, 'Order 42 was refunded.');
  assert.equal(logged('refund made for 42'), 1);
  const again = await post({approval: pending.approve});
  assert.equal(again.status, 400, await again.text());
  assert.equal(logged('refund made for 42'), 1);
});

test('tells the model that the other was denied', async () => {
  const result = await ask({approval: pending.deny});
  assert.equal(result.answer, 'Somebody said no.');
  assert.equal(result.steps[0].calls[0].outcome, 'denied');
  assert.equal(logged('refund made for 43'), 0);
});

test('knows no approval that there never was', async () => {
  const response = await post({approval: 'ffffffffffffffffffffffff'});
  assert.equal(response.status, 400);
});
