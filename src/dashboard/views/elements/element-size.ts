/** How large an element is on the page, as long as it is there. */

import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

export type Size = { readonly widthPx: number; readonly heightPx: number };

/** Before it is first drawn; anything that is not 0. */
const unknownSize: Size = { widthPx: 600, heightPx: 300 };

export function useElementSize(element: RefObject<Element | null>): ReadonlySignal<Size> {
  const size = useSignal(unknownSize);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const measure = () => {
      const { width, height } = target.getBoundingClientRect();
      if (width > 0 && height > 0) size.value = { widthPx: width, heightPx: height };
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, size]);
  return size;
}
