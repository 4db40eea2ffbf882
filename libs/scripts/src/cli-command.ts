/** One word of a CLI line; a quoted word is always a value. */
export interface CliWord {
  readonly text: string;
  readonly quoted: boolean;
}

/** One line of CLI text, numbered from 1. */
export interface CliCommand {
  readonly line: number;
  readonly words: readonly CliWord[];
}

// A quoted text, or a run without blanks; a quote that never closes takes the rest of the line.
const word = /"([^"]*)(?:"|$)|[^\s"]\S*/g;

/** Splits CLI text into lines of words. Any line end and any indentation; blank lines and remarks (`#`, `!`) are dropped. */
export function readCommands(text: string): CliCommand[] {
  const commands: CliCommand[] = [];
  text.split(/\r\n|\n|\r/).forEach((source, index) => {
    const words = [...source.matchAll(word)].map((found) => ({ text: found[1] ?? found[0], quoted: found[1] !== undefined }));
    const first = words[0];
    if (!first || (!first.quoted && /^[#!]/.test(first.text))) return;
    commands.push({ line: index + 1, words });
  });
  return commands;
}
