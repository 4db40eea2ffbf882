// Reads an SBC as an agent does, and measures the turns of its event loop meanwhile. Started with an IPC channel.
const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
/** @type {typeof import('../../apps/sbc-agent/src/device/sbc-devices.rest.js')} */
const { SbcDevicesRest } = await built('apps/sbc-agent/src/device/sbc-devices.rest.js');
/** @type {typeof import('../../libs/scripts/src/index.js')} */
const { ConfigurationReader } = await built('libs/scripts/src/index.js');

process.on('message', ({ baseUrl, names, readings }) => {
  readAll(baseUrl, names, readings).then((answer) => { process.send?.(answer); }, (error) => { throw error; });
});
process.on('disconnect', () => { process.exit(); });

/** The longest turn of each reading in ms, and how many rows the last one kept. */
async function readAll(baseUrl, names, readings) {
  const devices = new SbcDevicesRest({ access: new Map([[1, { baseUrl, user: 'admin', password: 'admin-pw', insecure: false }]]), version: '0' });
  const device = await devices.open(1);
  const longest = [];
  let configuration;
  for (let index = 0; index < readings; index += 1) {
    const turns = new Turns();
    await turns.next();
    const reader = new ConfigurationReader({ names, parentTables: [] });
    await device.readConfiguration(new AbortController().signal, (bytes) => { reader.push(bytes); });
    configuration = reader.end();
    await turns.next();
    longest.push(turns.stop());
  }
  await device.close();
  return { longest, rows: configuration?.tables.reduce((sum, table) => sum + (configuration?.rows(table).length ?? 0), 0) ?? 0 };
}

/**
 * A turn is what lies between two rounds of `setImmediate`. It counts the lesser of the time that passed and the processor time of the whole process: a
 * process that has to wait for a processor is not at fault, nor is its loop when other threads of it work.
 */
class Turns {
  #longest = 0;
  #isOn = true;
  #waiting = [];
  #time = performance.now();
  #cpu = process.cpuUsage();

  constructor() {
    this.#watch();
  }

  next() {
    return new Promise((resolve) => { this.#waiting.push(resolve); });
  }

  stop() {
    this.#isOn = false;
    return this.#longest;
  }

  #watch() {
    if (!this.#isOn) return;
    setImmediate(() => {
      const [time, cpu] = [performance.now(), process.cpuUsage()];
      const used = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1_000;
      this.#longest = Math.max(this.#longest, Math.min(time - this.#time, used));
      [this.#time, this.#cpu] = [time, cpu];
      for (const resolve of this.#waiting.splice(0)) resolve();
      this.#watch();
    });
  }
}
