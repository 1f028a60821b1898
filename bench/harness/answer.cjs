/**
 * The child's side of `child.mjs`: answers what the parent asks, one question at a time, and ends with the parent.
 * @param {Record<string, (argument: any) => unknown>} handlers
 */
exports.answer = function answer(handlers) {
  process.on('message', async ({ question, argument }) => {
    try {
      process.send({ answer: await handlers[question](argument) });
    } catch (error) {
      process.send({ error: error?.stack ?? String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
};
