import { connect } from 'node:tls';

const HTTPS_PORT = 443;
const TIMEOUT_MS = 10_000;

/**
 * Shakes hands as a caller does.
 * @param ca who is trusted besides the authorities of Node
 * @returns the end of the certificate, milliseconds since 1970; 0 for one that callers refuse, whatever it says
 * @throws when nobody answers
 */
export const servedUntil = ({ hostname, port }: URL, ca?: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port) || HTTPS_PORT,
      // A name, as CloudFront and API Gateway choose the certificate by it; an address cannot be one.
      ...(/^[\d.]+$/.test(hostname) ? {} : { servername: hostname }),
      ...(ca === undefined ? {} : { ca }),
      // What is wrong with it is the question.
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
    });
    socket.once('secureConnect', () => {
      const until = socket.authorized ? Date.parse(socket.getPeerCertificate().valid_to) : 0;
      socket.destroy();
      resolve(until);
    });
    socket.once('timeout', () => socket.destroy(new Error(`no handshake within ${TIMEOUT_MS} ms`)));
    socket.once('error', reject);
  });
