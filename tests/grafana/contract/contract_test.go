package contract

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-openapi/runtime"
	"github.com/grafana/grafana-openapi-client-go/client/annotations"
	"github.com/grafana/grafana-openapi-client-go/client/dashboards"
	"github.com/grafana/grafana-openapi-client-go/client/datasources"
	"github.com/grafana/grafana-openapi-client-go/client/folders"
	"github.com/grafana/grafana-openapi-client-go/client/org"
	"github.com/grafana/grafana-openapi-client-go/client/search"
	"github.com/grafana/grafana-openapi-client-go/client/service_accounts"
	"github.com/grafana/grafana-openapi-client-go/models"
)

// object is a JSON object.
type object = map[string]any

func pointer[T any](value T) *T { return &value }

func TestHealthAndAccounts(t *testing.T) {
	each(t, func(t *testing.T, admin person, release string) {
		health, err := admin.Health.GetHealth()
		admin.whole(health.GetPayload(), err)
		organization, err := admin.Org.GetCurrentOrg()
		admin.whole(organization.GetPayload(), err)
		user, err := admin.SignedInUser.GetSignedInUser()
		admin.whole(user.GetPayload(), err)

		account, err := admin.ServiceAccounts.CreateServiceAccount(service_accounts.NewCreateServiceAccountParams().
			WithBody(&models.CreateServiceAccountForm{Name: "viewer", Role: "Viewer"}))
		admin.whole(account.GetPayload(), err)
		token, err := admin.ServiceAccounts.CreateToken(service_accounts.NewCreateTokenParams().
			WithServiceAccountID(account.Payload.ID).WithBody(&models.AddServiceAccountTokenCommand{Name: "first"}))
		admin.whole(token.GetPayload(), err)

		viewer := admin.as(token.Payload.Key)
		found, err := viewer.Search.Search(search.NewSearchParams())
		viewer.whole(found.GetPayload(), err)
		_, err = viewer.Datasources.GetDataSources()
		viewer.refused(err, &datasources.GetDataSourcesForbidden{})
		_, err = viewer.Folders.CreateFolder(&models.CreateFolderCommand{Title: "Mine"})
		viewer.refused(err, &folders.CreateFolderForbidden{})
		stranger := admin.as("glsa_nobody")
		_, err = stranger.Org.GetCurrentOrg()
		stranger.refused(err, &org.GetCurrentOrgUnauthorized{})
	})
}

// as is somebody else at the same server.
func (p person) as(token string) person {
	return login(p.t, p.at, nil, token)
}

func TestDataSources(t *testing.T) {
	each(t, func(t *testing.T, admin person, release string) {
		prometheus := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
			to.Header().Set("Content-Type", "application/json")
			_, _ = to.Write([]byte(`{"status":"success","data":{"resultType":"vector","result":[]}}`))
		}))
		t.Cleanup(prometheus.Close)
		wanted := &models.AddDataSourceCommand{
			Name: "Prometheus", UID: "otelctl-prometheus", Type: "prometheus", Access: "proxy", URL: prometheus.URL, IsDefault: true,
			BasicAuth: true, BasicAuthUser: "reader", JSONData: object{"timeInterval": "60s", "httpMethod": "POST"},
			SecureJSONData: map[string]string{"basicAuthPassword": "hidden"},
		}
		added, err := admin.Datasources.AddDataSource(wanted)
		admin.whole(added.GetPayload(), err)
		_, err = admin.Datasources.AddDataSource(wanted)
		admin.refused(err, &datasources.AddDataSourceConflict{})

		list, err := admin.Datasources.GetDataSources()
		admin.whole(list.GetPayload(), err)
		byUID, err := admin.Datasources.GetDataSourceByUID("otelctl-prometheus")
		admin.whole(byUID.GetPayload(), err)
		if byUID.Payload.Version != 1 || !byUID.Payload.SecureJSONFields["basicAuthPassword"] {
			t.Errorf("%+v", byUID.Payload)
		}
		byName, err := admin.Datasources.GetDataSourceByName("Prometheus")
		admin.whole(byName.GetPayload(), err)
		byID, err := admin.Datasources.GetDataSourceByID("1")
		admin.whole(byID.GetPayload(), err)
		id, err := admin.Datasources.GetDataSourceIDByName("Prometheus")
		admin.whole(id.GetPayload(), err)
		_, err = admin.Datasources.GetDataSourceByUID("another")
		admin.refused(err, &datasources.GetDataSourceByUIDNotFound{})

		healthy, err := admin.Datasources.CheckDatasourceHealthWithUID("otelctl-prometheus")
		must(t, err)
		if healthy.Payload.Message == "" {
			t.Error("no message")
		}
		update := &models.UpdateDataSourceCommand{Name: "Renamed", Type: "prometheus", URL: "http://127.0.0.1:9", Version: 1}
		updated, err := admin.Datasources.UpdateDataSourceByUID("otelctl-prometheus", update)
		admin.whole(updated.GetPayload(), err)
		if updated.Payload.Datasource.Version != 2 || updated.Payload.Datasource.UID != "otelctl-prometheus" {
			t.Errorf("%+v", updated.Payload.Datasource)
		}
		_, err = admin.Datasources.UpdateDataSourceByUID("otelctl-prometheus", update)
		admin.refused(err, &datasources.UpdateDataSourceByUIDConflict{})
		deleted, err := admin.Datasources.DeleteDataSourceByUID("otelctl-prometheus")
		admin.whole(deleted.GetPayload(), err)
		_, err = admin.Datasources.DeleteDataSourceByUID("otelctl-prometheus")
		admin.refused(err, &datasources.DeleteDataSourceByUIDNotFound{})
	})
}

func TestFolders(t *testing.T) {
	each(t, func(t *testing.T, admin person, release string) {
		wanted := &models.CreateFolderCommand{UID: "otelctl", Title: "Claude Code"}
		made, err := admin.Folders.CreateFolder(wanted)
		admin.whole(made.GetPayload(), err)
		below, err := admin.Folders.CreateFolder(&models.CreateFolderCommand{UID: "below", Title: "Below", ParentUID: "otelctl"})
		admin.whole(below.GetPayload(), err)
		if len(below.Payload.Parents) != 1 || below.Payload.Parents[0].UID != "otelctl" {
			t.Errorf("%+v", below.Payload)
		}
		_, err = admin.Folders.CreateFolder(wanted)
		if release >= "12" {
			// The client has no model of this one.
			if unknown, is := err.(*runtime.APIError); !is || unknown.Code != 412 {
				t.Errorf("%T: %v", err, err)
			}
		} else {
			admin.refused(err, &folders.CreateFolderConflict{})
		}
		_, err = admin.Folders.CreateFolder(&models.CreateFolderCommand{Title: " "})
		admin.refused(err, &folders.CreateFolderBadRequest{})
		list, err := admin.Folders.GetFolders(folders.NewGetFoldersParams())
		admin.whole(list.GetPayload(), err)
		inner, err := admin.Folders.GetFolders(folders.NewGetFoldersParams().WithParentUID(pointer("otelctl")))
		admin.whole(inner.GetPayload(), err)
		if len(list.Payload) != 1 || len(inner.Payload) != 1 {
			t.Errorf("%d and %d", len(list.Payload), len(inner.Payload))
		}
		read, err := admin.Folders.GetFolderByUID("otelctl")
		admin.whole(read.GetPayload(), err)
		counts, err := admin.Folders.GetFolderDescendantCounts("otelctl")
		admin.whole(counts.GetPayload(), err)
		if counts.Payload["folder"] != 1 || counts.Payload["alertrule"] != 0 {
			t.Errorf("%v", counts.Payload)
		}
		byID, err := admin.Folders.GetFolderByID(read.Payload.ID)
		admin.whole(byID.GetPayload(), err)
		renamed, err := admin.Folders.UpdateFolder("otelctl", &models.UpdateFolderCommand{Title: "Renamed", Version: read.Payload.Version})
		admin.whole(renamed.GetPayload(), err)
		_, err = admin.Folders.UpdateFolder("otelctl", &models.UpdateFolderCommand{Title: "Again", Version: read.Payload.Version})
		if unknown, is := err.(*runtime.APIError); !is || unknown.Code != 412 {
			t.Errorf("%T: %v", err, err)
		}
		moved, err := admin.Folders.MoveFolder("below", &models.MoveFolderCommand{})
		admin.whole(moved.GetPayload(), err)
		deleted, err := admin.Folders.DeleteFolder(folders.NewDeleteFolderParams().WithFolderUID("otelctl"))
		admin.whole(deleted.GetPayload(), err)
		_, err = admin.Folders.GetFolderByUID("otelctl")
		admin.refused(err, &folders.GetFolderByUIDNotFound{})
	})
}

func save(title string, version int64) *models.SaveDashboardCommand {
	return &models.SaveDashboardCommand{
		Dashboard: object{
			"uid": "costs", "title": title, "version": version, "schemaVersion": 39, "tags": []string{"claude-code"},
			"panels": []object{{"id": 1, "type": "stat", "gridPos": object{"h": 4, "w": 6}}},
		},
		FolderUID: "otelctl", Message: "by a test",
	}
}

func TestDashboards(t *testing.T) {
	each(t, func(t *testing.T, admin person, release string) {
		_, err := admin.Folders.CreateFolder(&models.CreateFolderCommand{UID: "otelctl", Title: "Claude Code"})
		must(t, err)
		saved, err := admin.Dashboards.PostDashboard(save("Costs", 0))
		admin.whole(saved.GetPayload(), err)
		_, err = admin.Dashboards.PostDashboard(save("Costs", 7))
		admin.refused(err, &dashboards.PostDashboardPreconditionFailed{})
		_, err = admin.Dashboards.PostDashboard(&models.SaveDashboardCommand{Dashboard: object{"title": ""}})
		admin.refused(err, &dashboards.PostDashboardBadRequest{})
		_, err = admin.Dashboards.PostDashboard(save("Dearer", 1))
		must(t, err)

		read, err := admin.Dashboards.GetDashboardByUID("costs")
		admin.whole(read.GetPayload(), err)
		if read.Payload.Meta.FolderUID != "otelctl" || read.Payload.Meta.Version != 2 {
			t.Errorf("%+v", read.Payload.Meta)
		}
		_, err = admin.Dashboards.GetDashboardByUID("another")
		admin.refused(err, &dashboards.GetDashboardByUIDNotFound{})

		found, err := admin.Search.Search(search.NewSearchParams().WithTag([]string{"claude-code"}).
			WithFolderUIDs([]string{"otelctl"}).WithDashboardUIDs([]string{"costs"}).WithType(pointer("dash-db")))
		admin.whole(found.GetPayload(), err)
		everything, err := admin.Search.Search(search.NewSearchParams())
		admin.whole(everything.GetPayload(), err)
		if len(found.Payload) != 1 || len(everything.Payload) != 2 {
			t.Errorf("%d and %d", len(found.Payload), len(everything.Payload))
		}
		admin.versions(release)

		restored, err := admin.Dashboards.RestoreDashboardVersionByUID("costs", &models.RestoreDashboardVersionCommand{Version: 1})
		admin.whole(restored.GetPayload(), err)
		deleted, err := admin.Dashboards.DeleteDashboardByUID("costs")
		admin.whole(deleted.GetPayload(), err)
		_, err = admin.Dashboards.DeleteDashboardByUID("costs")
		admin.refused(err, &dashboards.DeleteDashboardByUIDNotFound{})
	})
}

// versions reads the list of versions: the client knows the newer form only, which is an object.
func (p person) versions(release string) {
	p.t.Helper()
	list, err := p.Dashboards.GetDashboardVersionsByUID(dashboards.NewGetDashboardVersionsByUIDParams().WithUID("costs"))
	if release == "10" || release == "11.2" {
		if err == nil {
			p.t.Fatal("an array is no object")
		}
		var entries []*models.DashboardVersionMeta
		must(p.t, json.Unmarshal(p.seen.body, &entries))
		p.decodes(entries)
		if len(entries) != 2 {
			p.t.Fatalf("%d versions", len(entries))
		}
	} else {
		p.whole(list.GetPayload(), err)
		if len(list.Payload.Versions) != 2 || list.Payload.Versions[0].Message != "by a test" {
			p.t.Fatalf("%+v", list.Payload)
		}
	}
	one, err := p.Dashboards.GetDashboardVersionByUID("costs", 1)
	p.whole(one.GetPayload(), err)
}

func TestAnnotations(t *testing.T) {
	each(t, func(t *testing.T, admin person, release string) {
		_, err := admin.Dashboards.PostDashboard(&models.SaveDashboardCommand{Dashboard: object{"uid": "costs", "title": "Costs"}})
		must(t, err)
		for _, uid := range []string{"", "costs"} {
			added, err := admin.Annotations.PostAnnotation(&models.PostAnnotationsCmd{
				Text: pointer("applied"), Tags: []string{"otelctl", "deploy"}, Time: 1_700_000_000_000, DashboardUID: uid,
			})
			admin.whole(added.GetPayload(), err)
		}
		found, err := admin.Annotations.GetAnnotations(annotations.NewGetAnnotationsParams().WithTags([]string{"otelctl"}))
		admin.whole(found.GetPayload(), err)
		if len(found.Payload) != 2 {
			t.Errorf("%d", len(found.Payload))
		}
		_, err = admin.Annotations.PostAnnotation(&models.PostAnnotationsCmd{Text: pointer("")})
		admin.refused(err, &annotations.PostAnnotationBadRequest{})
		deleted, err := admin.Annotations.DeleteAnnotationByID("1")
		admin.whole(deleted.GetPayload(), err)
	})
}

// The comparison itself must fail where something is lost.
func TestALostFieldIsFound(t *testing.T) {
	for _, raw := range []string{
		`{"database": "ok", "another": 1}`, `{"database": "not ok"}`, `{"database": "ok", "version": "1"}`,
	} {
		if compare([]byte(raw), &models.HealthResponse{Database: "ok"}) == nil {
			t.Errorf("%s decodes", raw)
		}
	}
	if err := compare([]byte(`{"database": "ok", "version": ""}`), &models.HealthResponse{Database: "ok"}); err != nil {
		t.Error(err)
	}
}
