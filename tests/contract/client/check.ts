// A front end's view of the document: this file compiles only if the generated types are worth having.

import createClient from 'openapi-fetch';
import type { paths } from './generated/api.js';

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
type Body<Holder> = Holder extends { content: { 'application/json': infer Json } } ? Json : never;
type Answer<Operation> = Operation extends { responses: infer All } ? Body<All[keyof All]> : never;
type Sent<Operation> = Operation extends { requestBody?: infer Request } ? Body<NonNullable<Request>> : never;

/** Names of the properties, at any depth that a screen reads, that an answer may leave out. */
type LeftOut<T, Depth extends unknown[] = []> = Depth['length'] extends 6
  ? never
  : T extends readonly (infer Item)[]
    ? LeftOut<Item, [...Depth, 1]>
    : T extends object
      ? {
          [Key in keyof T & string]-?: string extends Key
            ? never
            : ({} extends Pick<T, Key> ? Key : never) | LeftOut<T[Key], [...Depth, 1]>;
        }[keyof T & string]
      : never;

type OfEveryOperation<Kind extends 'leftOut' | 'looseList' | 'looseDecision'> = {
  [Path in keyof paths & string]: {
    [M in Method]: {
      leftOut: LeftOut<Answer<paths[Path][M]>> extends infer Key extends string ? `${M} ${Path}: ${Key}` : never;
      looseList: true extends LooseList<Answer<paths[Path][M]>> ? `${M} ${Path}` : never;
      looseDecision: Path extends `${string}/decisions`
        ? true extends LooseDecision<Sent<paths[Path][M]>> ? `${M} ${Path}` : never
        : never;
    }[Kind];
  }[Method];
}[keyof paths & string];

type LooseList<T> = T extends { items: unknown }
  ? T extends { items: readonly unknown[]; nextCursor: string | null } ? never : true
  : never;
type LooseDecision<T> = T extends { decision: infer Name } ? (string extends Name ? true : never) : true;

/** 'none', or the names of what is wrong: so the compiler's error is the list of operations to mend. */
type None<Found extends string> = [Found] extends [never] ? 'none' : `wrong: ${Found}`;
export const leftOut: None<OfEveryOperation<'leftOut'>> = 'none';
export const looseLists: None<OfEveryOperation<'looseList'>> = 'none';
export const looseDecisions: None<OfEveryOperation<'looseDecision'>> = 'none';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const proven = <Proof extends true>(): Proof => true as Proof;

type Me = paths['/me']['get']['responses'][200]['content']['application/json'];
type Students = paths['/students']['get']['responses'][200]['content']['application/json'];
type EnrolmentDecision = paths['/enrolments/{id}/decisions']['post']['requestBody']['content']['application/json'];

// Always there, and null when empty.
proven<null extends Me['enrolment'] ? true : false>();
proven<undefined extends Me['enrolment'] ? false : true>();
proven<Same<Students['nextCursor'], string | null>>();
proven<Same<Students['items'][number]['id'], string>>();

/** A union that narrows: the facts of a decision are there once its name is known, and not before. */
export function motivationOf(body: EnrolmentDecision): string | null {
  // @ts-expect-error -- not every decision has a motivation
  void body.motivation;
  switch (body.decision) {
    case 'stateMotivation':
      return body.motivation;
    case 'confirm':
      // @ts-expect-error -- a confirmation has none
      return body.motivation;
    default:
      return null;
  }
}

const client = createClient<paths>({ baseUrl: 'http://127.0.0.1/v1' });

/** What the compiler refuses a front end that does not keep to the document. */
export async function refused(id: string): Promise<void> {
  await client.GET('/students', { params: { query: { limit: 10 } } });
  // @ts-expect-error -- a limit is a number
  await client.GET('/students', { params: { query: { limit: 'ten' } } });
  // @ts-expect-error -- there is no such path
  await client.GET('/pupils');
  await client.POST('/enrolments/{id}/decisions', {
    params: { path: { id } },
    // @ts-expect-error -- there is no such decision
    body: { decision: 'expel' },
  });
}
