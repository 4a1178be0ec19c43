package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestAFolderKeepsTheFirstPassword(t *testing.T) {
	folder := t.TempDir()
	b := in(t, "12", folder, "secret")
	b.is(200, "", "POST", "/api/folders", `{"uid": "f", "title": "F"}`)
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T", "part": 1.50}, "folderUid": "f"}`)
	b = in(t, "12", folder, "another")
	b.is(200, "", "GET", "/api/folders/f", "")
	saved := b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T", "version": 1}, "folderUid": "f"}`)
	if saved["version"] != 2.0 {
		t.Fatal(saved)
	}
	b.is(200, "", "PUT", "/api/user/password", `{"oldPassword": "secret", "newPassword": "changed"}`)
	b.is(401, "Invalid username or password", "GET", "/api/org", "")
	content, err := os.ReadFile(b.served.file())
	if err != nil || strings.Contains(string(content), "changed") {
		t.Fatal(string(content), err)
	}
}

func TestRoles(t *testing.T) {
	b := on(t, "11")
	for _, role := range []string{"Viewer", "Editor", "Admin"} {
		if err := b.served.AddToken(strings.ToLower(role), role, "glsa_"+role); err != nil {
			t.Fatal(err)
		}
	}
	if b.served.AddToken("x", "King", "glsa_x") == nil {
		t.Fatal("no role")
	}
	as := func(role string) []string { return []string{"Authorization", "Bearer glsa_" + role} }
	b.is(200, "", "GET", "/api/folders", "", as("Viewer")...)
	b.is(403, "folders:create", "POST", "/api/folders", `{"title": "F"}`, as("Viewer")...)
	b.is(200, "", "POST", "/api/folders", `{"title": "F"}`, as("Editor")...)
	b.is(403, "datasources:read", "GET", sources, "", as("Editor")...)
	b.is(200, "", "GET", sources, "", as("Admin")...)
	b.is(401, "Invalid API key", "GET", sources, "", as("Nobody")...)
	b.is(401, "Unauthorized", "GET", sources, "", "Authorization", "")
	b.is(404, "Not found", "GET", "/api/unheard-of", "")
	b.is(401, "", "GET", "/api/unheard-of", "", "Authorization", "")
	b.is(200, "", "GET", "/api/health", "", "Authorization", "")
	// There is one organization, and nobody looks at the header.
	b.is(200, "", "GET", "/api/org", "", "X-Grafana-Org-Id", "7")
}

func TestFoldersTakeAllWithThem(t *testing.T) {
	b := on(t, "12")
	b.is(200, "", "POST", "/api/folders", `{"uid": "f", "title": "F"}`)
	b.is(200, "", "POST", "/api/folders", `{"uid": "g", "title": "G", "parentUid": "f"}`)
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}, "folderUid": "g"}`)
	b.is(400, "parent of itself", "POST", "/api/folders/f/move", `{"parentUid": "g"}`)
	b.is(404, "not-found", "POST", "/api/folders", `{"title": "H", "parentUid": "nowhere"}`)
	b.is(412, "version-mismatch", "PUT", "/api/folders/f", `{"title": "New", "version": 5}`)
	b.is(200, "", "PUT", "/api/folders/f", `{"title": "New", "overwrite": true}`)
	b.is(200, "", "DELETE", "/api/folders/f", "")
	b.is(404, "not-found", "GET", "/api/folders/g", "")
	b.is(404, "", "GET", "/api/dashboards/uid/d", "")
}

func TestATakenFolderUIDByRelease(t *testing.T) {
	for release, wanted := range map[string]int{"10.2": 412, "10": 409, "11": 409, "12": 412, "13": 412} {
		b := on(t, release)
		b.is(200, "", "POST", "/api/folders", `{"uid": "f", "title": "F"}`)
		_, fields := b.call("POST", "/api/folders", `{"uid": "f", "title": "G"}`)
		b.is(wanted, "", "POST", "/api/folders", `{"uid": "f", "title": "G"}`)
		if _, has := fields["status"]; has != (release == "10.2") {
			t.Fatal(release, fields)
		}
	}
}

func TestReleases(t *testing.T) {
	for given, wanted := range map[string]string{"10": "10.4.19", "11.2": "11.2.0", "v12.1.0": "12.1.0", "13": "13.0.0"} {
		if parsed, err := ParseRelease(given); err != nil || parsed.String() != wanted {
			t.Error(given, parsed, err)
		}
	}
	for _, given := range []string{"", "9", "twelve", "12.1.0.1"} {
		if _, err := ParseRelease(given); err == nil {
			t.Error(given)
		}
	}
}

func TestFaults(t *testing.T) {
	b := on(t, "12")
	get := func() (*http.Response, string, error) { return b.send("GET", b.api.URL+"/api/org", "") }
	b.order("/faults", `{"method": "GET", "path": "/api/org", "kind": "status", "status": 429, "retryAfter": 3, "skip": 1}`)
	if response, _, _ := get(); response.StatusCode != 200 {
		t.Fatal(response.Status)
	}
	response, content, err := get()
	if err != nil || response.StatusCode != 429 || response.Header.Get("Retry-After") != "3" || !strings.Contains(content, "Too Many") {
		t.Fatal(response, content, err)
	}
	b.order("/faults", `{"path": "/api/org", "kind": "half"}`)
	response, content, err = get()
	if !errors.Is(err, io.ErrUnexpectedEOF) || int64(len(content))*2 > response.ContentLength {
		t.Fatal(content, err)
	}
	b.order("/faults", `{"path": "/api/org", "kind": "drop"}`)
	if _, _, err := get(); err == nil {
		t.Fatal("an answer")
	}
	b.order("/faults", `{"path": "/api/org", "kind": "slow", "delay": 50}`)
	begin := time.Now()
	if response, _, _ := get(); response.StatusCode != 200 || time.Since(begin) < 50*time.Millisecond {
		t.Fatal(response.Status)
	}
	b.order("/faults", `{"method": "POST", "path": "/api/folders", "kind": "status", "status": 502, "applied": true}`)
	b.is(502, "", "POST", "/api/folders", `{"uid": "f", "title": "F"}`)
	b.is(200, "", "GET", "/api/folders/f", "")
	b.order("/faults", `{"path": "/", "kind": "html", "times": -1}`)
	for range 3 {
		if response, _, _ := get(); !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
			t.Fatal(response.Header)
		}
	}
	for _, wrong := range []string{`{"kind": "odd"}`, `{"kind": "status"}`, `{`} {
		if response, _, _ := b.send("POST", b.control.URL+"/faults", wrong); response.StatusCode != 400 {
			t.Error(wrong, response.Status)
		}
	}
}

func TestNeverEndsWithTheClient(t *testing.T) {
	b := on(t, "12")
	b.order("/faults", `{"path": "/api/folders", "kind": "never", "applied": true}`)
	patience, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	request, _ := http.NewRequestWithContext(patience, "POST", b.api.URL+"/api/folders", strings.NewReader(`{"uid": "f", "title": "F"}`))
	request.SetBasicAuth("admin", "secret")
	if _, err := http.DefaultClient.Do(request); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	b.is(200, "", "GET", "/api/folders/f", "")
	entry := b.served.journal.list()[0]
	if entry.Status != 0 || entry.Fault != "never" || entry.As != "admin" || !entry.Write {
		t.Fatal(entry)
	}
}
