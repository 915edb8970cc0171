// The scenario of tests/clients in JavaScript: what it saw is what the function gives. It runs in Node and in browsers.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { AnalyticsService } from "@thedata/client/analytics";
import { AuthService } from "@thedata/client/auth";
import { DataSourcesService } from "@thedata/client/data_sources";
import { PipelinesService, RunState } from "@thedata/client/pipelines";
import { BadRequestSchema, ErrorInfoSchema } from "@thedata/client/google/rpc/error_details";

/** Does everything over a transport that `open` makes for some interceptors. */
export async function scenario(open, { email, folder }) {
  const session = await createClient(AuthService, open([])).register({ email, password: "correct horse" });
  const transport = open([
    (next) => (request) => {
      request.header.set("authorization", `Bearer ${session.accessToken}`);
      return next(request);
    },
  ]);
  const pipelines = createClient(PipelinesService, transport);
  const sources = createClient(DataSourcesService, transport);
  const store = await sources.createDataSource({ name: "analytics", connector: "analytics", config: {} });
  const source = await sources.createDataSource({
    name: "files",
    connector: "files",
    config: { path: folder, format: "csv" },
  });
  const pipeline = await pipelines.createPipeline({ name: "copy", sourceId: source.id, destinationId: store.id });
  const run = await pipelines.startPipeline({ pipelineId: pipeline.id });

  const lines = [];
  let [after, ended, breaks] = ["", "", 0];
  while (!ended) {
    const cut = new AbortController();
    try {
      const request = { pipelineId: pipeline.id, runId: run.id, after };
      for await (const message of pipelines.tailPipelineLogs(request, { signal: cut.signal })) {
        after = message.cursor;
        if (message.event.case === "entry") lines.push(message.event.value.message);
        if (message.event.case === "ended") ended = `RUN_STATE_${RunState[message.event.value]}`;
        if (!breaks && lines.length === 1) {
          breaks += 1; // the stream is cut, and goes on after the last cursor
          cut.abort();
        }
      }
    } catch (error) {
      if (!cut.signal.aborted || ConnectError.from(error).code !== Code.Canceled) throw error;
    }
  }

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
