// The scenario of tests/clients in Go: what it saw is printed as one JSON object.
package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	thedata "thedata.io/go/thedata/v1"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	address, email, password := os.Getenv("ADDRESS"), os.Getenv("EMAIL"), "correct horse"
	// README
	connection := must(grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials())))
	auth := thedata.NewAuthServiceClient(connection)
	// README ends
	defer connection.Close()
	must(auth.Register(ctx, &thedata.RegisterRequest{Email: email, Password: password}))
	// README
	session := must(auth.Login(ctx, &thedata.LoginRequest{Email: email, Password: password}))
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+session.AccessToken)
	// README ends

	config := must(structpb.NewStruct(map[string]any{"path": os.Getenv("FOLDER"), "format": "csv"}))
	sources := thedata.NewDataSourcesServiceClient(connection)
	source := must(sources.CreateDataSource(ctx, &thedata.CreateDataSourceRequest{Name: "files", Connector: "files", Config: config}))
	store := must(sources.CreateDataSource(ctx, &thedata.CreateDataSourceRequest{
		Name: "analytics", Connector: "analytics", Config: must(structpb.NewStruct(nil)),
	}))

	// README
	pipelines := thedata.NewPipelinesServiceClient(connection)
	listed := must(pipelines.ListPipelines(ctx, &thedata.ListPipelinesRequest{})).Pipelines
	pipeline := must(pipelines.CreatePipeline(ctx, &thedata.CreatePipelineRequest{
		Name: "copy", SourceId: source.Id, DestinationId: store.Id,
	}))
	run := must(pipelines.StartPipeline(ctx, &thedata.StartPipelineRequest{PipelineId: pipeline.Id}))

	// Follows the log to its end; After goes on where a broken stream ended, without a line lost or told twice.
	lines, breaks, after, ended := []string{}, 0, "", ""
	for ended == "" {
		stream, err := pipelines.TailPipelineLogs(ctx, &thedata.TailPipelineLogsRequest{
			PipelineId: pipeline.Id, RunId: run.Id, After: after,
		})
		for err == nil {
			var message *thedata.TailPipelineLogsResponse
			if message, err = stream.Recv(); err != nil {
				break
			}
			after = message.Cursor
			switch event := message.Event.(type) {
			case *thedata.TailPipelineLogsResponse_Entry:
				lines = append(lines, event.Entry.Message)
			case *thedata.TailPipelineLogsResponse_Ended:
				ended = event.Ended.String()
			}
		}
		if err != io.EOF && status.Code(err) != codes.Unavailable {
			log.Fatal(err)
		}
		if err != io.EOF {
			breaks++
			time.Sleep(200 * time.Millisecond)
		}
	}
	// README ends
	if len(listed) > 0 {
		log.Fatal("somebody new has pipelines")
	}

	analytics := thedata.NewAnalyticsServiceClient(connection)
	history := must(analytics.GetHistoricalData(ctx, &thedata.GetHistoricalDataRequest{
		TableName: "people", Columns: []string{"id", "name"}, OrderBy: []string{"id"},
	}))
	names := []string{}
	for _, row := range history.Rows {
		names = append(names, row.Values[1].GetStringValue())
	}

	_, err := pipelines.CreatePipeline(ctx, &thedata.CreatePipelineRequest{SourceId: "no id"})
	reason, fields := "", []string{}
	for _, detail := range status.Convert(err).Details() {
		switch found := detail.(type) {
		case *errdetails.ErrorInfo:
			reason = found.Reason
		case *errdetails.BadRequest:
			for _, violation := range found.FieldViolations {
				fields = append(fields, violation.Field)
			}
		}
	}
	must(0, json.NewEncoder(os.Stdout).Encode(map[string]any{
		"lines": lines, "ended": ended, "breaks": breaks, "names": names, "reason": reason, "fields": fields,
		"code": status.Code(err).String(),
	}))
}
