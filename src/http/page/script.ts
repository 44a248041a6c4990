import { formatDuration } from './age.tsx';
import { heartbeat } from './heartbeat.ts';

/**
 * What runs in the browser: takes the rendered parts that the stream brings, keeps ages right, says when it is cut off,
 * and connects again by itself. Focus and opened details outlive a replacement.
 */
export const script = `(() => {
'use strict';
const age = ${formatDuration.toString()};
const byId = id => document.getElementById(id);
const connection = byId('connection');
let ahead = Number(document.documentElement.dataset.now) - Date.now();
let source, watchdog, again, rest, wait = 500;

const tick = () => {
  const now = Date.now() + ahead;
  for (const time of document.querySelectorAll('time[data-age]')) {
    const text = age(now - Date.parse(time.dateTime)) + time.dataset.age;
    if (time.textContent !== text) time.textContent = text;
  }
};

const replace = (id, html) => {
  const old = byId(id);
  if (!old) return;
  const template = document.createElement('template');
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  for (const details of fresh.querySelectorAll('details[id]')) {
    const before = byId(details.id);
    if (before) details.open = before.open;
  }
  if (old.dataset.phase && old.dataset.phase !== fresh.dataset.phase) fresh.classList.add('changed');
  const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
  old.replaceWith(fresh);
  if (focused) byId(focused)?.focus({ preventScroll: true });
};

const show = (state, text) => {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = text;
  connection.hidden = false;
};

const alive = () => {
  wait = 500;
  show('live', 'Live');
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, ${3 * heartbeat});
};

const lost = () => {
  source.close();
  clearTimeout(watchdog);
  clearTimeout(again);
  show('lost', 'Disconnected since ' + new Date().toLocaleTimeString() + '; trying again');
  again = setTimeout(connect, wait);
  wait = Math.min(wait * 2, 10000);
};

const connect = () => {
  source = new EventSource('page/events');
  source.onerror = lost;
  source.addEventListener('beat', alive);
  source.addEventListener('update', ({ data }) => {
    const update = JSON.parse(data);
    ahead = update.now - Date.now();
    document.title = update.title;
    byId('icon').href = update.icon;
    for (const [id, html] of update.parts) replace(id, html);
    if (update.news) byId('announcement').textContent = update.news;
    tick();
    alive();
  });
};

// Browsers keep few connections to one host: a page that nobody looks at gives its own back.
document.addEventListener('visibilitychange', () => {
  clearTimeout(rest);
  if (document.hidden) rest = setTimeout(() => { source.close(); clearTimeout(watchdog); clearTimeout(again); source = undefined; }, 60000);
  else if (!source) connect();
});

connect();
setInterval(tick, 1000);
})();`;
