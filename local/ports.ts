import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The local stack is for this machine alone. */
export const HOST = '127.0.0.1';

/** One line for the person who started the stack. */
export class PortInUse extends Error {
  readonly port: number;

  constructor(port: number) {
    super(`Port ${port} is in use. Choose others with --base-port, e.g. npm start -- --base-port ${port + 100}`);
    this.name = 'PortInUse';
    this.port = port;
  }
}

/**
 * Listens on loopback.
 * @param port 0 takes any free one
 * @returns `http://127.0.0.1:<port>`
 * @throws PortInUse
 */
export async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUse(port) : error),
    );
    server.listen(port, HOST, resolve);
  });
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}

/** @throws PortInUse for the first port that is taken */
export async function requireFreePorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const probe = createServer();
    await listen(probe, port);
    await new Promise((resolve) => probe.close(resolve));
  }
}
