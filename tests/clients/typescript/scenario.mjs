// The scenario of tests/clients in JavaScript: what it saw is what the function gives. It runs in Node and in browsers.
// README
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { AuthService } from "@thedata/client/auth";
import { PipelinesService, RunState } from "@thedata/client/pipelines";

const BROKEN = [Code.Unavailable, Code.Unknown, Code.Aborted];
// README ends
import { AnalyticsService } from "@thedata/client/analytics";
import { DataSourcesService } from "@thedata/client/data_sources";
import { BadRequestSchema, ErrorInfoSchema } from "@thedata/client/google/rpc/error_details";

/** Does everything over a transport that `open` makes for some interceptors. */
export async function scenario(open, { email, folder }) {
  const password = "correct horse";
  await createClient(AuthService, open([])).register({ email, password });
  // README
  const session = await createClient(AuthService, open([])).login({ email, password });
  const transport = open([
    (next) => (request) => {
      request.header.set("authorization", `Bearer ${session.accessToken}`);
      return next(request);
    },
  ]);
  // README ends
  const sources = createClient(DataSourcesService, transport);
  const store = await sources.createDataSource({ name: "analytics", connector: "analytics", config: {} });
  const source = await sources.createDataSource({
    name: "files",
    connector: "files",
    config: { path: folder, format: "csv" },
  });
  // README
  const pipelines = createClient(PipelinesService, transport);
  const { pipelines: listed } = await pipelines.listPipelines({});
  const pipeline = await pipelines.createPipeline({ name: "copy", sourceId: source.id, destinationId: store.id });
  const run = await pipelines.startPipeline({ pipelineId: pipeline.id });

  // Follows the log to its end; `after` goes on where a broken stream ended, without a line lost or told twice.
  const lines = [];
  let [breaks, after, ended] = [0, "", ""];
  while (!ended) {
    try {
      for await (const message of pipelines.tailPipelineLogs({ pipelineId: pipeline.id, runId: run.id, after })) {
        after = message.cursor;
        if (message.event.case === "entry") lines.push(message.event.value.message);
        if (message.event.case === "ended") ended = `RUN_STATE_${RunState[message.event.value]}`;
      }
    } catch (error) {
      // A broken connection; browsers do not say that it was one.
      if (!BROKEN.includes(ConnectError.from(error).code)) throw error;
      breaks += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  // README ends
  if (listed.length) throw new Error("somebody new has pipelines");

  const history = await createClient(AnalyticsService, transport).getHistoricalData({
    tableName: "people",
    columns: ["id", "name"],
    orderBy: ["id"],
  });
  const names = history.rows.map((row) => row.values[1].kind.value);

  try {
    await pipelines.createPipeline({ sourceId: "no id" });
  } catch (error) {
    const [info] = error.findDetails(ErrorInfoSchema);
    const [broken] = error.findDetails(BadRequestSchema);
    const fields = broken.fieldViolations.map((violation) => violation.field);
    return { lines, ended, breaks, names, reason: info.reason, fields, code: Code[error.code] };
  }
}
