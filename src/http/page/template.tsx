import { html, raw } from 'hono/html';
import { slot } from '../template.ts';
import { script } from './script.ts';
import { Shapes } from './shapes.tsx';
import { style } from './style.ts';

/** The page without what it shows; `fillPage` puts that into its slots. */
export function pageTemplate() {
  const nonce = slot('nonce');
  return html`<!doctype html>${(
    <html lang="en" data-now={slot('now')}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{slot('title')}</title>
        <link id="icon" rel="icon" href={slot('icon')} />
        <noscript>
          <meta http-equiv="refresh" content="30" />
        </noscript>
        <style nonce={nonce}>{raw(style)}</style>
      </head>
      <body>
        <a class="skip" href="#servers">
          Skip to the servers
        </a>
        <Shapes />
        <header class="top">
          <p class="brand">
            <span aria-hidden="true" class="logo" />
            vMCP status
          </p>
          <p id="connection" class="connection" role="status" hidden />
          <noscript>
            <p class="connection">
              Refreshes every 30 s. <a href="./">Refresh now</a>
            </p>
          </noscript>
        </header>
        <main>
          {slot('overview')}
          {slot('servers')}
          {slot('changes')}
        </main>
        <footer>
          <p>
            What gateways have reported to this service, and what became of it. Also as{' '}
            <a href="v1/virtualmcpservers">JSON</a> and <a href="metrics">metrics</a>; how to report:{' '}
            <a href="docs">API</a>.
          </p>
        </footer>
        <p id="announcement" class="unseen" role="status" aria-live="polite" />
        <script nonce={nonce}>{raw(script)}</script>
      </body>
    </html>
  )}`;
}
