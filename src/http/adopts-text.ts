/** Whether a body is read as text: Bun hands it on without a copy; as bytes, a large one costs a tenth of a whole report. */
export const adoptsText: boolean = 'Bun' in globalThis;
