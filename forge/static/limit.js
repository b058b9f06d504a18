// The promise, or a failure once it has taken too long.
export function within(ms, promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(reject, ms, new Error("no answer"));
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
