/** The clock of this process. */
import type { Clock } from '@weft/core';

/** Real time. Timers keep the process alive until they are taken back. */
export const processClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  every: (intervalMs, action) => {
    const timer = setInterval(action, intervalMs);
    return () => {
      clearInterval(timer);
    };
  },
  soon: (action) => {
    setImmediate(action);
  },
};
