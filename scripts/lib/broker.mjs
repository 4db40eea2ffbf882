import { join } from 'node:path';

import { brokerAnswers } from './amqp-probe.mjs';
import { brokerChoices, noBrokerMessage } from './choose.mjs';
import { hasApt, unpackRabbitMq } from './debian-packages.mjs';
import { isDockerUsable, startDockerRabbitMq } from './docker.mjs';
import { findRabbitMq, startRabbitMq } from './rabbitmq.mjs';

/**
 * A broker from the first source that works. `dataDir` is its own folder, `cacheDir` is for what may be fetched again. Answers
 * `{url, source, stop(), ended?}`; throws an error that says what was tried and what helps.
 */
export async function obtainBroker({ amqpUrl, cacheDir, dataDir, log, root }) {
  const unpackedRoot = join(cacheDir, 'rabbitmq');
  const run = async (programs) => {
    log('Starting RabbitMQ');
    return startRabbitMq({ dataDir, programs });
  };
  const sources = {
    given: async () => {
      if (!await brokerAnswers(amqpUrl)) throw new Error(`nothing that speaks AMQP answers at ${withoutPassword(amqpUrl)}`);
      return { url: amqpUrl, stop: async () => undefined };
    },
    docker: () => startDockerRabbitMq({ composeFile: join(root, 'docker-compose.yml'), dataDir, log }),
    installed: () => run(findRabbitMq()),
    unpacked: () => run(findRabbitMq(unpackedRoot)),
    unpack: async () => {
      await unpackRabbitMq(unpackedRoot, log);
      return run(findRabbitMq(unpackedRoot));
    },
  };
  const failures = [];
  for (const source of brokerChoices(amqpUrl ? { amqpUrl } : lookAround(unpackedRoot))) {
    try {
      return { source, ...await sources[source]() };
    } catch (error) {
      failures.push(`${source}: ${error.message}`);
      log(`RabbitMQ (${source}) did not work: ${error.message}`);
    }
  }
  throw new Error(noBrokerMessage(failures));
}

function lookAround(unpackedRoot) {
  return {
    isDockerUsable: isDockerUsable(), isInstalled: findRabbitMq() !== undefined, isUnpacked: findRabbitMq(unpackedRoot) !== undefined, hasApt: hasApt(),
  };
}

function withoutPassword(url) {
  const shown = new URL(url);
  shown.password = shown.password && '***';
  return shown.href;
}
