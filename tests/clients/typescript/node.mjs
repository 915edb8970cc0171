// The scenario in Node, by gRPC.
import { createGrpcTransport } from "@connectrpc/connect-node";
import { scenario } from "./scenario.mjs";

const baseUrl = `http://${process.env.ADDRESS}`;
// README
const open = (interceptors) => createGrpcTransport({ baseUrl, interceptors });
// README ends
console.log(JSON.stringify(await scenario(open, { email: process.env.EMAIL, folder: process.env.FOLDER })));
