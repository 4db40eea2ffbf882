import { connect } from 'node:net';

const protocolHeader = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
const methodFrame = 1;

/** True when the address answers the AMQP 0-9-1 header as a broker does. */
export function speaksAmqp(host, port, timeoutMs = 2_000) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => { finish(false); });
    socket.once('connect', () => { socket.write(protocolHeader); });
    socket.once('data', (data) => { finish(data[0] === methodFrame); });
    socket.once('error', () => { finish(false); });
    socket.once('close', () => { finish(false); });
  });
}

/** True when a TLS or plain listener is behind an AMQP URL; for plain ones it must also speak AMQP. */
export function brokerAnswers(url, timeoutMs) {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return protocol === 'amqps:' ? listens(host, Number(port || 5671), timeoutMs) : speaksAmqp(host, Number(port || 5672), timeoutMs);
}

function listens(host, port, timeoutMs = 2_000) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => { finish(false); });
    socket.once('connect', () => { finish(true); });
    socket.once('error', () => { finish(false); });
  });
}
