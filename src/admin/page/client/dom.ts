/** What is to be on the page, as plain data. Text becomes text nodes and nothing else. */
export interface Piece {
  readonly tag: string;
  readonly props: Props;
  readonly children: readonly (Piece | string)[];
}

export type Child = Piece | string | number | null | undefined | false | readonly Child[];

export interface Props {
  /** Tells an element from its siblings, so that it moves instead of being made anew. */
  readonly key?: string | undefined;
  readonly on?: Readonly<Record<string, (event: Event) => void>> | undefined;
  /** By the object model: the policy of this page forbids style attributes. */
  readonly css?: Readonly<Record<string, string>> | undefined;
  /** Called with the element after each drawing. */
  readonly drawn?: ((element: Element) => void) | undefined;
  readonly [attribute: string]: unknown;
}

const OWN: ReadonlySet<string> = new Set(['key', 'on', 'css', 'drawn']);
const SVG = 'http://www.w3.org/2000/svg';

const shown = new WeakMap<Node, Piece>();
const listening = new WeakMap<Element, Map<string, (event: Event) => void>>();

export function h(tag: string, props: Props = {}, ...children: readonly Child[]): Piece {
  return { tag, props, children: flat(children) };
}

function flat(children: readonly Child[]): (Piece | string)[] {
  const all: (Piece | string)[] = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (isList(child)) all.push(...flat(child));
    else all.push(typeof child === 'number' ? String(child) : child);
  }
  return all;
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}

/** Makes the children of `parent` be `pieces`. Elements that stay keep their focus, their scroll and what is typed in them. */
export function draw(parent: Element, pieces: readonly (Piece | string)[]): void {
  const keyed = new Map<string, ChildNode>();
  for (const node of parent.childNodes) {
    const key = shown.get(node)?.props.key;
    if (key !== undefined) keyed.set(key, node);
  }
  let at: ChildNode | null = parent.firstChild;
  for (const piece of pieces) {
    const key = typeof piece === 'string' ? undefined : piece.props.key;
    const candidate = key === undefined ? at : (keyed.get(key) ?? at);
    const node = fits(candidate, piece) ? candidate : made(piece, parent);
    if (node === at) at = node.nextSibling;
    else parent.insertBefore(node, at);
    if (typeof piece === 'string') {
      if (node.textContent !== piece) node.textContent = piece;
    } else {
      update(node as Element, piece); // `fits` and `made` give elements for pieces
    }
  }
  while (at !== null) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

function fits(node: ChildNode | null, piece: Piece | string): node is ChildNode {
  if (node === null) return false;
  const before = shown.get(node);
  if (typeof piece === 'string') return node.nodeType === Node.TEXT_NODE;
  return before !== undefined && before.tag === piece.tag && before.props.key === piece.props.key;
}

function made(piece: Piece | string, parent: Element): ChildNode {
  if (typeof piece === 'string') return document.createTextNode(piece);
  const isSvg = piece.tag === 'svg' || parent.namespaceURI === SVG;
  return isSvg ? document.createElementNS(SVG, piece.tag) : document.createElement(piece.tag);
}

function update(element: Element, piece: Piece): void {
  const before = shown.get(element)?.props ?? {};
  shown.set(element, piece);
  for (const name of Object.keys(before)) if (!(name in piece.props)) attribute(element, name, undefined);
  for (const [name, value] of Object.entries(piece.props)) if (before[name] !== value) attribute(element, name, value);
  styles(element, piece.props.css ?? {});
  listen(element, piece.props.on ?? {});
  draw(element, piece.children);
  piece.props.drawn?.(element);
}

function attribute(element: Element, name: string, value: unknown): void {
  if (OWN.has(name)) return;
  if (name === 'value' && (element instanceof HTMLInputElement || element instanceof HTMLSelectElement)) {
    if (element.value !== String(value ?? '')) element.value = String(value ?? '');
  } else if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

function styles(element: Element, css: Readonly<Record<string, string>>): void {
  if (!(element instanceof HTMLElement || element instanceof SVGElement)) return;
  for (const [name, value] of Object.entries(css)) {
    if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
  }
}

/** One listener a kind for the element's whole life; what it calls is what was drawn last. */
function listen(element: Element, on: Readonly<Record<string, (event: Event) => void>>): void {
  const known = listening.get(element) ?? new Map<string, (event: Event) => void>();
  listening.set(element, known);
  for (const kind of known.keys()) if (!(kind in on)) known.delete(kind);
  for (const [kind, handler] of Object.entries(on)) {
    if (!known.has(kind)) element.addEventListener(kind, (event) => known.get(kind)?.(event), { once: false });
    known.set(kind, handler);
  }
}
