package server

import (
	"fmt"
	"testing"
)

const (
	boards = "/apis/dashboard.grafana.app/v1beta1/namespaces/default/dashboards"
	shelf  = "/apis/folder.grafana.app/v1beta1/namespaces/default/folders"
)

func TestResourcesAreFrom12On(t *testing.T) {
	for _, release := range []string{"10", "11"} {
		on(t, release).is(404, "", "GET", boards, "")
	}
	on(t, "12").is(200, "", "GET", boards, "")
	on(t, "12").is(404, "could not find", "GET", "/apis/dashboard.grafana.app/v1/namespaces/default/dashboards", "")
	on(t, "13").is(200, "", "GET", "/apis/dashboard.grafana.app/v1/namespaces/default/dashboards", "")
}

func TestResourcesHaveVersions(t *testing.T) {
	b := on(t, "12")
	b.is(201, "", "POST", shelf, `{"metadata": {"name": "f"}, "spec": {"title": "F"}}`)
	made := b.is(201, "", "POST", boards, `{"metadata": {"name": "d", "annotations": {"grafana.app/folder": "f"}}, "spec": {"title": "T", "schemaVersion": 16}}`)
	b.is(409, "already exists", "POST", boards, `{"metadata": {"name": "d"}, "spec": {"title": "T"}}`)
	if made["spec"].(object)["schemaVersion"] != 41.0 {
		t.Fatal(made)
	}
	at := made["metadata"].(object)["resourceVersion"]
	put := func(version any) string {
		return fmt.Sprintf(`{"metadata": {"name": "d", "resourceVersion": %q, "annotations": {"grafana.app/folder": "f"}}, "spec": {"title": "New"}}`, version)
	}
	b.is(200, "", "PUT", boards+"/d", put(at))
	conflict := b.is(409, "the object has been modified", "PUT", boards+"/d", put(at))
	if conflict["reason"] != "Conflict" || conflict["kind"] != "Status" {
		t.Fatal(conflict)
	}
	// Both ways lead to the same dashboard.
	read := b.is(200, "", "GET", "/api/dashboards/uid/d", "")
	if read["dashboard"].(object)["title"] != "New" || read["meta"].(object)["folderUid"] != "f" || read["meta"].(object)["version"] != 2.0 {
		t.Fatal(read)
	}
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "Old way", "version": 2}, "folderUid": "f"}`)
	got := b.is(200, "", "GET", boards+"/d", "")
	if got["metadata"].(object)["generation"] != 3.0 {
		t.Fatal(got)
	}
	b.is(200, "", "GET", boards+"?limit=1", "")
	b.is(200, "Success", "DELETE", boards+"/d", "")
	b.is(404, "not found", "GET", boards+"/d", "")
}

func TestFoldersAsResources(t *testing.T) {
	b := on(t, "13")
	made := b.is(201, "", "POST", shelf, `{"metadata": {"generateName": "f-"}, "spec": {"title": "F"}}`)
	name := text(made["metadata"].(object)["name"])
	at := made["metadata"].(object)["resourceVersion"]
	put := fmt.Sprintf(`{"metadata": {"resourceVersion": %q}, "spec": {"title": "G"}}`, at)
	b.is(200, "", "PUT", shelf+"/"+name, put)
	b.is(409, "has been modified", "PUT", shelf+"/"+name, put)
	b.is(400, "", "PUT", shelf+"/"+name, `{"metadata": {"name": "other"}, "spec": {"title": "G"}}`)
	b.is(404, "not found", "PUT", shelf+"/nobody", `{"spec": {"title": "G"}}`)
	if b.is(200, "", "GET", "/api/folders/"+name, "")["title"] != "G" {
		t.Fatal("two folders")
	}
	b.is(200, "Success", "DELETE", shelf+"/"+name, "")
	b.is(404, "", "GET", "/api/folders/"+name, "")
}
