type Value = string | number | boolean | null | undefined | ((event: Event) => void);
type Child = Node | string | null | undefined;

/**
 * One element: functions become listeners, true and false become present and absent attributes. Text is always set as
 * text, never as markup: what visitors and agents write cannot become an element.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined));
  return element;
}

export function setAttributes(element: Element, attributes: Readonly<Record<string, Value>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** An icon from its path, 24 by 24; decoration only. */
export function icon(path: string, mirrored = false): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  setAttributes(svg, { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: mirrored ? 'icon mirrored' : 'icon' });
  const shape = document.createElementNS(namespace, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

export const icons = {
  chat: 'M4 5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H6a2 2 0 0 1-2-2z',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M6 9l6 6 6-6',
  send: 'M4 12h14M12 5l7 7-7 7',
  clip: 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14 7.5',
  file: 'M7 3h7l5 5v13H7zM14 3v5h5',
  pin: 'M12 21s7-6.4 7-11a7 7 0 0 0-14 0c0 4.6 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  check: 'M5 13l4 4L19 7',
  checks: 'M2 13l4 4L15 8M12 16l1 1L22 8',
  clock: 'M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  alert: 'M12 8v5M12 16.5v.5M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
} as const;

const address = /https?:\/\/[^\s<>"']+/gi;

/** Text with its web addresses as links. Punctuation at the end of a sentence is not part of the address. */
export function linked(text: string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    const url = match[0].replace(/[.,;:!?)\]}،؟]+$/, '');
    if (!URL.canParse(url)) continue;
    nodes.push(document.createTextNode(text.slice(at, match.index)), link(url, url));
    at = match.index + url.length;
  }
  nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}

/** A link that opens beside the host's page and tells it nothing. */
export function link(url: string, ...children: (Node | string)[]): HTMLAnchorElement {
  const safe = /^https?:\/\//i.test(url) ? url : '#';
  return h('a', { href: safe, target: '_blank', rel: 'noopener noreferrer', dir: 'auto' }, ...children);
}
