/**
 * Gives Node 20 the `Promise.withResolvers` that libp2p 3 relies on.
 *
 * It must be the first import of every entry point, worker and test set-up that loads libp2p.
 */

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: PromiseWithResolvers<T>["resolve"] = () => {};
  let reject: PromiseWithResolvers<T>["reject"] = () => {};
  const promise = new Promise<T>((whenResolved, whenRejected) => {
    resolve = whenResolved;
    reject = whenRejected;
  });
  return { promise, resolve, reject };
}

if (!("withResolvers" in Promise)) {
  Object.defineProperty(Promise, "withResolvers", {
    value: withResolvers,
    configurable: true,
    writable: true,
  });
}
