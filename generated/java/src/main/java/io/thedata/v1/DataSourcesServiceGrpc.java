package io.thedata.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps data sources: connections to databases and files that pipelines read from and write to.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class DataSourcesServiceGrpc {

  private DataSourcesServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "thedata.v1.DataSourcesService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListConnectorsRequest,
      io.thedata.v1.ListConnectorsResponse> getListConnectorsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListConnectors",
      requestType = io.thedata.v1.ListConnectorsRequest.class,
      responseType = io.thedata.v1.ListConnectorsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListConnectorsRequest,
      io.thedata.v1.ListConnectorsResponse> getListConnectorsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListConnectorsRequest, io.thedata.v1.ListConnectorsResponse> getListConnectorsMethod;
    if ((getListConnectorsMethod = DataSourcesServiceGrpc.getListConnectorsMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getListConnectorsMethod = DataSourcesServiceGrpc.getListConnectorsMethod) == null) {
          DataSourcesServiceGrpc.getListConnectorsMethod = getListConnectorsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListConnectorsRequest, io.thedata.v1.ListConnectorsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListConnectors"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListConnectorsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListConnectorsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("ListConnectors"))
              .build();
        }
      }
    }
    return getListConnectorsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListDataSourcesRequest,
      io.thedata.v1.ListDataSourcesResponse> getListDataSourcesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListDataSources",
      requestType = io.thedata.v1.ListDataSourcesRequest.class,
      responseType = io.thedata.v1.ListDataSourcesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListDataSourcesRequest,
      io.thedata.v1.ListDataSourcesResponse> getListDataSourcesMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListDataSourcesRequest, io.thedata.v1.ListDataSourcesResponse> getListDataSourcesMethod;
    if ((getListDataSourcesMethod = DataSourcesServiceGrpc.getListDataSourcesMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getListDataSourcesMethod = DataSourcesServiceGrpc.getListDataSourcesMethod) == null) {
          DataSourcesServiceGrpc.getListDataSourcesMethod = getListDataSourcesMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListDataSourcesRequest, io.thedata.v1.ListDataSourcesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListDataSources"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListDataSourcesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListDataSourcesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("ListDataSources"))
              .build();
        }
      }
    }
    return getListDataSourcesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CreateDataSourceRequest,
      io.thedata.v1.DataSource> getCreateDataSourceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateDataSource",
      requestType = io.thedata.v1.CreateDataSourceRequest.class,
      responseType = io.thedata.v1.DataSource.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CreateDataSourceRequest,
      io.thedata.v1.DataSource> getCreateDataSourceMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CreateDataSourceRequest, io.thedata.v1.DataSource> getCreateDataSourceMethod;
    if ((getCreateDataSourceMethod = DataSourcesServiceGrpc.getCreateDataSourceMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getCreateDataSourceMethod = DataSourcesServiceGrpc.getCreateDataSourceMethod) == null) {
          DataSourcesServiceGrpc.getCreateDataSourceMethod = getCreateDataSourceMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CreateDataSourceRequest, io.thedata.v1.DataSource>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateDataSource"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CreateDataSourceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DataSource.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("CreateDataSource"))
              .build();
        }
      }
    }
    return getCreateDataSourceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetDataSourceRequest,
      io.thedata.v1.DataSource> getGetDataSourceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetDataSource",
      requestType = io.thedata.v1.GetDataSourceRequest.class,
      responseType = io.thedata.v1.DataSource.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetDataSourceRequest,
      io.thedata.v1.DataSource> getGetDataSourceMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetDataSourceRequest, io.thedata.v1.DataSource> getGetDataSourceMethod;
    if ((getGetDataSourceMethod = DataSourcesServiceGrpc.getGetDataSourceMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getGetDataSourceMethod = DataSourcesServiceGrpc.getGetDataSourceMethod) == null) {
          DataSourcesServiceGrpc.getGetDataSourceMethod = getGetDataSourceMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetDataSourceRequest, io.thedata.v1.DataSource>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetDataSource"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetDataSourceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DataSource.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("GetDataSource"))
              .build();
        }
      }
    }
    return getGetDataSourceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdateDataSourceRequest,
      io.thedata.v1.DataSource> getUpdateDataSourceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateDataSource",
      requestType = io.thedata.v1.UpdateDataSourceRequest.class,
      responseType = io.thedata.v1.DataSource.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdateDataSourceRequest,
      io.thedata.v1.DataSource> getUpdateDataSourceMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdateDataSourceRequest, io.thedata.v1.DataSource> getUpdateDataSourceMethod;
    if ((getUpdateDataSourceMethod = DataSourcesServiceGrpc.getUpdateDataSourceMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getUpdateDataSourceMethod = DataSourcesServiceGrpc.getUpdateDataSourceMethod) == null) {
          DataSourcesServiceGrpc.getUpdateDataSourceMethod = getUpdateDataSourceMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdateDataSourceRequest, io.thedata.v1.DataSource>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateDataSource"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdateDataSourceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DataSource.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("UpdateDataSource"))
              .build();
        }
      }
    }
    return getUpdateDataSourceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DeleteDataSourceRequest,
      com.google.protobuf.Empty> getDeleteDataSourceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteDataSource",
      requestType = io.thedata.v1.DeleteDataSourceRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DeleteDataSourceRequest,
      com.google.protobuf.Empty> getDeleteDataSourceMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DeleteDataSourceRequest, com.google.protobuf.Empty> getDeleteDataSourceMethod;
    if ((getDeleteDataSourceMethod = DataSourcesServiceGrpc.getDeleteDataSourceMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getDeleteDataSourceMethod = DataSourcesServiceGrpc.getDeleteDataSourceMethod) == null) {
          DataSourcesServiceGrpc.getDeleteDataSourceMethod = getDeleteDataSourceMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DeleteDataSourceRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteDataSource"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DeleteDataSourceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("DeleteDataSource"))
              .build();
        }
      }
    }
    return getDeleteDataSourceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CheckDataSourceRequest,
      io.thedata.v1.ConnectionCheck> getCheckDataSourceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CheckDataSource",
      requestType = io.thedata.v1.CheckDataSourceRequest.class,
      responseType = io.thedata.v1.ConnectionCheck.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CheckDataSourceRequest,
      io.thedata.v1.ConnectionCheck> getCheckDataSourceMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CheckDataSourceRequest, io.thedata.v1.ConnectionCheck> getCheckDataSourceMethod;
    if ((getCheckDataSourceMethod = DataSourcesServiceGrpc.getCheckDataSourceMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getCheckDataSourceMethod = DataSourcesServiceGrpc.getCheckDataSourceMethod) == null) {
          DataSourcesServiceGrpc.getCheckDataSourceMethod = getCheckDataSourceMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CheckDataSourceRequest, io.thedata.v1.ConnectionCheck>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CheckDataSource"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CheckDataSourceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ConnectionCheck.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("CheckDataSource"))
              .build();
        }
      }
    }
    return getCheckDataSourceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CheckConnectionRequest,
      io.thedata.v1.ConnectionCheck> getCheckConnectionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CheckConnection",
      requestType = io.thedata.v1.CheckConnectionRequest.class,
      responseType = io.thedata.v1.ConnectionCheck.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CheckConnectionRequest,
      io.thedata.v1.ConnectionCheck> getCheckConnectionMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CheckConnectionRequest, io.thedata.v1.ConnectionCheck> getCheckConnectionMethod;
    if ((getCheckConnectionMethod = DataSourcesServiceGrpc.getCheckConnectionMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getCheckConnectionMethod = DataSourcesServiceGrpc.getCheckConnectionMethod) == null) {
          DataSourcesServiceGrpc.getCheckConnectionMethod = getCheckConnectionMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CheckConnectionRequest, io.thedata.v1.ConnectionCheck>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CheckConnection"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CheckConnectionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ConnectionCheck.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("CheckConnection"))
              .build();
        }
      }
    }
    return getCheckConnectionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DiscoverCatalogRequest,
      io.thedata.v1.Catalog> getDiscoverCatalogMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DiscoverCatalog",
      requestType = io.thedata.v1.DiscoverCatalogRequest.class,
      responseType = io.thedata.v1.Catalog.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DiscoverCatalogRequest,
      io.thedata.v1.Catalog> getDiscoverCatalogMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DiscoverCatalogRequest, io.thedata.v1.Catalog> getDiscoverCatalogMethod;
    if ((getDiscoverCatalogMethod = DataSourcesServiceGrpc.getDiscoverCatalogMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getDiscoverCatalogMethod = DataSourcesServiceGrpc.getDiscoverCatalogMethod) == null) {
          DataSourcesServiceGrpc.getDiscoverCatalogMethod = getDiscoverCatalogMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DiscoverCatalogRequest, io.thedata.v1.Catalog>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DiscoverCatalog"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DiscoverCatalogRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Catalog.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("DiscoverCatalog"))
              .build();
        }
      }
    }
    return getDiscoverCatalogMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.PreviewRowsRequest,
      io.thedata.v1.PreviewRowsResponse> getPreviewRowsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PreviewRows",
      requestType = io.thedata.v1.PreviewRowsRequest.class,
      responseType = io.thedata.v1.PreviewRowsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.PreviewRowsRequest,
      io.thedata.v1.PreviewRowsResponse> getPreviewRowsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.PreviewRowsRequest, io.thedata.v1.PreviewRowsResponse> getPreviewRowsMethod;
    if ((getPreviewRowsMethod = DataSourcesServiceGrpc.getPreviewRowsMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getPreviewRowsMethod = DataSourcesServiceGrpc.getPreviewRowsMethod) == null) {
          DataSourcesServiceGrpc.getPreviewRowsMethod = getPreviewRowsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.PreviewRowsRequest, io.thedata.v1.PreviewRowsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PreviewRows"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.PreviewRowsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.PreviewRowsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("PreviewRows"))
              .build();
        }
      }
    }
    return getPreviewRowsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetDataSourceMetricsRequest,
      io.thedata.v1.DataSourceMetrics> getGetDataSourceMetricsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetDataSourceMetrics",
      requestType = io.thedata.v1.GetDataSourceMetricsRequest.class,
      responseType = io.thedata.v1.DataSourceMetrics.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetDataSourceMetricsRequest,
      io.thedata.v1.DataSourceMetrics> getGetDataSourceMetricsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetDataSourceMetricsRequest, io.thedata.v1.DataSourceMetrics> getGetDataSourceMetricsMethod;
    if ((getGetDataSourceMetricsMethod = DataSourcesServiceGrpc.getGetDataSourceMetricsMethod) == null) {
      synchronized (DataSourcesServiceGrpc.class) {
        if ((getGetDataSourceMetricsMethod = DataSourcesServiceGrpc.getGetDataSourceMetricsMethod) == null) {
          DataSourcesServiceGrpc.getGetDataSourceMetricsMethod = getGetDataSourceMetricsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetDataSourceMetricsRequest, io.thedata.v1.DataSourceMetrics>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetDataSourceMetrics"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetDataSourceMetricsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DataSourceMetrics.getDefaultInstance()))
              .setSchemaDescriptor(new DataSourcesServiceMethodDescriptorSupplier("GetDataSourceMetrics"))
              .build();
        }
      }
    }
    return getGetDataSourceMetricsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static DataSourcesServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceStub>() {
        @java.lang.Override
        public DataSourcesServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DataSourcesServiceStub(channel, callOptions);
        }
      };
    return DataSourcesServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static DataSourcesServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceBlockingV2Stub>() {
        @java.lang.Override
        public DataSourcesServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DataSourcesServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return DataSourcesServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static DataSourcesServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceBlockingStub>() {
        @java.lang.Override
        public DataSourcesServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DataSourcesServiceBlockingStub(channel, callOptions);
        }
      };
    return DataSourcesServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static DataSourcesServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<DataSourcesServiceFutureStub>() {
        @java.lang.Override
        public DataSourcesServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new DataSourcesServiceFutureStub(channel, callOptions);
        }
      };
    return DataSourcesServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps data sources: connections to databases and files that pipelines read from and write to.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Lists the connectors of this server, each with the JSON Schema of its configuration.
     * </pre>
     */
    default void listConnectors(io.thedata.v1.ListConnectorsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListConnectorsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListConnectorsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists an organization's data sources, newest first.
     * </pre>
     */
    default void listDataSources(io.thedata.v1.ListDataSourcesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListDataSourcesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListDataSourcesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Creates a data source; it is not contacted.
     * Errors: INVALID_ARGUMENT with a path below `config` when the configuration breaks the connector's
     * schema; ALREADY_EXISTS when the organization has a data source of that name.
     * </pre>
     */
    default void createDataSource(io.thedata.v1.CreateDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSource> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateDataSourceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets a data source without its secrets.
     * </pre>
     */
    default void getDataSource(io.thedata.v1.GetDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSource> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetDataSourceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates the given fields of a data source.
     * A given `config` replaces the stored one; secrets that it leaves out are kept, unless another part of
     * the configuration changes: then they must be given again, so that a stored password is never sent to another host.
     * </pre>
     */
    default void updateDataSource(io.thedata.v1.UpdateDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSource> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateDataSourceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a data source and its stored secrets.
     * Errors: FAILED_PRECONDITION with reason IN_USE while a pipeline names it.
     * </pre>
     */
    default void deleteDataSource(io.thedata.v1.DeleteDataSourceRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteDataSourceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Connects to a stored data source and says whether it can be used.
     * </pre>
     */
    default void checkDataSource(io.thedata.v1.CheckDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ConnectionCheck> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCheckDataSourceMethod(), responseObserver);
    }

    /**
     * <pre>
     * Connects with a configuration that is not stored, and says whether it can be used.
     * </pre>
     */
    default void checkConnection(io.thedata.v1.CheckConnectionRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ConnectionCheck> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCheckConnectionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads the catalog of a data source: its streams with their columns, types and keys.
     * Errors: FAILED_PRECONDITION with reason DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    default void discoverCatalog(io.thedata.v1.DiscoverCatalogRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Catalog> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDiscoverCatalogMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads some rows of a stream.
     * Errors: NOT_FOUND when the data source has no such stream; FAILED_PRECONDITION with reason
     * DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    default void previewRows(io.thedata.v1.PreviewRowsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.PreviewRowsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPreviewRowsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets what pipelines moved from and into a data source.
     * </pre>
     */
    default void getDataSourceMetrics(io.thedata.v1.GetDataSourceMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSourceMetrics> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetDataSourceMetricsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service DataSourcesService.
   * <pre>
   * Keeps data sources: connections to databases and files that pipelines read from and write to.
   * </pre>
   */
  public static abstract class DataSourcesServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return DataSourcesServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service DataSourcesService.
   * <pre>
   * Keeps data sources: connections to databases and files that pipelines read from and write to.
   * </pre>
   */
  public static final class DataSourcesServiceStub
      extends io.grpc.stub.AbstractAsyncStub<DataSourcesServiceStub> {
    private DataSourcesServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DataSourcesServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DataSourcesServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the connectors of this server, each with the JSON Schema of its configuration.
     * </pre>
     */
    public void listConnectors(io.thedata.v1.ListConnectorsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListConnectorsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListConnectorsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists an organization's data sources, newest first.
     * </pre>
     */
    public void listDataSources(io.thedata.v1.ListDataSourcesRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListDataSourcesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListDataSourcesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Creates a data source; it is not contacted.
     * Errors: INVALID_ARGUMENT with a path below `config` when the configuration breaks the connector's
     * schema; ALREADY_EXISTS when the organization has a data source of that name.
     * </pre>
     */
    public void createDataSource(io.thedata.v1.CreateDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSource> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateDataSourceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets a data source without its secrets.
     * </pre>
     */
    public void getDataSource(io.thedata.v1.GetDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSource> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetDataSourceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates the given fields of a data source.
     * A given `config` replaces the stored one; secrets that it leaves out are kept, unless another part of
     * the configuration changes: then they must be given again, so that a stored password is never sent to another host.
     * </pre>
     */
    public void updateDataSource(io.thedata.v1.UpdateDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSource> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateDataSourceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a data source and its stored secrets.
     * Errors: FAILED_PRECONDITION with reason IN_USE while a pipeline names it.
     * </pre>
     */
    public void deleteDataSource(io.thedata.v1.DeleteDataSourceRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteDataSourceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Connects to a stored data source and says whether it can be used.
     * </pre>
     */
    public void checkDataSource(io.thedata.v1.CheckDataSourceRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ConnectionCheck> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCheckDataSourceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Connects with a configuration that is not stored, and says whether it can be used.
     * </pre>
     */
    public void checkConnection(io.thedata.v1.CheckConnectionRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ConnectionCheck> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCheckConnectionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads the catalog of a data source: its streams with their columns, types and keys.
     * Errors: FAILED_PRECONDITION with reason DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public void discoverCatalog(io.thedata.v1.DiscoverCatalogRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Catalog> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDiscoverCatalogMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads some rows of a stream.
     * Errors: NOT_FOUND when the data source has no such stream; FAILED_PRECONDITION with reason
     * DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public void previewRows(io.thedata.v1.PreviewRowsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.PreviewRowsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPreviewRowsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets what pipelines moved from and into a data source.
     * </pre>
     */
    public void getDataSourceMetrics(io.thedata.v1.GetDataSourceMetricsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.DataSourceMetrics> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetDataSourceMetricsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service DataSourcesService.
   * <pre>
   * Keeps data sources: connections to databases and files that pipelines read from and write to.
   * </pre>
   */
  public static final class DataSourcesServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<DataSourcesServiceBlockingV2Stub> {
    private DataSourcesServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DataSourcesServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DataSourcesServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the connectors of this server, each with the JSON Schema of its configuration.
     * </pre>
     */
    public io.thedata.v1.ListConnectorsResponse listConnectors(io.thedata.v1.ListConnectorsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListConnectorsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists an organization's data sources, newest first.
     * </pre>
     */
    public io.thedata.v1.ListDataSourcesResponse listDataSources(io.thedata.v1.ListDataSourcesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListDataSourcesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates a data source; it is not contacted.
     * Errors: INVALID_ARGUMENT with a path below `config` when the configuration breaks the connector's
     * schema; ALREADY_EXISTS when the organization has a data source of that name.
     * </pre>
     */
    public io.thedata.v1.DataSource createDataSource(io.thedata.v1.CreateDataSourceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets a data source without its secrets.
     * </pre>
     */
    public io.thedata.v1.DataSource getDataSource(io.thedata.v1.GetDataSourceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the given fields of a data source.
     * A given `config` replaces the stored one; secrets that it leaves out are kept, unless another part of
     * the configuration changes: then they must be given again, so that a stored password is never sent to another host.
     * </pre>
     */
    public io.thedata.v1.DataSource updateDataSource(io.thedata.v1.UpdateDataSourceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a data source and its stored secrets.
     * Errors: FAILED_PRECONDITION with reason IN_USE while a pipeline names it.
     * </pre>
     */
    public com.google.protobuf.Empty deleteDataSource(io.thedata.v1.DeleteDataSourceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Connects to a stored data source and says whether it can be used.
     * </pre>
     */
    public io.thedata.v1.ConnectionCheck checkDataSource(io.thedata.v1.CheckDataSourceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCheckDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Connects with a configuration that is not stored, and says whether it can be used.
     * </pre>
     */
    public io.thedata.v1.ConnectionCheck checkConnection(io.thedata.v1.CheckConnectionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCheckConnectionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads the catalog of a data source: its streams with their columns, types and keys.
     * Errors: FAILED_PRECONDITION with reason DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public io.thedata.v1.Catalog discoverCatalog(io.thedata.v1.DiscoverCatalogRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDiscoverCatalogMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads some rows of a stream.
     * Errors: NOT_FOUND when the data source has no such stream; FAILED_PRECONDITION with reason
     * DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public io.thedata.v1.PreviewRowsResponse previewRows(io.thedata.v1.PreviewRowsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPreviewRowsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets what pipelines moved from and into a data source.
     * </pre>
     */
    public io.thedata.v1.DataSourceMetrics getDataSourceMetrics(io.thedata.v1.GetDataSourceMetricsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetDataSourceMetricsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service DataSourcesService.
   * <pre>
   * Keeps data sources: connections to databases and files that pipelines read from and write to.
   * </pre>
   */
  public static final class DataSourcesServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<DataSourcesServiceBlockingStub> {
    private DataSourcesServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DataSourcesServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DataSourcesServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the connectors of this server, each with the JSON Schema of its configuration.
     * </pre>
     */
    public io.thedata.v1.ListConnectorsResponse listConnectors(io.thedata.v1.ListConnectorsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListConnectorsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists an organization's data sources, newest first.
     * </pre>
     */
    public io.thedata.v1.ListDataSourcesResponse listDataSources(io.thedata.v1.ListDataSourcesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListDataSourcesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates a data source; it is not contacted.
     * Errors: INVALID_ARGUMENT with a path below `config` when the configuration breaks the connector's
     * schema; ALREADY_EXISTS when the organization has a data source of that name.
     * </pre>
     */
    public io.thedata.v1.DataSource createDataSource(io.thedata.v1.CreateDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets a data source without its secrets.
     * </pre>
     */
    public io.thedata.v1.DataSource getDataSource(io.thedata.v1.GetDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the given fields of a data source.
     * A given `config` replaces the stored one; secrets that it leaves out are kept, unless another part of
     * the configuration changes: then they must be given again, so that a stored password is never sent to another host.
     * </pre>
     */
    public io.thedata.v1.DataSource updateDataSource(io.thedata.v1.UpdateDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a data source and its stored secrets.
     * Errors: FAILED_PRECONDITION with reason IN_USE while a pipeline names it.
     * </pre>
     */
    public com.google.protobuf.Empty deleteDataSource(io.thedata.v1.DeleteDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Connects to a stored data source and says whether it can be used.
     * </pre>
     */
    public io.thedata.v1.ConnectionCheck checkDataSource(io.thedata.v1.CheckDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCheckDataSourceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Connects with a configuration that is not stored, and says whether it can be used.
     * </pre>
     */
    public io.thedata.v1.ConnectionCheck checkConnection(io.thedata.v1.CheckConnectionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCheckConnectionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads the catalog of a data source: its streams with their columns, types and keys.
     * Errors: FAILED_PRECONDITION with reason DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public io.thedata.v1.Catalog discoverCatalog(io.thedata.v1.DiscoverCatalogRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDiscoverCatalogMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads some rows of a stream.
     * Errors: NOT_FOUND when the data source has no such stream; FAILED_PRECONDITION with reason
     * DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public io.thedata.v1.PreviewRowsResponse previewRows(io.thedata.v1.PreviewRowsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPreviewRowsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets what pipelines moved from and into a data source.
     * </pre>
     */
    public io.thedata.v1.DataSourceMetrics getDataSourceMetrics(io.thedata.v1.GetDataSourceMetricsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetDataSourceMetricsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service DataSourcesService.
   * <pre>
   * Keeps data sources: connections to databases and files that pipelines read from and write to.
   * </pre>
   */
  public static final class DataSourcesServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<DataSourcesServiceFutureStub> {
    private DataSourcesServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected DataSourcesServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new DataSourcesServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the connectors of this server, each with the JSON Schema of its configuration.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListConnectorsResponse> listConnectors(
        io.thedata.v1.ListConnectorsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListConnectorsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists an organization's data sources, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListDataSourcesResponse> listDataSources(
        io.thedata.v1.ListDataSourcesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListDataSourcesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Creates a data source; it is not contacted.
     * Errors: INVALID_ARGUMENT with a path below `config` when the configuration breaks the connector's
     * schema; ALREADY_EXISTS when the organization has a data source of that name.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.DataSource> createDataSource(
        io.thedata.v1.CreateDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateDataSourceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets a data source without its secrets.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.DataSource> getDataSource(
        io.thedata.v1.GetDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetDataSourceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates the given fields of a data source.
     * A given `config` replaces the stored one; secrets that it leaves out are kept, unless another part of
     * the configuration changes: then they must be given again, so that a stored password is never sent to another host.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.DataSource> updateDataSource(
        io.thedata.v1.UpdateDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateDataSourceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a data source and its stored secrets.
     * Errors: FAILED_PRECONDITION with reason IN_USE while a pipeline names it.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteDataSource(
        io.thedata.v1.DeleteDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteDataSourceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Connects to a stored data source and says whether it can be used.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ConnectionCheck> checkDataSource(
        io.thedata.v1.CheckDataSourceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCheckDataSourceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Connects with a configuration that is not stored, and says whether it can be used.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ConnectionCheck> checkConnection(
        io.thedata.v1.CheckConnectionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCheckConnectionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads the catalog of a data source: its streams with their columns, types and keys.
     * Errors: FAILED_PRECONDITION with reason DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Catalog> discoverCatalog(
        io.thedata.v1.DiscoverCatalogRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDiscoverCatalogMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads some rows of a stream.
     * Errors: NOT_FOUND when the data source has no such stream; FAILED_PRECONDITION with reason
     * DATA_SOURCE_FAILED when it can't be read.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.PreviewRowsResponse> previewRows(
        io.thedata.v1.PreviewRowsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPreviewRowsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets what pipelines moved from and into a data source.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.DataSourceMetrics> getDataSourceMetrics(
        io.thedata.v1.GetDataSourceMetricsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetDataSourceMetricsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_CONNECTORS = 0;
  private static final int METHODID_LIST_DATA_SOURCES = 1;
  private static final int METHODID_CREATE_DATA_SOURCE = 2;
  private static final int METHODID_GET_DATA_SOURCE = 3;
  private static final int METHODID_UPDATE_DATA_SOURCE = 4;
  private static final int METHODID_DELETE_DATA_SOURCE = 5;
  private static final int METHODID_CHECK_DATA_SOURCE = 6;
  private static final int METHODID_CHECK_CONNECTION = 7;
  private static final int METHODID_DISCOVER_CATALOG = 8;
  private static final int METHODID_PREVIEW_ROWS = 9;
  private static final int METHODID_GET_DATA_SOURCE_METRICS = 10;

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
        case METHODID_LIST_CONNECTORS:
          serviceImpl.listConnectors((io.thedata.v1.ListConnectorsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListConnectorsResponse>) responseObserver);
          break;
        case METHODID_LIST_DATA_SOURCES:
          serviceImpl.listDataSources((io.thedata.v1.ListDataSourcesRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListDataSourcesResponse>) responseObserver);
          break;
        case METHODID_CREATE_DATA_SOURCE:
          serviceImpl.createDataSource((io.thedata.v1.CreateDataSourceRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.DataSource>) responseObserver);
          break;
        case METHODID_GET_DATA_SOURCE:
          serviceImpl.getDataSource((io.thedata.v1.GetDataSourceRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.DataSource>) responseObserver);
          break;
        case METHODID_UPDATE_DATA_SOURCE:
          serviceImpl.updateDataSource((io.thedata.v1.UpdateDataSourceRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.DataSource>) responseObserver);
          break;
        case METHODID_DELETE_DATA_SOURCE:
          serviceImpl.deleteDataSource((io.thedata.v1.DeleteDataSourceRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_CHECK_DATA_SOURCE:
          serviceImpl.checkDataSource((io.thedata.v1.CheckDataSourceRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ConnectionCheck>) responseObserver);
          break;
        case METHODID_CHECK_CONNECTION:
          serviceImpl.checkConnection((io.thedata.v1.CheckConnectionRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ConnectionCheck>) responseObserver);
          break;
        case METHODID_DISCOVER_CATALOG:
          serviceImpl.discoverCatalog((io.thedata.v1.DiscoverCatalogRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Catalog>) responseObserver);
          break;
        case METHODID_PREVIEW_ROWS:
          serviceImpl.previewRows((io.thedata.v1.PreviewRowsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.PreviewRowsResponse>) responseObserver);
          break;
        case METHODID_GET_DATA_SOURCE_METRICS:
          serviceImpl.getDataSourceMetrics((io.thedata.v1.GetDataSourceMetricsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.DataSourceMetrics>) responseObserver);
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
          getListConnectorsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListConnectorsRequest,
              io.thedata.v1.ListConnectorsResponse>(
                service, METHODID_LIST_CONNECTORS)))
        .addMethod(
          getListDataSourcesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListDataSourcesRequest,
              io.thedata.v1.ListDataSourcesResponse>(
                service, METHODID_LIST_DATA_SOURCES)))
        .addMethod(
          getCreateDataSourceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CreateDataSourceRequest,
              io.thedata.v1.DataSource>(
                service, METHODID_CREATE_DATA_SOURCE)))
        .addMethod(
          getGetDataSourceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetDataSourceRequest,
              io.thedata.v1.DataSource>(
                service, METHODID_GET_DATA_SOURCE)))
        .addMethod(
          getUpdateDataSourceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdateDataSourceRequest,
              io.thedata.v1.DataSource>(
                service, METHODID_UPDATE_DATA_SOURCE)))
        .addMethod(
          getDeleteDataSourceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DeleteDataSourceRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_DATA_SOURCE)))
        .addMethod(
          getCheckDataSourceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CheckDataSourceRequest,
              io.thedata.v1.ConnectionCheck>(
                service, METHODID_CHECK_DATA_SOURCE)))
        .addMethod(
          getCheckConnectionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CheckConnectionRequest,
              io.thedata.v1.ConnectionCheck>(
                service, METHODID_CHECK_CONNECTION)))
        .addMethod(
          getDiscoverCatalogMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DiscoverCatalogRequest,
              io.thedata.v1.Catalog>(
                service, METHODID_DISCOVER_CATALOG)))
        .addMethod(
          getPreviewRowsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.PreviewRowsRequest,
              io.thedata.v1.PreviewRowsResponse>(
                service, METHODID_PREVIEW_ROWS)))
        .addMethod(
          getGetDataSourceMetricsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetDataSourceMetricsRequest,
              io.thedata.v1.DataSourceMetrics>(
                service, METHODID_GET_DATA_SOURCE_METRICS)))
        .build();
  }

  private static abstract class DataSourcesServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    DataSourcesServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return io.thedata.v1.DataSourcesProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("DataSourcesService");
    }
  }

  private static final class DataSourcesServiceFileDescriptorSupplier
      extends DataSourcesServiceBaseDescriptorSupplier {
    DataSourcesServiceFileDescriptorSupplier() {}
  }

  private static final class DataSourcesServiceMethodDescriptorSupplier
      extends DataSourcesServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    DataSourcesServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (DataSourcesServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new DataSourcesServiceFileDescriptorSupplier())
              .addMethod(getListConnectorsMethod())
              .addMethod(getListDataSourcesMethod())
              .addMethod(getCreateDataSourceMethod())
              .addMethod(getGetDataSourceMethod())
              .addMethod(getUpdateDataSourceMethod())
              .addMethod(getDeleteDataSourceMethod())
              .addMethod(getCheckDataSourceMethod())
              .addMethod(getCheckConnectionMethod())
              .addMethod(getDiscoverCatalogMethod())
              .addMethod(getPreviewRowsMethod())
              .addMethod(getGetDataSourceMetricsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
