"""The API's methods. Written by tools/client_code.py. DO NOT EDIT."""

from __future__ import annotations

from thedata_client import types
from thedata_client.method import Method

GET_SYSTEM_STATUS = Method(
    "/thedata.v1.AdminService/GetSystemStatus", types.GetSystemStatusRequest, types.SystemStatus, repeatable=True
)
WATCH_SYSTEM_STATUS = Method(
    "/thedata.v1.AdminService/WatchSystemStatus",
    types.WatchSystemStatusRequest,
    types.WatchSystemStatusResponse,
    repeatable=True,
)
GET_SYSTEM_CONFIG = Method(
    "/thedata.v1.AdminService/GetSystemConfig", types.GetSystemConfigRequest, types.SystemConfig, repeatable=True
)
UPDATE_SYSTEM_CONFIG = Method(
    "/thedata.v1.AdminService/UpdateSystemConfig", types.UpdateSystemConfigRequest, types.SystemConfig
)
GET_METRICS_CONFIG = Method(
    "/thedata.v1.AdminService/GetMetricsConfig", types.GetMetricsConfigRequest, types.MetricsConfig, repeatable=True
)
UPDATE_METRICS_CONFIG = Method(
    "/thedata.v1.AdminService/UpdateMetricsConfig", types.UpdateMetricsConfigRequest, types.MetricsConfig
)
GET_ALERTS_CONFIG = Method(
    "/thedata.v1.AdminService/GetAlertsConfig", types.GetAlertsConfigRequest, types.AlertsConfig, repeatable=True
)
UPDATE_ALERTS_CONFIG = Method(
    "/thedata.v1.AdminService/UpdateAlertsConfig", types.UpdateAlertsConfigRequest, types.AlertsConfig
)
LIST_CONFIG_VERSIONS = Method(
    "/thedata.v1.AdminService/ListConfigVersions",
    types.ListConfigVersionsRequest,
    types.ListConfigVersionsResponse,
    repeatable=True,
)
ROLL_BACK_CONFIG = Method("/thedata.v1.AdminService/RollBackConfig", types.RollBackConfigRequest, types.ConfigVersion)
LIST_ALERT_CONDITIONS = Method(
    "/thedata.v1.AdminService/ListAlertConditions",
    types.ListAlertConditionsRequest,
    types.ListAlertConditionsResponse,
    repeatable=True,
)
LIST_ACTIVE_ALERTS = Method(
    "/thedata.v1.AdminService/ListActiveAlerts",
    types.ListActiveAlertsRequest,
    types.ListActiveAlertsResponse,
    repeatable=True,
)
LIST_ALERTS = Method(
    "/thedata.v1.AdminService/ListAlerts", types.ListAlertsRequest, types.ListAlertsResponse, repeatable=True
)
WATCH_ALERTS = Method(
    "/thedata.v1.AdminService/WatchAlerts", types.WatchAlertsRequest, types.WatchAlertsResponse, repeatable=True
)
ACKNOWLEDGE_ALERT = Method("/thedata.v1.AdminService/AcknowledgeAlert", types.AcknowledgeAlertRequest, types.Alert)
LIST_ALERT_SILENCES = Method(
    "/thedata.v1.AdminService/ListAlertSilences",
    types.ListAlertSilencesRequest,
    types.ListAlertSilencesResponse,
    repeatable=True,
)
CREATE_ALERT_SILENCE = Method(
    "/thedata.v1.AdminService/CreateAlertSilence", types.CreateAlertSilenceRequest, types.AlertSilence, repeatable=True
)
DELETE_ALERT_SILENCE = Method(
    "/thedata.v1.AdminService/DeleteAlertSilence", types.DeleteAlertSilenceRequest, types.Empty
)
TEST_ALERT_CHANNEL = Method(
    "/thedata.v1.AdminService/TestAlertChannel", types.TestAlertChannelRequest, types.AlertDelivery
)
LIST_ALERT_DELIVERIES = Method(
    "/thedata.v1.AdminService/ListAlertDeliveries",
    types.ListAlertDeliveriesRequest,
    types.ListAlertDeliveriesResponse,
    repeatable=True,
)
LIST_AUDIT_ENTRIES = Method(
    "/thedata.v1.AdminService/ListAuditEntries",
    types.ListAuditEntriesRequest,
    types.ListAuditEntriesResponse,
    repeatable=True,
)
EXPORT_AUDIT_ENTRIES = Method(
    "/thedata.v1.AdminService/ExportAuditEntries", types.ExportAuditEntriesRequest, types.HttpBody, repeatable=True
)
WATCH_AUDIT_ENTRIES = Method(
    "/thedata.v1.AdminService/WatchAuditEntries",
    types.WatchAuditEntriesRequest,
    types.WatchAuditEntriesResponse,
    repeatable=True,
)
GET_USAGE = Method("/thedata.v1.AdminService/GetUsage", types.GetUsageRequest, types.Usage, repeatable=True)
GET_METRICS = Method(
    "/thedata.v1.AnalyticsService/GetMetrics", types.GetMetricsRequest, types.GetMetricsResponse, repeatable=True
)
STREAM_METRICS = Method(
    "/thedata.v1.AnalyticsService/StreamMetrics",
    types.StreamMetricsRequest,
    types.StreamMetricsResponse,
    repeatable=True,
)
INGEST_METRICS = Method(
    "/thedata.v1.AnalyticsService/IngestMetrics", types.IngestMetricsRequest, types.IngestResponse, repeatable=True
)
GET_EVENTS = Method(
    "/thedata.v1.AnalyticsService/GetEvents", types.GetEventsRequest, types.GetEventsResponse, repeatable=True
)
INGEST_EVENTS = Method(
    "/thedata.v1.AnalyticsService/IngestEvents", types.IngestEventsRequest, types.IngestResponse, repeatable=True
)
INGEST_STREAM = Method("/thedata.v1.AnalyticsService/IngestStream", types.IngestStreamRequest, types.IngestResponse)
GET_PRODUCER = Method(
    "/thedata.v1.AnalyticsService/GetProducer", types.GetProducerRequest, types.Producer, repeatable=True
)
LIST_REJECTED_ITEMS = Method(
    "/thedata.v1.AnalyticsService/ListRejectedItems",
    types.ListRejectedItemsRequest,
    types.ListRejectedItemsResponse,
    repeatable=True,
)
LIST_REALTIME_VIEWS = Method(
    "/thedata.v1.AnalyticsService/ListRealtimeViews",
    types.ListRealtimeViewsRequest,
    types.ListRealtimeViewsResponse,
    repeatable=True,
)
CREATE_REALTIME_VIEW = Method(
    "/thedata.v1.AnalyticsService/CreateRealtimeView", types.CreateRealtimeViewRequest, types.RealtimeView
)
UPDATE_REALTIME_VIEW = Method(
    "/thedata.v1.AnalyticsService/UpdateRealtimeView", types.UpdateRealtimeViewRequest, types.RealtimeView
)
DELETE_REALTIME_VIEW = Method(
    "/thedata.v1.AnalyticsService/DeleteRealtimeView", types.DeleteRealtimeViewRequest, types.Empty
)
GET_REALTIME_VIEW = Method(
    "/thedata.v1.AnalyticsService/GetRealtimeView",
    types.GetRealtimeViewRequest,
    types.GetRealtimeViewResponse,
    repeatable=True,
)
STREAM_REALTIME_VIEW = Method(
    "/thedata.v1.AnalyticsService/StreamRealtimeView",
    types.StreamRealtimeViewRequest,
    types.StreamRealtimeViewResponse,
    repeatable=True,
)
GET_HISTORICAL_DATA = Method(
    "/thedata.v1.AnalyticsService/GetHistoricalData",
    types.GetHistoricalDataRequest,
    types.GetHistoricalDataResponse,
    repeatable=True,
)
LIST_HISTORICAL_TABLES = Method(
    "/thedata.v1.AnalyticsService/ListHistoricalTables",
    types.ListHistoricalTablesRequest,
    types.ListHistoricalTablesResponse,
    repeatable=True,
)
EXPORT_HISTORICAL_DATA = Method(
    "/thedata.v1.AnalyticsService/ExportHistoricalData",
    types.ExportHistoricalDataRequest,
    types.HttpBody,
    repeatable=True,
)
REGISTER = Method("/thedata.v1.AuthService/Register", types.RegisterRequest, types.Session, public=True)
LOGIN = Method("/thedata.v1.AuthService/Login", types.LoginRequest, types.Session, public=True)
REFRESH_TOKEN = Method(
    "/thedata.v1.AuthService/RefreshToken", types.RefreshTokenRequest, types.Session, public=True, repeatable=True
)
GET_CURRENT_USER = Method(
    "/thedata.v1.AuthService/GetCurrentUser", types.GetCurrentUserRequest, types.CurrentUser, repeatable=True
)
LOGOUT = Method("/thedata.v1.AuthService/Logout", types.LogoutRequest, types.Empty)
CHANGE_PASSWORD = Method("/thedata.v1.AuthService/ChangePassword", types.ChangePasswordRequest, types.Empty)
CREATE_API_KEY = Method("/thedata.v1.AuthService/CreateApiKey", types.CreateApiKeyRequest, types.CreateApiKeyResponse)
LIST_API_KEYS = Method(
    "/thedata.v1.AuthService/ListApiKeys", types.ListApiKeysRequest, types.ListApiKeysResponse, repeatable=True
)
DELETE_API_KEY = Method("/thedata.v1.AuthService/DeleteApiKey", types.DeleteApiKeyRequest, types.Empty)
LIST_CONNECTORS = Method(
    "/thedata.v1.DataSourcesService/ListConnectors",
    types.ListConnectorsRequest,
    types.ListConnectorsResponse,
    repeatable=True,
)
LIST_DATA_SOURCES = Method(
    "/thedata.v1.DataSourcesService/ListDataSources",
    types.ListDataSourcesRequest,
    types.ListDataSourcesResponse,
    repeatable=True,
)
CREATE_DATA_SOURCE = Method(
    "/thedata.v1.DataSourcesService/CreateDataSource", types.CreateDataSourceRequest, types.DataSource, repeatable=True
)
GET_DATA_SOURCE = Method(
    "/thedata.v1.DataSourcesService/GetDataSource", types.GetDataSourceRequest, types.DataSource, repeatable=True
)
UPDATE_DATA_SOURCE = Method(
    "/thedata.v1.DataSourcesService/UpdateDataSource", types.UpdateDataSourceRequest, types.DataSource
)
DELETE_DATA_SOURCE = Method(
    "/thedata.v1.DataSourcesService/DeleteDataSource", types.DeleteDataSourceRequest, types.Empty
)
CHECK_DATA_SOURCE = Method(
    "/thedata.v1.DataSourcesService/CheckDataSource", types.CheckDataSourceRequest, types.ConnectionCheck
)
CHECK_CONNECTION = Method(
    "/thedata.v1.DataSourcesService/CheckConnection", types.CheckConnectionRequest, types.ConnectionCheck
)
DISCOVER_CATALOG = Method("/thedata.v1.DataSourcesService/DiscoverCatalog", types.DiscoverCatalogRequest, types.Catalog)
PREVIEW_ROWS = Method(
    "/thedata.v1.DataSourcesService/PreviewRows", types.PreviewRowsRequest, types.PreviewRowsResponse, repeatable=True
)
GET_DATA_SOURCE_METRICS = Method(
    "/thedata.v1.DataSourcesService/GetDataSourceMetrics",
    types.GetDataSourceMetricsRequest,
    types.DataSourceMetrics,
    repeatable=True,
)
LIST_ORGANIZATIONS = Method(
    "/thedata.v1.OrganizationsService/ListOrganizations",
    types.ListOrganizationsRequest,
    types.ListOrganizationsResponse,
    repeatable=True,
)
CREATE_ORGANIZATION = Method(
    "/thedata.v1.OrganizationsService/CreateOrganization",
    types.CreateOrganizationRequest,
    types.Organization,
    repeatable=True,
)
GET_ORGANIZATION = Method(
    "/thedata.v1.OrganizationsService/GetOrganization",
    types.GetOrganizationRequest,
    types.Organization,
    repeatable=True,
)
UPDATE_ORGANIZATION = Method(
    "/thedata.v1.OrganizationsService/UpdateOrganization", types.UpdateOrganizationRequest, types.Organization
)
DELETE_ORGANIZATION = Method(
    "/thedata.v1.OrganizationsService/DeleteOrganization", types.DeleteOrganizationRequest, types.Empty
)
LIST_MEMBERS = Method(
    "/thedata.v1.OrganizationsService/ListMembers", types.ListMembersRequest, types.ListMembersResponse, repeatable=True
)
ADD_MEMBER = Method("/thedata.v1.OrganizationsService/AddMember", types.AddMemberRequest, types.Member)
UPDATE_MEMBER = Method("/thedata.v1.OrganizationsService/UpdateMember", types.UpdateMemberRequest, types.Member)
REMOVE_MEMBER = Method("/thedata.v1.OrganizationsService/RemoveMember", types.RemoveMemberRequest, types.Empty)
LIST_PIPELINES = Method(
    "/thedata.v1.PipelinesService/ListPipelines",
    types.ListPipelinesRequest,
    types.ListPipelinesResponse,
    repeatable=True,
)
CREATE_PIPELINE = Method(
    "/thedata.v1.PipelinesService/CreatePipeline", types.CreatePipelineRequest, types.Pipeline, repeatable=True
)
GET_PIPELINE = Method(
    "/thedata.v1.PipelinesService/GetPipeline", types.GetPipelineRequest, types.Pipeline, repeatable=True
)
UPDATE_PIPELINE = Method("/thedata.v1.PipelinesService/UpdatePipeline", types.UpdatePipelineRequest, types.Pipeline)
DELETE_PIPELINE = Method("/thedata.v1.PipelinesService/DeletePipeline", types.DeletePipelineRequest, types.Empty)
START_PIPELINE = Method(
    "/thedata.v1.PipelinesService/StartPipeline", types.StartPipelineRequest, types.Run, repeatable=True
)
STOP_PIPELINE = Method("/thedata.v1.PipelinesService/StopPipeline", types.StopPipelineRequest, types.Run)
PAUSE_PIPELINE = Method("/thedata.v1.PipelinesService/PausePipeline", types.PausePipelineRequest, types.Pipeline)
RESUME_PIPELINE = Method("/thedata.v1.PipelinesService/ResumePipeline", types.ResumePipelineRequest, types.Pipeline)
ROTATE_PIPELINE_WEBHOOK = Method(
    "/thedata.v1.PipelinesService/RotatePipelineWebhook", types.RotatePipelineWebhookRequest, types.PipelineWebhook
)
DELETE_PIPELINE_WEBHOOK = Method(
    "/thedata.v1.PipelinesService/DeletePipelineWebhook", types.DeletePipelineWebhookRequest, types.Empty
)
RECEIVE_PIPELINE_WEBHOOK = Method(
    "/thedata.v1.PipelinesService/ReceivePipelineWebhook",
    types.ReceivePipelineWebhookRequest,
    types.ReceivePipelineWebhookResponse,
    public=True,
)
WATCH_PIPELINES = Method(
    "/thedata.v1.PipelinesService/WatchPipelines",
    types.WatchPipelinesRequest,
    types.WatchPipelinesResponse,
    repeatable=True,
)
LIST_RUNS = Method(
    "/thedata.v1.PipelinesService/ListRuns", types.ListRunsRequest, types.ListRunsResponse, repeatable=True
)
GET_RUN = Method("/thedata.v1.PipelinesService/GetRun", types.GetRunRequest, types.Run, repeatable=True)
GET_RUN_RECEIPT = Method(
    "/thedata.v1.PipelinesService/GetRunReceipt", types.GetRunReceiptRequest, types.RunReceipt, repeatable=True
)
PLAN_PIPELINE = Method(
    "/thedata.v1.PipelinesService/PlanPipeline", types.PlanPipelineRequest, types.PlanPipelineResponse, repeatable=True
)
LIST_CHECKPOINTS = Method(
    "/thedata.v1.PipelinesService/ListCheckpoints",
    types.ListCheckpointsRequest,
    types.ListCheckpointsResponse,
    repeatable=True,
)
RESET_STREAM = Method("/thedata.v1.PipelinesService/ResetStream", types.ResetStreamRequest, types.Checkpoint)
REWIND_STREAM = Method("/thedata.v1.PipelinesService/RewindStream", types.RewindStreamRequest, types.Checkpoint)
BACKFILL_STREAM = Method(
    "/thedata.v1.PipelinesService/BackfillStream", types.BackfillStreamRequest, types.Run, repeatable=True
)
LIST_SCHEMA_CHANGES = Method(
    "/thedata.v1.PipelinesService/ListSchemaChanges",
    types.ListSchemaChangesRequest,
    types.ListSchemaChangesResponse,
    repeatable=True,
)
LIST_REJECTED_ROWS = Method(
    "/thedata.v1.PipelinesService/ListRejectedRows",
    types.ListRejectedRowsRequest,
    types.ListRejectedRowsResponse,
    repeatable=True,
)
REPLAY_REJECTED_ROWS = Method(
    "/thedata.v1.PipelinesService/ReplayRejectedRows", types.ReplayRejectedRowsRequest, types.Run, repeatable=True
)
WATCH_RUN = Method(
    "/thedata.v1.PipelinesService/WatchRun", types.WatchRunRequest, types.WatchRunResponse, repeatable=True
)
LIST_PIPELINE_LOGS = Method(
    "/thedata.v1.PipelinesService/ListPipelineLogs",
    types.ListPipelineLogsRequest,
    types.ListPipelineLogsResponse,
    repeatable=True,
)
TAIL_PIPELINE_LOGS = Method(
    "/thedata.v1.PipelinesService/TailPipelineLogs",
    types.TailPipelineLogsRequest,
    types.TailPipelineLogsResponse,
    repeatable=True,
)
LIST_USERS = Method(
    "/thedata.v1.UsersService/ListUsers", types.ListUsersRequest, types.ListUsersResponse, repeatable=True
)
GET_USER = Method("/thedata.v1.UsersService/GetUser", types.GetUserRequest, types.User, repeatable=True)
UPDATE_USER = Method("/thedata.v1.UsersService/UpdateUser", types.UpdateUserRequest, types.User)
DELETE_USER = Method("/thedata.v1.UsersService/DeleteUser", types.DeleteUserRequest, types.Empty)

METHODS = (
    GET_SYSTEM_STATUS,
    WATCH_SYSTEM_STATUS,
    GET_SYSTEM_CONFIG,
    UPDATE_SYSTEM_CONFIG,
    GET_METRICS_CONFIG,
    UPDATE_METRICS_CONFIG,
    GET_ALERTS_CONFIG,
    UPDATE_ALERTS_CONFIG,
    LIST_CONFIG_VERSIONS,
    ROLL_BACK_CONFIG,
    LIST_ALERT_CONDITIONS,
    LIST_ACTIVE_ALERTS,
    LIST_ALERTS,
    WATCH_ALERTS,
    ACKNOWLEDGE_ALERT,
    LIST_ALERT_SILENCES,
    CREATE_ALERT_SILENCE,
    DELETE_ALERT_SILENCE,
    TEST_ALERT_CHANNEL,
    LIST_ALERT_DELIVERIES,
    LIST_AUDIT_ENTRIES,
    EXPORT_AUDIT_ENTRIES,
    WATCH_AUDIT_ENTRIES,
    GET_USAGE,
    GET_METRICS,
    STREAM_METRICS,
    INGEST_METRICS,
    GET_EVENTS,
    INGEST_EVENTS,
    INGEST_STREAM,
    GET_PRODUCER,
    LIST_REJECTED_ITEMS,
    LIST_REALTIME_VIEWS,
    CREATE_REALTIME_VIEW,
    UPDATE_REALTIME_VIEW,
    DELETE_REALTIME_VIEW,
    GET_REALTIME_VIEW,
    STREAM_REALTIME_VIEW,
    GET_HISTORICAL_DATA,
    LIST_HISTORICAL_TABLES,
    EXPORT_HISTORICAL_DATA,
    REGISTER,
    LOGIN,
    REFRESH_TOKEN,
    GET_CURRENT_USER,
    LOGOUT,
    CHANGE_PASSWORD,
    CREATE_API_KEY,
    LIST_API_KEYS,
    DELETE_API_KEY,
    LIST_CONNECTORS,
    LIST_DATA_SOURCES,
    CREATE_DATA_SOURCE,
    GET_DATA_SOURCE,
    UPDATE_DATA_SOURCE,
    DELETE_DATA_SOURCE,
    CHECK_DATA_SOURCE,
    CHECK_CONNECTION,
    DISCOVER_CATALOG,
    PREVIEW_ROWS,
    GET_DATA_SOURCE_METRICS,
    LIST_ORGANIZATIONS,
    CREATE_ORGANIZATION,
    GET_ORGANIZATION,
    UPDATE_ORGANIZATION,
    DELETE_ORGANIZATION,
    LIST_MEMBERS,
    ADD_MEMBER,
    UPDATE_MEMBER,
    REMOVE_MEMBER,
    LIST_PIPELINES,
    CREATE_PIPELINE,
    GET_PIPELINE,
    UPDATE_PIPELINE,
    DELETE_PIPELINE,
    START_PIPELINE,
    STOP_PIPELINE,
    PAUSE_PIPELINE,
    RESUME_PIPELINE,
    ROTATE_PIPELINE_WEBHOOK,
    DELETE_PIPELINE_WEBHOOK,
    RECEIVE_PIPELINE_WEBHOOK,
    WATCH_PIPELINES,
    LIST_RUNS,
    GET_RUN,
    GET_RUN_RECEIPT,
    PLAN_PIPELINE,
    LIST_CHECKPOINTS,
    RESET_STREAM,
    REWIND_STREAM,
    BACKFILL_STREAM,
    LIST_SCHEMA_CHANGES,
    LIST_REJECTED_ROWS,
    REPLAY_REJECTED_ROWS,
    WATCH_RUN,
    LIST_PIPELINE_LOGS,
    TAIL_PIPELINE_LOGS,
    LIST_USERS,
    GET_USER,
    UPDATE_USER,
    DELETE_USER,
)
