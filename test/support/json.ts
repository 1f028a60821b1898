const TOKEN = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)\s*/y;

/** The keys that stand more than once in one object of a JSON text, at any depth; `JSON.parse` keeps the last in silence. */
export function repeatedKeys(text: string): string[] {
  const repeated: string[] = [];
  const open: { keys: Set<string> | undefined; atKey: boolean }[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new SyntaxError(`no JSON at ${at}: ${text.slice(at, at + 40)}`);
    const inside = open.at(-1);
    if (token === '{') open.push({ keys: new Set(), atKey: true });
    else if (token === '[') open.push({ keys: undefined, atKey: false });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && inside !== undefined) inside.atKey = inside.keys !== undefined;
    else if (token === ':' && inside !== undefined) inside.atKey = false;
    else if (inside?.atKey && inside.keys !== undefined) {
      const key = JSON.parse(token) as string;
      if (inside.keys.has(key)) repeated.push(key);
      inside.keys.add(key);
    }
  }
  return repeated;
}
