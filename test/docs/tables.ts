/** A table of Markdown; bars and newlines in cells would end them. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `text` with what stands between `<!-- generated: name -->` and `<!-- end -->` made anew. Throws for a region without a maker. */
export function regenerated(text: string, makers: Readonly<Record<string, () => string>>): string {
  return text.replaceAll(
    /(<!-- generated: ([\w.-]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_all, begin, name: string, end) => {
      const make = makers[name];
      if (make === undefined) throw new Error(`nothing makes the region "${name}"`);
      return `${begin}\n${make()}\n\n${end}`;
    },
  );
}
