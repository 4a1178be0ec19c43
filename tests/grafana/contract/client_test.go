// Package contract holds the stand-in to the schema that Grafana publishes: whatever it answers
// is decoded by Grafana's official Go client, and nothing of it may get lost.
package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client"

	"otelctl/tests/grafana/server"
)

// releases are those whose answers differ.
var releases = []string{"10", "11.2", "11", "12", "13"}

// unmodelled are the fields that the documentation or servers in the wild have and a model of the
// client lacks: nothing else may be missing in it.
var unmodelled = map[string][]string{
	// The documentation's examples have a slug.
	"PostDashboardOKBody":                {"slug"},
	"RestoreDashboardVersionByUIDOKBody": {"slug"},
	// The documentation's examples have a number.
	"SuccessResponseBody":        {"id"},
	"DeleteDashboardByUIDOKBody": {"id"},
	// 403 of access control, and errors that have an id, which are another model (PublicError).
	"ErrorResponseBody": {"accessErrorId", "title", "extra", "messageId", "statusCode", "traceID"},
}

// unsent are the fields that a model requires and the documentation's examples do not have.
var unsent = map[string]string{
	"PostDashboardOKBody":                "title",
	"RestoreDashboardVersionByUIDOKBody": "title",
	// Since 12 only; before that there was a number.
	"DeleteDashboardByUIDOKBody": "uid",
}

// person is somebody with the official client.
type person struct {
	*client.GrafanaHTTPAPI
	t    *testing.T
	seen *recorder
	// Where the server answers.
	at string
}

// recorder keeps the last body as it came.
type recorder struct {
	mutex sync.Mutex
	body  []byte
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	r.mutex.Lock()
	r.body = body
	r.mutex.Unlock()
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

// Not the default one: every client that is made changes that one.
var transport = &http.Transport{Proxy: nil}

// each runs a test against every release.
func each(t *testing.T, test func(t *testing.T, admin person, release string)) {
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			parsed, err := server.ParseRelease(release)
			must(t, err)
			served, err := server.New(server.Options{
				Release: parsed, Folder: t.TempDir(), AdminUser: "admin", AdminPassword: "secret",
			})
			must(t, err)
			listener := httptest.NewServer(served)
			t.Cleanup(listener.Close)
			test(t, login(t, listener.URL, url.UserPassword("admin", "secret"), ""), release)
		})
	}
}

func login(t *testing.T, at string, basic *url.Userinfo, token string) person {
	address, err := url.Parse(at)
	must(t, err)
	seen := &recorder{}
	config := client.DefaultTransportConfig().WithHost(address.Host).WithSchemes([]string{"http"})
	config.BasicAuth, config.APIKey = basic, token
	config.Client = &http.Client{Transport: seen, Timeout: 10 * time.Second}
	return person{client.NewHTTPClientWithConfig(strfmt.Default, config), t, seen, at}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// whole fails where the payload that the client decoded is not all that was sent.
func (p person) whole(payload any, err error) {
	p.t.Helper()
	must(p.t, err)
	p.decodes(payload)
}

// refused fails where the error is not of the wanted type and with all that was sent in it.
func (p person) refused(err error, wanted any) {
	p.t.Helper()
	if reflect.TypeOf(err) != reflect.TypeOf(wanted) {
		p.t.Fatalf("%T instead of %T: %v", err, wanted, err)
	}
	p.decodes(reflect.ValueOf(err).Elem().FieldByName("Payload").Interface())
}

func (p person) decodes(payload any) {
	p.t.Helper()
	p.seen.mutex.Lock()
	raw := p.seen.body
	p.seen.mutex.Unlock()
	if err := errors.Join(compare(raw, payload), complete(payload)); err != nil {
		p.t.Fatalf("%v\nsent: %s", err, raw)
	}
}

// compare decodes the body strictly into the payload's type, and finds every value that was sent
// in what the payload marshals to.
func compare(raw []byte, payload any) error {
	var sent, kept any
	if err := json.Unmarshal(raw, &sent); err != nil {
		return err
	}
	sent = modelled(sent, payload)
	trimmed, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	fresh := reflect.New(reflect.TypeOf(payload))
	decoder := json.NewDecoder(bytes.NewReader(trimmed))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(fresh.Interface()); err != nil {
		return fmt.Errorf("%T: %w", payload, err)
	}
	marshalled, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(marshalled, &kept); err != nil {
		return err
	}
	return lost("", sent, kept)
}

// modelled is what was sent without the fields of `unmodelled`.
func modelled(sent any, payload any) any {
	if fields, is := sent.(map[string]any); is {
		for _, name := range unmodelled[model(payload)] {
			delete(fields, name)
		}
	}
	return sent
}

// model is the name of a payload's type.
func model(payload any) string {
	kind := reflect.TypeOf(payload)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	return kind.Name()
}

// complete fails where a field is missing that the model requires.
func complete(payload any) error {
	checked, is := payload.(interface{ Validate(strfmt.Registry) error })
	if !is {
		return nil
	}
	err := checked.Validate(strfmt.Default)
	if name := unsent[model(payload)]; err != nil && name != "" && strings.Contains(err.Error(), "\n"+name+" in body is required") &&
		strings.Count(err.Error(), "\n") == 1 {
		return nil
	}
	return err
}

// lost finds the first value that was sent and is not kept. Models leave out empty values.
func lost(path string, sent, kept any) error {
	switch sent := sent.(type) {
	case map[string]any:
		kept, _ := kept.(map[string]any)
		for name, value := range sent {
			if err := lost(path+"."+name, value, kept[name]); err != nil {
				return err
			}
		}
	case []any:
		kept, _ := kept.([]any)
		if len(sent) != len(kept) {
			return fmt.Errorf("%s: %d of %d are kept", path, len(kept), len(sent))
		}
		for index, value := range sent {
			if err := lost(fmt.Sprintf("%s[%d]", path, index), value, kept[index]); err != nil {
				return err
			}
		}
	case nil:
	default:
		empty := reflect.ValueOf(sent).IsZero() && kept == nil
		if !empty && !reflect.DeepEqual(sent, kept) && !sameTime(sent, kept) {
			return fmt.Errorf("%s: %v was sent, and %v is kept", path, sent, kept)
		}
	}
	return nil
}

func sameTime(sent, kept any) bool {
	first, is := sent.(string)
	second, too := kept.(string)
	if !is {
		return false
	}
	one, err := time.Parse(time.RFC3339, first)
	if !too {
		return err == nil && one.IsZero()
	}
	other, fails := time.Parse(time.RFC3339, second)
	return err == nil && fails == nil && one.Equal(other)
}
