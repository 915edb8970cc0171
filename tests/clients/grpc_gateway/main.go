// A grpc-gateway in front of the server, as the compatibility test builds it: gateway UPSTREAM; prints its address.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails" // the details of errors
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	gateway "thedata.io/scenario/gateway/thedata/v1"
)

func main() {
	// The names of the contract and its zero values, as Envoy prints them.
	marshaler := &runtime.HTTPBodyMarshaler{Marshaler: &runtime.JSONPb{
		MarshalOptions:   protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true},
		UnmarshalOptions: protojson.UnmarshalOptions{DiscardUnknown: true},
	}}
	mux := runtime.NewServeMux(runtime.WithMarshalerOption(runtime.MIMEWildcard, marshaler))
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	for _, register := range []func(context.Context, *runtime.ServeMux, string, []grpc.DialOption) error{
		gateway.RegisterAuthServiceHandlerFromEndpoint,
		gateway.RegisterUsersServiceHandlerFromEndpoint,
		gateway.RegisterOrganizationsServiceHandlerFromEndpoint,
		gateway.RegisterDataSourcesServiceHandlerFromEndpoint,
		gateway.RegisterPipelinesServiceHandlerFromEndpoint,
		gateway.RegisterAnalyticsServiceHandlerFromEndpoint,
		gateway.RegisterAdminServiceHandlerFromEndpoint,
	} {
		if err := register(context.Background(), mux, os.Args[1], options); err != nil {
			log.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		request.URL.Path = strings.TrimRight(request.URL.Path, "/")
		mux.ServeHTTP(answer, request)
	})))
}
