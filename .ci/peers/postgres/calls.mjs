// One call of a node, as a client makes it, and what came of it.

const SCRIPTS = 'Тэмээ 🐫 ラクダ جمل — ñandú "quoted" \\ back\nsecond line';

// what is asked, and what aimock's fixtures answer
export const QUESTIONS = [
  {content: 'What is the capital of Mongolia?', text: 'Ulaanbaatar.'},
  {content: 'sing in many scripts', text: SCRIPTS},
];

export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

// Gives {outcome, status, code, retryAfter, text}. The outcome is 'answered', with the right text; 'wrong', with another one;
// 'refused', by an error before anything of the answer; 'broken', when an answer had begun; or 'unreached', when nothing came back.
export async function call(node, key, {question = QUESTIONS[0], stream = true, timeout = 30_000} = {}) {
  let response;
  try {
    response = await fetch(node + (stream ? '/chat' : '/peer/chat'), {
      method: 'POST',
      headers: {'Content-Type': 'application/json', Authorization: `Bearer ${key}`},
      body: JSON.stringify({messages: [{role: 'user', content: question.content}]}),
      signal: AbortSignal.timeout(timeout),
    });
  } catch (error) {
    const reason = error.cause?.code ?? error.cause?.message ?? error.message;
    return {outcome: error.name === 'TimeoutError' ? 'broken' : 'unreached', code: String(reason)};
  }
  const {status} = response;
  try {
    const body = await response.text();
    if (status !== 200) {
      const retryAfter = response.headers.get('retry-after') ?? undefined;
      return {outcome: 'refused', status, code: JSON.parse(body).error.code, retryAfter};
    }
    const text = stream ? streamed(body) : JSON.parse(body).choices[0].message.content;
    return {outcome: text === question.text ? 'answered' : 'wrong', status, text};
  } catch (error) {
    return {outcome: 'broken', status, code: String(error.cause?.code ?? error.message)};
  }
}

// the text of server-sent events, which have to come to their end
function streamed(body) {
  const events = body.split('\n\n').filter((event) => event.startsWith('data: ')).map((event) => event.slice(6));
  if (events.at(-1) !== '[DONE]') {
    throw new Error(`the stream ends with ${events.at(-1)?.slice(0, 200)}`);
  }
  const deltas = events.slice(0, -1).flatMap((event) => JSON.parse(event).choices ?? []);
  return deltas.map((choice) => choice.delta?.content ?? '').join('');
}
