package deploy

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/yaml"
)

const chart = "../../deploy/helm/usher"

// values as a file of them would say.
func values(t *testing.T, text string) map[string]any {
	t.Helper()
	out := map[string]any{}
	require.NoError(t, yaml.Unmarshal([]byte(text), &out))
	return out
}

// rendered are the manifests, each decoded strictly by the type it says it is: a field that Kubernetes doesn't know is an error.
func rendered(t *testing.T, text string) ([]runtime.Object, error) {
	t.Helper()
	c, err := loader.Load(chart)
	require.NoError(t, err)
	all, err := chartutil.ToRenderValues(c, values(t, text), chartutil.ReleaseOptions{Name: "acme", Namespace: "usher", IsInstall: true}, nil)
	if err != nil {
		return nil, err
	}
	files, err := engine.Engine{Strict: true}.Render(c, all)
	if err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme} {
		require.NoError(t, add(scheme))
	}
	decode := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	var out []runtime.Object
	for file, text := range files {
		if strings.TrimSpace(text) == "" || !strings.HasSuffix(file, ".yaml") {
			continue
		}
		one, _, err := decode.Decode([]byte(text), nil, nil)
		require.NoError(t, err, "%s:\n%s", file, text)
		out = append(out, one)
	}
	return out, nil
}

// one is the manifest of a type; nil: there is none.
func one[T runtime.Object](list []runtime.Object) (found T) {
	for _, o := range list {
		if is, ok := o.(T); ok {
			return is
		}
	}
	return found
}

const everything = `
image: {repository: registry.internal/usher, tag: v1.2.0}
imagePullSecrets: [{name: pull}]
existingSecret: "secrets: of # usher"
config: "slack:\n  admins: [U0ADMIN] # {{ .Values.image }} \"quoted\"\n"
apps: {acme.yml: "name: Acme\n"}
env: {HTTPS_PROXY: "http://proxy:3128"}
volume: {size: 5Gi, storageClass: fast}
metrics: {port: 9100}
networkPolicy: {metricsFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}], egressPorts: [3128]}
nodeSelector: {disk: ssd}
tolerations: [{key: only, operator: Exists}]
affinity: {nodeAffinity: {}}
podAnnotations: {a: b}
podLabels: {team: it}
`

// several are replicas on a database.
const several = `
replicas: 3
database: {existingSecret: "the database's", key: url, port: 6432}
env: {HTTPS_PROXY: "http://proxy:3128"}
`

func TestHelmLints(t *testing.T) {
	for name, text := range map[string]string{"as it is": "", "everything": everything, "several": several} {
		for _, m := range lint.All(chart, values(t, text), "usher", true).Messages {
			require.Less(t, m.Severity, support.WarningSev, "%s: %s", name, m)
		}
	}
}

func TestWhatTheChartInstalls(t *testing.T) {
	list, err := rendered(t, everything)
	require.NoError(t, err)
	require.Len(t, list, 5)
	require.Nil(t, one[*corev1.Secret](list), "secrets come by reference alone")
	require.Nil(t, one[*policyv1.PodDisruptionBudget](list), "of one replica it would only keep nodes from being drained")
	require.Equal(t, "slack:\n  admins: [U0ADMIN] # {{ .Values.image }} \"quoted\"\n", one[*corev1.ConfigMap](list).Data["usher.yml"])
	require.Equal(t, "name: Acme\n", one[*corev1.ConfigMap](list).Data["acme.yml"])
	require.Len(t, one[*networkingv1.NetworkPolicy](list).Spec.Egress[1].Ports, 2)
	s := one[*appsv1.StatefulSet](list)
	require.Equal(t, int32(1), *s.Spec.Replicas)
	require.Equal(t, "fast", *s.Spec.VolumeClaimTemplates[0].Spec.StorageClassName)
	pod := s.Spec.Template.Spec
	require.True(t, *pod.SecurityContext.RunAsNonRoot)
	require.False(t, *pod.AutomountServiceAccountToken)
	require.Greater(t, *pod.TerminationGracePeriodSeconds, int64(10))
	c := pod.Containers[0]
	require.Equal(t, "registry.internal/usher:v1.2.0", c.Image)
	require.Equal(t, "secrets: of # usher", c.EnvFrom[0].SecretRef.Name)
	require.True(t, *c.SecurityContext.ReadOnlyRootFilesystem)
	require.False(t, *c.SecurityContext.AllowPrivilegeEscalation)
	require.Equal(t, []corev1.Capability{"ALL"}, c.SecurityContext.Capabilities.Drop)
	require.Equal(t, "/healthz", c.LivenessProbe.HTTPGet.Path)
	require.Equal(t, "/readyz", c.ReadinessProbe.HTTPGet.Path)
	require.Equal(t, int32(9100), c.Ports[0].ContainerPort)
	require.Equal(t, s.Spec.Selector.MatchLabels, one[*corev1.Service](list).Spec.Selector)
	for key, value := range s.Spec.Selector.MatchLabels {
		require.Equal(t, value, s.Spec.Template.Labels[key])
	}
}

// TestSeveralOnADatabase: the address comes by reference, nothing is kept in the pod, and nodes are drained one after the other.
func TestSeveralOnADatabase(t *testing.T) {
	list, err := rendered(t, several)
	require.NoError(t, err)
	require.Len(t, list, 6)
	require.Nil(t, one[*appsv1.StatefulSet](list))
	require.Nil(t, one[*corev1.Secret](list))
	d := one[*appsv1.Deployment](list)
	require.Equal(t, int32(3), *d.Spec.Replicas)
	pod := d.Spec.Template.Spec
	i := slices.IndexFunc(pod.Volumes, func(v corev1.Volume) bool { return v.Name == "data" })
	require.NotNil(t, pod.Volumes[i].EmptyDir)
	from := slices.IndexFunc(pod.Containers[0].Env, func(e corev1.EnvVar) bool { return e.Name == "USHER_DATABASE_URL" })
	ref := pod.Containers[0].Env[from].ValueFrom.SecretKeyRef
	require.Equal(t, "the database's", ref.Name)
	require.Equal(t, "url", ref.Key)
	require.Len(t, pod.TopologySpreadConstraints, 2)
	budget := one[*policyv1.PodDisruptionBudget](list)
	require.Equal(t, 1, budget.Spec.MaxUnavailable.IntValue())
	for _, selects := range []*metav1.LabelSelector{d.Spec.Selector, budget.Spec.Selector, pod.TopologySpreadConstraints[0].LabelSelector} {
		require.Equal(t, d.Spec.Selector.MatchLabels, selects.MatchLabels)
		for key, value := range selects.MatchLabels {
			require.Equal(t, value, d.Spec.Template.Labels[key])
		}
	}
	require.Equal(t, int32(6432), one[*networkingv1.NetworkPolicy](list).Spec.Egress[1].Ports[1].Port.IntVal)
}

// TestOneMoreBeginsWhereSlackHasRoom for its connections before another ends; else one ends first, and for a new schema all do.
func TestOneMoreBeginsWhereSlackHasRoom(t *testing.T) {
	for text, surge := range map[string]int{
		"replicas: 1": 1, "replicas: 4": 1, "replicas: 5": 0,
		`{replicas: 3, config: "slack: {connections: 3}"}`: 0, `{replicas: 9, config: "slack: {connections: 1}"}`: 1,
	} {
		v := values(t, text)
		v["database"] = map[string]any{"existingSecret": "db"}
		raw, err := yaml.Marshal(v)
		require.NoError(t, err)
		list, err := rendered(t, string(raw))
		require.NoError(t, err, text)
		rolling := one[*appsv1.Deployment](list).Spec.Strategy.RollingUpdate
		require.Equal(t, surge, rolling.MaxSurge.IntValue(), text)
		require.Equal(t, 1-surge, rolling.MaxUnavailable.IntValue(), text)
	}
	list, err := rendered(t, several+"recreate: true\n")
	require.NoError(t, err)
	require.Equal(t, appsv1.RecreateDeploymentStrategyType, one[*appsv1.Deployment](list).Spec.Strategy.Type)
}

// TestWhatDoesNotGoTogetherIsRefused, with a sentence that says what to do.
func TestWhatDoesNotGoTogetherIsRefused(t *testing.T) {
	for text, says := range map[string]string{
		"replicas: 3": "replicas is 3, and a file can be opened by one Usher alone: name a Secret with the address of a PostgreSQL database in database.existingSecret",
		"{replicas: 6, database: {existingSecret: db}}":                                                   "6 replicas of 2 connections make 12, and Slack allows an app 10",
		`{replicas: 4, database: {existingSecret: db}, config: "slack: {connections: 3}"}`:                "4 replicas of 3 connections make 12",
		`config: "slack: {connections: 11}"`:                                                              "slack.connections in config is 11; expected",
		`config: "slack: {connections: 1.5}"`:                                                             "slack.connections in config is 1.5; expected",
		`config: "slack: {connections: two}"`:                                                             "slack.connections in config isn't a number",
		`config: "slack: ["`:                                                                              "config isn't YAML",
		"{database: {existingSecret: db}, volume: {existingClaim: mine}}":                                 "database.existingSecret and volume.existingClaim are both set",
		`{database: {existingSecret: db}, env: {USHER_DATABASE_URL: "postgres://usher:secret@db/usher"}}`: "USHER_DATABASE_URL stands in env, where its password can be read",
	} {
		_, err := rendered(t, text)
		require.ErrorContains(t, err, says, text)
		require.NotContains(t, err.Error(), "usher:secret", "nothing of a password is repeated")
	}
}

// TestTheChartStartsUsherAsItIs: what the pod is told to run is what the program understands: it misses nothing but the file.
func TestTheChartStartsUsherAsItIs(t *testing.T) {
	list, err := rendered(t, "")
	require.NoError(t, err)
	args := one[*appsv1.StatefulSet](list).Spec.Template.Spec.Containers[0].Args
	list, err = rendered(t, several)
	require.NoError(t, err)
	require.Equal(t, args, one[*appsv1.Deployment](list).Spec.Template.Spec.Containers[0].Args)
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"run", "-C", "../..", "."}, args...)...).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "/etc/usher/usher.yml: there's no such file")
}

func TestAnExistingClaimAndNoPolicy(t *testing.T) {
	list, err := rendered(t, "volume: {existingClaim: mine}\nnetworkPolicy: {enabled: false}\n")
	require.NoError(t, err)
	s := one[*appsv1.StatefulSet](list)
	require.Empty(t, s.Spec.VolumeClaimTemplates)
	require.True(t, slices.ContainsFunc(s.Spec.Template.Spec.Volumes, func(v corev1.Volume) bool {
		return v.PersistentVolumeClaim != nil && v.PersistentVolumeClaim.ClaimName == "mine"
	}))
	require.Nil(t, one[*networkingv1.NetworkPolicy](list))
}

// TestWrongValuesAreRefused, by what they are called, before anything is installed.
func TestWrongValuesAreRefused(t *testing.T) {
	for text, says := range map[string]string{
		"metrics: {port: \"9090\"}":             "port",
		"metrics: {port: 80}":                   "port",
		"replicas: \"3\"":                       "replicas",
		"replicas: 11":                          "replicas",
		"replicas: 0":                           "replicas",
		"recreate: \"yes\"":                     "recreate",
		"database: {url: \"postgres://x\"}":     "url",
		"database: {port: \"5432\"}":            "port",
		"existingSecret: \"\"":                  "existingSecret",
		"config: {slack: {}}":                   "config",
		"volume: {size: large}":                 "size",
		"volume: {storageclass: fast}":          "storageclass",
		"log: {level: loud}":                    "level",
		"env: {NAME: 3}":                        "NAME",
		"apps: {\"../acme.yml\": \"\"}":         "acme.yml",
		"image: {tag: 1.2}":                     "tag",
		"networkPolicy: {egressPorts: [\"x\"]}": "egressPorts",
	} {
		_, err := rendered(t, text)
		require.ErrorContains(t, err, says, text)
		require.ErrorContains(t, err, "values don't meet the specifications of the schema", text)
	}
}
