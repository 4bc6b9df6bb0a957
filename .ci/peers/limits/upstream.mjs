// What aimock was asked and how it answered, by the mark that each question bears.
import {writeFileSync, renameSync} from 'node:fs';

// more would push older ones out of its journal, and what is counted would be too little
const JOURNAL = 1_000;

// a question that bears a mark, such as "spend one [acme-12]", and what is answered
export const marked = ({content, text}, mark) => ({content: `${content} [${mark}]`, text});

const markIn = (text) => /\[([a-z]+-[0-9-]+)\]/.exec(text)?.[1];

// the marks of one tenant's questions in the order in which they came, each with its entry of the journal
export async function asked({url, key}, tenant) {
  const entries = await (await control(`${url}/__aimock/journal`, key)).json();
  if (entries.length >= JOURNAL) {
    throw new Error('the journal of aimock is full');
  }
  return entries
    .map((entry) => ({mark: markIn(entry.body?.messages?.at(-1)?.content ?? ''), ...entry.response}))
    .filter(({mark}) => mark?.startsWith(`${tenant}-`));
}

// a share of requests from now on that fails, by kind
export async function chaos({url, key}, rates) {
  await control(`${url}/__aimock/chaos`, key, {method: 'POST', body: JSON.stringify(rates)});
}

export async function forget({url, key}) {
  await control(`${url}/__aimock/reset/journal`, key, {method: 'POST'});
}

async function control(url, key, how = {}) {
  const response = await fetch(url, {...how, headers: {Authorization: `Bearer ${key}`}});
  if (!response.ok) {
    throw new Error(`${url} answers with ${response.status}: ${await response.text()}`);
  }
  return response;
}

// how many of each
export function tally(values) {
  const counts = {};
  for (const value of values) {
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

export function write(file, state) {
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2));
  renameSync(`${file}.new`, file);
}
