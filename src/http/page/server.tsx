import type { Delivery, ResourceRecord } from '../model.ts';
import { Age, formatLatency } from './age.tsx';
import { Backends } from './backends.tsx';
import { concernsOf } from './concern.ts';
import { Conditions } from './conditions.tsx';
import { idOf } from './overview.tsx';
import { Badge, Icon, markOf } from './phase.tsx';
import { Timeline } from './timeline.tsx';

/** Everything about one virtual MCP server. */
export function Server({ record, now, open }: { record: ResourceRecord; now: number; open: boolean }) {
  const { namespace, name, status } = record;
  const { phase, message, conditions = [], discoveredBackends: backends = [] } = status;
  const id = idOf(record);
  const concerns = concernsOf(record, now);
  return (
    <article
      id={id}
      class={`server ${markOf[phase]}`}
      aria-labelledby={`${id}-title`}
      data-phase={phase}
      tabindex={-1}
    >
      <header>
        <h2 id={`${id}-title`}>
          <span class="namespace">{namespace}/</span>
          {name}
        </h2>
        <Badge mark={markOf[phase]}>{phase}</Badge>
        {message && <p class="message">{message}</p>}
      </header>
      {concerns.length > 0 && (
        <ul class="concerns">
          {concerns.map(({ title, since, detail }) => (
            <li>
              <Icon mark="warn" />
              <p>
                <strong>
                  {title}
                  {since && <Age at={since} now={now} bare />}
                  {since && '.'}
                </strong>{' '}
                {detail}
              </p>
            </li>
          ))}
        </ul>
      )}
      <Timeline timeline={record.timeline} now={now} />
      <Facts record={record} now={now} />
      {(backends.length > 0 || conditions.length > 0) && (
        <details id={`${id}-details`} open={open || phase !== 'Ready' || concerns.length > 0}>
          <summary id={`${id}-summary`}>
            {plural(backends.length, 'backend')}, {plural(conditions.length, 'condition')}
            <span class="unseen"> of {name}</span>
          </summary>
          <div class="tables">
            {backends.length > 0 && <Backends backends={backends} now={now} />}
            {conditions.length > 0 && <Conditions conditions={conditions} now={now} />}
          </div>
        </details>
      )}
    </article>
  );
}

function Facts({ record, now }: { record: ResourceRecord; now: number }) {
  const { status, delivery, deliveredAt, observedAt, instance } = record;
  const version = delivery.result?.resourceVersion;
  return (
    <dl class="facts">
      <Fact term="Reported">
        <Age at={observedAt} now={now} />
      </Fact>
      <Fact term="Delivered">{deliveredAt ? <Age at={deliveredAt} now={now} /> : 'never'}</Fact>
      <Fact term="Outcome">{outcomeOf(delivery)}</Fact>
      {status.backendCount !== undefined && (
        <Fact term="Can take requests">{plural(status.backendCount, 'backend')}</Fact>
      )}
      {version !== undefined && <Fact term="Resource version">{version}</Fact>}
      {instance !== undefined && <Fact term="Instance">{instance}</Fact>}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: unknown }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function outcomeOf({ state, outcome, attempts, duration }: Delivery): string {
  const tries = plural(attempts, 'attempt');
  if (state === 'pending') return attempts > 0 ? `trying again after ${tries}` : 'on its way';
  const latency =
    duration === undefined ? '' : `${state === 'failed' ? ' and' : ' in'} ${formatLatency(duration)}`;
  if (state === 'failed') return `failed after ${tries}${latency}`;
  return `${outcome ?? 'delivered'}${latency}${attempts > 1 ? `, ${tries}` : ''}`;
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
