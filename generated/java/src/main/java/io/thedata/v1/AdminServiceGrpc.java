package io.thedata.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts, audit,
 * usage.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AdminServiceGrpc {

  private AdminServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "thedata.v1.AdminService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetSystemStatusRequest,
      io.thedata.v1.SystemStatus> getGetSystemStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetSystemStatus",
      requestType = io.thedata.v1.GetSystemStatusRequest.class,
      responseType = io.thedata.v1.SystemStatus.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetSystemStatusRequest,
      io.thedata.v1.SystemStatus> getGetSystemStatusMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetSystemStatusRequest, io.thedata.v1.SystemStatus> getGetSystemStatusMethod;
    if ((getGetSystemStatusMethod = AdminServiceGrpc.getGetSystemStatusMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetSystemStatusMethod = AdminServiceGrpc.getGetSystemStatusMethod) == null) {
          AdminServiceGrpc.getGetSystemStatusMethod = getGetSystemStatusMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetSystemStatusRequest, io.thedata.v1.SystemStatus>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetSystemStatus"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetSystemStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.SystemStatus.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetSystemStatus"))
              .build();
        }
      }
    }
    return getGetSystemStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.WatchSystemStatusRequest,
      io.thedata.v1.WatchSystemStatusResponse> getWatchSystemStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchSystemStatus",
      requestType = io.thedata.v1.WatchSystemStatusRequest.class,
      responseType = io.thedata.v1.WatchSystemStatusResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.WatchSystemStatusRequest,
      io.thedata.v1.WatchSystemStatusResponse> getWatchSystemStatusMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.WatchSystemStatusRequest, io.thedata.v1.WatchSystemStatusResponse> getWatchSystemStatusMethod;
    if ((getWatchSystemStatusMethod = AdminServiceGrpc.getWatchSystemStatusMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getWatchSystemStatusMethod = AdminServiceGrpc.getWatchSystemStatusMethod) == null) {
          AdminServiceGrpc.getWatchSystemStatusMethod = getWatchSystemStatusMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.WatchSystemStatusRequest, io.thedata.v1.WatchSystemStatusResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchSystemStatus"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchSystemStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchSystemStatusResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("WatchSystemStatus"))
              .build();
        }
      }
    }
    return getWatchSystemStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetSystemConfigRequest,
      io.thedata.v1.SystemConfig> getGetSystemConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetSystemConfig",
      requestType = io.thedata.v1.GetSystemConfigRequest.class,
      responseType = io.thedata.v1.SystemConfig.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetSystemConfigRequest,
      io.thedata.v1.SystemConfig> getGetSystemConfigMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetSystemConfigRequest, io.thedata.v1.SystemConfig> getGetSystemConfigMethod;
    if ((getGetSystemConfigMethod = AdminServiceGrpc.getGetSystemConfigMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetSystemConfigMethod = AdminServiceGrpc.getGetSystemConfigMethod) == null) {
          AdminServiceGrpc.getGetSystemConfigMethod = getGetSystemConfigMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetSystemConfigRequest, io.thedata.v1.SystemConfig>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetSystemConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetSystemConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.SystemConfig.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetSystemConfig"))
              .build();
        }
      }
    }
    return getGetSystemConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdateSystemConfigRequest,
      io.thedata.v1.SystemConfig> getUpdateSystemConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateSystemConfig",
      requestType = io.thedata.v1.UpdateSystemConfigRequest.class,
      responseType = io.thedata.v1.SystemConfig.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdateSystemConfigRequest,
      io.thedata.v1.SystemConfig> getUpdateSystemConfigMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdateSystemConfigRequest, io.thedata.v1.SystemConfig> getUpdateSystemConfigMethod;
    if ((getUpdateSystemConfigMethod = AdminServiceGrpc.getUpdateSystemConfigMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdateSystemConfigMethod = AdminServiceGrpc.getUpdateSystemConfigMethod) == null) {
          AdminServiceGrpc.getUpdateSystemConfigMethod = getUpdateSystemConfigMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdateSystemConfigRequest, io.thedata.v1.SystemConfig>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateSystemConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdateSystemConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.SystemConfig.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdateSystemConfig"))
              .build();
        }
      }
    }
    return getUpdateSystemConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetMetricsConfigRequest,
      io.thedata.v1.MetricsConfig> getGetMetricsConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetMetricsConfig",
      requestType = io.thedata.v1.GetMetricsConfigRequest.class,
      responseType = io.thedata.v1.MetricsConfig.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetMetricsConfigRequest,
      io.thedata.v1.MetricsConfig> getGetMetricsConfigMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetMetricsConfigRequest, io.thedata.v1.MetricsConfig> getGetMetricsConfigMethod;
    if ((getGetMetricsConfigMethod = AdminServiceGrpc.getGetMetricsConfigMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetMetricsConfigMethod = AdminServiceGrpc.getGetMetricsConfigMethod) == null) {
          AdminServiceGrpc.getGetMetricsConfigMethod = getGetMetricsConfigMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetMetricsConfigRequest, io.thedata.v1.MetricsConfig>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetMetricsConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetMetricsConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.MetricsConfig.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetMetricsConfig"))
              .build();
        }
      }
    }
    return getGetMetricsConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdateMetricsConfigRequest,
      io.thedata.v1.MetricsConfig> getUpdateMetricsConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateMetricsConfig",
      requestType = io.thedata.v1.UpdateMetricsConfigRequest.class,
      responseType = io.thedata.v1.MetricsConfig.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdateMetricsConfigRequest,
      io.thedata.v1.MetricsConfig> getUpdateMetricsConfigMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdateMetricsConfigRequest, io.thedata.v1.MetricsConfig> getUpdateMetricsConfigMethod;
    if ((getUpdateMetricsConfigMethod = AdminServiceGrpc.getUpdateMetricsConfigMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdateMetricsConfigMethod = AdminServiceGrpc.getUpdateMetricsConfigMethod) == null) {
          AdminServiceGrpc.getUpdateMetricsConfigMethod = getUpdateMetricsConfigMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdateMetricsConfigRequest, io.thedata.v1.MetricsConfig>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateMetricsConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdateMetricsConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.MetricsConfig.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdateMetricsConfig"))
              .build();
        }
      }
    }
    return getUpdateMetricsConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetAlertsConfigRequest,
      io.thedata.v1.AlertsConfig> getGetAlertsConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetAlertsConfig",
      requestType = io.thedata.v1.GetAlertsConfigRequest.class,
      responseType = io.thedata.v1.AlertsConfig.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetAlertsConfigRequest,
      io.thedata.v1.AlertsConfig> getGetAlertsConfigMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetAlertsConfigRequest, io.thedata.v1.AlertsConfig> getGetAlertsConfigMethod;
    if ((getGetAlertsConfigMethod = AdminServiceGrpc.getGetAlertsConfigMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetAlertsConfigMethod = AdminServiceGrpc.getGetAlertsConfigMethod) == null) {
          AdminServiceGrpc.getGetAlertsConfigMethod = getGetAlertsConfigMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetAlertsConfigRequest, io.thedata.v1.AlertsConfig>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetAlertsConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetAlertsConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.AlertsConfig.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetAlertsConfig"))
              .build();
        }
      }
    }
    return getGetAlertsConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdateAlertsConfigRequest,
      io.thedata.v1.AlertsConfig> getUpdateAlertsConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateAlertsConfig",
      requestType = io.thedata.v1.UpdateAlertsConfigRequest.class,
      responseType = io.thedata.v1.AlertsConfig.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdateAlertsConfigRequest,
      io.thedata.v1.AlertsConfig> getUpdateAlertsConfigMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdateAlertsConfigRequest, io.thedata.v1.AlertsConfig> getUpdateAlertsConfigMethod;
    if ((getUpdateAlertsConfigMethod = AdminServiceGrpc.getUpdateAlertsConfigMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdateAlertsConfigMethod = AdminServiceGrpc.getUpdateAlertsConfigMethod) == null) {
          AdminServiceGrpc.getUpdateAlertsConfigMethod = getUpdateAlertsConfigMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdateAlertsConfigRequest, io.thedata.v1.AlertsConfig>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateAlertsConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdateAlertsConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.AlertsConfig.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdateAlertsConfig"))
              .build();
        }
      }
    }
    return getUpdateAlertsConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListConfigVersionsRequest,
      io.thedata.v1.ListConfigVersionsResponse> getListConfigVersionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListConfigVersions",
      requestType = io.thedata.v1.ListConfigVersionsRequest.class,
      responseType = io.thedata.v1.ListConfigVersionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListConfigVersionsRequest,
      io.thedata.v1.ListConfigVersionsResponse> getListConfigVersionsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListConfigVersionsRequest, io.thedata.v1.ListConfigVersionsResponse> getListConfigVersionsMethod;
    if ((getListConfigVersionsMethod = AdminServiceGrpc.getListConfigVersionsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListConfigVersionsMethod = AdminServiceGrpc.getListConfigVersionsMethod) == null) {
          AdminServiceGrpc.getListConfigVersionsMethod = getListConfigVersionsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListConfigVersionsRequest, io.thedata.v1.ListConfigVersionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListConfigVersions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListConfigVersionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListConfigVersionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListConfigVersions"))
              .build();
        }
      }
    }
    return getListConfigVersionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.RollBackConfigRequest,
      io.thedata.v1.ConfigVersion> getRollBackConfigMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RollBackConfig",
      requestType = io.thedata.v1.RollBackConfigRequest.class,
      responseType = io.thedata.v1.ConfigVersion.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.RollBackConfigRequest,
      io.thedata.v1.ConfigVersion> getRollBackConfigMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.RollBackConfigRequest, io.thedata.v1.ConfigVersion> getRollBackConfigMethod;
    if ((getRollBackConfigMethod = AdminServiceGrpc.getRollBackConfigMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getRollBackConfigMethod = AdminServiceGrpc.getRollBackConfigMethod) == null) {
          AdminServiceGrpc.getRollBackConfigMethod = getRollBackConfigMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.RollBackConfigRequest, io.thedata.v1.ConfigVersion>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RollBackConfig"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RollBackConfigRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ConfigVersion.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("RollBackConfig"))
              .build();
        }
      }
    }
    return getRollBackConfigMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListAlertConditionsRequest,
      io.thedata.v1.ListAlertConditionsResponse> getListAlertConditionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAlertConditions",
      requestType = io.thedata.v1.ListAlertConditionsRequest.class,
      responseType = io.thedata.v1.ListAlertConditionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListAlertConditionsRequest,
      io.thedata.v1.ListAlertConditionsResponse> getListAlertConditionsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListAlertConditionsRequest, io.thedata.v1.ListAlertConditionsResponse> getListAlertConditionsMethod;
    if ((getListAlertConditionsMethod = AdminServiceGrpc.getListAlertConditionsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListAlertConditionsMethod = AdminServiceGrpc.getListAlertConditionsMethod) == null) {
          AdminServiceGrpc.getListAlertConditionsMethod = getListAlertConditionsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListAlertConditionsRequest, io.thedata.v1.ListAlertConditionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAlertConditions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertConditionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertConditionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListAlertConditions"))
              .build();
        }
      }
    }
    return getListAlertConditionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListActiveAlertsRequest,
      io.thedata.v1.ListActiveAlertsResponse> getListActiveAlertsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListActiveAlerts",
      requestType = io.thedata.v1.ListActiveAlertsRequest.class,
      responseType = io.thedata.v1.ListActiveAlertsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListActiveAlertsRequest,
      io.thedata.v1.ListActiveAlertsResponse> getListActiveAlertsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListActiveAlertsRequest, io.thedata.v1.ListActiveAlertsResponse> getListActiveAlertsMethod;
    if ((getListActiveAlertsMethod = AdminServiceGrpc.getListActiveAlertsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListActiveAlertsMethod = AdminServiceGrpc.getListActiveAlertsMethod) == null) {
          AdminServiceGrpc.getListActiveAlertsMethod = getListActiveAlertsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListActiveAlertsRequest, io.thedata.v1.ListActiveAlertsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListActiveAlerts"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListActiveAlertsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListActiveAlertsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListActiveAlerts"))
              .build();
        }
      }
    }
    return getListActiveAlertsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListAlertsRequest,
      io.thedata.v1.ListAlertsResponse> getListAlertsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAlerts",
      requestType = io.thedata.v1.ListAlertsRequest.class,
      responseType = io.thedata.v1.ListAlertsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListAlertsRequest,
      io.thedata.v1.ListAlertsResponse> getListAlertsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListAlertsRequest, io.thedata.v1.ListAlertsResponse> getListAlertsMethod;
    if ((getListAlertsMethod = AdminServiceGrpc.getListAlertsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListAlertsMethod = AdminServiceGrpc.getListAlertsMethod) == null) {
          AdminServiceGrpc.getListAlertsMethod = getListAlertsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListAlertsRequest, io.thedata.v1.ListAlertsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAlerts"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListAlerts"))
              .build();
        }
      }
    }
    return getListAlertsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.WatchAlertsRequest,
      io.thedata.v1.WatchAlertsResponse> getWatchAlertsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchAlerts",
      requestType = io.thedata.v1.WatchAlertsRequest.class,
      responseType = io.thedata.v1.WatchAlertsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.WatchAlertsRequest,
      io.thedata.v1.WatchAlertsResponse> getWatchAlertsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.WatchAlertsRequest, io.thedata.v1.WatchAlertsResponse> getWatchAlertsMethod;
    if ((getWatchAlertsMethod = AdminServiceGrpc.getWatchAlertsMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getWatchAlertsMethod = AdminServiceGrpc.getWatchAlertsMethod) == null) {
          AdminServiceGrpc.getWatchAlertsMethod = getWatchAlertsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.WatchAlertsRequest, io.thedata.v1.WatchAlertsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchAlerts"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchAlertsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchAlertsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("WatchAlerts"))
              .build();
        }
      }
    }
    return getWatchAlertsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.AcknowledgeAlertRequest,
      io.thedata.v1.Alert> getAcknowledgeAlertMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AcknowledgeAlert",
      requestType = io.thedata.v1.AcknowledgeAlertRequest.class,
      responseType = io.thedata.v1.Alert.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.AcknowledgeAlertRequest,
      io.thedata.v1.Alert> getAcknowledgeAlertMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.AcknowledgeAlertRequest, io.thedata.v1.Alert> getAcknowledgeAlertMethod;
    if ((getAcknowledgeAlertMethod = AdminServiceGrpc.getAcknowledgeAlertMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getAcknowledgeAlertMethod = AdminServiceGrpc.getAcknowledgeAlertMethod) == null) {
          AdminServiceGrpc.getAcknowledgeAlertMethod = getAcknowledgeAlertMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.AcknowledgeAlertRequest, io.thedata.v1.Alert>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AcknowledgeAlert"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.AcknowledgeAlertRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Alert.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("AcknowledgeAlert"))
              .build();
        }
      }
    }
    return getAcknowledgeAlertMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListAlertSilencesRequest,
      io.thedata.v1.ListAlertSilencesResponse> getListAlertSilencesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAlertSilences",
      requestType = io.thedata.v1.ListAlertSilencesRequest.class,
      responseType = io.thedata.v1.ListAlertSilencesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListAlertSilencesRequest,
      io.thedata.v1.ListAlertSilencesResponse> getListAlertSilencesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListAlertSilencesRequest, io.thedata.v1.ListAlertSilencesResponse> getListAlertSilencesMethod;
    if ((getListAlertSilencesMethod = AdminServiceGrpc.getListAlertSilencesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListAlertSilencesMethod = AdminServiceGrpc.getListAlertSilencesMethod) == null) {
          AdminServiceGrpc.getListAlertSilencesMethod = getListAlertSilencesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListAlertSilencesRequest, io.thedata.v1.ListAlertSilencesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAlertSilences"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertSilencesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertSilencesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListAlertSilences"))
              .build();
        }
      }
    }
    return getListAlertSilencesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CreateAlertSilenceRequest,
      io.thedata.v1.AlertSilence> getCreateAlertSilenceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateAlertSilence",
      requestType = io.thedata.v1.CreateAlertSilenceRequest.class,
      responseType = io.thedata.v1.AlertSilence.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CreateAlertSilenceRequest,
      io.thedata.v1.AlertSilence> getCreateAlertSilenceMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CreateAlertSilenceRequest, io.thedata.v1.AlertSilence> getCreateAlertSilenceMethod;
    if ((getCreateAlertSilenceMethod = AdminServiceGrpc.getCreateAlertSilenceMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getCreateAlertSilenceMethod = AdminServiceGrpc.getCreateAlertSilenceMethod) == null) {
          AdminServiceGrpc.getCreateAlertSilenceMethod = getCreateAlertSilenceMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CreateAlertSilenceRequest, io.thedata.v1.AlertSilence>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateAlertSilence"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CreateAlertSilenceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.AlertSilence.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("CreateAlertSilence"))
              .build();
        }
      }
    }
    return getCreateAlertSilenceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DeleteAlertSilenceRequest,
      com.google.protobuf.Empty> getDeleteAlertSilenceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteAlertSilence",
      requestType = io.thedata.v1.DeleteAlertSilenceRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DeleteAlertSilenceRequest,
      com.google.protobuf.Empty> getDeleteAlertSilenceMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DeleteAlertSilenceRequest, com.google.protobuf.Empty> getDeleteAlertSilenceMethod;
    if ((getDeleteAlertSilenceMethod = AdminServiceGrpc.getDeleteAlertSilenceMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getDeleteAlertSilenceMethod = AdminServiceGrpc.getDeleteAlertSilenceMethod) == null) {
          AdminServiceGrpc.getDeleteAlertSilenceMethod = getDeleteAlertSilenceMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DeleteAlertSilenceRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteAlertSilence"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DeleteAlertSilenceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("DeleteAlertSilence"))
              .build();
        }
      }
    }
    return getDeleteAlertSilenceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.TestAlertChannelRequest,
      io.thedata.v1.AlertDelivery> getTestAlertChannelMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "TestAlertChannel",
      requestType = io.thedata.v1.TestAlertChannelRequest.class,
      responseType = io.thedata.v1.AlertDelivery.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.TestAlertChannelRequest,
      io.thedata.v1.AlertDelivery> getTestAlertChannelMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.TestAlertChannelRequest, io.thedata.v1.AlertDelivery> getTestAlertChannelMethod;
    if ((getTestAlertChannelMethod = AdminServiceGrpc.getTestAlertChannelMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getTestAlertChannelMethod = AdminServiceGrpc.getTestAlertChannelMethod) == null) {
          AdminServiceGrpc.getTestAlertChannelMethod = getTestAlertChannelMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.TestAlertChannelRequest, io.thedata.v1.AlertDelivery>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "TestAlertChannel"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.TestAlertChannelRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.AlertDelivery.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("TestAlertChannel"))
              .build();
        }
      }
    }
    return getTestAlertChannelMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListAlertDeliveriesRequest,
      io.thedata.v1.ListAlertDeliveriesResponse> getListAlertDeliveriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAlertDeliveries",
      requestType = io.thedata.v1.ListAlertDeliveriesRequest.class,
      responseType = io.thedata.v1.ListAlertDeliveriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListAlertDeliveriesRequest,
      io.thedata.v1.ListAlertDeliveriesResponse> getListAlertDeliveriesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListAlertDeliveriesRequest, io.thedata.v1.ListAlertDeliveriesResponse> getListAlertDeliveriesMethod;
    if ((getListAlertDeliveriesMethod = AdminServiceGrpc.getListAlertDeliveriesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListAlertDeliveriesMethod = AdminServiceGrpc.getListAlertDeliveriesMethod) == null) {
          AdminServiceGrpc.getListAlertDeliveriesMethod = getListAlertDeliveriesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListAlertDeliveriesRequest, io.thedata.v1.ListAlertDeliveriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAlertDeliveries"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertDeliveriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAlertDeliveriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListAlertDeliveries"))
              .build();
        }
      }
    }
    return getListAlertDeliveriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListAuditEntriesRequest,
      io.thedata.v1.ListAuditEntriesResponse> getListAuditEntriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAuditEntries",
      requestType = io.thedata.v1.ListAuditEntriesRequest.class,
      responseType = io.thedata.v1.ListAuditEntriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListAuditEntriesRequest,
      io.thedata.v1.ListAuditEntriesResponse> getListAuditEntriesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListAuditEntriesRequest, io.thedata.v1.ListAuditEntriesResponse> getListAuditEntriesMethod;
    if ((getListAuditEntriesMethod = AdminServiceGrpc.getListAuditEntriesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListAuditEntriesMethod = AdminServiceGrpc.getListAuditEntriesMethod) == null) {
          AdminServiceGrpc.getListAuditEntriesMethod = getListAuditEntriesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListAuditEntriesRequest, io.thedata.v1.ListAuditEntriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAuditEntries"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAuditEntriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListAuditEntriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListAuditEntries"))
              .build();
        }
      }
    }
    return getListAuditEntriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ExportAuditEntriesRequest,
      com.google.api.HttpBody> getExportAuditEntriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExportAuditEntries",
      requestType = io.thedata.v1.ExportAuditEntriesRequest.class,
      responseType = com.google.api.HttpBody.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ExportAuditEntriesRequest,
      com.google.api.HttpBody> getExportAuditEntriesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ExportAuditEntriesRequest, com.google.api.HttpBody> getExportAuditEntriesMethod;
    if ((getExportAuditEntriesMethod = AdminServiceGrpc.getExportAuditEntriesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getExportAuditEntriesMethod = AdminServiceGrpc.getExportAuditEntriesMethod) == null) {
          AdminServiceGrpc.getExportAuditEntriesMethod = getExportAuditEntriesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ExportAuditEntriesRequest, com.google.api.HttpBody>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExportAuditEntries"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ExportAuditEntriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.api.HttpBody.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ExportAuditEntries"))
              .build();
        }
      }
    }
    return getExportAuditEntriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.WatchAuditEntriesRequest,
      io.thedata.v1.WatchAuditEntriesResponse> getWatchAuditEntriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchAuditEntries",
      requestType = io.thedata.v1.WatchAuditEntriesRequest.class,
      responseType = io.thedata.v1.WatchAuditEntriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<io.thedata.v1.WatchAuditEntriesRequest,
      io.thedata.v1.WatchAuditEntriesResponse> getWatchAuditEntriesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.WatchAuditEntriesRequest, io.thedata.v1.WatchAuditEntriesResponse> getWatchAuditEntriesMethod;
    if ((getWatchAuditEntriesMethod = AdminServiceGrpc.getWatchAuditEntriesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getWatchAuditEntriesMethod = AdminServiceGrpc.getWatchAuditEntriesMethod) == null) {
          AdminServiceGrpc.getWatchAuditEntriesMethod = getWatchAuditEntriesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.WatchAuditEntriesRequest, io.thedata.v1.WatchAuditEntriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchAuditEntries"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchAuditEntriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.WatchAuditEntriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("WatchAuditEntries"))
              .build();
        }
      }
    }
    return getWatchAuditEntriesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetUsageRequest,
      io.thedata.v1.Usage> getGetUsageMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetUsage",
      requestType = io.thedata.v1.GetUsageRequest.class,
      responseType = io.thedata.v1.Usage.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetUsageRequest,
      io.thedata.v1.Usage> getGetUsageMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetUsageRequest, io.thedata.v1.Usage> getGetUsageMethod;
    if ((getGetUsageMethod = AdminServiceGrpc.getGetUsageMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetUsageMethod = AdminServiceGrpc.getGetUsageMethod) == null) {
          AdminServiceGrpc.getGetUsageMethod = getGetUsageMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetUsageRequest, io.thedata.v1.Usage>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetUsage"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetUsageRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Usage.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetUsage"))
              .build();
        }
      }
    }
    return getGetUsageMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AdminServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub>() {
        @java.lang.Override
        public AdminServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceStub(channel, callOptions);
        }
      };
    return AdminServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AdminServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub>() {
        @java.lang.Override
        public AdminServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AdminServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AdminServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub>() {
        @java.lang.Override
        public AdminServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingStub(channel, callOptions);
        }
      };
    return AdminServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AdminServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub>() {
        @java.lang.Override
        public AdminServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceFutureStub(channel, callOptions);
        }
      };
    return AdminServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts, audit,
   * usage.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Gets the state of the platform and its components, problems first.
     * </pre>
     */
    default void getSystemStatus(io.thedata.v1.GetSystemStatusRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.SystemStatus> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetSystemStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells the state of the platform, and again whenever it changes.
     * </pre>
     */
    default void watchSystemStatus(io.thedata.v1.WatchSystemStatusRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchSystemStatusResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchSystemStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets the platform's settings.
     * </pre>
     */
    default void getSystemConfig(io.thedata.v1.GetSystemConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.SystemConfig> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetSystemConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates the platform's settings: the fields that are given. Every server and worker takes them up within two seconds.
     * </pre>
     */
    default void updateSystemConfig(io.thedata.v1.UpdateSystemConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.SystemConfig> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateSystemConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets how metrics are collected and kept.
     * </pre>
     */
    default void getMetricsConfig(io.thedata.v1.GetMetricsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.MetricsConfig> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetMetricsConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates how metrics are collected and kept: the fields that are given.
     * </pre>
     */
    default void updateMetricsConfig(io.thedata.v1.UpdateMetricsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.MetricsConfig> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateMetricsConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets alert rules and the channels on which alerts are told.
     * </pre>
     */
    default void getAlertsConfig(io.thedata.v1.GetAlertsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertsConfig> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetAlertsConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates alert rules and channels: the lists that are given, each as a whole.
     * </pre>
     */
    default void updateAlertsConfig(io.thedata.v1.UpdateAlertsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertsConfig> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateAlertsConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the versions of a configuration, newest first.
     * </pre>
     */
    default void listConfigVersions(io.thedata.v1.ListConfigVersionsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListConfigVersionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListConfigVersionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Makes an earlier version of a configuration the newest one.
     * </pre>
     */
    default void rollBackConfig(io.thedata.v1.RollBackConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ConfigVersion> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRollBackConfigMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists what alert rules can look at, each with the JSON Schema of its parameters.
     * </pre>
     */
    default void listAlertConditions(io.thedata.v1.ListAlertConditionsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertConditionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAlertConditionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the alerts that are pending or fire now, most severe first.
     * </pre>
     */
    default void listActiveAlerts(io.thedata.v1.ListActiveAlertsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListActiveAlertsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListActiveAlertsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists alerts, also those that are over, newest first.
     * </pre>
     */
    default void listAlerts(io.thedata.v1.ListAlertsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAlertsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells the alerts that are active, then each change of an alert.
     * </pre>
     */
    default void watchAlerts(io.thedata.v1.WatchAlertsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchAlertsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchAlertsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Acknowledges an alert, so that it is not sent again while it fires.
     * </pre>
     */
    default void acknowledgeAlert(io.thedata.v1.AcknowledgeAlertRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Alert> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAcknowledgeAlertMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists silences, newest first.
     * </pre>
     */
    default void listAlertSilences(io.thedata.v1.ListAlertSilencesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertSilencesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAlertSilencesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Silences alerts for a while: they are kept and shown, and nobody is told.
     * </pre>
     */
    default void createAlertSilence(io.thedata.v1.CreateAlertSilenceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertSilence> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateAlertSilenceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ends a silence.
     * </pre>
     */
    default void deleteAlertSilence(io.thedata.v1.DeleteAlertSilenceRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteAlertSilenceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Sends a test message on a channel and tells how that ended.
     * </pre>
     */
    default void testAlertChannel(io.thedata.v1.TestAlertChannelRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertDelivery> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getTestAlertChannelMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists what was sent on channels, newest first.
     * </pre>
     */
    default void listAlertDeliveries(io.thedata.v1.ListAlertDeliveriesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertDeliveriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAlertDeliveriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists audit entries, newest first.
     * </pre>
     */
    default void listAuditEntries(io.thedata.v1.ListAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAuditEntriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Downloads audit entries, oldest first.
     * </pre>
     */
    default void exportAuditEntries(io.thedata.v1.ExportAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportAuditEntriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells audit entries as they are written.
     * </pre>
     */
    default void watchAuditEntries(io.thedata.v1.WatchAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchAuditEntriesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets what an organization has used of its limits.
     * </pre>
     */
    default void getUsage(io.thedata.v1.GetUsageRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Usage> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetUsageMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AdminService.
   * <pre>
   * Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts, audit,
   * usage.
   * </pre>
   */
  public static abstract class AdminServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AdminServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AdminService.
   * <pre>
   * Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts, audit,
   * usage.
   * </pre>
   */
  public static final class AdminServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AdminServiceStub> {
    private AdminServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the state of the platform and its components, problems first.
     * </pre>
     */
    public void getSystemStatus(io.thedata.v1.GetSystemStatusRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.SystemStatus> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetSystemStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells the state of the platform, and again whenever it changes.
     * </pre>
     */
    public void watchSystemStatus(io.thedata.v1.WatchSystemStatusRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchSystemStatusResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchSystemStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets the platform's settings.
     * </pre>
     */
    public void getSystemConfig(io.thedata.v1.GetSystemConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.SystemConfig> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetSystemConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates the platform's settings: the fields that are given. Every server and worker takes them up within two seconds.
     * </pre>
     */
    public void updateSystemConfig(io.thedata.v1.UpdateSystemConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.SystemConfig> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateSystemConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets how metrics are collected and kept.
     * </pre>
     */
    public void getMetricsConfig(io.thedata.v1.GetMetricsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.MetricsConfig> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetMetricsConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates how metrics are collected and kept: the fields that are given.
     * </pre>
     */
    public void updateMetricsConfig(io.thedata.v1.UpdateMetricsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.MetricsConfig> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateMetricsConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets alert rules and the channels on which alerts are told.
     * </pre>
     */
    public void getAlertsConfig(io.thedata.v1.GetAlertsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertsConfig> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetAlertsConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates alert rules and channels: the lists that are given, each as a whole.
     * </pre>
     */
    public void updateAlertsConfig(io.thedata.v1.UpdateAlertsConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertsConfig> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateAlertsConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the versions of a configuration, newest first.
     * </pre>
     */
    public void listConfigVersions(io.thedata.v1.ListConfigVersionsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListConfigVersionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListConfigVersionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Makes an earlier version of a configuration the newest one.
     * </pre>
     */
    public void rollBackConfig(io.thedata.v1.RollBackConfigRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ConfigVersion> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRollBackConfigMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists what alert rules can look at, each with the JSON Schema of its parameters.
     * </pre>
     */
    public void listAlertConditions(io.thedata.v1.ListAlertConditionsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertConditionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAlertConditionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the alerts that are pending or fire now, most severe first.
     * </pre>
     */
    public void listActiveAlerts(io.thedata.v1.ListActiveAlertsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListActiveAlertsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListActiveAlertsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists alerts, also those that are over, newest first.
     * </pre>
     */
    public void listAlerts(io.thedata.v1.ListAlertsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAlertsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells the alerts that are active, then each change of an alert.
     * </pre>
     */
    public void watchAlerts(io.thedata.v1.WatchAlertsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchAlertsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchAlertsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Acknowledges an alert, so that it is not sent again while it fires.
     * </pre>
     */
    public void acknowledgeAlert(io.thedata.v1.AcknowledgeAlertRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Alert> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAcknowledgeAlertMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists silences, newest first.
     * </pre>
     */
    public void listAlertSilences(io.thedata.v1.ListAlertSilencesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertSilencesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAlertSilencesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Silences alerts for a while: they are kept and shown, and nobody is told.
     * </pre>
     */
    public void createAlertSilence(io.thedata.v1.CreateAlertSilenceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertSilence> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateAlertSilenceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ends a silence.
     * </pre>
     */
    public void deleteAlertSilence(io.thedata.v1.DeleteAlertSilenceRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteAlertSilenceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Sends a test message on a channel and tells how that ended.
     * </pre>
     */
    public void testAlertChannel(io.thedata.v1.TestAlertChannelRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.AlertDelivery> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getTestAlertChannelMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists what was sent on channels, newest first.
     * </pre>
     */
    public void listAlertDeliveries(io.thedata.v1.ListAlertDeliveriesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertDeliveriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAlertDeliveriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists audit entries, newest first.
     * </pre>
     */
    public void listAuditEntries(io.thedata.v1.ListAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAuditEntriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Downloads audit entries, oldest first.
     * </pre>
     */
    public void exportAuditEntries(io.thedata.v1.ExportAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<com.google.api.HttpBody> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getExportAuditEntriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells audit entries as they are written.
     * </pre>
     */
    public void watchAuditEntries(io.thedata.v1.WatchAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.WatchAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchAuditEntriesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets what an organization has used of its limits.
     * </pre>
     */
    public void getUsage(io.thedata.v1.GetUsageRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Usage> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetUsageMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AdminService.
   * <pre>
   * Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts, audit,
   * usage.
   * </pre>
   */
  public static final class AdminServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingV2Stub> {
    private AdminServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the state of the platform and its components, problems first.
     * </pre>
     */
    public io.thedata.v1.SystemStatus getSystemStatus(io.thedata.v1.GetSystemStatusRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetSystemStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells the state of the platform, and again whenever it changes.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.WatchSystemStatusResponse>
        watchSystemStatus(io.thedata.v1.WatchSystemStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchSystemStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the platform's settings.
     * </pre>
     */
    public io.thedata.v1.SystemConfig getSystemConfig(io.thedata.v1.GetSystemConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetSystemConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the platform's settings: the fields that are given. Every server and worker takes them up within two seconds.
     * </pre>
     */
    public io.thedata.v1.SystemConfig updateSystemConfig(io.thedata.v1.UpdateSystemConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateSystemConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets how metrics are collected and kept.
     * </pre>
     */
    public io.thedata.v1.MetricsConfig getMetricsConfig(io.thedata.v1.GetMetricsConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetMetricsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates how metrics are collected and kept: the fields that are given.
     * </pre>
     */
    public io.thedata.v1.MetricsConfig updateMetricsConfig(io.thedata.v1.UpdateMetricsConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateMetricsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets alert rules and the channels on which alerts are told.
     * </pre>
     */
    public io.thedata.v1.AlertsConfig getAlertsConfig(io.thedata.v1.GetAlertsConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetAlertsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates alert rules and channels: the lists that are given, each as a whole.
     * </pre>
     */
    public io.thedata.v1.AlertsConfig updateAlertsConfig(io.thedata.v1.UpdateAlertsConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateAlertsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the versions of a configuration, newest first.
     * </pre>
     */
    public io.thedata.v1.ListConfigVersionsResponse listConfigVersions(io.thedata.v1.ListConfigVersionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListConfigVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes an earlier version of a configuration the newest one.
     * </pre>
     */
    public io.thedata.v1.ConfigVersion rollBackConfig(io.thedata.v1.RollBackConfigRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRollBackConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists what alert rules can look at, each with the JSON Schema of its parameters.
     * </pre>
     */
    public io.thedata.v1.ListAlertConditionsResponse listAlertConditions(io.thedata.v1.ListAlertConditionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAlertConditionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the alerts that are pending or fire now, most severe first.
     * </pre>
     */
    public io.thedata.v1.ListActiveAlertsResponse listActiveAlerts(io.thedata.v1.ListActiveAlertsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListActiveAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists alerts, also those that are over, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAlertsResponse listAlerts(io.thedata.v1.ListAlertsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells the alerts that are active, then each change of an alert.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.WatchAlertsResponse>
        watchAlerts(io.thedata.v1.WatchAlertsRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Acknowledges an alert, so that it is not sent again while it fires.
     * </pre>
     */
    public io.thedata.v1.Alert acknowledgeAlert(io.thedata.v1.AcknowledgeAlertRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAcknowledgeAlertMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists silences, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAlertSilencesResponse listAlertSilences(io.thedata.v1.ListAlertSilencesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAlertSilencesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Silences alerts for a while: they are kept and shown, and nobody is told.
     * </pre>
     */
    public io.thedata.v1.AlertSilence createAlertSilence(io.thedata.v1.CreateAlertSilenceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateAlertSilenceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends a silence.
     * </pre>
     */
    public com.google.protobuf.Empty deleteAlertSilence(io.thedata.v1.DeleteAlertSilenceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteAlertSilenceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sends a test message on a channel and tells how that ended.
     * </pre>
     */
    public io.thedata.v1.AlertDelivery testAlertChannel(io.thedata.v1.TestAlertChannelRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getTestAlertChannelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists what was sent on channels, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAlertDeliveriesResponse listAlertDeliveries(io.thedata.v1.ListAlertDeliveriesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAlertDeliveriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists audit entries, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAuditEntriesResponse listAuditEntries(io.thedata.v1.ListAuditEntriesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Downloads audit entries, oldest first.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, com.google.api.HttpBody>
        exportAuditEntries(io.thedata.v1.ExportAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getExportAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells audit entries as they are written.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, io.thedata.v1.WatchAuditEntriesResponse>
        watchAuditEntries(io.thedata.v1.WatchAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets what an organization has used of its limits.
     * </pre>
     */
    public io.thedata.v1.Usage getUsage(io.thedata.v1.GetUsageRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetUsageMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AdminService.
   * <pre>
   * Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts, audit,
   * usage.
   * </pre>
   */
  public static final class AdminServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingStub> {
    private AdminServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the state of the platform and its components, problems first.
     * </pre>
     */
    public io.thedata.v1.SystemStatus getSystemStatus(io.thedata.v1.GetSystemStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetSystemStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells the state of the platform, and again whenever it changes.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.WatchSystemStatusResponse> watchSystemStatus(
        io.thedata.v1.WatchSystemStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchSystemStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the platform's settings.
     * </pre>
     */
    public io.thedata.v1.SystemConfig getSystemConfig(io.thedata.v1.GetSystemConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetSystemConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the platform's settings: the fields that are given. Every server and worker takes them up within two seconds.
     * </pre>
     */
    public io.thedata.v1.SystemConfig updateSystemConfig(io.thedata.v1.UpdateSystemConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateSystemConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets how metrics are collected and kept.
     * </pre>
     */
    public io.thedata.v1.MetricsConfig getMetricsConfig(io.thedata.v1.GetMetricsConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetMetricsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates how metrics are collected and kept: the fields that are given.
     * </pre>
     */
    public io.thedata.v1.MetricsConfig updateMetricsConfig(io.thedata.v1.UpdateMetricsConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateMetricsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets alert rules and the channels on which alerts are told.
     * </pre>
     */
    public io.thedata.v1.AlertsConfig getAlertsConfig(io.thedata.v1.GetAlertsConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetAlertsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates alert rules and channels: the lists that are given, each as a whole.
     * </pre>
     */
    public io.thedata.v1.AlertsConfig updateAlertsConfig(io.thedata.v1.UpdateAlertsConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateAlertsConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the versions of a configuration, newest first.
     * </pre>
     */
    public io.thedata.v1.ListConfigVersionsResponse listConfigVersions(io.thedata.v1.ListConfigVersionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListConfigVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Makes an earlier version of a configuration the newest one.
     * </pre>
     */
    public io.thedata.v1.ConfigVersion rollBackConfig(io.thedata.v1.RollBackConfigRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRollBackConfigMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists what alert rules can look at, each with the JSON Schema of its parameters.
     * </pre>
     */
    public io.thedata.v1.ListAlertConditionsResponse listAlertConditions(io.thedata.v1.ListAlertConditionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAlertConditionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the alerts that are pending or fire now, most severe first.
     * </pre>
     */
    public io.thedata.v1.ListActiveAlertsResponse listActiveAlerts(io.thedata.v1.ListActiveAlertsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListActiveAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists alerts, also those that are over, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAlertsResponse listAlerts(io.thedata.v1.ListAlertsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells the alerts that are active, then each change of an alert.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.WatchAlertsResponse> watchAlerts(
        io.thedata.v1.WatchAlertsRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchAlertsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Acknowledges an alert, so that it is not sent again while it fires.
     * </pre>
     */
    public io.thedata.v1.Alert acknowledgeAlert(io.thedata.v1.AcknowledgeAlertRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAcknowledgeAlertMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists silences, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAlertSilencesResponse listAlertSilences(io.thedata.v1.ListAlertSilencesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAlertSilencesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Silences alerts for a while: they are kept and shown, and nobody is told.
     * </pre>
     */
    public io.thedata.v1.AlertSilence createAlertSilence(io.thedata.v1.CreateAlertSilenceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateAlertSilenceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends a silence.
     * </pre>
     */
    public com.google.protobuf.Empty deleteAlertSilence(io.thedata.v1.DeleteAlertSilenceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteAlertSilenceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sends a test message on a channel and tells how that ended.
     * </pre>
     */
    public io.thedata.v1.AlertDelivery testAlertChannel(io.thedata.v1.TestAlertChannelRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getTestAlertChannelMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists what was sent on channels, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAlertDeliveriesResponse listAlertDeliveries(io.thedata.v1.ListAlertDeliveriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAlertDeliveriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists audit entries, newest first.
     * </pre>
     */
    public io.thedata.v1.ListAuditEntriesResponse listAuditEntries(io.thedata.v1.ListAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Downloads audit entries, oldest first.
     * </pre>
     */
    public java.util.Iterator<com.google.api.HttpBody> exportAuditEntries(
        io.thedata.v1.ExportAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getExportAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells audit entries as they are written.
     * </pre>
     */
    public java.util.Iterator<io.thedata.v1.WatchAuditEntriesResponse> watchAuditEntries(
        io.thedata.v1.WatchAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchAuditEntriesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets what an organization has used of its limits.
     * </pre>
     */
    public io.thedata.v1.Usage getUsage(io.thedata.v1.GetUsageRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetUsageMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AdminService.
   * <pre>
   * Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts, audit,
   * usage.
   * </pre>
   */
  public static final class AdminServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AdminServiceFutureStub> {
    private AdminServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Gets the state of the platform and its components, problems first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.SystemStatus> getSystemStatus(
        io.thedata.v1.GetSystemStatusRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetSystemStatusMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets the platform's settings.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.SystemConfig> getSystemConfig(
        io.thedata.v1.GetSystemConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetSystemConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates the platform's settings: the fields that are given. Every server and worker takes them up within two seconds.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.SystemConfig> updateSystemConfig(
        io.thedata.v1.UpdateSystemConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateSystemConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets how metrics are collected and kept.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.MetricsConfig> getMetricsConfig(
        io.thedata.v1.GetMetricsConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetMetricsConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates how metrics are collected and kept: the fields that are given.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.MetricsConfig> updateMetricsConfig(
        io.thedata.v1.UpdateMetricsConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateMetricsConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets alert rules and the channels on which alerts are told.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.AlertsConfig> getAlertsConfig(
        io.thedata.v1.GetAlertsConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetAlertsConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates alert rules and channels: the lists that are given, each as a whole.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.AlertsConfig> updateAlertsConfig(
        io.thedata.v1.UpdateAlertsConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateAlertsConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the versions of a configuration, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListConfigVersionsResponse> listConfigVersions(
        io.thedata.v1.ListConfigVersionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListConfigVersionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Makes an earlier version of a configuration the newest one.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ConfigVersion> rollBackConfig(
        io.thedata.v1.RollBackConfigRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRollBackConfigMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists what alert rules can look at, each with the JSON Schema of its parameters.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListAlertConditionsResponse> listAlertConditions(
        io.thedata.v1.ListAlertConditionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAlertConditionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the alerts that are pending or fire now, most severe first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListActiveAlertsResponse> listActiveAlerts(
        io.thedata.v1.ListActiveAlertsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListActiveAlertsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists alerts, also those that are over, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListAlertsResponse> listAlerts(
        io.thedata.v1.ListAlertsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAlertsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Acknowledges an alert, so that it is not sent again while it fires.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Alert> acknowledgeAlert(
        io.thedata.v1.AcknowledgeAlertRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAcknowledgeAlertMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists silences, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListAlertSilencesResponse> listAlertSilences(
        io.thedata.v1.ListAlertSilencesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAlertSilencesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Silences alerts for a while: they are kept and shown, and nobody is told.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.AlertSilence> createAlertSilence(
        io.thedata.v1.CreateAlertSilenceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateAlertSilenceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Ends a silence.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteAlertSilence(
        io.thedata.v1.DeleteAlertSilenceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteAlertSilenceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Sends a test message on a channel and tells how that ended.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.AlertDelivery> testAlertChannel(
        io.thedata.v1.TestAlertChannelRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getTestAlertChannelMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists what was sent on channels, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListAlertDeliveriesResponse> listAlertDeliveries(
        io.thedata.v1.ListAlertDeliveriesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAlertDeliveriesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists audit entries, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListAuditEntriesResponse> listAuditEntries(
        io.thedata.v1.ListAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAuditEntriesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets what an organization has used of its limits.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Usage> getUsage(
        io.thedata.v1.GetUsageRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetUsageMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_SYSTEM_STATUS = 0;
  private static final int METHODID_WATCH_SYSTEM_STATUS = 1;
  private static final int METHODID_GET_SYSTEM_CONFIG = 2;
  private static final int METHODID_UPDATE_SYSTEM_CONFIG = 3;
  private static final int METHODID_GET_METRICS_CONFIG = 4;
  private static final int METHODID_UPDATE_METRICS_CONFIG = 5;
  private static final int METHODID_GET_ALERTS_CONFIG = 6;
  private static final int METHODID_UPDATE_ALERTS_CONFIG = 7;
  private static final int METHODID_LIST_CONFIG_VERSIONS = 8;
  private static final int METHODID_ROLL_BACK_CONFIG = 9;
  private static final int METHODID_LIST_ALERT_CONDITIONS = 10;
  private static final int METHODID_LIST_ACTIVE_ALERTS = 11;
  private static final int METHODID_LIST_ALERTS = 12;
  private static final int METHODID_WATCH_ALERTS = 13;
  private static final int METHODID_ACKNOWLEDGE_ALERT = 14;
  private static final int METHODID_LIST_ALERT_SILENCES = 15;
  private static final int METHODID_CREATE_ALERT_SILENCE = 16;
  private static final int METHODID_DELETE_ALERT_SILENCE = 17;
  private static final int METHODID_TEST_ALERT_CHANNEL = 18;
  private static final int METHODID_LIST_ALERT_DELIVERIES = 19;
  private static final int METHODID_LIST_AUDIT_ENTRIES = 20;
  private static final int METHODID_EXPORT_AUDIT_ENTRIES = 21;
  private static final int METHODID_WATCH_AUDIT_ENTRIES = 22;
  private static final int METHODID_GET_USAGE = 23;

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
        case METHODID_GET_SYSTEM_STATUS:
          serviceImpl.getSystemStatus((io.thedata.v1.GetSystemStatusRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.SystemStatus>) responseObserver);
          break;
        case METHODID_WATCH_SYSTEM_STATUS:
          serviceImpl.watchSystemStatus((io.thedata.v1.WatchSystemStatusRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.WatchSystemStatusResponse>) responseObserver);
          break;
        case METHODID_GET_SYSTEM_CONFIG:
          serviceImpl.getSystemConfig((io.thedata.v1.GetSystemConfigRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.SystemConfig>) responseObserver);
          break;
        case METHODID_UPDATE_SYSTEM_CONFIG:
          serviceImpl.updateSystemConfig((io.thedata.v1.UpdateSystemConfigRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.SystemConfig>) responseObserver);
          break;
        case METHODID_GET_METRICS_CONFIG:
          serviceImpl.getMetricsConfig((io.thedata.v1.GetMetricsConfigRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.MetricsConfig>) responseObserver);
          break;
        case METHODID_UPDATE_METRICS_CONFIG:
          serviceImpl.updateMetricsConfig((io.thedata.v1.UpdateMetricsConfigRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.MetricsConfig>) responseObserver);
          break;
        case METHODID_GET_ALERTS_CONFIG:
          serviceImpl.getAlertsConfig((io.thedata.v1.GetAlertsConfigRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.AlertsConfig>) responseObserver);
          break;
        case METHODID_UPDATE_ALERTS_CONFIG:
          serviceImpl.updateAlertsConfig((io.thedata.v1.UpdateAlertsConfigRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.AlertsConfig>) responseObserver);
          break;
        case METHODID_LIST_CONFIG_VERSIONS:
          serviceImpl.listConfigVersions((io.thedata.v1.ListConfigVersionsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListConfigVersionsResponse>) responseObserver);
          break;
        case METHODID_ROLL_BACK_CONFIG:
          serviceImpl.rollBackConfig((io.thedata.v1.RollBackConfigRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ConfigVersion>) responseObserver);
          break;
        case METHODID_LIST_ALERT_CONDITIONS:
          serviceImpl.listAlertConditions((io.thedata.v1.ListAlertConditionsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertConditionsResponse>) responseObserver);
          break;
        case METHODID_LIST_ACTIVE_ALERTS:
          serviceImpl.listActiveAlerts((io.thedata.v1.ListActiveAlertsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListActiveAlertsResponse>) responseObserver);
          break;
        case METHODID_LIST_ALERTS:
          serviceImpl.listAlerts((io.thedata.v1.ListAlertsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertsResponse>) responseObserver);
          break;
        case METHODID_WATCH_ALERTS:
          serviceImpl.watchAlerts((io.thedata.v1.WatchAlertsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.WatchAlertsResponse>) responseObserver);
          break;
        case METHODID_ACKNOWLEDGE_ALERT:
          serviceImpl.acknowledgeAlert((io.thedata.v1.AcknowledgeAlertRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Alert>) responseObserver);
          break;
        case METHODID_LIST_ALERT_SILENCES:
          serviceImpl.listAlertSilences((io.thedata.v1.ListAlertSilencesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertSilencesResponse>) responseObserver);
          break;
        case METHODID_CREATE_ALERT_SILENCE:
          serviceImpl.createAlertSilence((io.thedata.v1.CreateAlertSilenceRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.AlertSilence>) responseObserver);
          break;
        case METHODID_DELETE_ALERT_SILENCE:
          serviceImpl.deleteAlertSilence((io.thedata.v1.DeleteAlertSilenceRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_TEST_ALERT_CHANNEL:
          serviceImpl.testAlertChannel((io.thedata.v1.TestAlertChannelRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.AlertDelivery>) responseObserver);
          break;
        case METHODID_LIST_ALERT_DELIVERIES:
          serviceImpl.listAlertDeliveries((io.thedata.v1.ListAlertDeliveriesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListAlertDeliveriesResponse>) responseObserver);
          break;
        case METHODID_LIST_AUDIT_ENTRIES:
          serviceImpl.listAuditEntries((io.thedata.v1.ListAuditEntriesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListAuditEntriesResponse>) responseObserver);
          break;
        case METHODID_EXPORT_AUDIT_ENTRIES:
          serviceImpl.exportAuditEntries((io.thedata.v1.ExportAuditEntriesRequest) request,
              (io.grpc.stub.StreamObserver<com.google.api.HttpBody>) responseObserver);
          break;
        case METHODID_WATCH_AUDIT_ENTRIES:
          serviceImpl.watchAuditEntries((io.thedata.v1.WatchAuditEntriesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.WatchAuditEntriesResponse>) responseObserver);
          break;
        case METHODID_GET_USAGE:
          serviceImpl.getUsage((io.thedata.v1.GetUsageRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Usage>) responseObserver);
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
          getGetSystemStatusMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetSystemStatusRequest,
              io.thedata.v1.SystemStatus>(
                service, METHODID_GET_SYSTEM_STATUS)))
        .addMethod(
          getWatchSystemStatusMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.WatchSystemStatusRequest,
              io.thedata.v1.WatchSystemStatusResponse>(
                service, METHODID_WATCH_SYSTEM_STATUS)))
        .addMethod(
          getGetSystemConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetSystemConfigRequest,
              io.thedata.v1.SystemConfig>(
                service, METHODID_GET_SYSTEM_CONFIG)))
        .addMethod(
          getUpdateSystemConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdateSystemConfigRequest,
              io.thedata.v1.SystemConfig>(
                service, METHODID_UPDATE_SYSTEM_CONFIG)))
        .addMethod(
          getGetMetricsConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetMetricsConfigRequest,
              io.thedata.v1.MetricsConfig>(
                service, METHODID_GET_METRICS_CONFIG)))
        .addMethod(
          getUpdateMetricsConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdateMetricsConfigRequest,
              io.thedata.v1.MetricsConfig>(
                service, METHODID_UPDATE_METRICS_CONFIG)))
        .addMethod(
          getGetAlertsConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetAlertsConfigRequest,
              io.thedata.v1.AlertsConfig>(
                service, METHODID_GET_ALERTS_CONFIG)))
        .addMethod(
          getUpdateAlertsConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdateAlertsConfigRequest,
              io.thedata.v1.AlertsConfig>(
                service, METHODID_UPDATE_ALERTS_CONFIG)))
        .addMethod(
          getListConfigVersionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListConfigVersionsRequest,
              io.thedata.v1.ListConfigVersionsResponse>(
                service, METHODID_LIST_CONFIG_VERSIONS)))
        .addMethod(
          getRollBackConfigMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.RollBackConfigRequest,
              io.thedata.v1.ConfigVersion>(
                service, METHODID_ROLL_BACK_CONFIG)))
        .addMethod(
          getListAlertConditionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListAlertConditionsRequest,
              io.thedata.v1.ListAlertConditionsResponse>(
                service, METHODID_LIST_ALERT_CONDITIONS)))
        .addMethod(
          getListActiveAlertsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListActiveAlertsRequest,
              io.thedata.v1.ListActiveAlertsResponse>(
                service, METHODID_LIST_ACTIVE_ALERTS)))
        .addMethod(
          getListAlertsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListAlertsRequest,
              io.thedata.v1.ListAlertsResponse>(
                service, METHODID_LIST_ALERTS)))
        .addMethod(
          getWatchAlertsMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.WatchAlertsRequest,
              io.thedata.v1.WatchAlertsResponse>(
                service, METHODID_WATCH_ALERTS)))
        .addMethod(
          getAcknowledgeAlertMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.AcknowledgeAlertRequest,
              io.thedata.v1.Alert>(
                service, METHODID_ACKNOWLEDGE_ALERT)))
        .addMethod(
          getListAlertSilencesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListAlertSilencesRequest,
              io.thedata.v1.ListAlertSilencesResponse>(
                service, METHODID_LIST_ALERT_SILENCES)))
        .addMethod(
          getCreateAlertSilenceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CreateAlertSilenceRequest,
              io.thedata.v1.AlertSilence>(
                service, METHODID_CREATE_ALERT_SILENCE)))
        .addMethod(
          getDeleteAlertSilenceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DeleteAlertSilenceRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_ALERT_SILENCE)))
        .addMethod(
          getTestAlertChannelMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.TestAlertChannelRequest,
              io.thedata.v1.AlertDelivery>(
                service, METHODID_TEST_ALERT_CHANNEL)))
        .addMethod(
          getListAlertDeliveriesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListAlertDeliveriesRequest,
              io.thedata.v1.ListAlertDeliveriesResponse>(
                service, METHODID_LIST_ALERT_DELIVERIES)))
        .addMethod(
          getListAuditEntriesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListAuditEntriesRequest,
              io.thedata.v1.ListAuditEntriesResponse>(
                service, METHODID_LIST_AUDIT_ENTRIES)))
        .addMethod(
          getExportAuditEntriesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.ExportAuditEntriesRequest,
              com.google.api.HttpBody>(
                service, METHODID_EXPORT_AUDIT_ENTRIES)))
        .addMethod(
          getWatchAuditEntriesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              io.thedata.v1.WatchAuditEntriesRequest,
              io.thedata.v1.WatchAuditEntriesResponse>(
                service, METHODID_WATCH_AUDIT_ENTRIES)))
        .addMethod(
          getGetUsageMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetUsageRequest,
              io.thedata.v1.Usage>(
                service, METHODID_GET_USAGE)))
        .build();
  }

  private static abstract class AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AdminServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return io.thedata.v1.AdminProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AdminService");
    }
  }

  private static final class AdminServiceFileDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier {
    AdminServiceFileDescriptorSupplier() {}
  }

  private static final class AdminServiceMethodDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AdminServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (AdminServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AdminServiceFileDescriptorSupplier())
              .addMethod(getGetSystemStatusMethod())
              .addMethod(getWatchSystemStatusMethod())
              .addMethod(getGetSystemConfigMethod())
              .addMethod(getUpdateSystemConfigMethod())
              .addMethod(getGetMetricsConfigMethod())
              .addMethod(getUpdateMetricsConfigMethod())
              .addMethod(getGetAlertsConfigMethod())
              .addMethod(getUpdateAlertsConfigMethod())
              .addMethod(getListConfigVersionsMethod())
              .addMethod(getRollBackConfigMethod())
              .addMethod(getListAlertConditionsMethod())
              .addMethod(getListActiveAlertsMethod())
              .addMethod(getListAlertsMethod())
              .addMethod(getWatchAlertsMethod())
              .addMethod(getAcknowledgeAlertMethod())
              .addMethod(getListAlertSilencesMethod())
              .addMethod(getCreateAlertSilenceMethod())
              .addMethod(getDeleteAlertSilenceMethod())
              .addMethod(getTestAlertChannelMethod())
              .addMethod(getListAlertDeliveriesMethod())
              .addMethod(getListAuditEntriesMethod())
              .addMethod(getExportAuditEntriesMethod())
              .addMethod(getWatchAuditEntriesMethod())
              .addMethod(getGetUsageMethod())
              .build();
        }
      }
    }
    return result;
  }
}
