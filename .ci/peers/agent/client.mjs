// What the two halves of the check share: they run before and after the server was restarted.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';

const {SERVER, API_KEY, SERVER_LOG} = process.env;

export function post(body, query = '', signal = AbortSignal.timeout(60_000)) {
  return fetch(`${SERVER}/ask${query}`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json', Authorization: `Bearer ${API_KEY}`},
    body: JSON.stringify(body),
    signal,
  });
}

export async function ask(body) {
  const response = await post(body);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

// the events of a stream, as [type, data] each; ends early when the reader says so
export async function* events(response) {
  assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  let text = '';
  const decoder = new TextDecoder('utf-8', {fatal: true});
  for await (const bytes of response.body) {
    text += decoder.decode(bytes, {stream: true});
    const parts = text.split('\n\n');
    text = parts.pop();
    for (const part of parts) {
      const [, type, data] = /^event: (\w+)\ndata: (.*)$/s.exec(part);
      yield [type, JSON.parse(data)];
    }
  }
}

export const log = () => readFileSync(SERVER_LOG, 'utf8');
export const logged = (line) => log().split(line).length - 1;
