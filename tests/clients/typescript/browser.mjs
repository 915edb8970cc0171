// The scenario in a browser, by gRPC-Web; esbuild makes one file of it.
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { scenario } from "./scenario.mjs";

window.scenario = (baseUrl, given) =>
  scenario((interceptors) => createGrpcWebTransport({ baseUrl, interceptors }), given);
