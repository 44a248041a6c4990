import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { slot } from '../template.ts';
import { type Document, nameOf, type Operation, type Reference, type Schema } from './document.ts';
import { style } from './style.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** The documentation of the API as one HTML page without anything from elsewhere; a template with a slot for the nonce. */
export function docsTemplate(document: Document): Html {
  const { info, tags, components } = document;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API</title>
<link rel="icon" href="data:,">
<style nonce="${slot('nonce')}">${raw(style)}</style>
</head>
<body>
<main>
<h1>${info.title} <small>${info.version}</small></h1>
<p>${info.summary} The machine-readable document is <a href="/openapi.json">/openapi.json</a>.</p>
${tags.map(tag => section(tag, document))}
<h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas).map(schemaSection)}
</main>
</body>
</html>`;
}

function section({ name, description }: Document['tags'][number], document: Document): Html {
  const found = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap(method => {
      const operation = item[method] as Operation | undefined;
      return operation?.tags.includes(name) ? [{ path, method, operation, item }] : [];
    }),
  );
  return html`<h2 id="${name}">${name}</h2>
<p>${description}</p>
${found.map(({ path, method, operation, item }) => {
  const shared = (item['parameters'] ?? []) as readonly Reference[];
  return operationSection(path, method, operation, shared, document);
})}`;
}

function operationSection(
  path: string,
  method: string,
  operation: Operation,
  shared: readonly Reference[],
  { components }: Document,
): Html {
  const parameters = [...shared, ...(operation.parameters ?? [])].map(
    ({ $ref }) => components.parameters[nameOf($ref)]!,
  );
  return html`<section id="${operation.operationId}">
<h3><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h3>
<p>${operation.summary}.${operation.description && html` ${prose(operation.description)}`}</p>
${
  parameters.length > 0 &&
  html`<table><caption>Parameters</caption><tbody>${parameters.map(
    ({ name, in: place, required, description }) =>
      html`<tr><th scope="row"><code>${name}</code></th><td>${place}${required && ', required'}</td><td>${prose(description)}</td></tr>`,
  )}</tbody></table>`
}
${
  operation.requestBody &&
  Object.entries(operation.requestBody.content).map(
    ([type, { schema, example }]) =>
      html`<p>Body: <code>${type}</code>, ${schema && typeOf(schema)}</p><pre tabindex="0">${JSON.stringify(example, null, 2)}</pre>`,
  )
}
<table><caption>Answers</caption><tbody>${Object.entries(operation.responses).map(([status, response]) => {
    const answer = '$ref' in response ? components.responses[nameOf(response.$ref)]! : response;
    return html`<tr><th scope="row">${status}</th><td>${prose(answer.description)}</td><td>${Object.entries(
      answer.content ?? {},
    ).map(([type, { schema }]) => html`<code>${type}</code> ${schema && typeOf(schema)}`)}</td></tr>`;
  })}</tbody></table>
</section>`;
}

function schemaSection([name, schema]: [string, Schema]): Html {
  const { properties = {}, required = [] } = schema;
  return html`<section id="schema-${name}">
<h3>${name}</h3>
<p>${prose(schema.description)}</p>
<table><caption>Properties</caption><tbody>${Object.entries(properties).map(
    ([property, type]) =>
      html`<tr><th scope="row"><code>${property}</code></th><td>${typeOf(type)}${required.includes(property) && ', required'}</td><td>${prose(type.description)}</td></tr>`,
  )}</tbody></table>
</section>`;
}

function typeOf(schema: Schema): Html {
  const { $ref, items, anyOf, format, type } = schema;
  if ($ref !== undefined) return html`<a href="#schema-${nameOf($ref)}">${nameOf($ref)}</a>`;
  if (items !== undefined) return html`list of ${typeOf(items)}`;
  const words = (schema.enum ?? (schema.const === undefined ? undefined : [schema.const]))?.filter(
    word => word !== null,
  );
  if (words)
    return html`${words.map((word, index) => html`${index > 0 && ' | '}<code>${String(word)}</code>`)}`;
  const types = anyOf?.map(({ type }) => type) ?? [type].flat();
  const named = types.filter(name => name !== undefined && name !== 'null').join(' or ');
  return html`${format ?? (named || 'anything')}`;
}

/** Text with `code` in it. */
function prose(text: string | undefined): readonly Html[] {
  const parts = (text ?? '').split('`');
  return parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
