package server

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

const save = "/api/dashboards/db"

func TestWhatNoDashboardMayBe(t *testing.T) {
	b := on(t, "12")
	for body, word := range map[string]string{
		`{"dashboard": {"title": "T"`:        "bad request data",
		`{"dashboard": {"title": "T"}} more`: "bad request data",
		`{"folderUid": "f"}`:                 "bad request data",
		`{"dashboard": {"title": " "}}`:      "empty-name",
		`{"dashboard": {"title": "T", "uid": "` + strings.Repeat("x", 41) + `"}}`:      "uid too long",
		`{"dashboard": {"title": "T", "uid": "a/b"}}`:                                  "illegal characters",
		`{"dashboard": {"title": "T"}, "folderUid": "nowhere"}`:                        "folder not found",
		`{"dashboard": {"title": "T"}, "message": "` + strings.Repeat("x", 501) + `"}`: "message too long",
	} {
		b.is(400, word, "POST", save, body)
	}
	b.is(404, "not-found", "POST", save, `{"dashboard": {"title": "T", "id": 77}}`)
}

func TestASaveWithoutAFolderMovesToTheTop(t *testing.T) {
	b := on(t, "12")
	b.is(200, "", "POST", "/api/folders", `{"uid": "f", "title": "F"}`)
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}, "folderUid": "f"}`)
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T", "version": 1}}`)
	_, read := b.call("GET", "/api/dashboards/uid/d", "")
	if meta := read["meta"].(object); meta["folderUid"] != "" || meta["folderTitle"] != "General" {
		t.Fatal(meta)
	}
}

func TestFolderNumbersCountBefore13(t *testing.T) {
	for release, uid := range map[string]string{"12": "f", "13": ""} {
		b := on(t, release)
		made := b.is(200, "", "POST", "/api/folders", `{"uid": "f", "title": "F"}`)
		body := fmt.Sprintf(`{"dashboard": {"uid": "d", "title": "T"}, "folderId": %.0f}`, made["id"])
		if saved := b.is(200, "", "POST", save, body); saved["folderUid"] != uid {
			t.Fatal(release, saved)
		}
	}
}

func TestTitlesAreUniqueBefore11_3(t *testing.T) {
	first, second := `{"dashboard": {"uid": "a", "title": "T"}}`, `{"dashboard": {"title": "T"}}`
	for _, release := range []string{"10", "11.2"} {
		b := on(t, release)
		b.is(200, "", "POST", save, first)
		b.is(412, "name-exists", "POST", save, second)
		// Overwriting by the title hits the dashboard that is there.
		saved := b.is(200, "", "POST", save, `{"dashboard": {"title": "T"}, "overwrite": true}`)
		if saved["uid"] != "a" || saved["version"] != 2.0 {
			t.Fatal(release, saved)
		}
		b.is(409, "same name", "POST", "/api/folders", `{"title": "T"}`)
		b.is(200, "", "POST", "/api/folders", `{"title": "F"}`)
		b.is(400, "same as folder", "POST", save, `{"dashboard": {"title": "F"}}`)
	}
	for _, release := range []string{"11.3", "11", "12", "13"} {
		b := on(t, release)
		b.is(200, "", "POST", save, first)
		if saved := b.is(200, "", "POST", save, second); saved["uid"] == "a" {
			t.Fatal(release, saved)
		}
		b.is(200, "", "POST", "/api/folders", `{"title": "T"}`)
	}
}

func TestNumberAndUID(t *testing.T) {
	b := on(t, "11")
	first := b.is(200, "", "POST", save, `{"dashboard": {"uid": "a", "title": "A"}}`)
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "b", "title": "B"}}`)
	id := first["id"].(float64)
	b.is(400, "same uid", "POST", save, fmt.Sprintf(`{"dashboard": {"id": %.0f, "uid": "b", "title": "A", "version": 1}}`, id))
	b.is(412, "version-mismatch", "POST", save, `{"dashboard": {"uid": "a", "title": "A", "version": 3}}`)
	saved := b.is(200, "", "POST", save, fmt.Sprintf(`{"dashboard": {"id": %.0f, "uid": "c", "title": "A", "version": 1}}`, id))
	if saved["uid"] != "c" || saved["id"] != id {
		t.Fatal(saved)
	}
	b.is(404, "", "GET", "/api/dashboards/uid/a", "")
}

func TestProvisionedAndPluginDashboards(t *testing.T) {
	b := on(t, "12")
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}}`)
	b.order("/marks", `{"dashboard": "d", "provisioned": true, "externalId": "d.json"}`)
	b.is(400, "Cannot save provisioned dashboard", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}, "overwrite": true}`)
	b.is(400, "Cannot save provisioned dashboard", "POST", "/api/dashboards/uid/d/restore", `{"version": 1}`)
	b.is(400, "provisioned dashboard cannot be deleted", "DELETE", "/api/dashboards/uid/d", "")
	b.order("/marks", `{"dashboard": "d", "plugin": "app"}`)
	b.is(412, "plugin-dashboard", "POST", save, `{"dashboard": {"uid": "d", "title": "T", "version": 1}}`)
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T", "version": 1}, "overwrite": true}`)
}

func TestTheNewSchemaIsNotReadThere(t *testing.T) {
	for release, api := range map[string]string{"12": "v2beta1", "13": "v2"} {
		b := on(t, release)
		b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}}`)
		b.order("/marks", `{"dashboard": "d", "newSchema": true}`)
		b.is(406, "use /apis/dashboard.grafana.app/"+api+"/namespaces/default/dashboards/d instead", "GET", "/api/dashboards/uid/d", "")
		b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}, "overwrite": true}`)
		b.is(200, "", "GET", "/api/dashboards/uid/d", "")
	}
}

func TestSavingTheSameAgain(t *testing.T) {
	for release, wanted := range map[string]float64{"10": 2, "11": 2, "12": 2, "13": 1} {
		b := on(t, release)
		b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}}`)
		saved := b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T", "version": 1}}`)
		if saved["version"] != wanted {
			t.Fatal(release, saved)
		}
		status := 400
		if release < "12" {
			status = 200
		}
		b.is(status, "", "POST", "/api/dashboards/uid/d/restore", `{"version": 1}`)
	}
}

func TestVersionsAreKeptRestoredAndForgotten(t *testing.T) {
	b := on(t, "12")
	for number := range keptVersions + 5 {
		body := fmt.Sprintf(`{"dashboard": {"uid": "d", "title": "T%d", "version": %d}}`, number+1, number)
		b.is(200, "", "POST", save, body)
	}
	list := b.is(200, "", "GET", "/api/dashboards/uid/d/versions", "")["versions"].([]any)
	if len(list) != keptVersions || list[0].(object)["version"] != 25.0 {
		t.Fatal(list)
	}
	cut := b.is(200, "", "GET", "/api/dashboards/uid/d/versions?limit=2&start=10", "")["versions"].([]any)
	if len(cut) != 2 || cut[0].(object)["version"] != 10.0 {
		t.Fatal(cut)
	}
	b.is(404, "Dashboard version not found", "POST", "/api/dashboards/uid/d/restore", `{"version": 5}`)
	b.is(200, "", "POST", "/api/dashboards/uid/d/restore", `{"version": 6}`)
	newest := b.is(200, "", "GET", "/api/dashboards/uid/d/versions/26", "")
	if newest["restoredFrom"] != 6.0 || newest["data"].(object)["title"] != "T6" {
		t.Fatal(newest)
	}
}

func TestRacingWritersWinOneVersionEach(t *testing.T) {
	b := on(t, "12")
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": "T"}}`)
	var all sync.WaitGroup
	var mutex sync.Mutex
	won := map[float64]string{}
	for writer := range 8 {
		all.Go(func() {
			for done := 0; done < 5; {
				_, read := b.call("GET", "/api/dashboards/uid/d", "")
				at := read["dashboard"].(object)["version"].(float64)
				name := fmt.Sprintf("%d-%d", writer, done)
				status, saved := b.call("POST", save, fmt.Sprintf(`{"dashboard": {"uid": "d", "title": "T", "by": %q, "version": %.0f}}`, name, at))
				if status == 200 {
					mutex.Lock()
					if other, taken := won[saved["version"].(float64)]; taken || saved["version"] != at+1 {
						t.Errorf("%s and %s won %v", other, name, saved["version"])
					}
					won[saved["version"].(float64)] = name
					mutex.Unlock()
					done++
				} else if status != 412 {
					t.Errorf("%d %v", status, saved)
					return
				}
			}
		})
	}
	all.Wait()
	if len(won) != 40 {
		t.Fatalf("%d of 40 saves", len(won))
	}
}

func TestWhatIsReadIsWhatWasSaved(t *testing.T) {
	b := on(t, "11")
	b.is(200, "", "POST", save, `{"dashboard": {"uid": "d", "title": " T ", "schemaVersion": 16, "big": 12345678901234567890, "part": 1.50, "none": null}}`)
	_, content, err := b.send("GET", b.api.URL+"/api/dashboards/uid/d", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"big":12345678901234567890`, `"part":1.50`, `"none":null`, `"title":"T"`, `"schemaVersion":16`} {
		if !strings.Contains(content, part) {
			t.Errorf("%s lacks %s", content, part)
		}
	}
	b.order("/settings", `{"schemaVersion": 41}`)
	_, content, _ = b.send("GET", b.api.URL+"/api/dashboards/uid/d", "")
	if !strings.Contains(content, `"schemaVersion":41`) {
		t.Error(content)
	}
}
