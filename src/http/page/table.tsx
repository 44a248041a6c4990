import type { Child } from 'hono/jsx';
import { Badge, type Mark } from './phase.tsx';

/** Something with a state of its own. */
export interface Row {
  readonly name: string;
  readonly mark: Mark;
  readonly state: string;
  readonly when: Child;
  /** What else there is to say, below it. */
  readonly notes: readonly string[];
}

/** What things are called, how they are, and since when. */
export function Table(props: {
  caption: string;
  columns: readonly [name: string, state: string, when: string];
  rows: readonly Row[];
}) {
  const [name, state, when] = props.columns;
  return (
    <table>
      <caption>{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">{state}</th>
          <th scope="col" class="when">
            {when}
          </th>
        </tr>
      </thead>
      {props.rows.map(({ name, mark, state, when, notes }) => (
        <tbody>
          <tr>
            <th scope="row">{name}</th>
            <td>
              <Badge mark={mark}>{state}</Badge>
            </td>
            <td class="when">{when}</td>
          </tr>
          {notes.length > 0 && (
            <tr class="notes">
              <td colspan={3}>
                {notes.map(note => (
                  <span class="note">{note}</span>
                ))}
              </td>
            </tr>
          )}
        </tbody>
      ))}
    </table>
  );
}
