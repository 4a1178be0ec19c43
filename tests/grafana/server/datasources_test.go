package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	sources = "/api/datasources"
	source  = `"name": "P", "type": "prometheus", "url": "http://127.0.0.1:9"`
)

func TestNamesAndUIDsAreUnique(t *testing.T) {
	b := on(t, "12")
	b.is(200, "", "POST", sources, `{"uid": "p", `+source+`}`)
	b.is(409, "same name", "POST", sources, `{"uid": "q", `+source+`}`)
	b.is(409, "same uid", "POST", sources, `{"uid": "p", "name": "Q", "type": "prometheus"}`)
	b.is(200, "", "POST", sources, `{"uid": "q", "name": "Q", "type": "prometheus"}`)
	b.is(409, "same name", "PUT", sources+"/uid/q", `{"name": "P", "type": "prometheus"}`)
	b.is(409, "same uid", "PUT", sources+"/uid/q", `{"uid": "p", "name": "Q", "type": "prometheus"}`)
	b.is(400, "", "POST", sources, `{"name": "R"}`)
	b.is(400, "UID", "POST", sources, `{"uid": "a b", "name": "R", "type": "prometheus"}`)
	on(t, "11").is(200, "", "POST", sources, `{"uid": "a b", "name": "R", "type": "prometheus"}`)
}

func TestVersionsOfADataSource(t *testing.T) {
	b := on(t, "12")
	at := sources + "/uid/p"
	b.is(200, "", "POST", sources, `{"uid": "p", `+source+`}`)
	version := func(body string, wanted float64) {
		t.Helper()
		updated := b.is(200, "", "PUT", at, body)["datasource"].(object)
		if updated["version"] != wanted {
			t.Fatal(updated)
		}
	}
	version(`{"version": 1, `+source+`}`, 2)
	version(`{"version": 2, `+source+`}`, 3)
	b.is(409, "updated by someone else", "PUT", at, `{"version": 2, `+source+`}`)
	version(`{"version": 9, `+source+`}`, 10)
	// None is not checked, and the count begins anew.
	version(`{`+source+`}`, 1)
}

func TestReadOnlyDataSources(t *testing.T) {
	b := on(t, "10")
	b.is(200, "", "POST", sources, `{"uid": "p", `+source+`}`)
	b.order("/marks", `{"dataSource": "p", "readOnly": true}`)
	b.is(403, "Cannot update read-only data source", "PUT", sources+"/uid/p", `{`+source+`}`)
	b.is(403, "Cannot delete read-only data source", "DELETE", sources+"/name/P", "")
	if b.is(200, "", "GET", sources+"/uid/p", "")["readOnly"] != true {
		t.Fatal("not read-only")
	}
}

func TestSecretsAndDefaults(t *testing.T) {
	b := on(t, "12")
	b.is(200, "", "POST", sources, `{"uid": "p", "isDefault": true, "secureJsonData": {"token": "canary"}, `+source+`}`)
	b.is(200, "", "POST", sources, `{"uid": "q", "isDefault": true, "name": "Q", "type": "tempo"}`)
	b.is(200, "", "PUT", sources+"/uid/p", `{`+source+`}`)
	read := b.is(200, "", "GET", sources+"/uid/p", "")
	if read["isDefault"] != false || read["access"] != "proxy" || read["secureJsonFields"].(object)["token"] != true {
		t.Fatal(read)
	}
	for _, path := range []string{sources, sources + "/uid/p"} {
		if _, content, _ := b.send("GET", b.api.URL+path, ""); strings.Contains(content, "canary") {
			t.Fatal(content)
		}
	}
}

func TestProxyHealthAndQuery(t *testing.T) {
	var seen []string
	prometheus := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		seen = append(seen, r.Method+" "+r.URL.RequestURI()+" "+user+":"+password)
		_, _ = to.Write([]byte(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1700000000,"7"]}]}}`))
	}))
	defer prometheus.Close()
	b := on(t, "12")
	b.is(200, "", "POST", sources, `{"uid": "p", "name": "P", "type": "prometheus", "url": "`+prometheus.URL+`/sub", `+
		`"basicAuth": true, "basicAuthUser": "u", "secureJsonData": {"basicAuthPassword": "w"}}`)
	b.is(200, "OK", "GET", sources+"/uid/p/health", "")
	b.is(200, "success", "GET", sources+"/proxy/uid/p/api/v1/query?query=up%7Ba%3D%22b%22%7D", "")
	if wanted := "GET /sub/api/v1/query?query=up%7Ba%3D%22b%22%7D u:w"; seen[1] != wanted {
		t.Fatal(seen)
	}
	asked := b.is(200, "", "POST", "/api/ds/query",
		`{"from": "now-1h", "to": "now", "queries": [{"refId": "A", "expr": "up", "instant": true, "datasource": {"uid": "p"}}]}`)
	frame := asked["results"].(object)["A"].(object)["frames"].([]any)[0].(object)
	if values := frame["data"].(object)["values"].([]any)[1].([]any); values[0] != 7.0 {
		t.Fatal(frame)
	}
	prometheus.Close()
	b.is(400, "ERROR", "GET", sources+"/uid/p/health", "")
	b.is(502, "Bad Gateway", "GET", sources+"/proxy/uid/p/api/v1/query?query=up", "")
	for _, entry := range b.served.journal.list() {
		if entry.Write && entry.Path != sources {
			t.Error(entry)
		}
	}
}
