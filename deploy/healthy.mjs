// Whether a process on this machine can do its work, for the health checks of containers:
// node deploy/healthy.mjs http 127.0.0.1:8080 | grpc 127.0.0.1:50051
// It runs every few seconds for as long as a container lives, so it loads nothing but what Node has in it.
import { get } from 'node:http';
import { connect } from 'node:http2';
import { readFileSync } from 'node:fs';

const [kind, address] = process.argv.slice(2);
const WAIT_MS = 3_000;

const checks = {
  http: (done) =>
    get(`http://${address}/health/ready`, ({ statusCode }) => done(statusCode === 200)).on('error', done),
  // grpc.health.v1.Health/Check: an empty request, and an answer whose field 1 is 1 (SERVING)
  grpc: (done) => {
    // the process's own settings: over TLS it may ask for a certificate, and it knows its own
    const { GRPC_TLS_CERT_FILE: cert, GRPC_TLS_KEY_FILE: key } = process.env;
    const session = (
      cert && key
        ? connect(`https://${address}`, {
            cert: readFileSync(cert),
            key: readFileSync(key),
            // it looks at this machine, and for no secret
            rejectUnauthorized: false,
          })
        : connect(`http://${address}`)
    ).on('error', done);
    const call = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks = [];
    call.on('data', (chunk) => chunks.push(chunk)).on('error', done);
    call.on('end', () =>
      done(
        Buffer.concat(chunks)
          .subarray(5)
          .equals(Buffer.from([0x08, 0x01])),
      ),
    );
    call.end(Buffer.alloc(5));
  },
};

setTimeout(() => process.exit(1), WAIT_MS);
checks[kind]((healthy) => {
  if (healthy instanceof Error) console.error(healthy.message);
  process.exit(healthy === true ? 0 : 1);
});
