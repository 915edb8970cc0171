package io.thedata.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps organizations, which own everything else, and the people in them.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class OrganizationsServiceGrpc {

  private OrganizationsServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "thedata.v1.OrganizationsService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListOrganizationsRequest,
      io.thedata.v1.ListOrganizationsResponse> getListOrganizationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListOrganizations",
      requestType = io.thedata.v1.ListOrganizationsRequest.class,
      responseType = io.thedata.v1.ListOrganizationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListOrganizationsRequest,
      io.thedata.v1.ListOrganizationsResponse> getListOrganizationsMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListOrganizationsRequest, io.thedata.v1.ListOrganizationsResponse> getListOrganizationsMethod;
    if ((getListOrganizationsMethod = OrganizationsServiceGrpc.getListOrganizationsMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getListOrganizationsMethod = OrganizationsServiceGrpc.getListOrganizationsMethod) == null) {
          OrganizationsServiceGrpc.getListOrganizationsMethod = getListOrganizationsMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListOrganizationsRequest, io.thedata.v1.ListOrganizationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListOrganizations"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListOrganizationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListOrganizationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("ListOrganizations"))
              .build();
        }
      }
    }
    return getListOrganizationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CreateOrganizationRequest,
      io.thedata.v1.Organization> getCreateOrganizationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateOrganization",
      requestType = io.thedata.v1.CreateOrganizationRequest.class,
      responseType = io.thedata.v1.Organization.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CreateOrganizationRequest,
      io.thedata.v1.Organization> getCreateOrganizationMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CreateOrganizationRequest, io.thedata.v1.Organization> getCreateOrganizationMethod;
    if ((getCreateOrganizationMethod = OrganizationsServiceGrpc.getCreateOrganizationMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getCreateOrganizationMethod = OrganizationsServiceGrpc.getCreateOrganizationMethod) == null) {
          OrganizationsServiceGrpc.getCreateOrganizationMethod = getCreateOrganizationMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CreateOrganizationRequest, io.thedata.v1.Organization>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateOrganization"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CreateOrganizationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Organization.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("CreateOrganization"))
              .build();
        }
      }
    }
    return getCreateOrganizationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetOrganizationRequest,
      io.thedata.v1.Organization> getGetOrganizationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetOrganization",
      requestType = io.thedata.v1.GetOrganizationRequest.class,
      responseType = io.thedata.v1.Organization.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetOrganizationRequest,
      io.thedata.v1.Organization> getGetOrganizationMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetOrganizationRequest, io.thedata.v1.Organization> getGetOrganizationMethod;
    if ((getGetOrganizationMethod = OrganizationsServiceGrpc.getGetOrganizationMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getGetOrganizationMethod = OrganizationsServiceGrpc.getGetOrganizationMethod) == null) {
          OrganizationsServiceGrpc.getGetOrganizationMethod = getGetOrganizationMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetOrganizationRequest, io.thedata.v1.Organization>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetOrganization"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetOrganizationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Organization.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("GetOrganization"))
              .build();
        }
      }
    }
    return getGetOrganizationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdateOrganizationRequest,
      io.thedata.v1.Organization> getUpdateOrganizationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateOrganization",
      requestType = io.thedata.v1.UpdateOrganizationRequest.class,
      responseType = io.thedata.v1.Organization.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdateOrganizationRequest,
      io.thedata.v1.Organization> getUpdateOrganizationMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdateOrganizationRequest, io.thedata.v1.Organization> getUpdateOrganizationMethod;
    if ((getUpdateOrganizationMethod = OrganizationsServiceGrpc.getUpdateOrganizationMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getUpdateOrganizationMethod = OrganizationsServiceGrpc.getUpdateOrganizationMethod) == null) {
          OrganizationsServiceGrpc.getUpdateOrganizationMethod = getUpdateOrganizationMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdateOrganizationRequest, io.thedata.v1.Organization>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateOrganization"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdateOrganizationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Organization.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("UpdateOrganization"))
              .build();
        }
      }
    }
    return getUpdateOrganizationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DeleteOrganizationRequest,
      com.google.protobuf.Empty> getDeleteOrganizationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteOrganization",
      requestType = io.thedata.v1.DeleteOrganizationRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DeleteOrganizationRequest,
      com.google.protobuf.Empty> getDeleteOrganizationMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DeleteOrganizationRequest, com.google.protobuf.Empty> getDeleteOrganizationMethod;
    if ((getDeleteOrganizationMethod = OrganizationsServiceGrpc.getDeleteOrganizationMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getDeleteOrganizationMethod = OrganizationsServiceGrpc.getDeleteOrganizationMethod) == null) {
          OrganizationsServiceGrpc.getDeleteOrganizationMethod = getDeleteOrganizationMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DeleteOrganizationRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteOrganization"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DeleteOrganizationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("DeleteOrganization"))
              .build();
        }
      }
    }
    return getDeleteOrganizationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListMembersRequest,
      io.thedata.v1.ListMembersResponse> getListMembersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListMembers",
      requestType = io.thedata.v1.ListMembersRequest.class,
      responseType = io.thedata.v1.ListMembersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListMembersRequest,
      io.thedata.v1.ListMembersResponse> getListMembersMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListMembersRequest, io.thedata.v1.ListMembersResponse> getListMembersMethod;
    if ((getListMembersMethod = OrganizationsServiceGrpc.getListMembersMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getListMembersMethod = OrganizationsServiceGrpc.getListMembersMethod) == null) {
          OrganizationsServiceGrpc.getListMembersMethod = getListMembersMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListMembersRequest, io.thedata.v1.ListMembersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListMembers"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListMembersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListMembersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("ListMembers"))
              .build();
        }
      }
    }
    return getListMembersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.AddMemberRequest,
      io.thedata.v1.Member> getAddMemberMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AddMember",
      requestType = io.thedata.v1.AddMemberRequest.class,
      responseType = io.thedata.v1.Member.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.AddMemberRequest,
      io.thedata.v1.Member> getAddMemberMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.AddMemberRequest, io.thedata.v1.Member> getAddMemberMethod;
    if ((getAddMemberMethod = OrganizationsServiceGrpc.getAddMemberMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getAddMemberMethod = OrganizationsServiceGrpc.getAddMemberMethod) == null) {
          OrganizationsServiceGrpc.getAddMemberMethod = getAddMemberMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.AddMemberRequest, io.thedata.v1.Member>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AddMember"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.AddMemberRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Member.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("AddMember"))
              .build();
        }
      }
    }
    return getAddMemberMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.UpdateMemberRequest,
      io.thedata.v1.Member> getUpdateMemberMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateMember",
      requestType = io.thedata.v1.UpdateMemberRequest.class,
      responseType = io.thedata.v1.Member.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.UpdateMemberRequest,
      io.thedata.v1.Member> getUpdateMemberMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.UpdateMemberRequest, io.thedata.v1.Member> getUpdateMemberMethod;
    if ((getUpdateMemberMethod = OrganizationsServiceGrpc.getUpdateMemberMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getUpdateMemberMethod = OrganizationsServiceGrpc.getUpdateMemberMethod) == null) {
          OrganizationsServiceGrpc.getUpdateMemberMethod = getUpdateMemberMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.UpdateMemberRequest, io.thedata.v1.Member>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateMember"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.UpdateMemberRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Member.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("UpdateMember"))
              .build();
        }
      }
    }
    return getUpdateMemberMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.RemoveMemberRequest,
      com.google.protobuf.Empty> getRemoveMemberMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RemoveMember",
      requestType = io.thedata.v1.RemoveMemberRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.RemoveMemberRequest,
      com.google.protobuf.Empty> getRemoveMemberMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.RemoveMemberRequest, com.google.protobuf.Empty> getRemoveMemberMethod;
    if ((getRemoveMemberMethod = OrganizationsServiceGrpc.getRemoveMemberMethod) == null) {
      synchronized (OrganizationsServiceGrpc.class) {
        if ((getRemoveMemberMethod = OrganizationsServiceGrpc.getRemoveMemberMethod) == null) {
          OrganizationsServiceGrpc.getRemoveMemberMethod = getRemoveMemberMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.RemoveMemberRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RemoveMember"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RemoveMemberRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new OrganizationsServiceMethodDescriptorSupplier("RemoveMember"))
              .build();
        }
      }
    }
    return getRemoveMemberMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static OrganizationsServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceStub>() {
        @java.lang.Override
        public OrganizationsServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrganizationsServiceStub(channel, callOptions);
        }
      };
    return OrganizationsServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static OrganizationsServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceBlockingV2Stub>() {
        @java.lang.Override
        public OrganizationsServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrganizationsServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return OrganizationsServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static OrganizationsServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceBlockingStub>() {
        @java.lang.Override
        public OrganizationsServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrganizationsServiceBlockingStub(channel, callOptions);
        }
      };
    return OrganizationsServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static OrganizationsServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<OrganizationsServiceFutureStub>() {
        @java.lang.Override
        public OrganizationsServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new OrganizationsServiceFutureStub(channel, callOptions);
        }
      };
    return OrganizationsServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps organizations, which own everything else, and the people in them.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Lists the caller's organizations, oldest first; a platform administrator's list has all.
     * </pre>
     */
    default void listOrganizations(io.thedata.v1.ListOrganizationsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListOrganizationsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListOrganizationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Creates an organization with the caller as its owner.
     * </pre>
     */
    default void createOrganization(io.thedata.v1.CreateOrganizationRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Organization> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateOrganizationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets an organization.
     * </pre>
     */
    default void getOrganization(io.thedata.v1.GetOrganizationRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Organization> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetOrganizationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates the given fields of an organization.
     * </pre>
     */
    default void updateOrganization(io.thedata.v1.UpdateOrganizationRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Organization> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateOrganizationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes an organization with its data sources, pipelines, runs and logs; what pipelines landed in
     * destinations stays there.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while one of its pipelines runs.
     * </pre>
     */
    default void deleteOrganization(io.thedata.v1.DeleteOrganizationRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteOrganizationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists an organization's members, oldest first.
     * </pre>
     */
    default void listMembers(io.thedata.v1.ListMembersRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListMembersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMembersMethod(), responseObserver);
    }

    /**
     * <pre>
     * Adds a registered user to an organization.
     * Errors: NOT_FOUND when no such user is registered; ALREADY_EXISTS when they are a member already;
     * PERMISSION_DENIED for a role above the caller's own.
     * </pre>
     */
    default void addMember(io.thedata.v1.AddMemberRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Member> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAddMemberMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes a member's role.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    default void updateMember(io.thedata.v1.UpdateMemberRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Member> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateMemberMethod(), responseObserver);
    }

    /**
     * <pre>
     * Removes a member, who loses access at once; any member may remove themselves.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    default void removeMember(io.thedata.v1.RemoveMemberRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRemoveMemberMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service OrganizationsService.
   * <pre>
   * Keeps organizations, which own everything else, and the people in them.
   * </pre>
   */
  public static abstract class OrganizationsServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return OrganizationsServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service OrganizationsService.
   * <pre>
   * Keeps organizations, which own everything else, and the people in them.
   * </pre>
   */
  public static final class OrganizationsServiceStub
      extends io.grpc.stub.AbstractAsyncStub<OrganizationsServiceStub> {
    private OrganizationsServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrganizationsServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrganizationsServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the caller's organizations, oldest first; a platform administrator's list has all.
     * </pre>
     */
    public void listOrganizations(io.thedata.v1.ListOrganizationsRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListOrganizationsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListOrganizationsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Creates an organization with the caller as its owner.
     * </pre>
     */
    public void createOrganization(io.thedata.v1.CreateOrganizationRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Organization> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateOrganizationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets an organization.
     * </pre>
     */
    public void getOrganization(io.thedata.v1.GetOrganizationRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Organization> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetOrganizationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates the given fields of an organization.
     * </pre>
     */
    public void updateOrganization(io.thedata.v1.UpdateOrganizationRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Organization> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateOrganizationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes an organization with its data sources, pipelines, runs and logs; what pipelines landed in
     * destinations stays there.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while one of its pipelines runs.
     * </pre>
     */
    public void deleteOrganization(io.thedata.v1.DeleteOrganizationRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteOrganizationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists an organization's members, oldest first.
     * </pre>
     */
    public void listMembers(io.thedata.v1.ListMembersRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListMembersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMembersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Adds a registered user to an organization.
     * Errors: NOT_FOUND when no such user is registered; ALREADY_EXISTS when they are a member already;
     * PERMISSION_DENIED for a role above the caller's own.
     * </pre>
     */
    public void addMember(io.thedata.v1.AddMemberRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Member> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAddMemberMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes a member's role.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public void updateMember(io.thedata.v1.UpdateMemberRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Member> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateMemberMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Removes a member, who loses access at once; any member may remove themselves.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public void removeMember(io.thedata.v1.RemoveMemberRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRemoveMemberMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service OrganizationsService.
   * <pre>
   * Keeps organizations, which own everything else, and the people in them.
   * </pre>
   */
  public static final class OrganizationsServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<OrganizationsServiceBlockingV2Stub> {
    private OrganizationsServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrganizationsServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrganizationsServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the caller's organizations, oldest first; a platform administrator's list has all.
     * </pre>
     */
    public io.thedata.v1.ListOrganizationsResponse listOrganizations(io.thedata.v1.ListOrganizationsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListOrganizationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates an organization with the caller as its owner.
     * </pre>
     */
    public io.thedata.v1.Organization createOrganization(io.thedata.v1.CreateOrganizationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets an organization.
     * </pre>
     */
    public io.thedata.v1.Organization getOrganization(io.thedata.v1.GetOrganizationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the given fields of an organization.
     * </pre>
     */
    public io.thedata.v1.Organization updateOrganization(io.thedata.v1.UpdateOrganizationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an organization with its data sources, pipelines, runs and logs; what pipelines landed in
     * destinations stays there.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while one of its pipelines runs.
     * </pre>
     */
    public com.google.protobuf.Empty deleteOrganization(io.thedata.v1.DeleteOrganizationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists an organization's members, oldest first.
     * </pre>
     */
    public io.thedata.v1.ListMembersResponse listMembers(io.thedata.v1.ListMembersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMembersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds a registered user to an organization.
     * Errors: NOT_FOUND when no such user is registered; ALREADY_EXISTS when they are a member already;
     * PERMISSION_DENIED for a role above the caller's own.
     * </pre>
     */
    public io.thedata.v1.Member addMember(io.thedata.v1.AddMemberRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAddMemberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes a member's role.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public io.thedata.v1.Member updateMember(io.thedata.v1.UpdateMemberRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateMemberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes a member, who loses access at once; any member may remove themselves.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public com.google.protobuf.Empty removeMember(io.thedata.v1.RemoveMemberRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRemoveMemberMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service OrganizationsService.
   * <pre>
   * Keeps organizations, which own everything else, and the people in them.
   * </pre>
   */
  public static final class OrganizationsServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<OrganizationsServiceBlockingStub> {
    private OrganizationsServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrganizationsServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrganizationsServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the caller's organizations, oldest first; a platform administrator's list has all.
     * </pre>
     */
    public io.thedata.v1.ListOrganizationsResponse listOrganizations(io.thedata.v1.ListOrganizationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListOrganizationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates an organization with the caller as its owner.
     * </pre>
     */
    public io.thedata.v1.Organization createOrganization(io.thedata.v1.CreateOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets an organization.
     * </pre>
     */
    public io.thedata.v1.Organization getOrganization(io.thedata.v1.GetOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the given fields of an organization.
     * </pre>
     */
    public io.thedata.v1.Organization updateOrganization(io.thedata.v1.UpdateOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an organization with its data sources, pipelines, runs and logs; what pipelines landed in
     * destinations stays there.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while one of its pipelines runs.
     * </pre>
     */
    public com.google.protobuf.Empty deleteOrganization(io.thedata.v1.DeleteOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteOrganizationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists an organization's members, oldest first.
     * </pre>
     */
    public io.thedata.v1.ListMembersResponse listMembers(io.thedata.v1.ListMembersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMembersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds a registered user to an organization.
     * Errors: NOT_FOUND when no such user is registered; ALREADY_EXISTS when they are a member already;
     * PERMISSION_DENIED for a role above the caller's own.
     * </pre>
     */
    public io.thedata.v1.Member addMember(io.thedata.v1.AddMemberRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAddMemberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes a member's role.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public io.thedata.v1.Member updateMember(io.thedata.v1.UpdateMemberRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateMemberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes a member, who loses access at once; any member may remove themselves.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public com.google.protobuf.Empty removeMember(io.thedata.v1.RemoveMemberRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRemoveMemberMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service OrganizationsService.
   * <pre>
   * Keeps organizations, which own everything else, and the people in them.
   * </pre>
   */
  public static final class OrganizationsServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<OrganizationsServiceFutureStub> {
    private OrganizationsServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected OrganizationsServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new OrganizationsServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists the caller's organizations, oldest first; a platform administrator's list has all.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListOrganizationsResponse> listOrganizations(
        io.thedata.v1.ListOrganizationsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListOrganizationsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Creates an organization with the caller as its owner.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Organization> createOrganization(
        io.thedata.v1.CreateOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateOrganizationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets an organization.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Organization> getOrganization(
        io.thedata.v1.GetOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetOrganizationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates the given fields of an organization.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Organization> updateOrganization(
        io.thedata.v1.UpdateOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateOrganizationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes an organization with its data sources, pipelines, runs and logs; what pipelines landed in
     * destinations stays there.
     * Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while one of its pipelines runs.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteOrganization(
        io.thedata.v1.DeleteOrganizationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteOrganizationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists an organization's members, oldest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListMembersResponse> listMembers(
        io.thedata.v1.ListMembersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMembersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Adds a registered user to an organization.
     * Errors: NOT_FOUND when no such user is registered; ALREADY_EXISTS when they are a member already;
     * PERMISSION_DENIED for a role above the caller's own.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Member> addMember(
        io.thedata.v1.AddMemberRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAddMemberMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes a member's role.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Member> updateMember(
        io.thedata.v1.UpdateMemberRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateMemberMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Removes a member, who loses access at once; any member may remove themselves.
     * Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> removeMember(
        io.thedata.v1.RemoveMemberRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRemoveMemberMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_ORGANIZATIONS = 0;
  private static final int METHODID_CREATE_ORGANIZATION = 1;
  private static final int METHODID_GET_ORGANIZATION = 2;
  private static final int METHODID_UPDATE_ORGANIZATION = 3;
  private static final int METHODID_DELETE_ORGANIZATION = 4;
  private static final int METHODID_LIST_MEMBERS = 5;
  private static final int METHODID_ADD_MEMBER = 6;
  private static final int METHODID_UPDATE_MEMBER = 7;
  private static final int METHODID_REMOVE_MEMBER = 8;

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
        case METHODID_LIST_ORGANIZATIONS:
          serviceImpl.listOrganizations((io.thedata.v1.ListOrganizationsRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListOrganizationsResponse>) responseObserver);
          break;
        case METHODID_CREATE_ORGANIZATION:
          serviceImpl.createOrganization((io.thedata.v1.CreateOrganizationRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Organization>) responseObserver);
          break;
        case METHODID_GET_ORGANIZATION:
          serviceImpl.getOrganization((io.thedata.v1.GetOrganizationRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Organization>) responseObserver);
          break;
        case METHODID_UPDATE_ORGANIZATION:
          serviceImpl.updateOrganization((io.thedata.v1.UpdateOrganizationRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Organization>) responseObserver);
          break;
        case METHODID_DELETE_ORGANIZATION:
          serviceImpl.deleteOrganization((io.thedata.v1.DeleteOrganizationRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_LIST_MEMBERS:
          serviceImpl.listMembers((io.thedata.v1.ListMembersRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListMembersResponse>) responseObserver);
          break;
        case METHODID_ADD_MEMBER:
          serviceImpl.addMember((io.thedata.v1.AddMemberRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Member>) responseObserver);
          break;
        case METHODID_UPDATE_MEMBER:
          serviceImpl.updateMember((io.thedata.v1.UpdateMemberRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Member>) responseObserver);
          break;
        case METHODID_REMOVE_MEMBER:
          serviceImpl.removeMember((io.thedata.v1.RemoveMemberRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
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
          getListOrganizationsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListOrganizationsRequest,
              io.thedata.v1.ListOrganizationsResponse>(
                service, METHODID_LIST_ORGANIZATIONS)))
        .addMethod(
          getCreateOrganizationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CreateOrganizationRequest,
              io.thedata.v1.Organization>(
                service, METHODID_CREATE_ORGANIZATION)))
        .addMethod(
          getGetOrganizationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetOrganizationRequest,
              io.thedata.v1.Organization>(
                service, METHODID_GET_ORGANIZATION)))
        .addMethod(
          getUpdateOrganizationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdateOrganizationRequest,
              io.thedata.v1.Organization>(
                service, METHODID_UPDATE_ORGANIZATION)))
        .addMethod(
          getDeleteOrganizationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DeleteOrganizationRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_ORGANIZATION)))
        .addMethod(
          getListMembersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListMembersRequest,
              io.thedata.v1.ListMembersResponse>(
                service, METHODID_LIST_MEMBERS)))
        .addMethod(
          getAddMemberMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.AddMemberRequest,
              io.thedata.v1.Member>(
                service, METHODID_ADD_MEMBER)))
        .addMethod(
          getUpdateMemberMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.UpdateMemberRequest,
              io.thedata.v1.Member>(
                service, METHODID_UPDATE_MEMBER)))
        .addMethod(
          getRemoveMemberMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.RemoveMemberRequest,
              com.google.protobuf.Empty>(
                service, METHODID_REMOVE_MEMBER)))
        .build();
  }

  private static abstract class OrganizationsServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    OrganizationsServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return io.thedata.v1.OrganizationsProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("OrganizationsService");
    }
  }

  private static final class OrganizationsServiceFileDescriptorSupplier
      extends OrganizationsServiceBaseDescriptorSupplier {
    OrganizationsServiceFileDescriptorSupplier() {}
  }

  private static final class OrganizationsServiceMethodDescriptorSupplier
      extends OrganizationsServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    OrganizationsServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (OrganizationsServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new OrganizationsServiceFileDescriptorSupplier())
              .addMethod(getListOrganizationsMethod())
              .addMethod(getCreateOrganizationMethod())
              .addMethod(getGetOrganizationMethod())
              .addMethod(getUpdateOrganizationMethod())
              .addMethod(getDeleteOrganizationMethod())
              .addMethod(getListMembersMethod())
              .addMethod(getAddMemberMethod())
              .addMethod(getUpdateMemberMethod())
              .addMethod(getRemoveMemberMethod())
              .build();
        }
      }
    }
    return result;
  }
}
