/** Changes between what all nodes know together and what the shop's node knows. */

import { useDashboard } from "../../state/dashboard.ts";

type Props = {
  /** Nothing is hidden any more. */
  readonly isOver: boolean;
};

export function ShopSwitch({ isOver }: Props) {
  const { perspective } = useDashboard();
  const { value } = perspective;
  const isShop = value !== "everybody" && value.node === "shop";
  return (
    <label class="shop-switch">
      <input
        type="checkbox"
        role="switch"
        checked={isShop}
        onChange={() => (perspective.value = isShop ? "everybody" : { node: "shop" })}
      />
      <span>
        See as the shop
        <small class="muted"> – {wordsOf(isShop, isOver)}</small>
      </span>
    </label>
  );
}

function wordsOf(isShop: boolean, isOver: boolean): string {
  if (!isShop) return "now you see what all nodes know together, secret blocks too";
  if (isOver) return "now you see what its own node knows";
  return "what it cannot know is hidden, so the attack does not show";
}
