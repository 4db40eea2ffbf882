import type { IncomingMessage } from 'node:http';

const largest = 4 * 1024 * 1024;

/** The whole body, up to 4 MiB. `incomplete` when the caller went away in between. */
export async function readBody(request: IncomingMessage): Promise<Buffer | 'incomplete' | 'too-large'> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > largest) return 'too-large';
      parts.push(part);
    }
  } catch {
    // The stream fails only when the connection does; who called has noticed, and nobody is left to tell.
    return 'incomplete';
  }
  return Buffer.concat(parts);
}
