// The scenario of tests/clients in Go: what it saw is printed as one JSON object.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
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
	connection := must(grpc.NewClient(os.Getenv("ADDRESS"), grpc.WithTransportCredentials(insecure.NewCredentials())))
	defer connection.Close()

	auth := thedata.NewAuthServiceClient(connection)
	session := must(auth.Register(ctx, &thedata.RegisterRequest{Email: os.Getenv("EMAIL"), Password: "correct horse"}))
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+session.AccessToken)

	config := must(structpb.NewStruct(map[string]any{"path": os.Getenv("FOLDER"), "format": "csv"}))
	sources := thedata.NewDataSourcesServiceClient(connection)
	source := must(sources.CreateDataSource(ctx, &thedata.CreateDataSourceRequest{Name: "files", Connector: "files", Config: config}))
	store := must(sources.CreateDataSource(ctx, &thedata.CreateDataSourceRequest{
		Name: "analytics", Connector: "analytics", Config: must(structpb.NewStruct(nil)),
	}))

	pipelines := thedata.NewPipelinesServiceClient(connection)
	pipeline := must(pipelines.CreatePipeline(ctx, &thedata.CreatePipelineRequest{
		Name: "copy", SourceId: source.Id, DestinationId: store.Id,
	}))
	run := must(pipelines.StartPipeline(ctx, &thedata.StartPipelineRequest{PipelineId: pipeline.Id}))

	lines, ended, breaks := []string{}, "", 0
	for after := ""; ended == ""; {
		streaming, stop := context.WithCancel(ctx)
		stream := must(pipelines.TailPipelineLogs(streaming, &thedata.TailPipelineLogsRequest{
			PipelineId: pipeline.Id, RunId: run.Id, After: after,
		}))
		for seen := 0; ended == ""; {
			message, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				log.Fatal(err)
			}
			after = message.Cursor
			switch event := message.Event.(type) {
			case *thedata.TailPipelineLogsResponse_Entry:
				lines = append(lines, event.Entry.Message)
				seen++
			case *thedata.TailPipelineLogsResponse_Ended:
				ended = event.Ended.String()
			}
			if breaks == 0 && seen == 1 {
				breaks++ // the stream is cut, and goes on after the last cursor
				break
			}
		}
		stop()
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
