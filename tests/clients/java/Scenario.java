import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.thedata.v1.*;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The scenario of tests/clients in Java: what it saw is printed as one JSON object. */
public final class Scenario {
  public static void main(String[] arguments) throws Exception {
    String address = System.getenv("ADDRESS");
    // README
    ManagedChannel channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    // README ends
    try {
      System.out.println(seen(channel, System.getenv("EMAIL"), "correct horse"));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String seen(ManagedChannel channel, String email, String password) throws InterruptedException {
    AuthServiceGrpc.newBlockingStub(channel)
        .register(RegisterRequest.newBuilder().setEmail(email).setPassword(password).build());
    // README
    Session session = AuthServiceGrpc.newBlockingStub(channel)
        .login(LoginRequest.newBuilder().setEmail(email).setPassword(password).build());
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + session.getAccessToken());
    var token = MetadataUtils.newAttachHeadersInterceptor(metadata);
    // README ends

    Struct config = Struct.newBuilder()
        .putFields("path", Value.newBuilder().setStringValue(System.getenv("FOLDER")).build())
        .putFields("format", Value.newBuilder().setStringValue("csv").build())
        .build();
    var sources = DataSourcesServiceGrpc.newBlockingStub(channel).withInterceptors(token);
    DataSource store = sources.createDataSource(CreateDataSourceRequest.newBuilder().setName("analytics")
        .setConnector("analytics").setConfig(Struct.getDefaultInstance()).build());
    DataSource source = sources.createDataSource(
        CreateDataSourceRequest.newBuilder().setName("files").setConnector("files").setConfig(config).build());
    // README
    var pipelines = PipelinesServiceGrpc.newBlockingStub(channel).withInterceptors(token);
    List<Pipeline> listed = pipelines.listPipelines(ListPipelinesRequest.getDefaultInstance()).getPipelinesList();
    Pipeline pipeline = pipelines.createPipeline(CreatePipelineRequest.newBuilder()
        .setName("copy").setSourceId(source.getId()).setDestinationId(store.getId()).build());
    Run run = pipelines.startPipeline(StartPipelineRequest.newBuilder().setPipelineId(pipeline.getId()).build());

    // Follows the log to its end; `after` goes on where a broken stream ended, without a line lost or told twice.
    List<String> lines = new ArrayList<>();
    int breaks = 0;
    String after = "";
    String ended = "";
    while (ended.isEmpty()) {
      try {
        Iterator<TailPipelineLogsResponse> stream = pipelines.tailPipelineLogs(TailPipelineLogsRequest.newBuilder()
            .setPipelineId(pipeline.getId()).setRunId(run.getId()).setAfter(after).build());
        while (stream.hasNext()) {
          TailPipelineLogsResponse message = stream.next();
          after = message.getCursor();
          if (message.hasEntry()) lines.add(message.getEntry().getMessage());
          if (message.hasEnded()) ended = message.getEnded().name();
        }
      } catch (StatusRuntimeException error) {
        if (error.getStatus().getCode() != Status.Code.UNAVAILABLE) throw error;
        breaks++;
        Thread.sleep(200);
      }
    }
    // README ends
    if (!listed.isEmpty()) throw new IllegalStateException("somebody new has pipelines");

    var history = AnalyticsServiceGrpc.newBlockingStub(channel).withInterceptors(token).getHistoricalData(
        GetHistoricalDataRequest.newBuilder().setTableName("people").addColumns("id").addColumns("name")
            .addOrderBy("id").build());
    List<String> names = history.getRowsList().stream()
        .map(row -> row.getValues(1).getStringValue()).collect(Collectors.toList());

    String reason = "";
    String code = "";
    List<String> fields = new ArrayList<>();
    try {
      pipelines.createPipeline(CreatePipelineRequest.newBuilder().setSourceId("no id").build());
    } catch (StatusRuntimeException error) {
      code = error.getStatus().getCode() == Status.Code.INVALID_ARGUMENT ? "InvalidArgument" : "other";
      for (Any detail : StatusProto.fromThrowable(error).getDetailsList()) {
        try {
          if (detail.is(ErrorInfo.class)) reason = detail.unpack(ErrorInfo.class).getReason();
          if (detail.is(BadRequest.class)) {
            detail.unpack(BadRequest.class).getFieldViolationsList().forEach(one -> fields.add(one.getField()));
          }
        } catch (com.google.protobuf.InvalidProtocolBufferException broken) {
          throw new IllegalStateException(broken);
        }
      }
    }
    return String.format("{\"lines\": %s, \"ended\": %s, \"breaks\": %d, \"names\": %s, \"reason\": %s, \"fields\": %s, \"code\": %s}",
        json(lines), json(ended), breaks, json(names), json(reason), json(fields), json(code));
  }

  private static String json(List<String> texts) {
    return texts.stream().map(Scenario::json).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String json(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
