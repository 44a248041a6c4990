// In the place of `hono/jsx/jsx-runtime` in the Worker, where all of hono/jsx weighs 4 kB gzipped: contexts, asynchronous
// components, metadata that moves into the head. The page needs elements, attributes and components; those are text at
// once here, escaped by Hono's own `html`. A test compares what both make of the page.
import { html, raw } from 'hono/html';

type Html = ReturnType<typeof html>;
type Props = Readonly<Record<string, unknown>>;

/** Elements without an end tag (https://html.spec.whatwg.org/#void-elements). */
const empty = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

/** An element, or what a component makes of its properties. */
export function jsx(tag: string | ((props: Props) => Html), props: Props): Html {
  if (typeof tag === 'function') return tag(props);
  const { children, ...attributes } = props;
  const start = html`<${raw(tag)}${Object.entries(attributes).map(attribute)}`;
  return empty.test(tag) ? html`${start}/>` : html`${start}>${children}</${raw(tag)}>`;
}

/** Children without an element around them. */
export function Fragment({ children }: Props): Html {
  return html`${children}`;
}

export { jsx as jsxs };

function attribute([name, value]: [string, unknown]): Html | '' {
  if (value === undefined || value === null || value === false) return '';
  // `html` writes nothing for true.
  return html` ${raw(name)}="${value}"`;
}
