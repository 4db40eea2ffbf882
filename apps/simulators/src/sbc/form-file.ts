/** Content of the form's field `file`, or the device's words for what is wrong. */
export function readFormFile(contentType: string | undefined, body: Buffer): { readonly file: string } | { readonly problem: string } {
  const boundary = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  if (!boundary) return { problem: 'Content-Type must be multipart/form-data' };
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2] ?? ''}`);
  for (const part of partsOf(body, mark)) {
    const end = part.indexOf('\r\n\r\n');
    if (end < 0) return { problem: 'A part of the form has no end of header' };
    const head = part.subarray(0, end).toString('latin1');
    if (!/^content-disposition:\s*form-data\s*;(?:.*;)?\s*name="?file"?\s*(?:;|$)/im.test(head)) continue;
    return { file: part.subarray(end + 4).toString('utf8') };
  }
  return { problem: 'The form has no field named file' };
}

function partsOf(body: Buffer, mark: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = body.indexOf(mark);
  while (start >= 0) {
    const from = start + mark.length;
    if (body.subarray(from, from + 2).toString('latin1') !== '\r\n') break;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), from);
    if (next < 0) break;
    parts.push(body.subarray(from + 2, next));
    start = next + 2;
  }
  return parts;
}
