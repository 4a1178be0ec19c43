package server

import "strconv"

func (s *Server) getResource(r *request, k kind) answer {
	name := r.PathValue("name")
	if found := s.dashboardOf(name); found != nil && k.singular == "dashboard" {
		return ok(s.dashboardResource(r, found))
	}
	if found := s.folderOf(name); found != nil && k.singular == "folder" {
		return ok(s.folderResource(r, found))
	}
	return k.missing(name)
}

func (s *Server) createResource(r *request, k kind) answer {
	var wanted resource
	if decode(r.body, &wanted) != nil || wanted.Spec == nil {
		return k.invalid("", "bad request data")
	}
	name := wanted.Metadata.Name
	switch {
	case wanted.Metadata.ResourceVersion != "":
		return k.invalid(name, "resourceVersion should not be set on objects to be created")
	case name == "" && wanted.Metadata.GenerateName == "":
		return k.invalid("", "name or generateName is required")
	case name == "":
		name = wanted.Metadata.GenerateName + newUID()
	}
	if s.dashboardOf(name) != nil || s.folderOf(name) != nil {
		return k.taken(name)
	}
	if k.singular == "dashboard" {
		return s.keepResource(r, k, wanted, name, 201)
	}
	if refused := checkFolder(name, text(wanted.Spec["title"])); refused != nil {
		return k.invalid(name, text(refused.body.(object)["message"]))
	}
	parent := wanted.Metadata.Annotations[annotatedFolder]
	if parent != "" && s.folderOf(parent) == nil {
		return k.missing(parent)
	}
	made := s.addFolder(r, name, parent, text(wanted.Spec["title"]))
	return answer{status: 201, body: s.folderResource(r, made)}
}

// keepResource saves a dashboard whose version has been looked at already.
func (s *Server) keepResource(r *request, k kind, wanted resource, name string, status int) answer {
	spec := wanted.Spec
	spec["uid"] = name
	delete(spec, "id")
	saved, refused := s.keep(r, wantedDashboard{
		Dashboard: spec, FolderUID: wanted.Metadata.Annotations[annotatedFolder],
		Message: wanted.Metadata.Annotations[annotatedMessage], Overwrite: true,
	})
	if refused != nil {
		return k.invalid(name, text(refused.body.(object)["message"]))
	}
	return answer{status: status, body: s.dashboardResource(r, saved)}
}

func (s *Server) replaceResource(r *request, k kind) answer {
	var wanted resource
	name := r.PathValue("name")
	if decode(r.body, &wanted) != nil || wanted.Spec == nil {
		return k.invalid(name, "bad request data")
	}
	if wanted.Metadata.Name != "" && wanted.Metadata.Name != name {
		return k.invalid(name, "the name of the object does not match the name on the URL")
	}
	current := wanted.Metadata.ResourceVersion
	dashboard, folder := s.dashboardOf(name), s.folderOf(name)
	switch {
	case k.singular == "dashboard" && dashboard != nil:
		if current != "" && current != strconv.FormatInt(dashboard.ResourceVersion, 10) {
			return k.conflict(name)
		}
		return s.keepResource(r, k, wanted, name, 200)
	case k.singular == "folder" && folder != nil:
		if current != "" && current != strconv.FormatInt(folder.ResourceVersion, 10) {
			return k.conflict(name)
		}
		if refused := checkFolder(name, text(wanted.Spec["title"])); refused != nil {
			return k.invalid(name, text(refused.body.(object)["message"]))
		}
		parent := wanted.Metadata.Annotations[annotatedFolder]
		if parent != "" && s.folderOf(parent) == nil {
			return k.missing(parent)
		}
		s.changeFolder(r, folder, parent, text(wanted.Spec["title"]))
		return ok(s.folderResource(r, folder))
	}
	return k.missing(name)
}

func (s *Server) deleteResource(r *request, k kind) answer {
	name := r.PathValue("name")
	dashboard, folder := s.dashboardOf(name), s.folderOf(name)
	switch {
	case k.singular == "dashboard" && dashboard != nil && dashboard.Provisioned:
		return k.failure(403, "Forbidden", name, "provisioned dashboard cannot be deleted")
	case k.singular == "dashboard" && dashboard != nil:
		s.state.Dashboards = without(s.state.Dashboards, dashboard)
	case k.singular == "folder" && folder != nil:
		s.removeFolder(folder)
	default:
		return k.missing(name)
	}
	return ok(object{
		"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Success",
		"details": object{"name": name, "group": k.group(), "kind": k.plural},
	})
}
