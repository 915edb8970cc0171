// The scenario in Node, by gRPC.
import { createGrpcTransport } from "@connectrpc/connect-node";
import { scenario } from "./scenario.mjs";

const open = (interceptors) => createGrpcTransport({ baseUrl: `http://${process.env.ADDRESS}`, interceptors });
console.log(JSON.stringify(await scenario(open, { email: process.env.EMAIL, folder: process.env.FOLDER })));
