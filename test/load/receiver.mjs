// Receives configurations of an SBC and throws them away: the least that a reading can cost. Started with an IPC channel.
import { Pool } from 'undici';

process.on('message', ({ baseUrl, count }) => {
  receive(baseUrl, count).then((answer) => { process.send?.(answer); }, (error) => { throw error; });
});
process.on('disconnect', () => { process.exit(); });

/** Processor time in ms, and the bytes of the last one. */
async function receive(baseUrl, count) {
  const before = process.cpuUsage();
  // As sbc-devices.rest.ts and device-call.ts have it.
  const pool = new Pool(baseUrl, { connections: 2, pipelining: 1, allowH2: false, connect: { timeout: 5_000, rejectUnauthorized: true } });
  let bytes = 0;
  for (let index = 0; index < count; index += 1) bytes = await bytesOf(pool);
  await pool.close();
  const { system, user } = process.cpuUsage(before);
  return { cpuMs: (system + user) / 1_000, bytes };
}

function bytesOf(pool) {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let status = 0;
    const headers = { authorization: `Basic ${Buffer.from('admin:admin-pw').toString('base64')}` };
    pool.dispatch({ path: '/api/v1/files/cliScript', method: 'GET', headers, reset: true }, {
      onRequestStart() {},
      onResponseStart(_controller, code) { status = code; },
      onResponseData(_controller, chunk) { bytes += chunk.length; },
      onResponseEnd() { if (status === 200) resolve(bytes); else reject(new Error(`the SBC answered ${status}`)); },
      onResponseError(_controller, error) { reject(error); },
    });
  });
}
