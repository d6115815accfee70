// Whether a process on this machine is ready, for the health checks of containers:
// node deploy/healthy.mjs http 127.0.0.1:8080 | grpc 127.0.0.1:50051
const [kind, address] = process.argv.slice(2);
const WAIT_MS = 3_000;

const checks = {
  http: async () => {
    const answer = await fetch(`http://${address}/health/ready`, { signal: AbortSignal.timeout(WAIT_MS) });
    return answer.ok;
  },
  grpc: async () => {
    const { credentials, makeGenericClientConstructor } = (await import('@grpc/grpc-js')).default;
    const { service } = (await import('grpc-health-check')).default;
    const Health = makeGenericClientConstructor(service, 'Health');
    const client = new Health(address, credentials.createInsecure());
    const answer = await new Promise((resolve, reject) => {
      client.check({ service: '' }, { deadline: Date.now() + WAIT_MS }, (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
    return answer.status === 'SERVING';
  },
};

const healthy = await checks[kind]().catch((error) => {
  console.error(error.message);
  return false;
});
process.exit(healthy ? 0 : 1);
