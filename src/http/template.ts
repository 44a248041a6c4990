/** HTML that is the same in every answer, but for its slots: `{{name}}`. */

/** The mark of a slot, for whoever writes a template. */
export function slot(name: string): string {
  return `{{${name}}}`;
}

/** The template with something in its slots. What looks like a slot in a value stays as it is. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (mark, name: string) => values[name] ?? mark);
}
