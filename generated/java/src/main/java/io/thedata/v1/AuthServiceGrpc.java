package io.thedata.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Registers and logs in users, keeps their sessions, and issues API keys.
 * Calls are authenticated by `authorization: Bearer &lt;token&gt;`, where the token is an access token of
 * a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AuthServiceGrpc {

  private AuthServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "thedata.v1.AuthService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.RegisterRequest,
      io.thedata.v1.Session> getRegisterMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Register",
      requestType = io.thedata.v1.RegisterRequest.class,
      responseType = io.thedata.v1.Session.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.RegisterRequest,
      io.thedata.v1.Session> getRegisterMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.RegisterRequest, io.thedata.v1.Session> getRegisterMethod;
    if ((getRegisterMethod = AuthServiceGrpc.getRegisterMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getRegisterMethod = AuthServiceGrpc.getRegisterMethod) == null) {
          AuthServiceGrpc.getRegisterMethod = getRegisterMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.RegisterRequest, io.thedata.v1.Session>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Register"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RegisterRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Session.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("Register"))
              .build();
        }
      }
    }
    return getRegisterMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.LoginRequest,
      io.thedata.v1.Session> getLoginMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Login",
      requestType = io.thedata.v1.LoginRequest.class,
      responseType = io.thedata.v1.Session.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.LoginRequest,
      io.thedata.v1.Session> getLoginMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.LoginRequest, io.thedata.v1.Session> getLoginMethod;
    if ((getLoginMethod = AuthServiceGrpc.getLoginMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getLoginMethod = AuthServiceGrpc.getLoginMethod) == null) {
          AuthServiceGrpc.getLoginMethod = getLoginMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.LoginRequest, io.thedata.v1.Session>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Login"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.LoginRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Session.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("Login"))
              .build();
        }
      }
    }
    return getLoginMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.RefreshTokenRequest,
      io.thedata.v1.Session> getRefreshTokenMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RefreshToken",
      requestType = io.thedata.v1.RefreshTokenRequest.class,
      responseType = io.thedata.v1.Session.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.RefreshTokenRequest,
      io.thedata.v1.Session> getRefreshTokenMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.RefreshTokenRequest, io.thedata.v1.Session> getRefreshTokenMethod;
    if ((getRefreshTokenMethod = AuthServiceGrpc.getRefreshTokenMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getRefreshTokenMethod = AuthServiceGrpc.getRefreshTokenMethod) == null) {
          AuthServiceGrpc.getRefreshTokenMethod = getRefreshTokenMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.RefreshTokenRequest, io.thedata.v1.Session>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RefreshToken"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.RefreshTokenRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.Session.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("RefreshToken"))
              .build();
        }
      }
    }
    return getRefreshTokenMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.GetCurrentUserRequest,
      io.thedata.v1.CurrentUser> getGetCurrentUserMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetCurrentUser",
      requestType = io.thedata.v1.GetCurrentUserRequest.class,
      responseType = io.thedata.v1.CurrentUser.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.GetCurrentUserRequest,
      io.thedata.v1.CurrentUser> getGetCurrentUserMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.GetCurrentUserRequest, io.thedata.v1.CurrentUser> getGetCurrentUserMethod;
    if ((getGetCurrentUserMethod = AuthServiceGrpc.getGetCurrentUserMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getGetCurrentUserMethod = AuthServiceGrpc.getGetCurrentUserMethod) == null) {
          AuthServiceGrpc.getGetCurrentUserMethod = getGetCurrentUserMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.GetCurrentUserRequest, io.thedata.v1.CurrentUser>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetCurrentUser"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.GetCurrentUserRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CurrentUser.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("GetCurrentUser"))
              .build();
        }
      }
    }
    return getGetCurrentUserMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.LogoutRequest,
      com.google.protobuf.Empty> getLogoutMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Logout",
      requestType = io.thedata.v1.LogoutRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.LogoutRequest,
      com.google.protobuf.Empty> getLogoutMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.LogoutRequest, com.google.protobuf.Empty> getLogoutMethod;
    if ((getLogoutMethod = AuthServiceGrpc.getLogoutMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getLogoutMethod = AuthServiceGrpc.getLogoutMethod) == null) {
          AuthServiceGrpc.getLogoutMethod = getLogoutMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.LogoutRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Logout"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.LogoutRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("Logout"))
              .build();
        }
      }
    }
    return getLogoutMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ChangePasswordRequest,
      com.google.protobuf.Empty> getChangePasswordMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ChangePassword",
      requestType = io.thedata.v1.ChangePasswordRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ChangePasswordRequest,
      com.google.protobuf.Empty> getChangePasswordMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ChangePasswordRequest, com.google.protobuf.Empty> getChangePasswordMethod;
    if ((getChangePasswordMethod = AuthServiceGrpc.getChangePasswordMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getChangePasswordMethod = AuthServiceGrpc.getChangePasswordMethod) == null) {
          AuthServiceGrpc.getChangePasswordMethod = getChangePasswordMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ChangePasswordRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ChangePassword"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ChangePasswordRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("ChangePassword"))
              .build();
        }
      }
    }
    return getChangePasswordMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.CreateApiKeyRequest,
      io.thedata.v1.CreateApiKeyResponse> getCreateApiKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateApiKey",
      requestType = io.thedata.v1.CreateApiKeyRequest.class,
      responseType = io.thedata.v1.CreateApiKeyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.CreateApiKeyRequest,
      io.thedata.v1.CreateApiKeyResponse> getCreateApiKeyMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.CreateApiKeyRequest, io.thedata.v1.CreateApiKeyResponse> getCreateApiKeyMethod;
    if ((getCreateApiKeyMethod = AuthServiceGrpc.getCreateApiKeyMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getCreateApiKeyMethod = AuthServiceGrpc.getCreateApiKeyMethod) == null) {
          AuthServiceGrpc.getCreateApiKeyMethod = getCreateApiKeyMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.CreateApiKeyRequest, io.thedata.v1.CreateApiKeyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateApiKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CreateApiKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.CreateApiKeyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("CreateApiKey"))
              .build();
        }
      }
    }
    return getCreateApiKeyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.ListApiKeysRequest,
      io.thedata.v1.ListApiKeysResponse> getListApiKeysMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListApiKeys",
      requestType = io.thedata.v1.ListApiKeysRequest.class,
      responseType = io.thedata.v1.ListApiKeysResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.ListApiKeysRequest,
      io.thedata.v1.ListApiKeysResponse> getListApiKeysMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.ListApiKeysRequest, io.thedata.v1.ListApiKeysResponse> getListApiKeysMethod;
    if ((getListApiKeysMethod = AuthServiceGrpc.getListApiKeysMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getListApiKeysMethod = AuthServiceGrpc.getListApiKeysMethod) == null) {
          AuthServiceGrpc.getListApiKeysMethod = getListApiKeysMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.ListApiKeysRequest, io.thedata.v1.ListApiKeysResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListApiKeys"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListApiKeysRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.ListApiKeysResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("ListApiKeys"))
              .build();
        }
      }
    }
    return getListApiKeysMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.thedata.v1.DeleteApiKeyRequest,
      com.google.protobuf.Empty> getDeleteApiKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteApiKey",
      requestType = io.thedata.v1.DeleteApiKeyRequest.class,
      responseType = com.google.protobuf.Empty.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.thedata.v1.DeleteApiKeyRequest,
      com.google.protobuf.Empty> getDeleteApiKeyMethod() {
    io.grpc.MethodDescriptor<io.thedata.v1.DeleteApiKeyRequest, com.google.protobuf.Empty> getDeleteApiKeyMethod;
    if ((getDeleteApiKeyMethod = AuthServiceGrpc.getDeleteApiKeyMethod) == null) {
      synchronized (AuthServiceGrpc.class) {
        if ((getDeleteApiKeyMethod = AuthServiceGrpc.getDeleteApiKeyMethod) == null) {
          AuthServiceGrpc.getDeleteApiKeyMethod = getDeleteApiKeyMethod =
              io.grpc.MethodDescriptor.<io.thedata.v1.DeleteApiKeyRequest, com.google.protobuf.Empty>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteApiKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  io.thedata.v1.DeleteApiKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  com.google.protobuf.Empty.getDefaultInstance()))
              .setSchemaDescriptor(new AuthServiceMethodDescriptorSupplier("DeleteApiKey"))
              .build();
        }
      }
    }
    return getDeleteApiKeyMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AuthServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AuthServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AuthServiceStub>() {
        @java.lang.Override
        public AuthServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AuthServiceStub(channel, callOptions);
        }
      };
    return AuthServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AuthServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AuthServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AuthServiceBlockingV2Stub>() {
        @java.lang.Override
        public AuthServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AuthServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AuthServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AuthServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AuthServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AuthServiceBlockingStub>() {
        @java.lang.Override
        public AuthServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AuthServiceBlockingStub(channel, callOptions);
        }
      };
    return AuthServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AuthServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AuthServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AuthServiceFutureStub>() {
        @java.lang.Override
        public AuthServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AuthServiceFutureStub(channel, callOptions);
        }
      };
    return AuthServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Registers and logs in users, keeps their sessions, and issues API keys.
   * Calls are authenticated by `authorization: Bearer &lt;token&gt;`, where the token is an access token of
   * a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Registers a user, makes them owner of a first organization, and logs them in.
     * Errors: ALREADY_EXISTS when the e-mail address is taken.
     * </pre>
     */
    default void register(io.thedata.v1.RegisterRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Session> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRegisterMethod(), responseObserver);
    }

    /**
     * <pre>
     * Logs in with e-mail address and password.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS, the same for an unknown address, a wrong
     * password and a disabled account; RESOURCE_EXHAUSTED with RetryInfo after repeated failures.
     * </pre>
     */
    default void login(io.thedata.v1.LoginRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Session> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getLoginMethod(), responseObserver);
    }

    /**
     * <pre>
     * Exchanges a refresh token for a new access token and a new refresh token.
     * A refresh token works once. Its reuse within ten seconds returns the same successor (a lost
     * answer does no harm); its reuse later ends the whole session.
     * Errors: UNAUTHENTICATED with reason INVALID_REFRESH_TOKEN.
     * </pre>
     */
    default void refreshToken(io.thedata.v1.RefreshTokenRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Session> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRefreshTokenMethod(), responseObserver);
    }

    /**
     * <pre>
     * Gets the calling user and their memberships.
     * </pre>
     */
    default void getCurrentUser(io.thedata.v1.GetCurrentUserRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.CurrentUser> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetCurrentUserMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ends sessions; their access tokens stop working at once.
     * </pre>
     */
    default void logout(io.thedata.v1.LogoutRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getLogoutMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the calling user's password and ends their other sessions.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS when the current password is wrong.
     * </pre>
     */
    default void changePassword(io.thedata.v1.ChangePasswordRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getChangePasswordMethod(), responseObserver);
    }

    /**
     * <pre>
     * Creates an API key for programs; the answer is the only place that shows its secret.
     * </pre>
     */
    default void createApiKey(io.thedata.v1.CreateApiKeyRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.CreateApiKeyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateApiKeyMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists an organization's API keys, newest first, without their secrets.
     * </pre>
     */
    default void listApiKeys(io.thedata.v1.ListApiKeysRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListApiKeysResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListApiKeysMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes an API key; it stops working at once.
     * </pre>
     */
    default void deleteApiKey(io.thedata.v1.DeleteApiKeyRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteApiKeyMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AuthService.
   * <pre>
   * Registers and logs in users, keeps their sessions, and issues API keys.
   * Calls are authenticated by `authorization: Bearer &lt;token&gt;`, where the token is an access token of
   * a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
   * </pre>
   */
  public static abstract class AuthServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AuthServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AuthService.
   * <pre>
   * Registers and logs in users, keeps their sessions, and issues API keys.
   * Calls are authenticated by `authorization: Bearer &lt;token&gt;`, where the token is an access token of
   * a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
   * </pre>
   */
  public static final class AuthServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AuthServiceStub> {
    private AuthServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AuthServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AuthServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Registers a user, makes them owner of a first organization, and logs them in.
     * Errors: ALREADY_EXISTS when the e-mail address is taken.
     * </pre>
     */
    public void register(io.thedata.v1.RegisterRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Session> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRegisterMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Logs in with e-mail address and password.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS, the same for an unknown address, a wrong
     * password and a disabled account; RESOURCE_EXHAUSTED with RetryInfo after repeated failures.
     * </pre>
     */
    public void login(io.thedata.v1.LoginRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Session> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getLoginMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Exchanges a refresh token for a new access token and a new refresh token.
     * A refresh token works once. Its reuse within ten seconds returns the same successor (a lost
     * answer does no harm); its reuse later ends the whole session.
     * Errors: UNAUTHENTICATED with reason INVALID_REFRESH_TOKEN.
     * </pre>
     */
    public void refreshToken(io.thedata.v1.RefreshTokenRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.Session> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRefreshTokenMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Gets the calling user and their memberships.
     * </pre>
     */
    public void getCurrentUser(io.thedata.v1.GetCurrentUserRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.CurrentUser> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetCurrentUserMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ends sessions; their access tokens stop working at once.
     * </pre>
     */
    public void logout(io.thedata.v1.LogoutRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getLogoutMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the calling user's password and ends their other sessions.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS when the current password is wrong.
     * </pre>
     */
    public void changePassword(io.thedata.v1.ChangePasswordRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getChangePasswordMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Creates an API key for programs; the answer is the only place that shows its secret.
     * </pre>
     */
    public void createApiKey(io.thedata.v1.CreateApiKeyRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.CreateApiKeyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateApiKeyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists an organization's API keys, newest first, without their secrets.
     * </pre>
     */
    public void listApiKeys(io.thedata.v1.ListApiKeysRequest request,
        io.grpc.stub.StreamObserver<io.thedata.v1.ListApiKeysResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListApiKeysMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes an API key; it stops working at once.
     * </pre>
     */
    public void deleteApiKey(io.thedata.v1.DeleteApiKeyRequest request,
        io.grpc.stub.StreamObserver<com.google.protobuf.Empty> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteApiKeyMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AuthService.
   * <pre>
   * Registers and logs in users, keeps their sessions, and issues API keys.
   * Calls are authenticated by `authorization: Bearer &lt;token&gt;`, where the token is an access token of
   * a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
   * </pre>
   */
  public static final class AuthServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AuthServiceBlockingV2Stub> {
    private AuthServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AuthServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AuthServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Registers a user, makes them owner of a first organization, and logs them in.
     * Errors: ALREADY_EXISTS when the e-mail address is taken.
     * </pre>
     */
    public io.thedata.v1.Session register(io.thedata.v1.RegisterRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRegisterMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Logs in with e-mail address and password.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS, the same for an unknown address, a wrong
     * password and a disabled account; RESOURCE_EXHAUSTED with RetryInfo after repeated failures.
     * </pre>
     */
    public io.thedata.v1.Session login(io.thedata.v1.LoginRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getLoginMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Exchanges a refresh token for a new access token and a new refresh token.
     * A refresh token works once. Its reuse within ten seconds returns the same successor (a lost
     * answer does no harm); its reuse later ends the whole session.
     * Errors: UNAUTHENTICATED with reason INVALID_REFRESH_TOKEN.
     * </pre>
     */
    public io.thedata.v1.Session refreshToken(io.thedata.v1.RefreshTokenRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRefreshTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the calling user and their memberships.
     * </pre>
     */
    public io.thedata.v1.CurrentUser getCurrentUser(io.thedata.v1.GetCurrentUserRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetCurrentUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends sessions; their access tokens stop working at once.
     * </pre>
     */
    public com.google.protobuf.Empty logout(io.thedata.v1.LogoutRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getLogoutMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the calling user's password and ends their other sessions.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS when the current password is wrong.
     * </pre>
     */
    public com.google.protobuf.Empty changePassword(io.thedata.v1.ChangePasswordRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getChangePasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates an API key for programs; the answer is the only place that shows its secret.
     * </pre>
     */
    public io.thedata.v1.CreateApiKeyResponse createApiKey(io.thedata.v1.CreateApiKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateApiKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists an organization's API keys, newest first, without their secrets.
     * </pre>
     */
    public io.thedata.v1.ListApiKeysResponse listApiKeys(io.thedata.v1.ListApiKeysRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListApiKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an API key; it stops working at once.
     * </pre>
     */
    public com.google.protobuf.Empty deleteApiKey(io.thedata.v1.DeleteApiKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteApiKeyMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AuthService.
   * <pre>
   * Registers and logs in users, keeps their sessions, and issues API keys.
   * Calls are authenticated by `authorization: Bearer &lt;token&gt;`, where the token is an access token of
   * a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
   * </pre>
   */
  public static final class AuthServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AuthServiceBlockingStub> {
    private AuthServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AuthServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AuthServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Registers a user, makes them owner of a first organization, and logs them in.
     * Errors: ALREADY_EXISTS when the e-mail address is taken.
     * </pre>
     */
    public io.thedata.v1.Session register(io.thedata.v1.RegisterRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRegisterMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Logs in with e-mail address and password.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS, the same for an unknown address, a wrong
     * password and a disabled account; RESOURCE_EXHAUSTED with RetryInfo after repeated failures.
     * </pre>
     */
    public io.thedata.v1.Session login(io.thedata.v1.LoginRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getLoginMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Exchanges a refresh token for a new access token and a new refresh token.
     * A refresh token works once. Its reuse within ten seconds returns the same successor (a lost
     * answer does no harm); its reuse later ends the whole session.
     * Errors: UNAUTHENTICATED with reason INVALID_REFRESH_TOKEN.
     * </pre>
     */
    public io.thedata.v1.Session refreshToken(io.thedata.v1.RefreshTokenRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRefreshTokenMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Gets the calling user and their memberships.
     * </pre>
     */
    public io.thedata.v1.CurrentUser getCurrentUser(io.thedata.v1.GetCurrentUserRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetCurrentUserMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends sessions; their access tokens stop working at once.
     * </pre>
     */
    public com.google.protobuf.Empty logout(io.thedata.v1.LogoutRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getLogoutMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the calling user's password and ends their other sessions.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS when the current password is wrong.
     * </pre>
     */
    public com.google.protobuf.Empty changePassword(io.thedata.v1.ChangePasswordRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getChangePasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates an API key for programs; the answer is the only place that shows its secret.
     * </pre>
     */
    public io.thedata.v1.CreateApiKeyResponse createApiKey(io.thedata.v1.CreateApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateApiKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists an organization's API keys, newest first, without their secrets.
     * </pre>
     */
    public io.thedata.v1.ListApiKeysResponse listApiKeys(io.thedata.v1.ListApiKeysRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListApiKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an API key; it stops working at once.
     * </pre>
     */
    public com.google.protobuf.Empty deleteApiKey(io.thedata.v1.DeleteApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteApiKeyMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AuthService.
   * <pre>
   * Registers and logs in users, keeps their sessions, and issues API keys.
   * Calls are authenticated by `authorization: Bearer &lt;token&gt;`, where the token is an access token of
   * a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
   * </pre>
   */
  public static final class AuthServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AuthServiceFutureStub> {
    private AuthServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AuthServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AuthServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Registers a user, makes them owner of a first organization, and logs them in.
     * Errors: ALREADY_EXISTS when the e-mail address is taken.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Session> register(
        io.thedata.v1.RegisterRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRegisterMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Logs in with e-mail address and password.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS, the same for an unknown address, a wrong
     * password and a disabled account; RESOURCE_EXHAUSTED with RetryInfo after repeated failures.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Session> login(
        io.thedata.v1.LoginRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getLoginMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Exchanges a refresh token for a new access token and a new refresh token.
     * A refresh token works once. Its reuse within ten seconds returns the same successor (a lost
     * answer does no harm); its reuse later ends the whole session.
     * Errors: UNAUTHENTICATED with reason INVALID_REFRESH_TOKEN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.Session> refreshToken(
        io.thedata.v1.RefreshTokenRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRefreshTokenMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Gets the calling user and their memberships.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.CurrentUser> getCurrentUser(
        io.thedata.v1.GetCurrentUserRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetCurrentUserMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Ends sessions; their access tokens stop working at once.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> logout(
        io.thedata.v1.LogoutRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getLogoutMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the calling user's password and ends their other sessions.
     * Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS when the current password is wrong.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> changePassword(
        io.thedata.v1.ChangePasswordRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getChangePasswordMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Creates an API key for programs; the answer is the only place that shows its secret.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.CreateApiKeyResponse> createApiKey(
        io.thedata.v1.CreateApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateApiKeyMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists an organization's API keys, newest first, without their secrets.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.thedata.v1.ListApiKeysResponse> listApiKeys(
        io.thedata.v1.ListApiKeysRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListApiKeysMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes an API key; it stops working at once.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<com.google.protobuf.Empty> deleteApiKey(
        io.thedata.v1.DeleteApiKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteApiKeyMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_REGISTER = 0;
  private static final int METHODID_LOGIN = 1;
  private static final int METHODID_REFRESH_TOKEN = 2;
  private static final int METHODID_GET_CURRENT_USER = 3;
  private static final int METHODID_LOGOUT = 4;
  private static final int METHODID_CHANGE_PASSWORD = 5;
  private static final int METHODID_CREATE_API_KEY = 6;
  private static final int METHODID_LIST_API_KEYS = 7;
  private static final int METHODID_DELETE_API_KEY = 8;

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
        case METHODID_REGISTER:
          serviceImpl.register((io.thedata.v1.RegisterRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Session>) responseObserver);
          break;
        case METHODID_LOGIN:
          serviceImpl.login((io.thedata.v1.LoginRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Session>) responseObserver);
          break;
        case METHODID_REFRESH_TOKEN:
          serviceImpl.refreshToken((io.thedata.v1.RefreshTokenRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.Session>) responseObserver);
          break;
        case METHODID_GET_CURRENT_USER:
          serviceImpl.getCurrentUser((io.thedata.v1.GetCurrentUserRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.CurrentUser>) responseObserver);
          break;
        case METHODID_LOGOUT:
          serviceImpl.logout((io.thedata.v1.LogoutRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_CHANGE_PASSWORD:
          serviceImpl.changePassword((io.thedata.v1.ChangePasswordRequest) request,
              (io.grpc.stub.StreamObserver<com.google.protobuf.Empty>) responseObserver);
          break;
        case METHODID_CREATE_API_KEY:
          serviceImpl.createApiKey((io.thedata.v1.CreateApiKeyRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.CreateApiKeyResponse>) responseObserver);
          break;
        case METHODID_LIST_API_KEYS:
          serviceImpl.listApiKeys((io.thedata.v1.ListApiKeysRequest) request,
              (io.grpc.stub.StreamObserver<io.thedata.v1.ListApiKeysResponse>) responseObserver);
          break;
        case METHODID_DELETE_API_KEY:
          serviceImpl.deleteApiKey((io.thedata.v1.DeleteApiKeyRequest) request,
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
          getRegisterMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.RegisterRequest,
              io.thedata.v1.Session>(
                service, METHODID_REGISTER)))
        .addMethod(
          getLoginMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.LoginRequest,
              io.thedata.v1.Session>(
                service, METHODID_LOGIN)))
        .addMethod(
          getRefreshTokenMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.RefreshTokenRequest,
              io.thedata.v1.Session>(
                service, METHODID_REFRESH_TOKEN)))
        .addMethod(
          getGetCurrentUserMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.GetCurrentUserRequest,
              io.thedata.v1.CurrentUser>(
                service, METHODID_GET_CURRENT_USER)))
        .addMethod(
          getLogoutMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.LogoutRequest,
              com.google.protobuf.Empty>(
                service, METHODID_LOGOUT)))
        .addMethod(
          getChangePasswordMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ChangePasswordRequest,
              com.google.protobuf.Empty>(
                service, METHODID_CHANGE_PASSWORD)))
        .addMethod(
          getCreateApiKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.CreateApiKeyRequest,
              io.thedata.v1.CreateApiKeyResponse>(
                service, METHODID_CREATE_API_KEY)))
        .addMethod(
          getListApiKeysMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.ListApiKeysRequest,
              io.thedata.v1.ListApiKeysResponse>(
                service, METHODID_LIST_API_KEYS)))
        .addMethod(
          getDeleteApiKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.thedata.v1.DeleteApiKeyRequest,
              com.google.protobuf.Empty>(
                service, METHODID_DELETE_API_KEY)))
        .build();
  }

  private static abstract class AuthServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AuthServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return io.thedata.v1.AuthProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AuthService");
    }
  }

  private static final class AuthServiceFileDescriptorSupplier
      extends AuthServiceBaseDescriptorSupplier {
    AuthServiceFileDescriptorSupplier() {}
  }

  private static final class AuthServiceMethodDescriptorSupplier
      extends AuthServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AuthServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (AuthServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AuthServiceFileDescriptorSupplier())
              .addMethod(getRegisterMethod())
              .addMethod(getLoginMethod())
              .addMethod(getRefreshTokenMethod())
              .addMethod(getGetCurrentUserMethod())
              .addMethod(getLogoutMethod())
              .addMethod(getChangePasswordMethod())
              .addMethod(getCreateApiKeyMethod())
              .addMethod(getListApiKeysMethod())
              .addMethod(getDeleteApiKeyMethod())
              .build();
        }
      }
    }
    return result;
  }
}
