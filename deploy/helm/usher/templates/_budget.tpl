{{/* usher.connections is how many connections to Slack each Usher keeps: slack.connections of its own configuration, which says nothing else here. */}}
{{- define "usher.connections" -}}
{{- $config := fromYaml .Values.config }}
{{- with get $config "Error" }}{{ fail (printf "config isn't YAML: %v" .) }}{{ end }}
{{- $slack := get $config "slack" }}
{{- $each := 2 }}
{{- if kindIs "map" $slack }}
{{- if hasKey $slack "connections" }}
{{- $each = $slack.connections }}
{{- if not (or (kindIs "float64" $each) (kindIs "int64" $each)) }}{{ fail "slack.connections in config isn't a number; expected how many connections to Slack each Usher keeps, from 1 to 10" }}{{ end }}
{{- if or (ne (floor $each) (float64 $each)) (lt (float64 $each) 1.0) (gt (float64 $each) 10.0) }}{{ fail (printf "slack.connections in config is %v; expected how many connections to Slack each Usher keeps, a whole number from 1 to 10" $each) }}{{ end }}
{{- end }}
{{- end }}
{{- int $each }}
{{- end }}

{{/* usher.fits holds what values say together: several replicas need a database, and Slack has ten connections. */}}
{{- define "usher.fits" -}}
{{- $replicas := int .Values.replicas }}
{{- $each := int (include "usher.connections" .) }}
{{- if and (gt $replicas 1) (not .Values.database.existingSecret) }}
{{- fail (printf "replicas is %d, and a file can be opened by one Usher alone: name a Secret with the address of a PostgreSQL database in database.existingSecret, or leave replicas at 1" $replicas) }}
{{- end }}
{{- if and .Values.database.existingSecret .Values.volume.existingClaim }}
{{- fail "database.existingSecret and volume.existingClaim are both set: everything is kept in one of them. Take out the claim; docs/operating.md says how to move what is in it" }}
{{- end }}
{{- if hasKey (.Values.env | default dict) "USHER_DATABASE_URL" }}
{{- fail "USHER_DATABASE_URL stands in env, where its password can be read: put it into a Secret, and name that in database.existingSecret" }}
{{- end }}
{{- if gt (mul $replicas $each) 10 }}
{{- fail (printf "%d replicas of %d connections make %d, and Slack allows an app 10: fewer replicas, or a lower slack.connections in config" $replicas $each (mul $replicas $each)) }}
{{- end }}
{{- end }}
