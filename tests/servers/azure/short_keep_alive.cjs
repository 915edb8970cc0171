// Loaded before Azurite. The Azure SDK in Arrow's driver now and then misreads an answer that comes right behind
// "100 Continue", and waits for its rest until the server hangs up; Azurite's own option for that has no effect.
const http = require("node:http");

const createServer = http.createServer;
http.createServer = (...given) => Object.assign(createServer(...given), { keepAliveTimeout: 100 });
