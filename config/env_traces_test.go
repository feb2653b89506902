package config

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
)

// tracesIn reads where traces go in an environment, and what is wrong with it.
func tracesIn(env map[string]string) (Traces, []string) {
	var r envReading
	t := r.traces(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	return t, r.problems
}

// TestWhereTracesGo: nowhere, unless an address says otherwise; the other names are OpenTelemetry's own.
func TestWhereTracesGo(t *testing.T) {
	got, problems := tracesIn(map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "x", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_SERVICE_NAME": "usher"})
	require.Zero(t, got, "nothing is read of what nobody uses")
	require.Empty(t, problems)
	for endpoint, url := range map[string]string{
		"http://127.0.0.1:4318":            "http://127.0.0.1:4318/v1/traces",
		"http://collector.watch.svc:4318/": "http://collector.watch.svc:4318/v1/traces",
		"https://otlp.example/otlp\n":      "https://otlp.example/otlp/v1/traces",
	} {
		got, problems := tracesIn(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
		require.Empty(t, problems)
		require.Equal(t, Traces{URL: url, Headers: map[string]apiclient.Secret{}, Resource: map[string]string{}}, got)
	}
	got, problems = tracesIn(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "https://otlp.example", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
		"OTEL_EXPORTER_OTLP_HEADERS": "api-key=k%2Fey==, x-scope = acme,", "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,deployment.environment=prod", "OTEL_SERVICE_NAME": "usher-eu"})
	require.Empty(t, problems)
	require.Equal(t, map[string]apiclient.Secret{"api-key": "k/ey==", "x-scope": "acme"}, got.Headers)
	require.Equal(t, []string{TraceHeadersName}, Env{Traces: got}.Changed(Env{}))
	require.Equal(t, map[string]string{"service.name": "usher-eu", "deployment.environment": "prod"}, got.Resource)
	require.Contains(t, Env{Traces: got}.Secrets(), apiclient.Secret("k/ey=="))
}

// TestBadInputTraces: a sentence for each, in which no value stands.
func TestBadInputTraces(t *testing.T) {
	const bad = "OTEL_EXPORTER_OTLP_ENDPOINT can't be used: it has to be http or https, with a host and without a user, a query or a fragment; expected one such as http://127.0.0.1:4318"
	for _, endpoint := range []string{"collector:4318", "127.0.0.1:4318", "grpc://collector:4317", "http://", "http://s3cret@collector", "http://collector?key=s3cret", "http://collector#s3cret", "http://[::1", "s3cret"} {
		_, problems := tracesIn(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
		require.Equal(t, []string{bad}, problems, endpoint)
	}
	for name, row := range map[string][2]string{
		"OTEL_EXPORTER_OTLP_PROTOCOL": {"grpc", "OTEL_EXPORTER_OTLP_PROTOCOL asks for something that Usher doesn't speak; expected http/protobuf, or nothing (receivers take it at port 4318)"},
		"OTEL_EXPORTER_OTLP_HEADERS":  {"s3cret", "OTEL_EXPORTER_OTLP_HEADERS has something in it that's no pair; expected name=value, and commas between them"},
		"OTEL_RESOURCE_ATTRIBUTES":    {"a=%zz", "OTEL_RESOURCE_ATTRIBUTES has something in it that's no pair; expected name=value, and commas between them"},
	} {
		_, problems := tracesIn(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector", name: row[0]})
		require.Equal(t, []string{row[1]}, problems)
	}
	for _, header := range []string{"api key=s3cret", "key=s3cret%0d%0aHost: elsewhere", "key=s3crét"} {
		_, problems := tracesIn(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector", "OTEL_EXPORTER_OTLP_HEADERS": header})
		require.Equal(t, []string{"OTEL_EXPORTER_OTLP_HEADERS has a header that can't be sent; expected name=value, and commas between them"}, problems, header)
	}
}
