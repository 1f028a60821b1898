import type { OtelAttributes } from '../../context/otel.js';
import type { HighResolutionTime, SpanEvent } from '../export/finished-span.js';
import { Attributes } from './attributes.js';
import { type Moment, timeOf } from './moment.js';

/** Knows attributes that are asked for when they are read: always the same. */
export interface AttributeSource {
  attributes(): OtelAttributes;
}

export interface EventSource extends AttributeSource {
  readonly name: string;
}

/** An event that is written out when its span is read, which most never are. */
export class LaterEvent implements SpanEvent {
  readonly #source: EventSource;
  readonly #at: Moment;
  #attributes: Attributes | undefined = undefined;

  constructor(source: EventSource, at: Moment) {
    this.#source = source;
    this.#at = at;
  }

  get name(): string {
    return this.#source.name;
  }

  get time(): HighResolutionTime {
    return timeOf(this.#at);
  }

  get attributes(): Readonly<Record<string, unknown>> {
    return this.#written().values;
  }

  get droppedAttributesCount(): number {
    return this.#written().dropped;
  }

  #written(): Attributes {
    if (this.#attributes === undefined) {
      this.#attributes = new Attributes();
      this.#attributes.setAll(this.#source.attributes());
    }
    return this.#attributes;
  }
}
