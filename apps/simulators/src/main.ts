import { startSimulators } from './simulators.js';
import { readSimulatorsConfiguration, SimulatorsConfigurationError } from './simulators.config.js';

const exitConfiguration = 78;

async function main(): Promise<void> {
  const { options, exitsWithStdin } = readSimulatorsConfiguration(process.env);
  const { close, ...addresses } = await startSimulators(options);
  const stop = () => {
    void close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (exitsWithStdin) process.stdin.once('end', stop).once('error', stop).resume();
  process.stdout.write(`${JSON.stringify({ event: 'ready', ...addresses })}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${JSON.stringify({ level: 'error', message: 'simulators did not start', error: message })}\n`);
  process.exit(error instanceof SimulatorsConfigurationError ? exitConfiguration : 1);
});
