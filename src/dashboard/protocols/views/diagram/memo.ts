/** Draws a view anew only where one of its properties is another. */

import { Component, type ComponentChild, type FunctionComponent, h } from "preact";

export function memo<P extends object>(view: (props: P) => ComponentChild): FunctionComponent<P> {
  class Remembered extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const keys = Object.keys(next) as (keyof P)[];
      return keys.some((key) => next[key] !== (this.props as P)[key]);
    }

    override render(): ComponentChild {
      return view(this.props);
    }
  }
  return (props: P) => h(Remembered, props);
}
