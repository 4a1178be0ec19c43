package server

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// bench is a server under test, and its control.
type bench struct {
	t       *testing.T
	served  *Server
	api     *httptest.Server
	control *httptest.Server
}

// on starts a server of a release.
func on(t *testing.T, release string) *bench {
	return in(t, release, t.TempDir(), "secret")
}

// in starts a server on a folder, which may hold a state already.
func in(t *testing.T, release, folder, password string) *bench {
	t.Helper()
	parsed, err := ParseRelease(release)
	if err != nil {
		t.Fatal(err)
	}
	served, err := New(Options{Release: parsed, Folder: folder, AdminUser: "admin", AdminPassword: password})
	if err != nil {
		t.Fatal(err)
	}
	made := &bench{t, served, httptest.NewServer(served), httptest.NewServer(served.Control())}
	t.Cleanup(made.api.Close)
	t.Cleanup(made.control.Close)
	return made
}

func (b *bench) send(method, url, body string, header ...string) (*http.Response, string, error) {
	b.t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	request.SetBasicAuth("admin", "secret")
	for index := 0; index+1 < len(header); index += 2 {
		request.Header.Set(header[index], header[index+1])
	}
	// Without kept connections: a fault ends the one it was on.
	client := http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response, string(content), err
}

// call sends a request and gives back the status and the body, if that is an object.
func (b *bench) call(method, path, body string, header ...string) (int, object) {
	b.t.Helper()
	response, content, err := b.send(method, b.api.URL+path, body, header...)
	if err != nil {
		b.t.Fatal(err)
	}
	var fields object
	_ = json.Unmarshal([]byte(content), &fields)
	return response.StatusCode, fields
}

// is fails where the answer has another status, or its message or status word is not the one given.
func (b *bench) is(status int, word, method, path, body string, header ...string) object {
	b.t.Helper()
	got, fields := b.call(method, path, body, header...)
	if got != status {
		b.t.Fatalf("%s %s: %d %v instead of %d", method, path, got, fields, status)
	}
	if word != "" && fields["status"] != word && !strings.Contains(text(fields["message"]), word) {
		b.t.Fatalf("%s %s: %v has no %q", method, path, fields, word)
	}
	return fields
}

func (b *bench) order(path, body string) {
	b.t.Helper()
	response, content, err := b.send("POST", b.control.URL+path, body)
	if err != nil || response.StatusCode != 200 {
		b.t.Fatal(content, err)
	}
}
