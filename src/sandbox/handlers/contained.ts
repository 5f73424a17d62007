/** Collections that are part of another object, as an answer shows them. */
import { type GraphAnswer, type GraphRequest, versionRoot } from '../request.js';

type View = Readonly<Record<string, unknown>>;

/** The view with the context of a contained collection before it (observed in answers of every such type). */
export function annotated(request: GraphRequest, view: View, name: string, path: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(view).flatMap(([key, value]) =>
      key === name ? [contextOf(request, name, path), [key, value]] : [[key, value]],
    ),
  );
}

/** Name and value of the annotation that says where a contained collection is in the metadata. */
export function contextOf(request: GraphRequest, name: string, path: string): [string, string] {
  return [`${name}@odata.context`, `${versionRoot(request)}/$metadata#${path}`];
}

/** A list with every item changed. */
export function mapItems(answer: GraphAnswer, change: (item: View) => View): GraphAnswer {
  const body = answer.body as { value: readonly View[] };
  return { ...answer, body: { ...body, value: body.value.map(change) } };
}
