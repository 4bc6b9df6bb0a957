// Passes requests on to a server and notes each with how it was answered: node counted.mjs PORT TARGET LOG. aimock's journal has
// nothing of the requests whose key it refuses.
import {appendFileSync} from 'node:fs';
import {createServer, request} from 'node:http';

const [, , port, target, log] = process.argv;

createServer((incoming, answer) => {
  const parts = [];
  incoming.on('data', (part) => parts.push(part));
  incoming.on('end', () => {
    const body = Buffer.concat(parts);
    const {method, headers} = incoming;
    const outgoing = request(target + incoming.url, {method, headers}, (answered) => {
      const mark = /\[([a-z]+-[0-9-]+)\]/.exec(body.toString('utf8'))?.[1];
      appendFileSync(log, `${JSON.stringify({at: Date.now(), status: answered.statusCode, mark})}\n`);
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    outgoing.end(body);
  });
}).listen(Number(port), '127.0.0.1');
