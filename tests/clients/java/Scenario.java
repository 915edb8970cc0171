import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
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
    ManagedChannel channel = ManagedChannelBuilder.forTarget(System.getenv("ADDRESS")).usePlaintext().build();
    try {
      System.out.println(seen(channel));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String seen(ManagedChannel channel) {
    var registered = RegisterRequest.newBuilder().setEmail(System.getenv("EMAIL")).setPassword("correct horse").build();
    var session = AuthServiceGrpc.newBlockingStub(channel).register(registered);
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + session.getAccessToken());
    var token = MetadataUtils.newAttachHeadersInterceptor(metadata);
    var pipelines = PipelinesServiceGrpc.newBlockingStub(channel).withInterceptors(token);

    Struct config = Struct.newBuilder()
        .putFields("path", Value.newBuilder().setStringValue(System.getenv("FOLDER")).build())
        .putFields("format", Value.newBuilder().setStringValue("csv").build())
        .build();
    var sources = DataSourcesServiceGrpc.newBlockingStub(channel).withInterceptors(token);
    DataSource store = sources.createDataSource(CreateDataSourceRequest.newBuilder().setName("analytics")
        .setConnector("analytics").setConfig(Struct.getDefaultInstance()).build());
    DataSource source = sources.createDataSource(
        CreateDataSourceRequest.newBuilder().setName("files").setConnector("files").setConfig(config).build());
    Pipeline pipeline = pipelines.createPipeline(
        CreatePipelineRequest.newBuilder().setName("copy").setSourceId(source.getId()).setDestinationId(store.getId())
            .build());
    Run run = pipelines.startPipeline(StartPipelineRequest.newBuilder().setPipelineId(pipeline.getId()).build());

    List<String> lines = new ArrayList<>();
    String after = "";
    String ended = "";
    int breaks = 0;
    while (ended.isEmpty()) {
      Context.CancellableContext cut = Context.current().withCancellation();
      Context before = cut.attach();
      try {
        Iterator<TailPipelineLogsResponse> stream = pipelines.tailPipelineLogs(TailPipelineLogsRequest.newBuilder()
            .setPipelineId(pipeline.getId()).setRunId(run.getId()).setAfter(after).build());
        while (ended.isEmpty() && stream.hasNext()) {
          TailPipelineLogsResponse message = stream.next();
          after = message.getCursor();
          if (message.hasEntry()) lines.add(message.getEntry().getMessage());
          if (message.hasEnded()) ended = message.getEnded().name();
          if (breaks == 0 && lines.size() == 1) {
            breaks++; // the stream is cut, and goes on after the last cursor
            break;
          }
        }
      } finally {
        cut.detach(before);
        cut.cancel(null);
      }
    }

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
      code = error.getStatus().getCode() == io.grpc.Status.Code.INVALID_ARGUMENT ? "InvalidArgument" : "other";
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
