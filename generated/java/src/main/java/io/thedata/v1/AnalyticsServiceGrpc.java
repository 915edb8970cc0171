package io.thedata.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Ingests metrics and events, and answers questions about them and about the tables that pipelines landed.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AnalyticsServiceGrpc {

  private AnalyticsServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "thedata.v1.AnalyticsService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetMetricsRequest,
      io.thedata.v1.GetMetricsResponse> getGetMetricsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetMetrics",
      requestType = io.thedata.v1.GetMetricsRequest.class,
      responseType = io.thedata.v1.GetMetricsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetMetricsRequest,
      io.thedata.v1.GetMetricsResponse> getGetMetricsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetMetricsRequest, io.thedata.v1.GetMetricsResponse> getGetMetricsMethod;
    if ((getGetMetricsMethod = AnalyticsServiceGrpc.getGetMetricsMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getGetMetricsMethod = AnalyticsServiceGrpc.getGetMetricsMethod) == null) {
          AnalyticsServiceGrpc.getGetMetricsMethod = getGetMetricsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetMetricsRequest, io.thedata.v1.GetMetricsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetMetrics"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetMetricsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetMetricsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("GetMetrics"))
              .build();
        }
      }
    }
    return getGetMetricsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.StreamMetricsRequest,
      io.thedata.v1.StreamMetricsResponse> getStreamMetricsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StreamMetrics",
      requestType = io.thedata.v1.StreamMetricsRequest.class,
      responseType = io.thedata.v1.StreamMetricsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.StreamMetricsRequest,
      io.thedata.v1.StreamMetricsResponse> getStreamMetricsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.StreamMetricsRequest, io.thedata.v1.StreamMetricsResponse> getStreamMetricsMethod;
    if ((getStreamMetricsMethod = AnalyticsServiceGrpc.getStreamMetricsMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getStreamMetricsMethod = AnalyticsServiceGrpc.getStreamMetricsMethod) == null) {
          AnalyticsServiceGrpc.getStreamMetricsMethod = getStreamMetricsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.StreamMetricsRequest, io.thedata.v1.StreamMetricsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StreamMetrics"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.StreamMetricsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.StreamMetricsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("StreamMetrics"))
              .build();
        }
      }
    }
    return getStreamMetricsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.IngestMetricsRequest,
      io.thedata.v1.IngestResponse> getIngestMetricsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "IngestMetrics",
      requestType = io.thedata.v1.IngestMetricsRequest.class,
      responseType = io.thedata.v1.IngestResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.IngestMetricsRequest,
      io.thedata.v1.IngestResponse> getIngestMetricsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.IngestMetricsRequest, io.thedata.v1.IngestResponse> getIngestMetricsMethod;
    if ((getIngestMetricsMethod = AnalyticsServiceGrpc.getIngestMetricsMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getIngestMetricsMethod = AnalyticsServiceGrpc.getIngestMetricsMethod) == null) {
          AnalyticsServiceGrpc.getIngestMetricsMethod = getIngestMetricsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.IngestMetricsRequest, io.thedata.v1.IngestResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "IngestMetrics"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.IngestMetricsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.IngestResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("IngestMetrics"))
              .build();
        }
      }
    }
    return getIngestMetricsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetEventsRequest,
      io.thedata.v1.GetEventsResponse> getGetEventsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetEvents",
      requestType = io.thedata.v1.GetEventsRequest.class,
      responseType = io.thedata.v1.GetEventsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetEventsRequest,
      io.thedata.v1.GetEventsResponse> getGetEventsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetEventsRequest, io.thedata.v1.GetEventsResponse> getGetEventsMethod;
    if ((getGetEventsMethod = AnalyticsServiceGrpc.getGetEventsMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getGetEventsMethod = AnalyticsServiceGrpc.getGetEventsMethod) == null) {
          AnalyticsServiceGrpc.getGetEventsMethod = getGetEventsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetEventsRequest, io.thedata.v1.GetEventsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetEvents"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetEventsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetEventsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("GetEvents"))
              .build();
        }
      }
    }
    return getGetEventsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.IngestEventsRequest,
      io.thedata.v1.IngestResponse> getIngestEventsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "IngestEvents",
      requestType = io.thedata.v1.IngestEventsRequest.class,
      responseType = io.thedata.v1.IngestResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.IngestEventsRequest,
      io.thedata.v1.IngestResponse> getIngestEventsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.IngestEventsRequest, io.thedata.v1.IngestResponse> getIngestEventsMethod;
    if ((getIngestEventsMethod = AnalyticsServiceGrpc.getIngestEventsMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getIngestEventsMethod = AnalyticsServiceGrpc.getIngestEventsMethod) == null) {
          AnalyticsServiceGrpc.getIngestEventsMethod = getIngestEventsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.IngestEventsRequest, io.thedata.v1.IngestResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "IngestEvents"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.IngestEventsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.IngestResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("IngestEvents"))
              .build();
        }
      }
    }
    return getIngestEventsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.IngestStreamRequest,
      io.thedata.v1.IngestResponse> getIngestStreamMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "IngestStream",
      requestType = io.thedata.v1.IngestStreamRequest.class,
      responseType = io.thedata.v1.IngestResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.IngestStreamRequest,
      io.thedata.v1.IngestResponse> getIngestStreamMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.IngestStreamRequest, io.thedata.v1.IngestResponse> getIngestStreamMethod;
    if ((getIngestStreamMethod = AnalyticsServiceGrpc.getIngestStreamMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getIngestStreamMethod = AnalyticsServiceGrpc.getIngestStreamMethod) == null) {
          AnalyticsServiceGrpc.getIngestStreamMethod = getIngestStreamMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.IngestStreamRequest, io.thedata.v1.IngestResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "IngestStream"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.IngestStreamRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.IngestResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("IngestStream"))
              .build();
        }
      }
    }
    return getIngestStreamMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetProducerRequest,
      io.thedata.v1.Producer> getGetProducerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetProducer",
      requestType = io.thedata.v1.GetProducerRequest.class,
      responseType = io.thedata.v1.Producer.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetProducerRequest,
      io.thedata.v1.Producer> getGetProducerMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetProducerRequest, io.thedata.v1.Producer> getGetProducerMethod;
    if ((getGetProducerMethod = AnalyticsServiceGrpc.getGetProducerMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getGetProducerMethod = AnalyticsServiceGrpc.getGetProducerMethod) == null) {
          AnalyticsServiceGrpc.getGetProducerMethod = getGetProducerMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetProducerRequest, io.thedata.v1.Producer>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetProducer"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetProducerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Producer.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("GetProducer"))
              .build();
        }
      }
    }
    return getGetProducerMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListRejectedItemsRequest,
      io.thedata.v1.ListRejectedItemsResponse> getListRejectedItemsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListRejectedItems",
      requestType = io.thedata.v1.ListRejectedItemsRequest.class,
      responseType = io.thedata.v1.ListRejectedItemsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListRejectedItemsRequest,
      io.thedata.v1.ListRejectedItemsResponse> getListRejectedItemsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListRejectedItemsRequest, io.thedata.v1.ListRejectedItemsResponse> getListRejectedItemsMethod;
    if ((getListRejectedItemsMethod = AnalyticsServiceGrpc.getListRejectedItemsMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getListRejectedItemsMethod = AnalyticsServiceGrpc.getListRejectedItemsMethod) == null) {
          AnalyticsServiceGrpc.getListRejectedItemsMethod = getListRejectedItemsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListRejectedItemsRequest, io.thedata.v1.ListRejectedItemsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListRejectedItems"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRejectedItemsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRejectedItemsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("ListRejectedItems"))
              .build();
        }
      }
    }
    return getListRejectedItemsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListRealtimeViewsRequest,
      io.thedata.v1.ListRealtimeViewsResponse> getListRealtimeViewsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListRealtimeViews",
      requestType = io.thedata.v1.ListRealtimeViewsRequest.class,
      responseType = io.thedata.v1.ListRealtimeViewsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListRealtimeViewsRequest,
      io.thedata.v1.ListRealtimeViewsResponse> getListRealtimeViewsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListRealtimeViewsRequest, io.thedata.v1.ListRealtimeViewsResponse> getListRealtimeViewsMethod;
    if ((getListRealtimeViewsMethod = AnalyticsServiceGrpc.getListRealtimeViewsMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getListRealtimeViewsMethod = AnalyticsServiceGrpc.getListRealtimeViewsMethod) == null) {
          AnalyticsServiceGrpc.getListRealtimeViewsMethod = getListRealtimeViewsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListRealtimeViewsRequest, io.thedata.v1.ListRealtimeViewsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListRealtimeViews"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRealtimeViewsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRealtimeViewsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("ListRealtimeViews"))
              .build();
        }
      }
    }
    return getListRealtimeViewsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CreateRealtimeViewRequest,
      io.thedata.v1.RealtimeView> getCreateRealtimeViewMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateRealtimeView",
      requestType = io.thedata.v1.CreateRealtimeViewRequest.class,
      responseType = io.thedata.v1.RealtimeView.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CreateRealtimeViewRequest,
      io.thedata.v1.RealtimeView> getCreateRealtimeViewMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CreateRealtimeViewRequest, io.thedata.v1.RealtimeView> getCreateRealtimeViewMethod;
    if ((getCreateRealtimeViewMethod = AnalyticsServiceGrpc.getCreateRealtimeViewMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getCreateRealtimeViewMethod = AnalyticsServiceGrpc.getCreateRealtimeViewMethod) == null) {
          AnalyticsServiceGrpc.getCreateRealtimeViewMethod = getCreateRealtimeViewMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CreateRealtimeViewRequest, io.thedata.v1.RealtimeView>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateRealtimeView"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CreateRealtimeViewRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RealtimeView.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("CreateRealtimeView"))
              .build();
        }
      }
    }
    return getCreateRealtimeViewMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdateRealtimeViewRequest,
      io.thedata.v1.RealtimeView> getUpdateRealtimeViewMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateRealtimeView",
      requestType = io.thedata.v1.UpdateRealtimeViewRequest.class,
      responseType = io.thedata.v1.RealtimeView.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdateRealtimeViewRequest,
      io.thedata.v1.RealtimeView> getUpdateRealtimeViewMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdateRealtimeViewRequest, io.thedata.v1.RealtimeView> getUpdateRealtimeViewMethod;
    if ((getUpdateRealtimeViewMethod = AnalyticsServiceGrpc.getUpdateRealtimeViewMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getUpdateRealtimeViewMethod = AnalyticsServiceGrpc.getUpdateRealtimeViewMethod) == null) {
          AnalyticsServiceGrpc.getUpdateRealtimeViewMethod = getUpdateRealtimeViewMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdateRealtimeViewRequest, io.thedata.v1.RealtimeView>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateRealtimeView"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdateRealtimeViewRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RealtimeView.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("UpdateRealtimeView"))
              .build();
        }
      }
    }
    return getUpdateRealtimeViewMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DeleteRealtimeViewRequest,
      com.google.protobuf.Empty> getDeleteRealtimeViewMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteRealtimeView",
      requestType = io.thedata.v1.DeleteRealtimeViewRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DeleteRealtimeViewRequest,
      com.google.protobuf.Empty> getDeleteRealtimeViewMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DeleteRealtimeViewRequest, com.google.protobuf.Empty> getDeleteRealtimeViewMethod;
    if ((getDeleteRealtimeViewMethod = AnalyticsServiceGrpc.getDeleteRealtimeViewMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getDeleteRealtimeViewMethod = AnalyticsServiceGrpc.getDeleteRealtimeViewMethod) == null) {
          AnalyticsServiceGrpc.getDeleteRealtimeViewMethod = getDeleteRealtimeViewMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DeleteRealtimeViewRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteRealtimeView"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DeleteRealtimeViewRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("DeleteRealtimeView"))
              .build();
        }
      }
    }
    return getDeleteRealtimeViewMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetRealtimeViewRequest,
      io.thedata.v1.GetRealtimeViewResponse> getGetRealtimeViewMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetRealtimeView",
      requestType = io.thedata.v1.GetRealtimeViewRequest.class,
      responseType = io.thedata.v1.GetRealtimeViewResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetRealtimeViewRequest,
      io.thedata.v1.GetRealtimeViewResponse> getGetRealtimeViewMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetRealtimeViewRequest, io.thedata.v1.GetRealtimeViewResponse> getGetRealtimeViewMethod;
    if ((getGetRealtimeViewMethod = AnalyticsServiceGrpc.getGetRealtimeViewMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getGetRealtimeViewMethod = AnalyticsServiceGrpc.getGetRealtimeViewMethod) == null) {
          AnalyticsServiceGrpc.getGetRealtimeViewMethod = getGetRealtimeViewMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetRealtimeViewRequest, io.thedata.v1.GetRealtimeViewResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetRealtimeView"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetRealtimeViewRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetRealtimeViewResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("GetRealtimeView"))
              .build();
        }
      }
    }
    return getGetRealtimeViewMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.StreamRealtimeViewRequest,
      io.thedata.v1.StreamRealtimeViewResponse> getStreamRealtimeViewMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StreamRealtimeView",
      requestType = io.thedata.v1.StreamRealtimeViewRequest.class,
      responseType = io.thedata.v1.StreamRealtimeViewResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.StreamRealtimeViewRequest,
      io.thedata.v1.StreamRealtimeViewResponse> getStreamRealtimeViewMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.StreamRealtimeViewRequest, io.thedata.v1.StreamRealtimeViewResponse> getStreamRealtimeViewMethod;
    if ((getStreamRealtimeViewMethod = AnalyticsServiceGrpc.getStreamRealtimeViewMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getStreamRealtimeViewMethod = AnalyticsServiceGrpc.getStreamRealtimeViewMethod) == null) {
          AnalyticsServiceGrpc.getStreamRealtimeViewMethod = getStreamRealtimeViewMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.StreamRealtimeViewRequest, io.thedata.v1.StreamRealtimeViewResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StreamRealtimeView"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.StreamRealtimeViewRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.StreamRealtimeViewResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("StreamRealtimeView"))
              .build();
        }
      }
    }
    return getStreamRealtimeViewMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetHistoricalDataRequest,
      io.thedata.v1.GetHistoricalDataResponse> getGetHistoricalDataMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetHistoricalData",
      requestType = io.thedata.v1.GetHistoricalDataRequest.class,
      responseType = io.thedata.v1.GetHistoricalDataResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetHistoricalDataRequest,
      io.thedata.v1.GetHistoricalDataResponse> getGetHistoricalDataMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetHistoricalDataRequest, io.thedata.v1.GetHistoricalDataResponse> getGetHistoricalDataMethod;
    if ((getGetHistoricalDataMethod = AnalyticsServiceGrpc.getGetHistoricalDataMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getGetHistoricalDataMethod = AnalyticsServiceGrpc.getGetHistoricalDataMethod) == null) {
          AnalyticsServiceGrpc.getGetHistoricalDataMethod = getGetHistoricalDataMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetHistoricalDataRequest, io.thedata.v1.GetHistoricalDataResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetHistoricalData"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetHistoricalDataRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetHistoricalDataResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("GetHistoricalData"))
              .build();
        }
      }
    }
    return getGetHistoricalDataMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListHistoricalTablesRequest,
      io.thedata.v1.ListHistoricalTablesResponse> getListHistoricalTablesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListHistoricalTables",
      requestType = io.thedata.v1.ListHistoricalTablesRequest.class,
      responseType = io.thedata.v1.ListHistoricalTablesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListHistoricalTablesRequest,
      io.thedata.v1.ListHistoricalTablesResponse> getListHistoricalTablesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListHistoricalTablesRequest, io.thedata.v1.ListHistoricalTablesResponse> getListHistoricalTablesMethod;
    if ((getListHistoricalTablesMethod = AnalyticsServiceGrpc.getListHistoricalTablesMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getListHistoricalTablesMethod = AnalyticsServiceGrpc.getListHistoricalTablesMethod) == null) {
          AnalyticsServiceGrpc.getListHistoricalTablesMethod = getListHistoricalTablesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListHistoricalTablesRequest, io.thedata.v1.ListHistoricalTablesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListHistoricalTables"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListHistoricalTablesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListHistoricalTablesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("ListHistoricalTables"))
              .build();
        }
      }
    }
    return getListHistoricalTablesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ExportHistoricalDataRequest,
      com.google.api.HttpBody> getExportHistoricalDataMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExportHistoricalData",
      requestType = io.thedata.v1.ExportHistoricalDataRequest.class,
      responseType = com.google.api.HttpBody.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ExportHistoricalDataRequest,
      com.google.api.HttpBody> getExportHistoricalDataMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ExportHistoricalDataRequest, com.google.api.HttpBody> getExportHistoricalDataMethod;
    if ((getExportHistoricalDataMethod = AnalyticsServiceGrpc.getExportHistoricalDataMethod) == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        if ((getExportHistoricalDataMethod = AnalyticsServiceGrpc.getExportHistoricalDataMethod) == null) {
          AnalyticsServiceGrpc.getExportHistoricalDataMethod = getExportHistoricalDataMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ExportHistoricalDataRequest, com.google.api.HttpBody>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExportHistoricalData"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ExportHistoricalDataRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.api.HttpBody.getDefaultInstance()))
              .setSchemaDescriptor(new AnalyticsServiceMethodDescriptorSupplier("ExportHistoricalData"))
              .build();
        }
      }
    }
    return getExportHistoricalDataMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AnalyticsServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceStub>() {
        @java.lang.Override
        public AnalyticsServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AnalyticsServiceStub(channel, callOptions);
        }
      };
    return AnalyticsServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AnalyticsServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceBlockingV2Stub>() {
        @java.lang.Override
        public AnalyticsServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AnalyticsServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AnalyticsServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AnalyticsServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceBlockingStub>() {
        @java.lang.Override
        public AnalyticsServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AnalyticsServiceBlockingStub(channel, callOptions);
        }
      };
    return AnalyticsServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AnalyticsServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AnalyticsServiceFutureStub>() {
        @java.lang.Override
        public AnalyticsServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AnalyticsServiceFutureStub(channel, callOptions);
        }
      };
    return AnalyticsServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Ingests metrics and events, and answers questions about them and about the tables that pipelines landed.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Gets the points of a metric, grouped and aggregated by step.
     * </pre>
     */
    default void getMetrics(io.thedata.v1.GetMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetMetricsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetMetricsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams the newest values of metrics at an interval.
     * </pre>
     */
    default void streamMetrics(io.thedata.v1.StreamMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.StreamMetricsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStreamMetricsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ingests a batch of metric points.
     * </pre>
     */
    default void ingestMetrics(io.thedata.v1.IngestMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getIngestMetricsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets events, newest first.
     * </pre>
     */
    default void getEvents(io.thedata.v1.GetEventsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetEventsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetEventsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ingests a batch of events.
     * </pre>
     */
    default void ingestEvents(io.thedata.v1.IngestEventsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getIngestEventsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ingests a stream of batches; the answer acknowledges the highest durable sequence.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<io.thedata.v1.IngestStreamRequest> ingestStream(
        io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getIngestStreamMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets how far a producer of batches has come.
     * </pre>
     */
    default void getProducer(io.thedata.v1.GetProducerRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Producer> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetProducerMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists items that were not taken, with why.
     * </pre>
     */
    default void listRejectedItems(io.thedata.v1.ListRejectedItemsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRejectedItemsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListRejectedItemsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the realtime views: the platform's own, and the organization's.
     * </pre>
     */
    default void listRealtimeViews(io.thedata.v1.ListRealtimeViewsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRealtimeViewsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListRealtimeViewsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Defines a realtime view; it begins with what is there already.
     * </pre>
     */
    default void createRealtimeView(io.thedata.v1.CreateRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.RealtimeView> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateRealtimeViewMethod(), responseObserver);
    }

    /**
     * <pre>
     * Defines a realtime view anew; it begins again with what is there.
     * </pre>
     */
    default void updateRealtimeView(io.thedata.v1.UpdateRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.RealtimeView> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateRealtimeViewMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a realtime view of the organization's.
     * </pre>
     */
    default void deleteRealtimeView(io.thedata.v1.DeleteRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteRealtimeViewMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets the rows of a realtime view as they are now. VIEW_BROKEN: its landed table is gone or lacks what it needs.
     * </pre>
     */
    default void getRealtimeView(io.thedata.v1.GetRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetRealtimeViewResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetRealtimeViewMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams a realtime view: a snapshot first, then its changed rows. VIEW_BROKEN, also later: its landed table is gone
     * or lacks what it needs.
     * </pre>
     */
    default void streamRealtimeView(io.thedata.v1.StreamRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.StreamRealtimeViewResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStreamRealtimeViewMethod(), responseObserver);
    }

    /**
     * <pre>
     * Queries a table that a pipeline landed in the analytics store.
     * </pre>
     */
    default void getHistoricalData(io.thedata.v1.GetHistoricalDataRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetHistoricalDataResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetHistoricalDataMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the tables that can be queried.
     * </pre>
     */
    default void listHistoricalTables(io.thedata.v1.ListHistoricalTablesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListHistoricalTablesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListHistoricalTablesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Downloads all rows of an answer.
     * </pre>
     */
    default void exportHistoricalData(io.thedata.v1.ExportHistoricalDataRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportHistoricalDataMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AnalyticsService.
   * <pre>
   * Ingests metrics and events, and answers questions about them and about the tables that pipelines landed.
   * </pre>
   */
  public static abstract class AnalyticsServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AnalyticsServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AnalyticsService.
   * <pre>
   * Ingests metrics and events, and answers questions about them and about the tables that pipelines landed.
   * </pre>
   */
  public static final class AnalyticsServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AnalyticsServiceStub> {
    private AnalyticsServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AnalyticsServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AnalyticsServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the points of a metric, grouped and aggregated by step.
     * </pre>
     */
    public void getMetrics(io.thedata.v1.GetMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetMetricsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetMetricsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams the newest values of metrics at an interval.
     * </pre>
     */
    public void streamMetrics(io.thedata.v1.StreamMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.StreamMetricsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getStreamMetricsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ingests a batch of metric points.
     * </pre>
     */
    public void ingestMetrics(io.thedata.v1.IngestMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getIngestMetricsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets events, newest first.
     * </pre>
     */
    public void getEvents(io.thedata.v1.GetEventsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetEventsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetEventsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ingests a batch of events.
     * </pre>
     */
    public void ingestEvents(io.thedata.v1.IngestEventsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getIngestEventsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ingests a stream of batches; the answer acknowledges the highest durable sequence.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<io.thedata.v1.IngestStreamRequest> ingestStream(
        io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getIngestStreamMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * Gets how far a producer of batches has come.
     * </pre>
     */
    public void getProducer(io.thedata.v1.GetProducerRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Producer> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetProducerMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists items that were not taken, with why.
     * </pre>
     */
    public void listRejectedItems(io.thedata.v1.ListRejectedItemsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRejectedItemsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListRejectedItemsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the realtime views: the platform's own, and the organization's.
     * </pre>
     */
    public void listRealtimeViews(io.thedata.v1.ListRealtimeViewsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRealtimeViewsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListRealtimeViewsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Defines a realtime view; it begins with what is there already.
     * </pre>
     */
    public void createRealtimeView(io.thedata.v1.CreateRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.RealtimeView> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateRealtimeViewMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Defines a realtime view anew; it begins again with what is there.
     * </pre>
     */
    public void updateRealtimeView(io.thedata.v1.UpdateRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.RealtimeView> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateRealtimeViewMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a realtime view of the organization's.
     * </pre>
     */
    public void deleteRealtimeView(io.thedata.v1.DeleteRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteRealtimeViewMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets the rows of a realtime view as they are now. VIEW_BROKEN: its landed table is gone or lacks what it needs.
     * </pre>
     */
    public void getRealtimeView(io.thedata.v1.GetRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetRealtimeViewResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetRealtimeViewMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams a realtime view: a snapshot first, then its changed rows. VIEW_BROKEN, also later: its landed table is gone
     * or lacks what it needs.
     * </pre>
     */
    public void streamRealtimeView(io.thedata.v1.StreamRealtimeViewRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.StreamRealtimeViewResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getStreamRealtimeViewMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Queries a table that a pipeline landed in the analytics store.
     * </pre>
     */
    public void getHistoricalData(io.thedata.v1.GetHistoricalDataRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.GetHistoricalDataResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetHistoricalDataMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the tables that can be queried.
     * </pre>
     */
    public void listHistoricalTables(io.thedata.v1.ListHistoricalTablesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListHistoricalTablesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListHistoricalTablesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Downloads all rows of an answer.
     * </pre>
     */
    public void exportHistoricalData(io.thedata.v1.ExportHistoricalDataRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getExportHistoricalDataMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AnalyticsService.
   * <pre>
   * Ingests metrics and events, and answers questions about them and about the tables that pipelines landed.
   * </pre>
   */
  public static final class AnalyticsServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AnalyticsServiceBlockingV2Stub> {
    private AnalyticsServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AnalyticsServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AnalyticsServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the points of a metric, grouped and aggregated by step.
     * </pre>
     */
    public io.thedata.v1.GetMetricsResponse getMetrics(io.thedata.v1.GetMetricsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the newest values of metrics at an interval.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.StreamMetricsResponse>
        streamMetrics(io.thedata.v1.StreamMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getStreamMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ingests a batch of metric points.
     * </pre>
     */
    public io.thedata.v1.IngestResponse ingestMetrics(io.thedata.v1.IngestMetricsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getIngestMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets events, newest first.
     * </pre>
     */
    public io.thedata.v1.GetEventsResponse getEvents(io.thedata.v1.GetEventsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ingests a batch of events.
     * </pre>
     */
    public io.thedata.v1.IngestResponse ingestEvents(io.thedata.v1.IngestEventsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getIngestEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ingests a stream of batches; the answer acknowledges the highest durable sequence.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.thedata.v1.IngestStreamRequest, io.thedata.v1.IngestResponse>
        ingestStream() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getIngestStreamMethod(), getCallOptions());
    }

    /**
     * <pre>
     * Gets how far a producer of batches has come.
     * </pre>
     */
    public io.thedata.v1.Producer getProducer(io.thedata.v1.GetProducerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetProducerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists items that were not taken, with why.
     * </pre>
     */
    public io.thedata.v1.ListRejectedItemsResponse listRejectedItems(io.thedata.v1.ListRejectedItemsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListRejectedItemsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the realtime views: the platform's own, and the organization's.
     * </pre>
     */
    public io.thedata.v1.ListRealtimeViewsResponse listRealtimeViews(io.thedata.v1.ListRealtimeViewsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListRealtimeViewsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Defines a realtime view; it begins with what is there already.
     * </pre>
     */
    public io.thedata.v1.RealtimeView createRealtimeView(io.thedata.v1.CreateRealtimeViewRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Defines a realtime view anew; it begins again with what is there.
     * </pre>
     */
    public io.thedata.v1.RealtimeView updateRealtimeView(io.thedata.v1.UpdateRealtimeViewRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a realtime view of the organization's.
     * </pre>
     */
    public com.google.protobuf.Empty deleteRealtimeView(io.thedata.v1.DeleteRealtimeViewRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the rows of a realtime view as they are now. VIEW_BROKEN: its landed table is gone or lacks what it needs.
     * </pre>
     */
    public io.thedata.v1.GetRealtimeViewResponse getRealtimeView(io.thedata.v1.GetRealtimeViewRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams a realtime view: a snapshot first, then its changed rows. VIEW_BROKEN, also later: its landed table is gone
     * or lacks what it needs.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.StreamRealtimeViewResponse>
        streamRealtimeView(io.thedata.v1.StreamRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getStreamRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queries a table that a pipeline landed in the analytics store.
     * </pre>
     */
    public io.thedata.v1.GetHistoricalDataResponse getHistoricalData(io.thedata.v1.GetHistoricalDataRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetHistoricalDataMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the tables that can be queried.
     * </pre>
     */
    public io.thedata.v1.ListHistoricalTablesResponse listHistoricalTables(io.thedata.v1.ListHistoricalTablesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListHistoricalTablesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Downloads all rows of an answer.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, com.google.api.HttpBody>
        exportHistoricalData(io.thedata.v1.ExportHistoricalDataRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getExportHistoricalDataMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AnalyticsService.
   * <pre>
   * Ingests metrics and events, and answers questions about them and about the tables that pipelines landed.
   * </pre>
   */
  public static final class AnalyticsServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AnalyticsServiceBlockingStub> {
    private AnalyticsServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AnalyticsServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AnalyticsServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the points of a metric, grouped and aggregated by step.
     * </pre>
     */
    public io.thedata.v1.GetMetricsResponse getMetrics(io.thedata.v1.GetMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the newest values of metrics at an interval.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.StreamMetricsResponse> streamMetrics(
        io.thedata.v1.StreamMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getStreamMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ingests a batch of metric points.
     * </pre>
     */
    public io.thedata.v1.IngestResponse ingestMetrics(io.thedata.v1.IngestMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getIngestMetricsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets events, newest first.
     * </pre>
     */
    public io.thedata.v1.GetEventsResponse getEvents(io.thedata.v1.GetEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ingests a batch of events.
     * </pre>
     */
    public io.thedata.v1.IngestResponse ingestEvents(io.thedata.v1.IngestEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getIngestEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets how far a producer of batches has come.
     * </pre>
     */
    public io.thedata.v1.Producer getProducer(io.thedata.v1.GetProducerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetProducerMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists items that were not taken, with why.
     * </pre>
     */
    public io.thedata.v1.ListRejectedItemsResponse listRejectedItems(io.thedata.v1.ListRejectedItemsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListRejectedItemsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the realtime views: the platform's own, and the organization's.
     * </pre>
     */
    public io.thedata.v1.ListRealtimeViewsResponse listRealtimeViews(io.thedata.v1.ListRealtimeViewsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListRealtimeViewsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Defines a realtime view; it begins with what is there already.
     * </pre>
     */
    public io.thedata.v1.RealtimeView createRealtimeView(io.thedata.v1.CreateRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Defines a realtime view anew; it begins again with what is there.
     * </pre>
     */
    public io.thedata.v1.RealtimeView updateRealtimeView(io.thedata.v1.UpdateRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a realtime view of the organization's.
     * </pre>
     */
    public com.google.protobuf.Empty deleteRealtimeView(io.thedata.v1.DeleteRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the rows of a realtime view as they are now. VIEW_BROKEN: its landed table is gone or lacks what it needs.
     * </pre>
     */
    public io.thedata.v1.GetRealtimeViewResponse getRealtimeView(io.thedata.v1.GetRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams a realtime view: a snapshot first, then its changed rows. VIEW_BROKEN, also later: its landed table is gone
     * or lacks what it needs.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.StreamRealtimeViewResponse> streamRealtimeView(
        io.thedata.v1.StreamRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getStreamRealtimeViewMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queries a table that a pipeline landed in the analytics store.
     * </pre>
     */
    public io.thedata.v1.GetHistoricalDataResponse getHistoricalData(io.thedata.v1.GetHistoricalDataRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetHistoricalDataMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the tables that can be queried.
     * </pre>
     */
    public io.thedata.v1.ListHistoricalTablesResponse listHistoricalTables(io.thedata.v1.ListHistoricalTablesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListHistoricalTablesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Downloads all rows of an answer.
     * </pre>
     */
    public java.util.Iterator<com.google.api.HttpBody> exportHistoricalData(
        io.thedata.v1.ExportHistoricalDataRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getExportHistoricalDataMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AnalyticsService.
   * <pre>
   * Ingests metrics and events, and answers questions about them and about the tables that pipelines landed.
   * </pre>
   */
  public static final class AnalyticsServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AnalyticsServiceFutureStub> {
    private AnalyticsServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AnalyticsServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AnalyticsServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the points of a metric, grouped and aggregated by step.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.GetMetricsResponse> getMetrics(
        io.thedata.v1.GetMetricsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetMetricsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Ingests a batch of metric points.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.IngestResponse> ingestMetrics(
        io.thedata.v1.IngestMetricsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getIngestMetricsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets events, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.GetEventsResponse> getEvents(
        io.thedata.v1.GetEventsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetEventsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Ingests a batch of events.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.IngestResponse> ingestEvents(
        io.thedata.v1.IngestEventsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getIngestEventsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets how far a producer of batches has come.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Producer> getProducer(
        io.thedata.v1.GetProducerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetProducerMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists items that were not taken, with why.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListRejectedItemsResponse> listRejectedItems(
        io.thedata.v1.ListRejectedItemsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListRejectedItemsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the realtime views: the platform's own, and the organization's.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListRealtimeViewsResponse> listRealtimeViews(
        io.thedata.v1.ListRealtimeViewsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListRealtimeViewsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Defines a realtime view; it begins with what is there already.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.RealtimeView> createRealtimeView(
        io.thedata.v1.CreateRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateRealtimeViewMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Defines a realtime view anew; it begins again with what is there.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.RealtimeView> updateRealtimeView(
        io.thedata.v1.UpdateRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateRealtimeViewMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a realtime view of the organization's.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteRealtimeView(
        io.thedata.v1.DeleteRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteRealtimeViewMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets the rows of a realtime view as they are now. VIEW_BROKEN: its landed table is gone or lacks what it needs.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.GetRealtimeViewResponse> getRealtimeView(
        io.thedata.v1.GetRealtimeViewRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetRealtimeViewMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Queries a table that a pipeline landed in the analytics store.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.GetHistoricalDataResponse> getHistoricalData(
        io.thedata.v1.GetHistoricalDataRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetHistoricalDataMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the tables that can be queried.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListHistoricalTablesResponse> listHistoricalTables(
        io.thedata.v1.ListHistoricalTablesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListHistoricalTablesMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_METRICS = 0;
  private static final int METHODID_STREAM_METRICS = 1;
  private static final int METHODID_INGEST_METRICS = 2;
  private static final int METHODID_GET_EVENTS = 3;
  private static final int METHODID_INGEST_EVENTS = 4;
  private static final int METHODID_GET_PRODUCER = 5;
  private static final int METHODID_LIST_REJECTED_ITEMS = 6;
  private static final int METHODID_LIST_REALTIME_VIEWS = 7;
  private static final int METHODID_CREATE_REALTIME_VIEW = 8;
  private static final int METHODID_UPDATE_REALTIME_VIEW = 9;
  private static final int METHODID_DELETE_REALTIME_VIEW = 10;
  private static final int METHODID_GET_REALTIME_VIEW = 11;
  private static final int METHODID_STREAM_REALTIME_VIEW = 12;
  private static final int METHODID_GET_HISTORICAL_DATA = 13;
  private static final int METHODID_LIST_HISTORICAL_TABLES = 14;
  private static final int METHODID_EXPORT_HISTORICAL_DATA = 15;
  private static final int METHODID_INGEST_STREAM = 16;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_GET_METRICS:
          serviceImpl.getMetrics((io.thedata.v1.GetMetricsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.GetMetricsResponse>) responseObserver);
          break;
        case METHODID_STREAM_METRICS:
          serviceImpl.streamMetrics((io.thedata.v1.StreamMetricsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.StreamMetricsResponse>) responseObserver);
          break;
        case METHODID_INGEST_METRICS:
          serviceImpl.ingestMetrics((io.thedata.v1.IngestMetricsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse>) responseObserver);
          break;
        case METHODID_GET_EVENTS:
          serviceImpl.getEvents((io.thedata.v1.GetEventsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.GetEventsResponse>) responseObserver);
          break;
        case METHODID_INGEST_EVENTS:
          serviceImpl.ingestEvents((io.thedata.v1.IngestEventsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse>) responseObserver);
          break;
        case METHODID_GET_PRODUCER:
          serviceImpl.getProducer((io.thedata.v1.GetProducerRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Producer>) responseObserver);
          break;
        case METHODID_LIST_REJECTED_ITEMS:
          serviceImpl.listRejectedItems((io.thedata.v1.ListRejectedItemsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListRejectedItemsResponse>) responseObserver);
          break;
        case METHODID_LIST_REALTIME_VIEWS:
          serviceImpl.listRealtimeViews((io.thedata.v1.ListRealtimeViewsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListRealtimeViewsResponse>) responseObserver);
          break;
        case METHODID_CREATE_REALTIME_VIEW:
          serviceImpl.createRealtimeView((io.thedata.v1.CreateRealtimeViewRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.RealtimeView>) responseObserver);
          break;
        case METHODID_UPDATE_REALTIME_VIEW:
          serviceImpl.updateRealtimeView((io.thedata.v1.UpdateRealtimeViewRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.RealtimeView>) responseObserver);
          break;
        case METHODID_DELETE_REALTIME_VIEW:
          serviceImpl.deleteRealtimeView((io.thedata.v1.DeleteRealtimeViewRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_GET_REALTIME_VIEW:
          serviceImpl.getRealtimeView((io.thedata.v1.GetRealtimeViewRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.GetRealtimeViewResponse>) responseObserver);
          break;
        case METHODID_STREAM_REALTIME_VIEW:
          serviceImpl.streamRealtimeView((io.thedata.v1.StreamRealtimeViewRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.StreamRealtimeViewResponse>) responseObserver);
          break;
        case METHODID_GET_HISTORICAL_DATA:
          serviceImpl.getHistoricalData((io.thedata.v1.GetHistoricalDataRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.GetHistoricalDataResponse>) responseObserver);
          break;
        case METHODID_LIST_HISTORICAL_TABLES:
          serviceImpl.listHistoricalTables((io.thedata.v1.ListHistoricalTablesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListHistoricalTablesResponse>) responseObserver);
          break;
        case METHODID_EXPORT_HISTORICAL_DATA:
          serviceImpl.exportHistoricalData((io.thedata.v1.ExportHistoricalDataRequest) request,
              (io.grpc.stub.StreamObserver<com.google.api.HttpBody>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_INGEST_STREAM:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.ingestStream(
              (io.grpc.stub.StreamObserver<io.thedata.v1.IngestResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getGetMetricsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetMetricsRequest,
              io.thedata.v1.GetMetricsResponse>(
                service, METHODID_GET_METRICS)))
        .addMethod(
          getStreamMetricsMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.StreamMetricsRequest,
              io.thedata.v1.StreamMetricsResponse>(
                service, METHODID_STREAM_METRICS)))
        .addMethod(
          getIngestMetricsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.IngestMetricsRequest,
              io.thedata.v1.IngestResponse>(
                service, METHODID_INGEST_METRICS)))
        .addMethod(
          getGetEventsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetEventsRequest,
              io.thedata.v1.GetEventsResponse>(
                service, METHODID_GET_EVENTS)))
        .addMethod(
          getIngestEventsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.IngestEventsRequest,
              io.thedata.v1.IngestResponse>(
                service, METHODID_INGEST_EVENTS)))
        .addMethod(
          getIngestStreamMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              io.thedata.v1.IngestStreamRequest,
              io.thedata.v1.IngestResponse>(
                service, METHODID_INGEST_STREAM)))
        .addMethod(
          getGetProducerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetProducerRequest,
              io.thedata.v1.Producer>(
                service, METHODID_GET_PRODUCER)))
        .addMethod(
          getListRejectedItemsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListRejectedItemsRequest,
              io.thedata.v1.ListRejectedItemsResponse>(
                service, METHODID_LIST_REJECTED_ITEMS)))
        .addMethod(
          getListRealtimeViewsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListRealtimeViewsRequest,
              io.thedata.v1.ListRealtimeViewsResponse>(
                service, METHODID_LIST_REALTIME_VIEWS)))
        .addMethod(
          getCreateRealtimeViewMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CreateRealtimeViewRequest,
              io.thedata.v1.RealtimeView>(
                service, METHODID_CREATE_REALTIME_VIEW)))
        .addMethod(
          getUpdateRealtimeViewMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdateRealtimeViewRequest,
              io.thedata.v1.RealtimeView>(
                service, METHODID_UPDATE_REALTIME_VIEW)))
        .addMethod(
          getDeleteRealtimeViewMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DeleteRealtimeViewRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_REALTIME_VIEW)))
        .addMethod(
          getGetRealtimeViewMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetRealtimeViewRequest,
              io.thedata.v1.GetRealtimeViewResponse>(
                service, METHODID_GET_REALTIME_VIEW)))
        .addMethod(
          getStreamRealtimeViewMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.StreamRealtimeViewRequest,
              io.thedata.v1.StreamRealtimeViewResponse>(
                service, METHODID_STREAM_REALTIME_VIEW)))
        .addMethod(
          getGetHistoricalDataMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetHistoricalDataRequest,
              io.thedata.v1.GetHistoricalDataResponse>(
                service, METHODID_GET_HISTORICAL_DATA)))
        .addMethod(
          getListHistoricalTablesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListHistoricalTablesRequest,
              io.thedata.v1.ListHistoricalTablesResponse>(
                service, METHODID_LIST_HISTORICAL_TABLES)))
        .addMethod(
          getExportHistoricalDataMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.ExportHistoricalDataRequest,
              com.google.api.HttpBody>(
                service, METHODID_EXPORT_HISTORICAL_DATA)))
        .build();
  }

  private static abstract class AnalyticsServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AnalyticsServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return io.thedata.v1.AnalyticsProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AnalyticsService");
    }
  }

  private static final class AnalyticsServiceFileDescriptorSupplier
      extends AnalyticsServiceBaseDescriptorSupplier {
    AnalyticsServiceFileDescriptorSupplier() {}
  }

  private static final class AnalyticsServiceMethodDescriptorSupplier
      extends AnalyticsServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AnalyticsServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (AnalyticsServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AnalyticsServiceFileDescriptorSupplier())
              .addMethod(getGetMetricsMethod())
              .addMethod(getStreamMetricsMethod())
              .addMethod(getIngestMetricsMethod())
              .addMethod(getGetEventsMethod())
              .addMethod(getIngestEventsMethod())
              .addMethod(getIngestStreamMethod())
              .addMethod(getGetProducerMethod())
              .addMethod(getListRejectedItemsMethod())
              .addMethod(getListRealtimeViewsMethod())
              .addMethod(getCreateRealtimeViewMethod())
              .addMethod(getUpdateRealtimeViewMethod())
              .addMethod(getDeleteRealtimeViewMethod())
              .addMethod(getGetRealtimeViewMethod())
              .addMethod(getStreamRealtimeViewMethod())
              .addMethod(getGetHistoricalDataMethod())
              .addMethod(getListHistoricalTablesMethod())
              .addMethod(getExportHistoricalDataMethod())
              .build();
        }
      }
    }
    return result;
  }
}
