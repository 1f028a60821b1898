import { type Child, h } from './dom.js';

/** Something that is done only once a person has said so again. */
export interface Question {
  readonly title: string;
  /** What will happen, and to whom. */
  readonly text: string;
  readonly yes: string;
  readonly danger: boolean;
  /** Name and first value of a text that is asked for as well. */
  readonly field?: { readonly label: string; readonly value: string } | undefined;
  /** Answers with what went wrong. */
  readonly act: (text: string) => Promise<string | undefined>;
}

/** One question at a time, in a dialog of the browser's own: focus stays within, Escape leaves. */
export class Confirmation {
  #question: Question | undefined;
  #problem: string | undefined;
  #text = '';
  readonly #redraw: () => void;

  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  ask(question: Question): void {
    this.#question = question;
    this.#problem = undefined;
    this.#text = question.field?.value ?? '';
    this.#redraw();
  }

  draw(): Child {
    const question = this.#question;
    if (question === undefined) return null;
    const { title, text, yes, danger, field } = question;
    return h(
      'dialog',
      { key: 'dialog', 'aria-labelledby': 'question', drawn: opened, on: { close: () => this.#close() } },
      h(
        'form',
        {
          on: {
            submit: (event) => {
              event.preventDefault();
              void this.#act(question);
            },
          },
        },
        h('h2', { id: 'question' }, title),
        h('p', {}, text),
        field !== undefined &&
          h(
            'label',
            {},
            field.label,
            h('input', { value: this.#text, maxlength: 200, on: { input: (event) => this.#typed(event) } }),
          ),
        this.#problem !== undefined && h('p', { class: 'problem', role: 'alert' }, this.#problem),
        h(
          'div',
          { class: 'buttons' },
          h('button', { type: 'button', on: { click: () => this.#close() } }, 'Cancel'),
          h('button', { class: danger ? 'danger' : 'primary' }, yes),
        ),
      ),
    );
  }

  #typed(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.#text = event.target.value;
  }

  async #act(question: Question): Promise<void> {
    this.#problem = await question.act(this.#text);
    if (this.#problem === undefined) this.#close();
    else this.#redraw();
  }

  #close(): void {
    this.#question = undefined;
    this.#redraw();
  }
}

function opened(element: Element): void {
  if (element instanceof HTMLDialogElement && !element.open && element.isConnected) element.showModal();
}
