import type { ProgressEntry } from '@trunkline/contracts';

const maxBytes = 8 * 1024;

/**
 * The progress list as the contract prints it: `(Level, message)` joined by `;`, at most 8 KiB of UTF-8. Entries that don't fit are left
 * out from the first of them on, so the text is always that of a prefix of the list.
 */
export function printProgress(progress: readonly ProgressEntry[]): string {
  const printed: string[] = [];
  let bytes = 0;
  for (const { level, message } of progress) {
    const entry = `(${level}, ${printMessage(message)})`;
    bytes += Buffer.byteLength(entry) + (printed.length > 0 ? 1 : 0);
    if (bytes > maxBytes) break;
    printed.push(entry);
  }
  return printed.join(';');
}

// Line ends first: taking them out may join what the grammar forbids.
function printMessage(message: string): string {
  return message.replace(/[\r\n]+/g, ' ').replaceAll(');(', '), (');
}
