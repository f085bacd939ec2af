/** Preloaded by the server whose memory is measured: replies to any message with its memory after a garbage collection. */
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapUsed, rss });
});
// The server may exit while the channel is open.
process.channel?.unref();
