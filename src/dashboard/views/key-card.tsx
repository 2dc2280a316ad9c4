/** The card that lists the keys. It takes the focus, and gives it back when it closes. */

import "./key-card.css";
import { useEffect, useRef } from "preact/hooks";

type Props = {
  readonly keys: readonly (readonly [keys: string, words: string])[];
  readonly onClose: () => void;
};

export function KeyCard({ keys, onClose }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    button.current?.focus();
    return () => {
      if (opener instanceof HTMLElement || opener instanceof SVGElement) opener.focus();
    };
  }, []);
  return (
    <div class="key-card panel" role="dialog" aria-labelledby="key-card-title">
      <h2 id="key-card-title">Keys</h2>
      <table>
        <tbody>
          {keys.map(([key, words]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" ref={button} onClick={onClose}>
        Close
      </button>
    </div>
  );
}
