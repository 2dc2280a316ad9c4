/** Sliders that set a miner's share of the hash power while they are dragged. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Shares } from "../../contract/network.ts";
import { useDashboard } from "../state/dashboard.ts";

/** A slider must rest this long before the lab is changed. */
const restMs = 150;
/** The lab's event may arrive later than its answer: until then the slider keeps its place. */
const settleMs = 400;

export type ShareSlider = {
  readonly problem: string | null;
  /** What the slider shows: where it was dragged, until the lab has followed. */
  readonly shareOf: (miner: string) => number;
  readonly slide: (miner: string, share: number) => void;
};

export function useShareSlider(shares: Shares): ShareSlider {
  const { levers } = useDashboard();
  const [wish, setWish] = useState<{ readonly miner: string; readonly share: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (act: () => void, ms: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(act, ms);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const pull = async (miner: string, share: number): Promise<void> => {
    const asked = timer.current;
    const answer = await levers.setShares({ [miner]: share });
    setProblem(answer.ok ? null : answer.problem);
    // If the slider was dragged on meanwhile, it has a new value.
    if (timer.current === asked) later(() => setWish(null), answer.ok ? settleMs : 0);
  };
  return {
    problem,
    shareOf: (miner) => (wish?.miner === miner ? wish.share : (shares[miner] ?? 0)),
    slide: (miner, share) => {
      setWish({ miner, share });
      later(() => void pull(miner, share), restMs);
    },
  };
}
