// Whether both nodes serve both tenants, whole answers and streams: node serves.mjs. NODES and KEYS as for load.mjs.
import assert from 'node:assert/strict';
import {call, QUESTIONS} from './calls.mjs';

const keys = process.env.KEYS.split(',');
const nodes = process.env.NODES.split(',');
for (const [tenant, key] of keys.entries()) {
  for (const [node, address] of nodes.entries()) {
    for (const stream of [true, false]) {
      for (const question of QUESTIONS) {
        const result = await call(address, key, {question, stream});
        assert.equal(result.outcome, 'answered', `tenant ${tenant + 1} at node ${node + 1}: ${JSON.stringify(result)}`);
      }
    }
  }
}
