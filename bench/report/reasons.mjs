/** What each heavy package of the runtime is for. */
export const reasons = {};
