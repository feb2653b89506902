{{/* usher.pod is the pod, the same with a file and with a database. */}}
{{- define "usher.pod" -}}
metadata:
  labels:
    {{- include "usher.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # A changed configuration begins a new pod.
    checksum/config: {{ printf "%s%s" .Values.config (toJson .Values.apps) | sha256sum }}
    {{- if .Values.metrics.annotations }}
    prometheus.io/scrape: "true"
    prometheus.io/port: {{ .Values.metrics.port | quote }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "usher.name" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  # Usher is gone within 10 s of SIGTERM.
  terminationGracePeriodSeconds: 20
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    # Only while the volume is new: what Usher keeps is private to its account, and it refuses to start where a group may write.
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: usher
      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - run
        - --config=/etc/usher/usher.yml
        # A folder of its own in the volume, whose root Kubernetes lets a group write to.
        - --data=/var/lib/usher/data
        - --listen=0.0.0.0:{{ .Values.metrics.port }}
        - --log-level={{ .Values.log.level }}
      envFrom:
        - secretRef: {name: {{ .Values.existingSecret | quote }}}
      {{- if or .Values.env .Values.database.existingSecret }}
      env:
        {{- range $name, $value := .Values.env }}
        - {name: {{ $name | quote }}, value: {{ $value | quote }}}
        {{- end }}
        {{- with .Values.database.existingSecret }}
        - name: USHER_DATABASE_URL
          valueFrom:
            secretKeyRef: {name: {{ . | quote }}, key: {{ $.Values.database.key | quote }}}
        {{- end }}
      {{- end }}
      ports:
        - {name: metrics, containerPort: {{ .Values.metrics.port }}}
      # Alive is not the same as ready: who restarts what is deaf to Slack restarts it for as long as Slack is away. A large
      # database is proven before anything is answered.
      startupProbe:
        httpGet: {path: /healthz, port: metrics}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /healthz, port: metrics}
        periodSeconds: 20
        timeoutSeconds: 5
      readinessProbe:
        httpGet: {path: /readyz, port: metrics}
        periodSeconds: 15
        timeoutSeconds: 10
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      {{- with .Values.resources }}
      resources: {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - {name: config, mountPath: /etc/usher, readOnly: true}
        - {name: data, mountPath: /var/lib/usher}
  volumes:
    - name: config
      configMap: {name: {{ include "usher.name" . }}}
    {{- if .Values.database.existingSecret }}
    # For the socket alone, by which commands find the Usher of this pod.
    - name: data
      emptyDir: {}
    {{- else if .Values.volume.existingClaim }}
    - name: data
      persistentVolumeClaim: {claimName: {{ .Values.volume.existingClaim | quote }}}
    {{- end }}
  {{- if gt (int .Values.replicas) 1 }}
  # On machines and in zones of their own, as far as there are any.
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "usher.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
