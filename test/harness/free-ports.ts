/** Ports for programs that cannot be told to take any free one. */
import { createServer } from 'node:net';

const taken = () =>
  new Promise<{ readonly port: number; readonly free: () => Promise<void> }>((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      resolve({ port: address.port, free: () => new Promise((done) => server.close(() => done())) });
    });
  });

/** Different from each other; whoever is to listen there should do so at once. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = await Promise.all(Array.from({ length: count }, taken));
  await Promise.all(found.map(({ free }) => free()));
  return found.map(({ port }) => port);
}
