{{- define "thedata.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "thedata.secret" -}}
{{- .Values.secret.existing | default (include "thedata.name" .) -}}
{{- end -}}

{{- define "thedata.selector" -}}
app.kubernetes.io/name: thedata
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "thedata.labels" -}}
{{ include "thedata.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{- define "thedata.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: home
    emptyDir: {}
  - name: tmp
    emptyDir: {}
{{- end -}}

{{- define "thedata.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: home, mountPath: /var/lib/thedata}
  - {name: tmp, mountPath: /tmp}
{{- end -}}

{{- define "thedata.environment" -}}
envFrom:
  - secretRef: {name: {{ include "thedata.secret" . }}}
env:
  - {name: THEDATA_MIGRATE, value: "false"}
  - {name: THEDATA_GATEWAY_URL, value: "http://{{ include "thedata.name" . }}-gateway:{{ .Values.gateway.service.port }}"}
  - {name: THEDATA_GATEWAYS, value: {{ .Values.gatewayNetworks | toJson | quote }}}
  {{- range $name, $value := .Values.settings }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
{{- end -}}
