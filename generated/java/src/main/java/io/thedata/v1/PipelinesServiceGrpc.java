package io.thedata.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.
 * Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class PipelinesServiceGrpc {

  private PipelinesServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "thedata.v1.PipelinesService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListPipelinesRequest,
      io.thedata.v1.ListPipelinesResponse> getListPipelinesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListPipelines",
      requestType = io.thedata.v1.ListPipelinesRequest.class,
      responseType = io.thedata.v1.ListPipelinesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListPipelinesRequest,
      io.thedata.v1.ListPipelinesResponse> getListPipelinesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListPipelinesRequest, io.thedata.v1.ListPipelinesResponse> getListPipelinesMethod;
    if ((getListPipelinesMethod = PipelinesServiceGrpc.getListPipelinesMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getListPipelinesMethod = PipelinesServiceGrpc.getListPipelinesMethod) == null) {
          PipelinesServiceGrpc.getListPipelinesMethod = getListPipelinesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListPipelinesRequest, io.thedata.v1.ListPipelinesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListPipelines"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListPipelinesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListPipelinesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ListPipelines"))
              .build();
        }
      }
    }
    return getListPipelinesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CreatePipelineRequest,
      io.thedata.v1.Pipeline> getCreatePipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreatePipeline",
      requestType = io.thedata.v1.CreatePipelineRequest.class,
      responseType = io.thedata.v1.Pipeline.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CreatePipelineRequest,
      io.thedata.v1.Pipeline> getCreatePipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CreatePipelineRequest, io.thedata.v1.Pipeline> getCreatePipelineMethod;
    if ((getCreatePipelineMethod = PipelinesServiceGrpc.getCreatePipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getCreatePipelineMethod = PipelinesServiceGrpc.getCreatePipelineMethod) == null) {
          PipelinesServiceGrpc.getCreatePipelineMethod = getCreatePipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CreatePipelineRequest, io.thedata.v1.Pipeline>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreatePipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CreatePipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Pipeline.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("CreatePipeline"))
              .build();
        }
      }
    }
    return getCreatePipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetPipelineRequest,
      io.thedata.v1.Pipeline> getGetPipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetPipeline",
      requestType = io.thedata.v1.GetPipelineRequest.class,
      responseType = io.thedata.v1.Pipeline.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetPipelineRequest,
      io.thedata.v1.Pipeline> getGetPipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetPipelineRequest, io.thedata.v1.Pipeline> getGetPipelineMethod;
    if ((getGetPipelineMethod = PipelinesServiceGrpc.getGetPipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getGetPipelineMethod = PipelinesServiceGrpc.getGetPipelineMethod) == null) {
          PipelinesServiceGrpc.getGetPipelineMethod = getGetPipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetPipelineRequest, io.thedata.v1.Pipeline>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetPipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetPipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Pipeline.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("GetPipeline"))
              .build();
        }
      }
    }
    return getGetPipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdatePipelineRequest,
      io.thedata.v1.Pipeline> getUpdatePipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdatePipeline",
      requestType = io.thedata.v1.UpdatePipelineRequest.class,
      responseType = io.thedata.v1.Pipeline.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdatePipelineRequest,
      io.thedata.v1.Pipeline> getUpdatePipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdatePipelineRequest, io.thedata.v1.Pipeline> getUpdatePipelineMethod;
    if ((getUpdatePipelineMethod = PipelinesServiceGrpc.getUpdatePipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getUpdatePipelineMethod = PipelinesServiceGrpc.getUpdatePipelineMethod) == null) {
          PipelinesServiceGrpc.getUpdatePipelineMethod = getUpdatePipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdatePipelineRequest, io.thedata.v1.Pipeline>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdatePipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdatePipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Pipeline.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("UpdatePipeline"))
              .build();
        }
      }
    }
    return getUpdatePipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DeletePipelineRequest,
      com.google.protobuf.Empty> getDeletePipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeletePipeline",
      requestType = io.thedata.v1.DeletePipelineRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DeletePipelineRequest,
      com.google.protobuf.Empty> getDeletePipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DeletePipelineRequest, com.google.protobuf.Empty> getDeletePipelineMethod;
    if ((getDeletePipelineMethod = PipelinesServiceGrpc.getDeletePipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getDeletePipelineMethod = PipelinesServiceGrpc.getDeletePipelineMethod) == null) {
          PipelinesServiceGrpc.getDeletePipelineMethod = getDeletePipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DeletePipelineRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeletePipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DeletePipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("DeletePipeline"))
              .build();
        }
      }
    }
    return getDeletePipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.StartPipelineRequest,
      io.thedata.v1.Run> getStartPipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StartPipeline",
      requestType = io.thedata.v1.StartPipelineRequest.class,
      responseType = io.thedata.v1.Run.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.StartPipelineRequest,
      io.thedata.v1.Run> getStartPipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.StartPipelineRequest, io.thedata.v1.Run> getStartPipelineMethod;
    if ((getStartPipelineMethod = PipelinesServiceGrpc.getStartPipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getStartPipelineMethod = PipelinesServiceGrpc.getStartPipelineMethod) == null) {
          PipelinesServiceGrpc.getStartPipelineMethod = getStartPipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.StartPipelineRequest, io.thedata.v1.Run>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StartPipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.StartPipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Run.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("StartPipeline"))
              .build();
        }
      }
    }
    return getStartPipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.StopPipelineRequest,
      io.thedata.v1.Run> getStopPipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StopPipeline",
      requestType = io.thedata.v1.StopPipelineRequest.class,
      responseType = io.thedata.v1.Run.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.StopPipelineRequest,
      io.thedata.v1.Run> getStopPipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.StopPipelineRequest, io.thedata.v1.Run> getStopPipelineMethod;
    if ((getStopPipelineMethod = PipelinesServiceGrpc.getStopPipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getStopPipelineMethod = PipelinesServiceGrpc.getStopPipelineMethod) == null) {
          PipelinesServiceGrpc.getStopPipelineMethod = getStopPipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.StopPipelineRequest, io.thedata.v1.Run>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StopPipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.StopPipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Run.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("StopPipeline"))
              .build();
        }
      }
    }
    return getStopPipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.PausePipelineRequest,
      io.thedata.v1.Pipeline> getPausePipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PausePipeline",
      requestType = io.thedata.v1.PausePipelineRequest.class,
      responseType = io.thedata.v1.Pipeline.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.PausePipelineRequest,
      io.thedata.v1.Pipeline> getPausePipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.PausePipelineRequest, io.thedata.v1.Pipeline> getPausePipelineMethod;
    if ((getPausePipelineMethod = PipelinesServiceGrpc.getPausePipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getPausePipelineMethod = PipelinesServiceGrpc.getPausePipelineMethod) == null) {
          PipelinesServiceGrpc.getPausePipelineMethod = getPausePipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.PausePipelineRequest, io.thedata.v1.Pipeline>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PausePipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.PausePipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Pipeline.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("PausePipeline"))
              .build();
        }
      }
    }
    return getPausePipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ResumePipelineRequest,
      io.thedata.v1.Pipeline> getResumePipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResumePipeline",
      requestType = io.thedata.v1.ResumePipelineRequest.class,
      responseType = io.thedata.v1.Pipeline.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ResumePipelineRequest,
      io.thedata.v1.Pipeline> getResumePipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ResumePipelineRequest, io.thedata.v1.Pipeline> getResumePipelineMethod;
    if ((getResumePipelineMethod = PipelinesServiceGrpc.getResumePipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getResumePipelineMethod = PipelinesServiceGrpc.getResumePipelineMethod) == null) {
          PipelinesServiceGrpc.getResumePipelineMethod = getResumePipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ResumePipelineRequest, io.thedata.v1.Pipeline>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResumePipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ResumePipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Pipeline.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ResumePipeline"))
              .build();
        }
      }
    }
    return getResumePipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.RotatePipelineWebhookRequest,
      io.thedata.v1.PipelineWebhook> getRotatePipelineWebhookMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RotatePipelineWebhook",
      requestType = io.thedata.v1.RotatePipelineWebhookRequest.class,
      responseType = io.thedata.v1.PipelineWebhook.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.RotatePipelineWebhookRequest,
      io.thedata.v1.PipelineWebhook> getRotatePipelineWebhookMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.RotatePipelineWebhookRequest, io.thedata.v1.PipelineWebhook> getRotatePipelineWebhookMethod;
    if ((getRotatePipelineWebhookMethod = PipelinesServiceGrpc.getRotatePipelineWebhookMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getRotatePipelineWebhookMethod = PipelinesServiceGrpc.getRotatePipelineWebhookMethod) == null) {
          PipelinesServiceGrpc.getRotatePipelineWebhookMethod = getRotatePipelineWebhookMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.RotatePipelineWebhookRequest, io.thedata.v1.PipelineWebhook>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RotatePipelineWebhook"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RotatePipelineWebhookRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.PipelineWebhook.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("RotatePipelineWebhook"))
              .build();
        }
      }
    }
    return getRotatePipelineWebhookMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DeletePipelineWebhookRequest,
      com.google.protobuf.Empty> getDeletePipelineWebhookMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeletePipelineWebhook",
      requestType = io.thedata.v1.DeletePipelineWebhookRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DeletePipelineWebhookRequest,
      com.google.protobuf.Empty> getDeletePipelineWebhookMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DeletePipelineWebhookRequest, com.google.protobuf.Empty> getDeletePipelineWebhookMethod;
    if ((getDeletePipelineWebhookMethod = PipelinesServiceGrpc.getDeletePipelineWebhookMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getDeletePipelineWebhookMethod = PipelinesServiceGrpc.getDeletePipelineWebhookMethod) == null) {
          PipelinesServiceGrpc.getDeletePipelineWebhookMethod = getDeletePipelineWebhookMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DeletePipelineWebhookRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeletePipelineWebhook"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DeletePipelineWebhookRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("DeletePipelineWebhook"))
              .build();
        }
      }
    }
    return getDeletePipelineWebhookMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ReceivePipelineWebhookRequest,
      io.thedata.v1.ReceivePipelineWebhookResponse> getReceivePipelineWebhookMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReceivePipelineWebhook",
      requestType = io.thedata.v1.ReceivePipelineWebhookRequest.class,
      responseType = io.thedata.v1.ReceivePipelineWebhookResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ReceivePipelineWebhookRequest,
      io.thedata.v1.ReceivePipelineWebhookResponse> getReceivePipelineWebhookMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ReceivePipelineWebhookRequest, io.thedata.v1.ReceivePipelineWebhookResponse> getReceivePipelineWebhookMethod;
    if ((getReceivePipelineWebhookMethod = PipelinesServiceGrpc.getReceivePipelineWebhookMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getReceivePipelineWebhookMethod = PipelinesServiceGrpc.getReceivePipelineWebhookMethod) == null) {
          PipelinesServiceGrpc.getReceivePipelineWebhookMethod = getReceivePipelineWebhookMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ReceivePipelineWebhookRequest, io.thedata.v1.ReceivePipelineWebhookResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReceivePipelineWebhook"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ReceivePipelineWebhookRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ReceivePipelineWebhookResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ReceivePipelineWebhook"))
              .build();
        }
      }
    }
    return getReceivePipelineWebhookMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.WatchPipelinesRequest,
      io.thedata.v1.WatchPipelinesResponse> getWatchPipelinesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchPipelines",
      requestType = io.thedata.v1.WatchPipelinesRequest.class,
      responseType = io.thedata.v1.WatchPipelinesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.WatchPipelinesRequest,
      io.thedata.v1.WatchPipelinesResponse> getWatchPipelinesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.WatchPipelinesRequest, io.thedata.v1.WatchPipelinesResponse> getWatchPipelinesMethod;
    if ((getWatchPipelinesMethod = PipelinesServiceGrpc.getWatchPipelinesMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getWatchPipelinesMethod = PipelinesServiceGrpc.getWatchPipelinesMethod) == null) {
          PipelinesServiceGrpc.getWatchPipelinesMethod = getWatchPipelinesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.WatchPipelinesRequest, io.thedata.v1.WatchPipelinesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchPipelines"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchPipelinesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchPipelinesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("WatchPipelines"))
              .build();
        }
      }
    }
    return getWatchPipelinesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListRunsRequest,
      io.thedata.v1.ListRunsResponse> getListRunsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListRuns",
      requestType = io.thedata.v1.ListRunsRequest.class,
      responseType = io.thedata.v1.ListRunsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListRunsRequest,
      io.thedata.v1.ListRunsResponse> getListRunsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListRunsRequest, io.thedata.v1.ListRunsResponse> getListRunsMethod;
    if ((getListRunsMethod = PipelinesServiceGrpc.getListRunsMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getListRunsMethod = PipelinesServiceGrpc.getListRunsMethod) == null) {
          PipelinesServiceGrpc.getListRunsMethod = getListRunsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListRunsRequest, io.thedata.v1.ListRunsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListRuns"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRunsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRunsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ListRuns"))
              .build();
        }
      }
    }
    return getListRunsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetRunRequest,
      io.thedata.v1.Run> getGetRunMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetRun",
      requestType = io.thedata.v1.GetRunRequest.class,
      responseType = io.thedata.v1.Run.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetRunRequest,
      io.thedata.v1.Run> getGetRunMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetRunRequest, io.thedata.v1.Run> getGetRunMethod;
    if ((getGetRunMethod = PipelinesServiceGrpc.getGetRunMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getGetRunMethod = PipelinesServiceGrpc.getGetRunMethod) == null) {
          PipelinesServiceGrpc.getGetRunMethod = getGetRunMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetRunRequest, io.thedata.v1.Run>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetRun"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetRunRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Run.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("GetRun"))
              .build();
        }
      }
    }
    return getGetRunMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetRunReceiptRequest,
      io.thedata.v1.RunReceipt> getGetRunReceiptMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetRunReceipt",
      requestType = io.thedata.v1.GetRunReceiptRequest.class,
      responseType = io.thedata.v1.RunReceipt.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetRunReceiptRequest,
      io.thedata.v1.RunReceipt> getGetRunReceiptMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetRunReceiptRequest, io.thedata.v1.RunReceipt> getGetRunReceiptMethod;
    if ((getGetRunReceiptMethod = PipelinesServiceGrpc.getGetRunReceiptMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getGetRunReceiptMethod = PipelinesServiceGrpc.getGetRunReceiptMethod) == null) {
          PipelinesServiceGrpc.getGetRunReceiptMethod = getGetRunReceiptMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetRunReceiptRequest, io.thedata.v1.RunReceipt>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetRunReceipt"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetRunReceiptRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RunReceipt.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("GetRunReceipt"))
              .build();
        }
      }
    }
    return getGetRunReceiptMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.PlanPipelineRequest,
      io.thedata.v1.PlanPipelineResponse> getPlanPipelineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PlanPipeline",
      requestType = io.thedata.v1.PlanPipelineRequest.class,
      responseType = io.thedata.v1.PlanPipelineResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.PlanPipelineRequest,
      io.thedata.v1.PlanPipelineResponse> getPlanPipelineMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.PlanPipelineRequest, io.thedata.v1.PlanPipelineResponse> getPlanPipelineMethod;
    if ((getPlanPipelineMethod = PipelinesServiceGrpc.getPlanPipelineMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getPlanPipelineMethod = PipelinesServiceGrpc.getPlanPipelineMethod) == null) {
          PipelinesServiceGrpc.getPlanPipelineMethod = getPlanPipelineMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.PlanPipelineRequest, io.thedata.v1.PlanPipelineResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PlanPipeline"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.PlanPipelineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.PlanPipelineResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("PlanPipeline"))
              .build();
        }
      }
    }
    return getPlanPipelineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListCheckpointsRequest,
      io.thedata.v1.ListCheckpointsResponse> getListCheckpointsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListCheckpoints",
      requestType = io.thedata.v1.ListCheckpointsRequest.class,
      responseType = io.thedata.v1.ListCheckpointsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListCheckpointsRequest,
      io.thedata.v1.ListCheckpointsResponse> getListCheckpointsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListCheckpointsRequest, io.thedata.v1.ListCheckpointsResponse> getListCheckpointsMethod;
    if ((getListCheckpointsMethod = PipelinesServiceGrpc.getListCheckpointsMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getListCheckpointsMethod = PipelinesServiceGrpc.getListCheckpointsMethod) == null) {
          PipelinesServiceGrpc.getListCheckpointsMethod = getListCheckpointsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListCheckpointsRequest, io.thedata.v1.ListCheckpointsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListCheckpoints"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListCheckpointsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListCheckpointsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ListCheckpoints"))
              .build();
        }
      }
    }
    return getListCheckpointsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ResetStreamRequest,
      io.thedata.v1.Checkpoint> getResetStreamMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResetStream",
      requestType = io.thedata.v1.ResetStreamRequest.class,
      responseType = io.thedata.v1.Checkpoint.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ResetStreamRequest,
      io.thedata.v1.Checkpoint> getResetStreamMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ResetStreamRequest, io.thedata.v1.Checkpoint> getResetStreamMethod;
    if ((getResetStreamMethod = PipelinesServiceGrpc.getResetStreamMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getResetStreamMethod = PipelinesServiceGrpc.getResetStreamMethod) == null) {
          PipelinesServiceGrpc.getResetStreamMethod = getResetStreamMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ResetStreamRequest, io.thedata.v1.Checkpoint>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResetStream"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ResetStreamRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Checkpoint.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ResetStream"))
              .build();
        }
      }
    }
    return getResetStreamMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.RewindStreamRequest,
      io.thedata.v1.Checkpoint> getRewindStreamMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RewindStream",
      requestType = io.thedata.v1.RewindStreamRequest.class,
      responseType = io.thedata.v1.Checkpoint.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.RewindStreamRequest,
      io.thedata.v1.Checkpoint> getRewindStreamMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.RewindStreamRequest, io.thedata.v1.Checkpoint> getRewindStreamMethod;
    if ((getRewindStreamMethod = PipelinesServiceGrpc.getRewindStreamMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getRewindStreamMethod = PipelinesServiceGrpc.getRewindStreamMethod) == null) {
          PipelinesServiceGrpc.getRewindStreamMethod = getRewindStreamMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.RewindStreamRequest, io.thedata.v1.Checkpoint>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RewindStream"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RewindStreamRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Checkpoint.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("RewindStream"))
              .build();
        }
      }
    }
    return getRewindStreamMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.BackfillStreamRequest,
      io.thedata.v1.Run> getBackfillStreamMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BackfillStream",
      requestType = io.thedata.v1.BackfillStreamRequest.class,
      responseType = io.thedata.v1.Run.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.BackfillStreamRequest,
      io.thedata.v1.Run> getBackfillStreamMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.BackfillStreamRequest, io.thedata.v1.Run> getBackfillStreamMethod;
    if ((getBackfillStreamMethod = PipelinesServiceGrpc.getBackfillStreamMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getBackfillStreamMethod = PipelinesServiceGrpc.getBackfillStreamMethod) == null) {
          PipelinesServiceGrpc.getBackfillStreamMethod = getBackfillStreamMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.BackfillStreamRequest, io.thedata.v1.Run>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BackfillStream"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.BackfillStreamRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Run.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("BackfillStream"))
              .build();
        }
      }
    }
    return getBackfillStreamMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListSchemaChangesRequest,
      io.thedata.v1.ListSchemaChangesResponse> getListSchemaChangesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListSchemaChanges",
      requestType = io.thedata.v1.ListSchemaChangesRequest.class,
      responseType = io.thedata.v1.ListSchemaChangesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListSchemaChangesRequest,
      io.thedata.v1.ListSchemaChangesResponse> getListSchemaChangesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListSchemaChangesRequest, io.thedata.v1.ListSchemaChangesResponse> getListSchemaChangesMethod;
    if ((getListSchemaChangesMethod = PipelinesServiceGrpc.getListSchemaChangesMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getListSchemaChangesMethod = PipelinesServiceGrpc.getListSchemaChangesMethod) == null) {
          PipelinesServiceGrpc.getListSchemaChangesMethod = getListSchemaChangesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListSchemaChangesRequest, io.thedata.v1.ListSchemaChangesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListSchemaChanges"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListSchemaChangesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListSchemaChangesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ListSchemaChanges"))
              .build();
        }
      }
    }
    return getListSchemaChangesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListRejectedRowsRequest,
      io.thedata.v1.ListRejectedRowsResponse> getListRejectedRowsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListRejectedRows",
      requestType = io.thedata.v1.ListRejectedRowsRequest.class,
      responseType = io.thedata.v1.ListRejectedRowsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListRejectedRowsRequest,
      io.thedata.v1.ListRejectedRowsResponse> getListRejectedRowsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListRejectedRowsRequest, io.thedata.v1.ListRejectedRowsResponse> getListRejectedRowsMethod;
    if ((getListRejectedRowsMethod = PipelinesServiceGrpc.getListRejectedRowsMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getListRejectedRowsMethod = PipelinesServiceGrpc.getListRejectedRowsMethod) == null) {
          PipelinesServiceGrpc.getListRejectedRowsMethod = getListRejectedRowsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListRejectedRowsRequest, io.thedata.v1.ListRejectedRowsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListRejectedRows"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRejectedRowsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListRejectedRowsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ListRejectedRows"))
              .build();
        }
      }
    }
    return getListRejectedRowsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ReplayRejectedRowsRequest,
      io.thedata.v1.Run> getReplayRejectedRowsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReplayRejectedRows",
      requestType = io.thedata.v1.ReplayRejectedRowsRequest.class,
      responseType = io.thedata.v1.Run.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ReplayRejectedRowsRequest,
      io.thedata.v1.Run> getReplayRejectedRowsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ReplayRejectedRowsRequest, io.thedata.v1.Run> getReplayRejectedRowsMethod;
    if ((getReplayRejectedRowsMethod = PipelinesServiceGrpc.getReplayRejectedRowsMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getReplayRejectedRowsMethod = PipelinesServiceGrpc.getReplayRejectedRowsMethod) == null) {
          PipelinesServiceGrpc.getReplayRejectedRowsMethod = getReplayRejectedRowsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ReplayRejectedRowsRequest, io.thedata.v1.Run>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReplayRejectedRows"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ReplayRejectedRowsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Run.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ReplayRejectedRows"))
              .build();
        }
      }
    }
    return getReplayRejectedRowsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.WatchRunRequest,
      io.thedata.v1.WatchRunResponse> getWatchRunMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchRun",
      requestType = io.thedata.v1.WatchRunRequest.class,
      responseType = io.thedata.v1.WatchRunResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.WatchRunRequest,
      io.thedata.v1.WatchRunResponse> getWatchRunMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.WatchRunRequest, io.thedata.v1.WatchRunResponse> getWatchRunMethod;
    if ((getWatchRunMethod = PipelinesServiceGrpc.getWatchRunMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getWatchRunMethod = PipelinesServiceGrpc.getWatchRunMethod) == null) {
          PipelinesServiceGrpc.getWatchRunMethod = getWatchRunMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.WatchRunRequest, io.thedata.v1.WatchRunResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchRun"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchRunRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchRunResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("WatchRun"))
              .build();
        }
      }
    }
    return getWatchRunMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListPipelineLogsRequest,
      io.thedata.v1.ListPipelineLogsResponse> getListPipelineLogsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListPipelineLogs",
      requestType = io.thedata.v1.ListPipelineLogsRequest.class,
      responseType = io.thedata.v1.ListPipelineLogsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListPipelineLogsRequest,
      io.thedata.v1.ListPipelineLogsResponse> getListPipelineLogsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListPipelineLogsRequest, io.thedata.v1.ListPipelineLogsResponse> getListPipelineLogsMethod;
    if ((getListPipelineLogsMethod = PipelinesServiceGrpc.getListPipelineLogsMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getListPipelineLogsMethod = PipelinesServiceGrpc.getListPipelineLogsMethod) == null) {
          PipelinesServiceGrpc.getListPipelineLogsMethod = getListPipelineLogsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListPipelineLogsRequest, io.thedata.v1.ListPipelineLogsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListPipelineLogs"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListPipelineLogsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListPipelineLogsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("ListPipelineLogs"))
              .build();
        }
      }
    }
    return getListPipelineLogsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.TailPipelineLogsRequest,
      io.thedata.v1.TailPipelineLogsResponse> getTailPipelineLogsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "TailPipelineLogs",
      requestType = io.thedata.v1.TailPipelineLogsRequest.class,
      responseType = io.thedata.v1.TailPipelineLogsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.TailPipelineLogsRequest,
      io.thedata.v1.TailPipelineLogsResponse> getTailPipelineLogsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.TailPipelineLogsRequest, io.thedata.v1.TailPipelineLogsResponse> getTailPipelineLogsMethod;
    if ((getTailPipelineLogsMethod = PipelinesServiceGrpc.getTailPipelineLogsMethod) == null) {
      synchronized (PipelinesServiceGrpc.class) {
        if ((getTailPipelineLogsMethod = PipelinesServiceGrpc.getTailPipelineLogsMethod) == null) {
          PipelinesServiceGrpc.getTailPipelineLogsMethod = getTailPipelineLogsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.TailPipelineLogsRequest, io.thedata.v1.TailPipelineLogsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "TailPipelineLogs"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.TailPipelineLogsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.TailPipelineLogsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new PipelinesServiceMethodDescriptorSupplier("TailPipelineLogs"))
              .build();
        }
      }
    }
    return getTailPipelineLogsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static PipelinesServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceStub>() {
        @java.lang.Override
        public PipelinesServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new PipelinesServiceStub(channel, callOptions);
        }
      };
    return PipelinesServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static PipelinesServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceBlockingV2Stub>() {
        @java.lang.Override
        public PipelinesServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new PipelinesServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return PipelinesServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static PipelinesServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceBlockingStub>() {
        @java.lang.Override
        public PipelinesServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new PipelinesServiceBlockingStub(channel, callOptions);
        }
      };
    return PipelinesServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static PipelinesServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<PipelinesServiceFutureStub>() {
        @java.lang.Override
        public PipelinesServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new PipelinesServiceFutureStub(channel, callOptions);
        }
      };
    return PipelinesServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.
   * Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Lists an organization's pipelines, newest first.
     * </pre>
     */
    default void listPipelines(io.thedata.v1.ListPipelinesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListPipelinesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListPipelinesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Creates a pipeline; it does not run yet.
     * Errors: NOT_FOUND for a data source that is not the organization's; FAILED_PRECONDITION with reason
     * CONNECTOR_INCAPABLE when the source can't be read or the destination can't be written;
     * ALREADY_EXISTS when the organization has a pipeline of that name.
     * </pre>
     */
    default void createPipeline(io.thedata.v1.CreatePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreatePipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets a pipeline.
     * </pre>
     */
    default void getPipeline(io.thedata.v1.GetPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetPipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates the given fields of a pipeline; a run in flight goes on as it was started.
     * </pre>
     */
    default void updatePipeline(io.thedata.v1.UpdatePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdatePipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a pipeline with its runs and logs; what it landed stays in the destination.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while it runs.
     * </pre>
     */
    default void deletePipeline(io.thedata.v1.DeletePipelineRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeletePipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Queues a run now, and lets the pipeline's schedule start runs again.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while a run is queued or running.
     * </pre>
     */
    default void startPipeline(io.thedata.v1.StartPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStartPipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Stops the run in flight and pauses the pipeline: nothing starts by itself until StartPipeline or ResumePipeline.
     * The run is STOPPING at once, and CANCELLED when its work has unwound. What was published stays.
     * Errors: FAILED_PRECONDITION with reason NO_RUN_IN_FLIGHT when nothing runs.
     * </pre>
     */
    default void stopPipeline(io.thedata.v1.StopPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStopPipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Pauses a pipeline: schedule, other pipelines and webhook start nothing. A run in flight goes on.
     * </pre>
     */
    default void pausePipeline(io.thedata.v1.PausePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPausePipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ends a pause. Times that the schedule has missed meanwhile are treated as its catch-up policy says.
     * </pre>
     */
    default void resumePipeline(io.thedata.v1.ResumePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResumePipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Makes a new webhook of a pipeline, by which another system starts runs; an older one ends.
     * The secret is told only here.
     * </pre>
     */
    default void rotatePipelineWebhook(io.thedata.v1.RotatePipelineWebhookRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.PipelineWebhook> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRotatePipelineWebhookMethod(), responseObserver);
    }

    /**
     * <pre>
     * Removes a pipeline's webhook; without one nothing changes.
     * </pre>
     */
    default void deletePipelineWebhook(io.thedata.v1.DeletePipelineWebhookRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeletePipelineWebhookMethod(), responseObserver);
    }

    /**
     * <pre>
     * Queues a run for a signed message of another system (Standard Webhooks).
     * Headers: `webhook-id`, unique; `webhook-timestamp`, seconds since 1970, at most 5 minutes off; `webhook-signature`,
     * `v1,` and the Base64 of HMAC-SHA256 over `&lt;id&gt;.&lt;timestamp&gt;.&lt;body&gt;` under the secret. A message that comes
     * again gives the run of the first. While a run is in flight another one is queued after it.
     * Errors: UNAUTHENTICATED with reason WEBHOOK_REFUSED for a wrong signature, and for a pipeline without a webhook;
     * FAILED_PRECONDITION with reason PIPELINE_PAUSED.
     * </pre>
     */
    default void receivePipelineWebhook(io.thedata.v1.ReceivePipelineWebhookRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ReceivePipelineWebhookResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReceivePipelineWebhookMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams an organization's pipelines: each as it is now, then each that changes or is deleted.
     * </pre>
     */
    default void watchPipelines(io.thedata.v1.WatchPipelinesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchPipelinesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchPipelinesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists a pipeline's runs, newest first.
     * </pre>
     */
    default void listRuns(io.thedata.v1.ListRunsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRunsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListRunsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets a run.
     * </pre>
     */
    default void getRun(io.thedata.v1.GetRunRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetRunMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets the proof of a run: of each stream that has landed every chunk, with rows and content hash of both sides.
     * </pre>
     */
    default void getRunReceipt(io.thedata.v1.GetRunReceiptRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.RunReceipt> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetRunReceiptMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells what a run would do now, before a row moves: tables to create or alter, the type of every column with
     * what it would lose, the lane, and about how many rows. Looks at both systems, writes nothing.
     * A stream that can't land is told by its `failure`. Errors: UNAVAILABLE, FAILED_PRECONDITION as CheckDataSource.
     * </pre>
     */
    default void planPipeline(io.thedata.v1.PlanPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.PlanPipelineResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPlanPipelineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the checkpoints that the pipeline's streams have reached or were set to, newest first.
     * </pre>
     */
    default void listCheckpoints(io.thedata.v1.ListCheckpointsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListCheckpointsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListCheckpointsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lets a stream start from nothing at its next run: what it has landed is removed then, in the run's transaction.
     * </pre>
     */
    default void resetStream(io.thedata.v1.ResetStreamRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Checkpoint> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResetStreamMethod(), responseObserver);
    }

    /**
     * <pre>
     * Sets a stream's checkpoint: its next run reads from this cursor value on. What has landed stays.
     * Errors: INVALID_ARGUMENT for a stream without a cursor, and for a value that its cursor can't have.
     * </pre>
     */
    default void rewindStream(io.thedata.v1.RewindStreamRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Checkpoint> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRewindStreamMethod(), responseObserver);
    }

    /**
     * <pre>
     * Queues a run that reads a range of a stream's cursor again, without moving its checkpoint.
     * Errors: INVALID_ARGUMENT for a stream without a cursor; FAILED_PRECONDITION with reason RUN_IN_FLIGHT.
     * </pre>
     */
    default void backfillStream(io.thedata.v1.BackfillStreamRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBackfillStreamMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the changes of the source's columns that runs have met, newest first.
     * </pre>
     */
    default void listSchemaChanges(io.thedata.v1.ListSchemaChangesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListSchemaChangesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListSchemaChangesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists rows that could not land, with the reason and the row itself, newest first.
     * </pre>
     */
    default void listRejectedRows(io.thedata.v1.ListRejectedRowsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRejectedRowsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListRejectedRowsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Queues a run that lands rejected rows, as they are or corrected; those that are rejected again are listed anew.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT; INVALID_ARGUMENT where nothing can be replayed.
     * </pre>
     */
    default void replayRejectedRows(io.thedata.v1.ReplayRejectedRowsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReplayRejectedRowsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams a run as it goes: a snapshot first, then its changes, log entries and events, until it has ended.
     * </pre>
     */
    default void watchRun(io.thedata.v1.WatchRunRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchRunResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchRunMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the log entries of a run, oldest first.
     * </pre>
     */
    default void listPipelineLogs(io.thedata.v1.ListPipelineLogsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListPipelineLogsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListPipelineLogsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams the log entries of a run as they are written, until the run has ended; with `follow` also of later runs.
     * </pre>
     */
    default void tailPipelineLogs(io.thedata.v1.TailPipelineLogsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.TailPipelineLogsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getTailPipelineLogsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service PipelinesService.
   * <pre>
   * Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.
   * Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
   * </pre>
   */
  public static abstract class PipelinesServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return PipelinesServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service PipelinesService.
   * <pre>
   * Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.
   * Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
   * </pre>
   */
  public static final class PipelinesServiceStub
      extends io.grpc.stub.AbstractAsyncStub<PipelinesServiceStub> {
    private PipelinesServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected PipelinesServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new PipelinesServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists an organization's pipelines, newest first.
     * </pre>
     */
    public void listPipelines(io.thedata.v1.ListPipelinesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListPipelinesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListPipelinesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Creates a pipeline; it does not run yet.
     * Errors: NOT_FOUND for a data source that is not the organization's; FAILED_PRECONDITION with reason
     * CONNECTOR_INCAPABLE when the source can't be read or the destination can't be written;
     * ALREADY_EXISTS when the organization has a pipeline of that name.
     * </pre>
     */
    public void createPipeline(io.thedata.v1.CreatePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreatePipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets a pipeline.
     * </pre>
     */
    public void getPipeline(io.thedata.v1.GetPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetPipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates the given fields of a pipeline; a run in flight goes on as it was started.
     * </pre>
     */
    public void updatePipeline(io.thedata.v1.UpdatePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdatePipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a pipeline with its runs and logs; what it landed stays in the destination.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while it runs.
     * </pre>
     */
    public void deletePipeline(io.thedata.v1.DeletePipelineRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeletePipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Queues a run now, and lets the pipeline's schedule start runs again.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while a run is queued or running.
     * </pre>
     */
    public void startPipeline(io.thedata.v1.StartPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStartPipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Stops the run in flight and pauses the pipeline: nothing starts by itself until StartPipeline or ResumePipeline.
     * The run is STOPPING at once, and CANCELLED when its work has unwound. What was published stays.
     * Errors: FAILED_PRECONDITION with reason NO_RUN_IN_FLIGHT when nothing runs.
     * </pre>
     */
    public void stopPipeline(io.thedata.v1.StopPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStopPipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Pauses a pipeline: schedule, other pipelines and webhook start nothing. A run in flight goes on.
     * </pre>
     */
    public void pausePipeline(io.thedata.v1.PausePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPausePipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ends a pause. Times that the schedule has missed meanwhile are treated as its catch-up policy says.
     * </pre>
     */
    public void resumePipeline(io.thedata.v1.ResumePipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResumePipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Makes a new webhook of a pipeline, by which another system starts runs; an older one ends.
     * The secret is told only here.
     * </pre>
     */
    public void rotatePipelineWebhook(io.thedata.v1.RotatePipelineWebhookRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.PipelineWebhook> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRotatePipelineWebhookMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Removes a pipeline's webhook; without one nothing changes.
     * </pre>
     */
    public void deletePipelineWebhook(io.thedata.v1.DeletePipelineWebhookRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeletePipelineWebhookMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Queues a run for a signed message of another system (Standard Webhooks).
     * Headers: `webhook-id`, unique; `webhook-timestamp`, seconds since 1970, at most 5 minutes off; `webhook-signature`,
     * `v1,` and the Base64 of HMAC-SHA256 over `&lt;id&gt;.&lt;timestamp&gt;.&lt;body&gt;` under the secret. A message that comes
     * again gives the run of the first. While a run is in flight another one is queued after it.
     * Errors: UNAUTHENTICATED with reason WEBHOOK_REFUSED for a wrong signature, and for a pipeline without a webhook;
     * FAILED_PRECONDITION with reason PIPELINE_PAUSED.
     * </pre>
     */
    public void receivePipelineWebhook(io.thedata.v1.ReceivePipelineWebhookRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ReceivePipelineWebhookResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReceivePipelineWebhookMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams an organization's pipelines: each as it is now, then each that changes or is deleted.
     * </pre>
     */
    public void watchPipelines(io.thedata.v1.WatchPipelinesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchPipelinesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchPipelinesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists a pipeline's runs, newest first.
     * </pre>
     */
    public void listRuns(io.thedata.v1.ListRunsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRunsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListRunsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets a run.
     * </pre>
     */
    public void getRun(io.thedata.v1.GetRunRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetRunMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets the proof of a run: of each stream that has landed every chunk, with rows and content hash of both sides.
     * </pre>
     */
    public void getRunReceipt(io.thedata.v1.GetRunReceiptRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.RunReceipt> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetRunReceiptMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells what a run would do now, before a row moves: tables to create or alter, the type of every column with
     * what it would lose, the lane, and about how many rows. Looks at both systems, writes nothing.
     * A stream that can't land is told by its `failure`. Errors: UNAVAILABLE, FAILED_PRECONDITION as CheckDataSource.
     * </pre>
     */
    public void planPipeline(io.thedata.v1.PlanPipelineRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.PlanPipelineResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPlanPipelineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the checkpoints that the pipeline's streams have reached or were set to, newest first.
     * </pre>
     */
    public void listCheckpoints(io.thedata.v1.ListCheckpointsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListCheckpointsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListCheckpointsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lets a stream start from nothing at its next run: what it has landed is removed then, in the run's transaction.
     * </pre>
     */
    public void resetStream(io.thedata.v1.ResetStreamRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Checkpoint> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResetStreamMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Sets a stream's checkpoint: its next run reads from this cursor value on. What has landed stays.
     * Errors: INVALID_ARGUMENT for a stream without a cursor, and for a value that its cursor can't have.
     * </pre>
     */
    public void rewindStream(io.thedata.v1.RewindStreamRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Checkpoint> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRewindStreamMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Queues a run that reads a range of a stream's cursor again, without moving its checkpoint.
     * Errors: INVALID_ARGUMENT for a stream without a cursor; FAILED_PRECONDITION with reason RUN_IN_FLIGHT.
     * </pre>
     */
    public void backfillStream(io.thedata.v1.BackfillStreamRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBackfillStreamMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the changes of the source's columns that runs have met, newest first.
     * </pre>
     */
    public void listSchemaChanges(io.thedata.v1.ListSchemaChangesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListSchemaChangesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListSchemaChangesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists rows that could not land, with the reason and the row itself, newest first.
     * </pre>
     */
    public void listRejectedRows(io.thedata.v1.ListRejectedRowsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListRejectedRowsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListRejectedRowsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Queues a run that lands rejected rows, as they are or corrected; those that are rejected again are listed anew.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT; INVALID_ARGUMENT where nothing can be replayed.
     * </pre>
     */
    public void replayRejectedRows(io.thedata.v1.ReplayRejectedRowsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Run> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReplayRejectedRowsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams a run as it goes: a snapshot first, then its changes, log entries and events, until it has ended.
     * </pre>
     */
    public void watchRun(io.thedata.v1.WatchRunRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchRunResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchRunMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the log entries of a run, oldest first.
     * </pre>
     */
    public void listPipelineLogs(io.thedata.v1.ListPipelineLogsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListPipelineLogsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListPipelineLogsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams the log entries of a run as they are written, until the run has ended; with `follow` also of later runs.
     * </pre>
     */
    public void tailPipelineLogs(io.thedata.v1.TailPipelineLogsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.TailPipelineLogsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getTailPipelineLogsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service PipelinesService.
   * <pre>
   * Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.
   * Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
   * </pre>
   */
  public static final class PipelinesServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<PipelinesServiceBlockingV2Stub> {
    private PipelinesServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected PipelinesServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new PipelinesServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists an organization's pipelines, newest first.
     * </pre>
     */
    public io.thedata.v1.ListPipelinesResponse listPipelines(io.thedata.v1.ListPipelinesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListPipelinesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates a pipeline; it does not run yet.
     * Errors: NOT_FOUND for a data source that is not the organization's; FAILED_PRECONDITION with reason
     * CONNECTOR_INCAPABLE when the source can't be read or the destination can't be written;
     * ALREADY_EXISTS when the organization has a pipeline of that name.
     * </pre>
     */
    public io.thedata.v1.Pipeline createPipeline(io.thedata.v1.CreatePipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreatePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets a pipeline.
     * </pre>
     */
    public io.thedata.v1.Pipeline getPipeline(io.thedata.v1.GetPipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the given fields of a pipeline; a run in flight goes on as it was started.
     * </pre>
     */
    public io.thedata.v1.Pipeline updatePipeline(io.thedata.v1.UpdatePipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdatePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a pipeline with its runs and logs; what it landed stays in the destination.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while it runs.
     * </pre>
     */
    public com.google.protobuf.Empty deletePipeline(io.thedata.v1.DeletePipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeletePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run now, and lets the pipeline's schedule start runs again.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while a run is queued or running.
     * </pre>
     */
    public io.thedata.v1.Run startPipeline(io.thedata.v1.StartPipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getStartPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stops the run in flight and pauses the pipeline: nothing starts by itself until StartPipeline or ResumePipeline.
     * The run is STOPPING at once, and CANCELLED when its work has unwound. What was published stays.
     * Errors: FAILED_PRECONDITION with reason NO_RUN_IN_FLIGHT when nothing runs.
     * </pre>
     */
    public io.thedata.v1.Run stopPipeline(io.thedata.v1.StopPipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getStopPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Pauses a pipeline: schedule, other pipelines and webhook start nothing. A run in flight goes on.
     * </pre>
     */
    public io.thedata.v1.Pipeline pausePipeline(io.thedata.v1.PausePipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPausePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends a pause. Times that the schedule has missed meanwhile are treated as its catch-up policy says.
     * </pre>
     */
    public io.thedata.v1.Pipeline resumePipeline(io.thedata.v1.ResumePipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResumePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes a new webhook of a pipeline, by which another system starts runs; an older one ends.
     * The secret is told only here.
     * </pre>
     */
    public io.thedata.v1.PipelineWebhook rotatePipelineWebhook(io.thedata.v1.RotatePipelineWebhookRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRotatePipelineWebhookMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes a pipeline's webhook; without one nothing changes.
     * </pre>
     */
    public com.google.protobuf.Empty deletePipelineWebhook(io.thedata.v1.DeletePipelineWebhookRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeletePipelineWebhookMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run for a signed message of another system (Standard Webhooks).
     * Headers: `webhook-id`, unique; `webhook-timestamp`, seconds since 1970, at most 5 minutes off; `webhook-signature`,
     * `v1,` and the Base64 of HMAC-SHA256 over `&lt;id&gt;.&lt;timestamp&gt;.&lt;body&gt;` under the secret. A message that comes
     * again gives the run of the first. While a run is in flight another one is queued after it.
     * Errors: UNAUTHENTICATED with reason WEBHOOK_REFUSED for a wrong signature, and for a pipeline without a webhook;
     * FAILED_PRECONDITION with reason PIPELINE_PAUSED.
     * </pre>
     */
    public io.thedata.v1.ReceivePipelineWebhookResponse receivePipelineWebhook(io.thedata.v1.ReceivePipelineWebhookRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReceivePipelineWebhookMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams an organization's pipelines: each as it is now, then each that changes or is deleted.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.WatchPipelinesResponse>
        watchPipelines(io.thedata.v1.WatchPipelinesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchPipelinesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists a pipeline's runs, newest first.
     * </pre>
     */
    public io.thedata.v1.ListRunsResponse listRuns(io.thedata.v1.ListRunsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListRunsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets a run.
     * </pre>
     */
    public io.thedata.v1.Run getRun(io.thedata.v1.GetRunRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetRunMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the proof of a run: of each stream that has landed every chunk, with rows and content hash of both sides.
     * </pre>
     */
    public io.thedata.v1.RunReceipt getRunReceipt(io.thedata.v1.GetRunReceiptRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetRunReceiptMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells what a run would do now, before a row moves: tables to create or alter, the type of every column with
     * what it would lose, the lane, and about how many rows. Looks at both systems, writes nothing.
     * A stream that can't land is told by its `failure`. Errors: UNAVAILABLE, FAILED_PRECONDITION as CheckDataSource.
     * </pre>
     */
    public io.thedata.v1.PlanPipelineResponse planPipeline(io.thedata.v1.PlanPipelineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPlanPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the checkpoints that the pipeline's streams have reached or were set to, newest first.
     * </pre>
     */
    public io.thedata.v1.ListCheckpointsResponse listCheckpoints(io.thedata.v1.ListCheckpointsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListCheckpointsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lets a stream start from nothing at its next run: what it has landed is removed then, in the run's transaction.
     * </pre>
     */
    public io.thedata.v1.Checkpoint resetStream(io.thedata.v1.ResetStreamRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResetStreamMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sets a stream's checkpoint: its next run reads from this cursor value on. What has landed stays.
     * Errors: INVALID_ARGUMENT for a stream without a cursor, and for a value that its cursor can't have.
     * </pre>
     */
    public io.thedata.v1.Checkpoint rewindStream(io.thedata.v1.RewindStreamRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRewindStreamMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run that reads a range of a stream's cursor again, without moving its checkpoint.
     * Errors: INVALID_ARGUMENT for a stream without a cursor; FAILED_PRECONDITION with reason RUN_IN_FLIGHT.
     * </pre>
     */
    public io.thedata.v1.Run backfillStream(io.thedata.v1.BackfillStreamRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBackfillStreamMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the changes of the source's columns that runs have met, newest first.
     * </pre>
     */
    public io.thedata.v1.ListSchemaChangesResponse listSchemaChanges(io.thedata.v1.ListSchemaChangesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListSchemaChangesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists rows that could not land, with the reason and the row itself, newest first.
     * </pre>
     */
    public io.thedata.v1.ListRejectedRowsResponse listRejectedRows(io.thedata.v1.ListRejectedRowsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListRejectedRowsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run that lands rejected rows, as they are or corrected; those that are rejected again are listed anew.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT; INVALID_ARGUMENT where nothing can be replayed.
     * </pre>
     */
    public io.thedata.v1.Run replayRejectedRows(io.thedata.v1.ReplayRejectedRowsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReplayRejectedRowsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams a run as it goes: a snapshot first, then its changes, log entries and events, until it has ended.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.WatchRunResponse>
        watchRun(io.thedata.v1.WatchRunRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchRunMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the log entries of a run, oldest first.
     * </pre>
     */
    public io.thedata.v1.ListPipelineLogsResponse listPipelineLogs(io.thedata.v1.ListPipelineLogsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListPipelineLogsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the log entries of a run as they are written, until the run has ended; with `follow` also of later runs.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.TailPipelineLogsResponse>
        tailPipelineLogs(io.thedata.v1.TailPipelineLogsRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getTailPipelineLogsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service PipelinesService.
   * <pre>
   * Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.
   * Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
   * </pre>
   */
  public static final class PipelinesServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<PipelinesServiceBlockingStub> {
    private PipelinesServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected PipelinesServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new PipelinesServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists an organization's pipelines, newest first.
     * </pre>
     */
    public io.thedata.v1.ListPipelinesResponse listPipelines(io.thedata.v1.ListPipelinesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListPipelinesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates a pipeline; it does not run yet.
     * Errors: NOT_FOUND for a data source that is not the organization's; FAILED_PRECONDITION with reason
     * CONNECTOR_INCAPABLE when the source can't be read or the destination can't be written;
     * ALREADY_EXISTS when the organization has a pipeline of that name.
     * </pre>
     */
    public io.thedata.v1.Pipeline createPipeline(io.thedata.v1.CreatePipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreatePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets a pipeline.
     * </pre>
     */
    public io.thedata.v1.Pipeline getPipeline(io.thedata.v1.GetPipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the given fields of a pipeline; a run in flight goes on as it was started.
     * </pre>
     */
    public io.thedata.v1.Pipeline updatePipeline(io.thedata.v1.UpdatePipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdatePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a pipeline with its runs and logs; what it landed stays in the destination.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while it runs.
     * </pre>
     */
    public com.google.protobuf.Empty deletePipeline(io.thedata.v1.DeletePipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeletePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run now, and lets the pipeline's schedule start runs again.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while a run is queued or running.
     * </pre>
     */
    public io.thedata.v1.Run startPipeline(io.thedata.v1.StartPipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStartPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stops the run in flight and pauses the pipeline: nothing starts by itself until StartPipeline or ResumePipeline.
     * The run is STOPPING at once, and CANCELLED when its work has unwound. What was published stays.
     * Errors: FAILED_PRECONDITION with reason NO_RUN_IN_FLIGHT when nothing runs.
     * </pre>
     */
    public io.thedata.v1.Run stopPipeline(io.thedata.v1.StopPipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStopPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Pauses a pipeline: schedule, other pipelines and webhook start nothing. A run in flight goes on.
     * </pre>
     */
    public io.thedata.v1.Pipeline pausePipeline(io.thedata.v1.PausePipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPausePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends a pause. Times that the schedule has missed meanwhile are treated as its catch-up policy says.
     * </pre>
     */
    public io.thedata.v1.Pipeline resumePipeline(io.thedata.v1.ResumePipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResumePipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes a new webhook of a pipeline, by which another system starts runs; an older one ends.
     * The secret is told only here.
     * </pre>
     */
    public io.thedata.v1.PipelineWebhook rotatePipelineWebhook(io.thedata.v1.RotatePipelineWebhookRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRotatePipelineWebhookMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes a pipeline's webhook; without one nothing changes.
     * </pre>
     */
    public com.google.protobuf.Empty deletePipelineWebhook(io.thedata.v1.DeletePipelineWebhookRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeletePipelineWebhookMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run for a signed message of another system (Standard Webhooks).
     * Headers: `webhook-id`, unique; `webhook-timestamp`, seconds since 1970, at most 5 minutes off; `webhook-signature`,
     * `v1,` and the Base64 of HMAC-SHA256 over `&lt;id&gt;.&lt;timestamp&gt;.&lt;body&gt;` under the secret. A message that comes
     * again gives the run of the first. While a run is in flight another one is queued after it.
     * Errors: UNAUTHENTICATED with reason WEBHOOK_REFUSED for a wrong signature, and for a pipeline without a webhook;
     * FAILED_PRECONDITION with reason PIPELINE_PAUSED.
     * </pre>
     */
    public io.thedata.v1.ReceivePipelineWebhookResponse receivePipelineWebhook(io.thedata.v1.ReceivePipelineWebhookRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReceivePipelineWebhookMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams an organization's pipelines: each as it is now, then each that changes or is deleted.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.WatchPipelinesResponse> watchPipelines(
        io.thedata.v1.WatchPipelinesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchPipelinesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists a pipeline's runs, newest first.
     * </pre>
     */
    public io.thedata.v1.ListRunsResponse listRuns(io.thedata.v1.ListRunsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListRunsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets a run.
     * </pre>
     */
    public io.thedata.v1.Run getRun(io.thedata.v1.GetRunRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetRunMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the proof of a run: of each stream that has landed every chunk, with rows and content hash of both sides.
     * </pre>
     */
    public io.thedata.v1.RunReceipt getRunReceipt(io.thedata.v1.GetRunReceiptRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetRunReceiptMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells what a run would do now, before a row moves: tables to create or alter, the type of every column with
     * what it would lose, the lane, and about how many rows. Looks at both systems, writes nothing.
     * A stream that can't land is told by its `failure`. Errors: UNAVAILABLE, FAILED_PRECONDITION as CheckDataSource.
     * </pre>
     */
    public io.thedata.v1.PlanPipelineResponse planPipeline(io.thedata.v1.PlanPipelineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPlanPipelineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the checkpoints that the pipeline's streams have reached or were set to, newest first.
     * </pre>
     */
    public io.thedata.v1.ListCheckpointsResponse listCheckpoints(io.thedata.v1.ListCheckpointsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListCheckpointsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lets a stream start from nothing at its next run: what it has landed is removed then, in the run's transaction.
     * </pre>
     */
    public io.thedata.v1.Checkpoint resetStream(io.thedata.v1.ResetStreamRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResetStreamMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sets a stream's checkpoint: its next run reads from this cursor value on. What has landed stays.
     * Errors: INVALID_ARGUMENT for a stream without a cursor, and for a value that its cursor can't have.
     * </pre>
     */
    public io.thedata.v1.Checkpoint rewindStream(io.thedata.v1.RewindStreamRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRewindStreamMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run that reads a range of a stream's cursor again, without moving its checkpoint.
     * Errors: INVALID_ARGUMENT for a stream without a cursor; FAILED_PRECONDITION with reason RUN_IN_FLIGHT.
     * </pre>
     */
    public io.thedata.v1.Run backfillStream(io.thedata.v1.BackfillStreamRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBackfillStreamMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the changes of the source's columns that runs have met, newest first.
     * </pre>
     */
    public io.thedata.v1.ListSchemaChangesResponse listSchemaChanges(io.thedata.v1.ListSchemaChangesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListSchemaChangesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists rows that could not land, with the reason and the row itself, newest first.
     * </pre>
     */
    public io.thedata.v1.ListRejectedRowsResponse listRejectedRows(io.thedata.v1.ListRejectedRowsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListRejectedRowsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Queues a run that lands rejected rows, as they are or corrected; those that are rejected again are listed anew.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT; INVALID_ARGUMENT where nothing can be replayed.
     * </pre>
     */
    public io.thedata.v1.Run replayRejectedRows(io.thedata.v1.ReplayRejectedRowsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReplayRejectedRowsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams a run as it goes: a snapshot first, then its changes, log entries and events, until it has ended.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.WatchRunResponse> watchRun(
        io.thedata.v1.WatchRunRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchRunMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the log entries of a run, oldest first.
     * </pre>
     */
    public io.thedata.v1.ListPipelineLogsResponse listPipelineLogs(io.thedata.v1.ListPipelineLogsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListPipelineLogsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the log entries of a run as they are written, until the run has ended; with `follow` also of later runs.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.TailPipelineLogsResponse> tailPipelineLogs(
        io.thedata.v1.TailPipelineLogsRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getTailPipelineLogsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service PipelinesService.
   * <pre>
   * Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.
   * Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
   * </pre>
   */
  public static final class PipelinesServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<PipelinesServiceFutureStub> {
    private PipelinesServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected PipelinesServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new PipelinesServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists an organization's pipelines, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListPipelinesResponse> listPipelines(
        io.thedata.v1.ListPipelinesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListPipelinesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Creates a pipeline; it does not run yet.
     * Errors: NOT_FOUND for a data source that is not the organization's; FAILED_PRECONDITION with reason
     * CONNECTOR_INCAPABLE when the source can't be read or the destination can't be written;
     * ALREADY_EXISTS when the organization has a pipeline of that name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Pipeline> createPipeline(
        io.thedata.v1.CreatePipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreatePipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets a pipeline.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Pipeline> getPipeline(
        io.thedata.v1.GetPipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetPipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates the given fields of a pipeline; a run in flight goes on as it was started.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Pipeline> updatePipeline(
        io.thedata.v1.UpdatePipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdatePipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a pipeline with its runs and logs; what it landed stays in the destination.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while it runs.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deletePipeline(
        io.thedata.v1.DeletePipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeletePipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Queues a run now, and lets the pipeline's schedule start runs again.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while a run is queued or running.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Run> startPipeline(
        io.thedata.v1.StartPipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStartPipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Stops the run in flight and pauses the pipeline: nothing starts by itself until StartPipeline or ResumePipeline.
     * The run is STOPPING at once, and CANCELLED when its work has unwound. What was published stays.
     * Errors: FAILED_PRECONDITION with reason NO_RUN_IN_FLIGHT when nothing runs.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Run> stopPipeline(
        io.thedata.v1.StopPipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStopPipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Pauses a pipeline: schedule, other pipelines and webhook start nothing. A run in flight goes on.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Pipeline> pausePipeline(
        io.thedata.v1.PausePipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPausePipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Ends a pause. Times that the schedule has missed meanwhile are treated as its catch-up policy says.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Pipeline> resumePipeline(
        io.thedata.v1.ResumePipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResumePipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Makes a new webhook of a pipeline, by which another system starts runs; an older one ends.
     * The secret is told only here.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.PipelineWebhook> rotatePipelineWebhook(
        io.thedata.v1.RotatePipelineWebhookRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRotatePipelineWebhookMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Removes a pipeline's webhook; without one nothing changes.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deletePipelineWebhook(
        io.thedata.v1.DeletePipelineWebhookRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeletePipelineWebhookMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Queues a run for a signed message of another system (Standard Webhooks).
     * Headers: `webhook-id`, unique; `webhook-timestamp`, seconds since 1970, at most 5 minutes off; `webhook-signature`,
     * `v1,` and the Base64 of HMAC-SHA256 over `&lt;id&gt;.&lt;timestamp&gt;.&lt;body&gt;` under the secret. A message that comes
     * again gives the run of the first. While a run is in flight another one is queued after it.
     * Errors: UNAUTHENTICATED with reason WEBHOOK_REFUSED for a wrong signature, and for a pipeline without a webhook;
     * FAILED_PRECONDITION with reason PIPELINE_PAUSED.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ReceivePipelineWebhookResponse> receivePipelineWebhook(
        io.thedata.v1.ReceivePipelineWebhookRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReceivePipelineWebhookMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists a pipeline's runs, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListRunsResponse> listRuns(
        io.thedata.v1.ListRunsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListRunsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets a run.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Run> getRun(
        io.thedata.v1.GetRunRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetRunMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets the proof of a run: of each stream that has landed every chunk, with rows and content hash of both sides.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.RunReceipt> getRunReceipt(
        io.thedata.v1.GetRunReceiptRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetRunReceiptMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Tells what a run would do now, before a row moves: tables to create or alter, the type of every column with
     * what it would lose, the lane, and about how many rows. Looks at both systems, writes nothing.
     * A stream that can't land is told by its `failure`. Errors: UNAVAILABLE, FAILED_PRECONDITION as CheckDataSource.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.PlanPipelineResponse> planPipeline(
        io.thedata.v1.PlanPipelineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPlanPipelineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the checkpoints that the pipeline's streams have reached or were set to, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListCheckpointsResponse> listCheckpoints(
        io.thedata.v1.ListCheckpointsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListCheckpointsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lets a stream start from nothing at its next run: what it has landed is removed then, in the run's transaction.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Checkpoint> resetStream(
        io.thedata.v1.ResetStreamRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResetStreamMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Sets a stream's checkpoint: its next run reads from this cursor value on. What has landed stays.
     * Errors: INVALID_ARGUMENT for a stream without a cursor, and for a value that its cursor can't have.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Checkpoint> rewindStream(
        io.thedata.v1.RewindStreamRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRewindStreamMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Queues a run that reads a range of a stream's cursor again, without moving its checkpoint.
     * Errors: INVALID_ARGUMENT for a stream without a cursor; FAILED_PRECONDITION with reason RUN_IN_FLIGHT.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Run> backfillStream(
        io.thedata.v1.BackfillStreamRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBackfillStreamMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the changes of the source's columns that runs have met, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListSchemaChangesResponse> listSchemaChanges(
        io.thedata.v1.ListSchemaChangesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListSchemaChangesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists rows that could not land, with the reason and the row itself, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListRejectedRowsResponse> listRejectedRows(
        io.thedata.v1.ListRejectedRowsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListRejectedRowsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Queues a run that lands rejected rows, as they are or corrected; those that are rejected again are listed anew.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT; INVALID_ARGUMENT where nothing can be replayed.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Run> replayRejectedRows(
        io.thedata.v1.ReplayRejectedRowsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReplayRejectedRowsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the log entries of a run, oldest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListPipelineLogsResponse> listPipelineLogs(
        io.thedata.v1.ListPipelineLogsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListPipelineLogsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_PIPELINES = 0;
  private static final int METHODID_CREATE_PIPELINE = 1;
  private static final int METHODID_GET_PIPELINE = 2;
  private static final int METHODID_UPDATE_PIPELINE = 3;
  private static final int METHODID_DELETE_PIPELINE = 4;
  private static final int METHODID_START_PIPELINE = 5;
  private static final int METHODID_STOP_PIPELINE = 6;
  private static final int METHODID_PAUSE_PIPELINE = 7;
  private static final int METHODID_RESUME_PIPELINE = 8;
  private static final int METHODID_ROTATE_PIPELINE_WEBHOOK = 9;
  private static final int METHODID_DELETE_PIPELINE_WEBHOOK = 10;
  private static final int METHODID_RECEIVE_PIPELINE_WEBHOOK = 11;
  private static final int METHODID_WATCH_PIPELINES = 12;
  private static final int METHODID_LIST_RUNS = 13;
  private static final int METHODID_GET_RUN = 14;
  private static final int METHODID_GET_RUN_RECEIPT = 15;
  private static final int METHODID_PLAN_PIPELINE = 16;
  private static final int METHODID_LIST_CHECKPOINTS = 17;
  private static final int METHODID_RESET_STREAM = 18;
  private static final int METHODID_REWIND_STREAM = 19;
  private static final int METHODID_BACKFILL_STREAM = 20;
  private static final int METHODID_LIST_SCHEMA_CHANGES = 21;
  private static final int METHODID_LIST_REJECTED_ROWS = 22;
  private static final int METHODID_REPLAY_REJECTED_ROWS = 23;
  private static final int METHODID_WATCH_RUN = 24;
  private static final int METHODID_LIST_PIPELINE_LOGS = 25;
  private static final int METHODID_TAIL_PIPELINE_LOGS = 26;

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
        case METHODID_LIST_PIPELINES:
          serviceImpl.listPipelines((io.thedata.v1.ListPipelinesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListPipelinesResponse>) responseObserver);
          break;
        case METHODID_CREATE_PIPELINE:
          serviceImpl.createPipeline((io.thedata.v1.CreatePipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline>) responseObserver);
          break;
        case METHODID_GET_PIPELINE:
          serviceImpl.getPipeline((io.thedata.v1.GetPipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline>) responseObserver);
          break;
        case METHODID_UPDATE_PIPELINE:
          serviceImpl.updatePipeline((io.thedata.v1.UpdatePipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline>) responseObserver);
          break;
        case METHODID_DELETE_PIPELINE:
          serviceImpl.deletePipeline((io.thedata.v1.DeletePipelineRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_START_PIPELINE:
          serviceImpl.startPipeline((io.thedata.v1.StartPipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Run>) responseObserver);
          break;
        case METHODID_STOP_PIPELINE:
          serviceImpl.stopPipeline((io.thedata.v1.StopPipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Run>) responseObserver);
          break;
        case METHODID_PAUSE_PIPELINE:
          serviceImpl.pausePipeline((io.thedata.v1.PausePipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline>) responseObserver);
          break;
        case METHODID_RESUME_PIPELINE:
          serviceImpl.resumePipeline((io.thedata.v1.ResumePipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Pipeline>) responseObserver);
          break;
        case METHODID_ROTATE_PIPELINE_WEBHOOK:
          serviceImpl.rotatePipelineWebhook((io.thedata.v1.RotatePipelineWebhookRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.PipelineWebhook>) responseObserver);
          break;
        case METHODID_DELETE_PIPELINE_WEBHOOK:
          serviceImpl.deletePipelineWebhook((io.thedata.v1.DeletePipelineWebhookRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_RECEIVE_PIPELINE_WEBHOOK:
          serviceImpl.receivePipelineWebhook((io.thedata.v1.ReceivePipelineWebhookRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ReceivePipelineWebhookResponse>) responseObserver);
          break;
        case METHODID_WATCH_PIPELINES:
          serviceImpl.watchPipelines((io.thedata.v1.WatchPipelinesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.WatchPipelinesResponse>) responseObserver);
          break;
        case METHODID_LIST_RUNS:
          serviceImpl.listRuns((io.thedata.v1.ListRunsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListRunsResponse>) responseObserver);
          break;
        case METHODID_GET_RUN:
          serviceImpl.getRun((io.thedata.v1.GetRunRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Run>) responseObserver);
          break;
        case METHODID_GET_RUN_RECEIPT:
          serviceImpl.getRunReceipt((io.thedata.v1.GetRunReceiptRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.RunReceipt>) responseObserver);
          break;
        case METHODID_PLAN_PIPELINE:
          serviceImpl.planPipeline((io.thedata.v1.PlanPipelineRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.PlanPipelineResponse>) responseObserver);
          break;
        case METHODID_LIST_CHECKPOINTS:
          serviceImpl.listCheckpoints((io.thedata.v1.ListCheckpointsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListCheckpointsResponse>) responseObserver);
          break;
        case METHODID_RESET_STREAM:
          serviceImpl.resetStream((io.thedata.v1.ResetStreamRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Checkpoint>) responseObserver);
          break;
        case METHODID_REWIND_STREAM:
          serviceImpl.rewindStream((io.thedata.v1.RewindStreamRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Checkpoint>) responseObserver);
          break;
        case METHODID_BACKFILL_STREAM:
          serviceImpl.backfillStream((io.thedata.v1.BackfillStreamRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Run>) responseObserver);
          break;
        case METHODID_LIST_SCHEMA_CHANGES:
          serviceImpl.listSchemaChanges((io.thedata.v1.ListSchemaChangesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListSchemaChangesResponse>) responseObserver);
          break;
        case METHODID_LIST_REJECTED_ROWS:
          serviceImpl.listRejectedRows((io.thedata.v1.ListRejectedRowsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListRejectedRowsResponse>) responseObserver);
          break;
        case METHODID_REPLAY_REJECTED_ROWS:
          serviceImpl.replayRejectedRows((io.thedata.v1.ReplayRejectedRowsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Run>) responseObserver);
          break;
        case METHODID_WATCH_RUN:
          serviceImpl.watchRun((io.thedata.v1.WatchRunRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.WatchRunResponse>) responseObserver);
          break;
        case METHODID_LIST_PIPELINE_LOGS:
          serviceImpl.listPipelineLogs((io.thedata.v1.ListPipelineLogsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListPipelineLogsResponse>) responseObserver);
          break;
        case METHODID_TAIL_PIPELINE_LOGS:
          serviceImpl.tailPipelineLogs((io.thedata.v1.TailPipelineLogsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.TailPipelineLogsResponse>) responseObserver);
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
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getListPipelinesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListPipelinesRequest,
              io.thedata.v1.ListPipelinesResponse>(
                service, METHODID_LIST_PIPELINES)))
        .addMethod(
          getCreatePipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CreatePipelineRequest,
              io.thedata.v1.Pipeline>(
                service, METHODID_CREATE_PIPELINE)))
        .addMethod(
          getGetPipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetPipelineRequest,
              io.thedata.v1.Pipeline>(
                service, METHODID_GET_PIPELINE)))
        .addMethod(
          getUpdatePipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdatePipelineRequest,
              io.thedata.v1.Pipeline>(
                service, METHODID_UPDATE_PIPELINE)))
        .addMethod(
          getDeletePipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DeletePipelineRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_PIPELINE)))
        .addMethod(
          getStartPipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.StartPipelineRequest,
              io.thedata.v1.Run>(
                service, METHODID_START_PIPELINE)))
        .addMethod(
          getStopPipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.StopPipelineRequest,
              io.thedata.v1.Run>(
                service, METHODID_STOP_PIPELINE)))
        .addMethod(
          getPausePipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.PausePipelineRequest,
              io.thedata.v1.Pipeline>(
                service, METHODID_PAUSE_PIPELINE)))
        .addMethod(
          getResumePipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ResumePipelineRequest,
              io.thedata.v1.Pipeline>(
                service, METHODID_RESUME_PIPELINE)))
        .addMethod(
          getRotatePipelineWebhookMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.RotatePipelineWebhookRequest,
              io.thedata.v1.PipelineWebhook>(
                service, METHODID_ROTATE_PIPELINE_WEBHOOK)))
        .addMethod(
          getDeletePipelineWebhookMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DeletePipelineWebhookRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_PIPELINE_WEBHOOK)))
        .addMethod(
          getReceivePipelineWebhookMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ReceivePipelineWebhookRequest,
              io.thedata.v1.ReceivePipelineWebhookResponse>(
                service, METHODID_RECEIVE_PIPELINE_WEBHOOK)))
        .addMethod(
          getWatchPipelinesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.WatchPipelinesRequest,
              io.thedata.v1.WatchPipelinesResponse>(
                service, METHODID_WATCH_PIPELINES)))
        .addMethod(
          getListRunsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListRunsRequest,
              io.thedata.v1.ListRunsResponse>(
                service, METHODID_LIST_RUNS)))
        .addMethod(
          getGetRunMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetRunRequest,
              io.thedata.v1.Run>(
                service, METHODID_GET_RUN)))
        .addMethod(
          getGetRunReceiptMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetRunReceiptRequest,
              io.thedata.v1.RunReceipt>(
                service, METHODID_GET_RUN_RECEIPT)))
        .addMethod(
          getPlanPipelineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.PlanPipelineRequest,
              io.thedata.v1.PlanPipelineResponse>(
                service, METHODID_PLAN_PIPELINE)))
        .addMethod(
          getListCheckpointsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListCheckpointsRequest,
              io.thedata.v1.ListCheckpointsResponse>(
                service, METHODID_LIST_CHECKPOINTS)))
        .addMethod(
          getResetStreamMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ResetStreamRequest,
              io.thedata.v1.Checkpoint>(
                service, METHODID_RESET_STREAM)))
        .addMethod(
          getRewindStreamMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.RewindStreamRequest,
              io.thedata.v1.Checkpoint>(
                service, METHODID_REWIND_STREAM)))
        .addMethod(
          getBackfillStreamMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.BackfillStreamRequest,
              io.thedata.v1.Run>(
                service, METHODID_BACKFILL_STREAM)))
        .addMethod(
          getListSchemaChangesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListSchemaChangesRequest,
              io.thedata.v1.ListSchemaChangesResponse>(
                service, METHODID_LIST_SCHEMA_CHANGES)))
        .addMethod(
          getListRejectedRowsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListRejectedRowsRequest,
              io.thedata.v1.ListRejectedRowsResponse>(
                service, METHODID_LIST_REJECTED_ROWS)))
        .addMethod(
          getReplayRejectedRowsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ReplayRejectedRowsRequest,
              io.thedata.v1.Run>(
                service, METHODID_REPLAY_REJECTED_ROWS)))
        .addMethod(
          getWatchRunMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.WatchRunRequest,
              io.thedata.v1.WatchRunResponse>(
                service, METHODID_WATCH_RUN)))
        .addMethod(
          getListPipelineLogsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListPipelineLogsRequest,
              io.thedata.v1.ListPipelineLogsResponse>(
                service, METHODID_LIST_PIPELINE_LOGS)))
        .addMethod(
          getTailPipelineLogsMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.TailPipelineLogsRequest,
              io.thedata.v1.TailPipelineLogsResponse>(
                service, METHODID_TAIL_PIPELINE_LOGS)))
        .build();
  }

  private static abstract class PipelinesServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    PipelinesServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return io.thedata.v1.PipelinesProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("PipelinesService");
    }
  }

  private static final class PipelinesServiceFileDescriptorSupplier
      extends PipelinesServiceBaseDescriptorSupplier {
    PipelinesServiceFileDescriptorSupplier() {}
  }

  private static final class PipelinesServiceMethodDescriptorSupplier
      extends PipelinesServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    PipelinesServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (PipelinesServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new PipelinesServiceFileDescriptorSupplier())
              .addMethod(getListPipelinesMethod())
              .addMethod(getCreatePipelineMethod())
              .addMethod(getGetPipelineMethod())
              .addMethod(getUpdatePipelineMethod())
              .addMethod(getDeletePipelineMethod())
              .addMethod(getStartPipelineMethod())
              .addMethod(getStopPipelineMethod())
              .addMethod(getPausePipelineMethod())
              .addMethod(getResumePipelineMethod())
              .addMethod(getRotatePipelineWebhookMethod())
              .addMethod(getDeletePipelineWebhookMethod())
              .addMethod(getReceivePipelineWebhookMethod())
              .addMethod(getWatchPipelinesMethod())
              .addMethod(getListRunsMethod())
              .addMethod(getGetRunMethod())
              .addMethod(getGetRunReceiptMethod())
              .addMethod(getPlanPipelineMethod())
              .addMethod(getListCheckpointsMethod())
              .addMethod(getResetStreamMethod())
              .addMethod(getRewindStreamMethod())
              .addMethod(getBackfillStreamMethod())
              .addMethod(getListSchemaChangesMethod())
              .addMethod(getListRejectedRowsMethod())
              .addMethod(getReplayRejectedRowsMethod())
              .addMethod(getWatchRunMethod())
              .addMethod(getListPipelineLogsMethod())
              .addMethod(getTailPipelineLogsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
