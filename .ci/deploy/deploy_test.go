// Package deploy decodes the files with which people run Sightline as strictly as
// their own tools do: a wrong name or indentation fails here and not on somebody's
// machine. It is a module of its own, since only these tests need its modules.
package deploy

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

const root = "../.."

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compose(t *testing.T, text []byte) (*types.Project, error) {
	t.Helper()
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  root,
		ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: text}},
		Environment: types.Mapping{"SIGHTLINE_HOST": "sightline.example"},
	}, func(o *loader.Options) { o.SetProjectName("sightline", true) })
}

func TestCompose(t *testing.T) {
	t.Parallel()
	text := read(t, "compose.yaml")
	project, err := compose(t, text)
	if err != nil {
		t.Fatal(err)
	}
	app := project.Services["sightline"]
	if app.Deploy == nil || app.Deploy.Replicas == nil || *app.Deploy.Replicas != 2 {
		t.Error("want two replicas of the app")
	}
	if !app.ReadOnly || !slices.Equal(app.CapDrop, []string{"ALL"}) {
		t.Error("the app has more rights than it needs")
	}
	for _, needs := range []struct{ who, whom string }{{"proxy", "sightline"}, {"sightline", "database"}} {
		if got := project.Services[needs.who].DependsOn[needs.whom].Condition; got != types.ServiceConditionHealthy {
			t.Errorf("%s waits for %q of %s, want healthy", needs.who, got, needs.whom)
		}
	}
	for name, s := range project.Services {
		for _, secret := range s.Secrets {
			if _, ok := project.Secrets[secret.Source]; !ok {
				t.Errorf("%s: no secret %q", name, secret.Source)
			}
		}
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeBind {
				read(t, strings.TrimPrefix(filepath.ToSlash(v.Source), filepath.ToSlash(root)+"/"))
			}
		}
	}
	if got := *app.Environment["SIGHTLINE_BASE_URL"]; got != "https://sightline.example" {
		t.Errorf("base URL %q", got)
	}
	wrong := bytes.Replace(text, []byte("restart: unless-stopped"), []byte("restrat: unless-stopped"), 1)
	if _, err := compose(t, wrong); err == nil {
		t.Error("a misspelt name passes, so this test shows nothing")
	}
}

// objects decodes each document of a Kubernetes file into its kind.
func objects(text []byte) (deployments []appsv1.Deployment, budgets []policyv1.PodDisruptionBudget, services []corev1.Service, err error) {
	r := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			return deployments, budgets, services, nil
		}
		if err != nil {
			return nil, nil, nil, err
		}
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal(doc, &kind); err != nil {
			return nil, nil, nil, err
		}
		switch kind.APIVersion + " " + kind.Kind {
		case "apps/v1 Deployment":
			deployments, err = decode(doc, deployments)
		case "policy/v1 PodDisruptionBudget":
			budgets, err = decode(doc, budgets)
		case "v1 Service":
			services, err = decode(doc, services)
		default:
			err = errors.New("unknown object " + kind.APIVersion + " " + kind.Kind)
		}
		if err != nil {
			return nil, nil, nil, err
		}
	}
}

func decode[T any](doc []byte, list []T) ([]T, error) {
	var object T
	err := yaml.UnmarshalStrict(doc, &object)
	return append(list, object), err
}

func TestKubernetes(t *testing.T) {
	t.Parallel()
	text := read(t, "deploy/kubernetes/sightline.yaml")
	deployments, budgets, services, err := objects(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(deployments) != 1 || len(budgets) != 1 || len(services) != 1 {
		t.Fatalf("%d deployments, %d budgets, %d services, want one each", len(deployments), len(budgets), len(services))
	}
	d, labels := deployments[0], deployments[0].Spec.Template.Labels
	for what, selector := range map[string]map[string]string{
		"deployment": d.Spec.Selector.MatchLabels, "budget": budgets[0].Spec.Selector.MatchLabels, "service": services[0].Spec.Selector,
	} {
		if len(selector) == 0 {
			t.Errorf("the %s selects everything", what)
		}
		for name, value := range selector {
			if labels[name] != value {
				t.Errorf("the %s selects %s=%s, the pods have %q", what, name, value, labels[name])
			}
		}
	}
	if u := d.Spec.Strategy.RollingUpdate; u == nil || u.MaxUnavailable.IntValue() != 0 || u.MaxSurge.IntValue() < 1 {
		t.Error("an update takes replicas away before new ones are ready")
	}
	if least := budgets[0].Spec.MinAvailable.IntValue(); least < 1 || least >= int(*d.Spec.Replicas) {
		t.Errorf("%d of %d must be available: nothing can be drained, or nothing is left", least, *d.Spec.Replicas)
	}
	c := d.Spec.Template.Spec.Containers[0]
	ports := map[string]bool{}
	for _, p := range c.Ports {
		ports[p.Name] = true
	}
	for what, probe := range map[string]*corev1.Probe{"readiness": c.ReadinessProbe, "liveness": c.LivenessProbe, "startup": c.StartupProbe} {
		if probe == nil || probe.HTTPGet == nil || !ports[probe.HTTPGet.Port.StrVal] {
			t.Errorf("the %s probe asks no port of the container", what)
		}
	}
	if c.ReadinessProbe.HTTPGet.Path != "/readyz" || c.LivenessProbe.HTTPGet.Path != "/healthz" {
		t.Error("readiness is /readyz, liveness /healthz")
	}
	if !ports[services[0].Spec.Ports[0].TargetPort.StrVal] {
		t.Error("the service sends to no port of the container")
	}
	wrong := bytes.Replace(text, []byte("readinessProbe:"), []byte("readynessProbe:"), 1)
	if _, _, _, err := objects(wrong); err == nil {
		t.Error("a misspelt name passes, so this test shows nothing")
	}
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	parsed, err := parser.Parse(bytes.NewReader(read(t, "Dockerfile")))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range parsed.Warnings {
		t.Error(w.Short)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	last := stages[len(stages)-1]
	if last.BaseName != "scratch" {
		t.Errorf("the image begins with %q, want nothing at all", last.BaseName)
	}
	has := map[string]bool{}
	for _, c := range last.Commands {
		has[strings.ToLower(c.Name())] = true
		switch c := c.(type) {
		case *instructions.RunCommand:
			t.Error("the image has no shell to run anything with")
		case *instructions.UserCommand:
			if !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(c.User) {
				t.Errorf("user %q: want numbers, none of them 0; there is no /etc/passwd", c.User)
			}
		case *instructions.EntrypointCommand:
			if c.PrependShell {
				t.Error("the entry point needs a shell")
			}
		case *instructions.HealthCheckCommand:
			if got := strings.Join(c.Health.Test, " "); got != "CMD /sightline healthcheck" {
				t.Errorf("health check %q", got)
			}
		}
	}
	for _, name := range []string{"user", "entrypoint", "healthcheck"} {
		if !has[name] {
			t.Errorf("the image has no %s", strings.ToUpper(name))
		}
	}
}

// TestSettings: each setting that one of the files sets is in the README's table.
func TestSettings(t *testing.T) {
	t.Parallel()
	setting := regexp.MustCompile(`SIGHTLINE_[A-Z0-9_]+`)
	known := map[string]bool{"SIGHTLINE_HOST": true} // compose's own
	for _, name := range setting.FindAllString(string(read(t, "README.md")), -1) {
		known[name] = true
	}
	for _, file := range []string{"compose.yaml", "Dockerfile", "deploy/kubernetes/sightline.yaml", "deploy/systemd/sightline.service", "deploy/caddy/Caddyfile"} {
		for _, name := range setting.FindAllString(string(read(t, file)), -1) {
			if name != "SIGHTLINE_PORT" && !known[name] && !known[strings.TrimSuffix(name, "_FILE")] {
				t.Errorf("%s sets %s, which the README does not know", file, name)
			}
		}
	}
}

// TestAlerts: each alert goes off when it should, and not otherwise. It needs
// promtool, of Debian's package prometheus.
func TestAlerts(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
			t.Fatal("no promtool: install prometheus")
		}
		t.Skip("no promtool: install prometheus")
	}
	said, err := exec.CommandContext(t.Context(), tool, "test", "rules", filepath.Join(root, "deploy", "alerts_test.yaml")).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	alerts, tests := string(read(t, "deploy/alerts.yaml")), string(read(t, "deploy/alerts_test.yaml"))
	for _, alert := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(alerts, -1) {
		if !strings.Contains(tests, "alertname: "+alert[1]+"\n        exp_alerts:\n          - exp_labels:") {
			t.Errorf("%s goes off in no test", alert[1])
		}
	}
}
