const quote = 0x22, backslash = 0x5c, openBrace = 0x7b, openBracket = 0x5b, closeBrace = 0x7d, closeBracket = 0x5d;

/** Whether JSON text nests deeper than `max`, told without parsing: parsers and validators recurse, this does not. */
export function isDeeperThan(json: Uint8Array, max: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (isInString) {
      if (byte === backslash) at++;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > max) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
  }
  return false;
}
