// A service for tests that never says anything.
setInterval(() => undefined, 1000);
