/** Moves something with a pointer; a press that hardly moves remains a click. */

/** Pixels below which a press is a click. */
const slackPx = 4;

export class Drag {
  #from: { readonly x: number; readonly y: number } | null = null;
  #isMoving = false;
  readonly #onMove: (dxPx: number, dyPx: number) => void;

  /** @param onMove is given the distance since the last call. */
  constructor(onMove: (dxPx: number, dyPx: number) => void) {
    this.#onMove = onMove;
  }

  readonly begin = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#isMoving = false;
  };

  readonly move = (event: PointerEvent): void => {
    if (this.#from === null) return;
    if (event.buttons === 0) {
      this.#from = null; // released outside of the page
      return;
    }
    const [dx, dy] = [event.clientX - this.#from.x, event.clientY - this.#from.y];
    if (!this.#isMoving && Math.hypot(dx, dy) < slackPx) return;
    if (!this.#isMoving && event.currentTarget instanceof Element) {
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    this.#isMoving = true;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#onMove(dx, dy);
  };

  readonly end = (): void => {
    this.#from = null;
  };

  /** Whether the click event that follows ends a move. */
  get wasMove(): boolean {
    return this.#isMoving;
  }
}
