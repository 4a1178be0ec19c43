package server

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// resource is the form that objects have under `/apis`.
type resource struct {
	Metadata struct {
		Name            string            `json:"name"`
		GenerateName    string            `json:"generateName"`
		ResourceVersion string            `json:"resourceVersion"`
		Annotations     map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec map[string]any `json:"spec"`
}

const (
	annotatedFolder  = "grafana.app/folder"
	annotatedMessage = "grafana.app/message"
)

// resourceVersions are the API versions, the preferred one first. Those of the second dashboard
// schema are not here.
func (s *Server) resourceVersions() []string {
	if s.release.Major >= 13 {
		return []string{"v1", "v1beta1", "v0alpha1"}
	}
	return []string{"v1beta1", "v0alpha1"}
}

func (s *Server) resourceRoutes() {
	s.handle(viewer, "", "GET /apis", func(*request) answer {
		groups := []object{}
		for _, name := range []string{"dashboard.grafana.app", "folder.grafana.app"} {
			versions := []object{}
			for _, version := range s.resourceVersions() {
				versions = append(versions, object{"groupVersion": name + "/" + version, "version": version})
			}
			groups = append(groups, object{"name": name, "versions": versions, "preferredVersion": versions[0]})
		}
		return ok(object{"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
	})
	for _, kind := range []kind{{"dashboard", "dashboards", "Dashboard"}, {"folder", "folders", "Folder"}} {
		base := " /apis/" + kind.group() + "/{api}/namespaces/{namespace}/" + kind.plural
		s.handle(viewer, kind.plural+":read", "GET"+base, s.resource(kind, s.listResources))
		s.handle(editor, kind.plural+":create", "POST"+base, s.resource(kind, s.createResource))
		s.handle(viewer, kind.plural+":read", "GET"+base+"/{name}", s.resource(kind, s.getResource))
		s.handle(editor, kind.plural+":write", "PUT"+base+"/{name}", s.resource(kind, s.replaceResource))
		s.handle(editor, kind.plural+":delete", "DELETE"+base+"/{name}", s.resource(kind, s.deleteResource))
	}
}

type kind struct{ singular, plural, name string }

func (k kind) group() string { return k.singular + ".grafana.app" }

// failure is an error as these addresses give it.
func (k kind) failure(status int, reason, name, message string) answer {
	return answer{status: status, body: object{
		"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure", "message": message,
		"reason": reason, "details": object{"name": name, "group": k.group(), "kind": k.plural}, "code": status,
	}}
}

func (k kind) missing(name string) answer {
	return k.failure(404, "NotFound", name, fmt.Sprintf("%s.%s %q not found", k.plural, k.group(), name))
}

func (k kind) taken(name string) answer {
	return k.failure(409, "AlreadyExists", name, fmt.Sprintf("%s.%s %q already exists", k.plural, k.group(), name))
}

func (k kind) conflict(name string) answer {
	return k.failure(409, "Conflict", name, fmt.Sprintf("Operation cannot be fulfilled on %s.%s %q: "+
		"the object has been modified; please apply your changes to the latest version and try again", k.plural, k.group(), name))
}

func (k kind) invalid(name, message string) answer {
	return k.failure(400, "BadRequest", name, message)
}

// resource checks the version and the namespace of the address.
func (s *Server) resource(k kind, then func(*request, kind) answer) rule {
	return func(r *request) answer {
		if !slices.Contains(s.resourceVersions(), r.PathValue("api")) || r.PathValue("namespace") != "default" {
			return k.failure(404, "NotFound", r.PathValue("name"), "the server could not find the requested resource")
		}
		return then(r, k)
	}
}

func (s *Server) metadata(name, folder string, version int64, generation int64, id int64, first, last stamp) object {
	annotations := object{
		"grafana.app/createdBy": "user:" + first.By, "grafana.app/updatedBy": "user:" + last.By,
		"grafana.app/updatedTimestamp": last.At.Format(time.RFC3339),
	}
	if folder != "" {
		annotations[annotatedFolder] = folder
	}
	return object{
		"name": name, "namespace": "default", "uid": base64.RawURLEncoding.EncodeToString([]byte("stand-in:" + name)),
		"resourceVersion": strconv.FormatInt(version, 10), "generation": generation,
		"creationTimestamp": first.At.Format(time.RFC3339), "annotations": annotations,
		"labels": object{"grafana.app/deprecatedInternalID": strconv.FormatInt(id, 10)},
	}
}

func (s *Server) dashboardResource(r *request, d *dashboard) object {
	spec := clone(d.latest().Spec)
	if r.PathValue("api") != "v0alpha1" {
		s.raise(spec, s.release.schemaVersion())
	}
	metadata := s.metadata(d.UID, d.FolderUID, d.ResourceVersion, d.version(), d.ID, d.Versions[0].Saved, d.latest().Saved)
	if d.Provisioned {
		annotations := metadata["annotations"].(object)
		annotations["grafana.app/managedBy"] = "classic-file-provisioning"
		annotations["grafana.app/managerId"] = "default"
		annotations["grafana.app/sourcePath"] = d.ExternalID
	}
	return object{
		"kind": "Dashboard", "apiVersion": "dashboard.grafana.app/" + r.PathValue("api"),
		"metadata": metadata, "spec": spec, "status": object{},
	}
}

func (s *Server) folderResource(r *request, f *folder) object {
	return object{
		"kind": "Folder", "apiVersion": "folder.grafana.app/" + r.PathValue("api"),
		"metadata": s.metadata(f.UID, f.ParentUID, f.ResourceVersion, f.Version, f.ID, f.Created, f.Updated),
		"spec":     object{"title": f.Title},
	}
}

func (s *Server) listResources(r *request, k kind) answer {
	items := []object{}
	if k.singular == "dashboard" {
		for _, dashboard := range s.state.Dashboards {
			items = append(items, s.dashboardResource(r, dashboard))
		}
	} else {
		for _, folder := range s.state.Folders {
			items = append(items, s.folderResource(r, folder))
		}
	}
	from, _ := strconv.Atoi(r.query.Get("continue"))
	metadata := object{"resourceVersion": strconv.FormatInt(s.state.ResourceVersion, 10)}
	items = items[min(max(from, 0), len(items)):]
	if limit, _ := strconv.Atoi(r.query.Get("limit")); limit > 0 && limit < len(items) {
		items = items[:limit]
		metadata["continue"] = strconv.Itoa(from + limit)
	}
	return ok(object{
		"kind": k.name + "List", "apiVersion": k.group() + "/" + r.PathValue("api"), "metadata": metadata, "items": items,
	})
}
