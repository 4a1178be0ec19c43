package server

import (
	"net/url"
	"slices"
	"strconv"
	"time"
)

// shown is a version's dashboard with what the server puts in.
func (s *Server) shown(d *dashboard, v *version) object {
	spec := clone(v.Spec)
	spec["id"], spec["uid"], spec["version"] = d.ID, d.UID, v.Number
	s.raise(spec, s.raiseTo)
	return spec
}

// raise brings an old dashboard to a schema version.
func (s *Server) raise(spec object, to int64) {
	if has, _ := number(spec["schemaVersion"]); has < to {
		spec["schemaVersion"] = to
	}
}

func (s *Server) getDashboard(r *request) answer {
	found := s.dashboardOf(r.PathValue("uid"))
	if found == nil {
		return failed(404, "Dashboard not found")
	}
	if found.NewSchema && s.release.hasResources() {
		return failed(406, "dashboard api version not supported, use /apis/dashboard.grafana.app/"+
			s.release.newSchema()+"/namespaces/default/dashboards/"+found.UID+" instead")
	}
	return ok(object{"dashboard": s.shown(found, found.latest()), "meta": s.meta(found, r.who)})
}

func (s *Server) meta(d *dashboard, who identity) object {
	may := who.role >= editor
	first, last := d.Versions[0].Saved, d.latest().Saved
	allowed := object{"canAdd": may, "canEdit": may, "canDelete": may}
	meta := object{
		"type": "db", "canSave": may, "canEdit": may, "canAdmin": may, "canStar": true, "canDelete": may,
		"slug": slug(d.title()), "url": d.url(), "expires": "0001-01-01T00:00:00Z", "isStarred": false,
		"created": first.At.Format(time.RFC3339), "createdBy": first.By,
		"updated": last.At.Format(time.RFC3339), "updatedBy": last.By, "version": d.version(),
		"hasAcl": false, "isFolder": false, "folderId": 0, "folderUid": "", "folderTitle": "General",
		"folderUrl": "", "provisioned": d.Provisioned, "provisionedExternalId": d.ExternalID,
		"annotationsPermissions": object{"dashboard": allowed, "organization": allowed},
	}
	if above := s.folderOf(d.FolderUID); above != nil {
		meta["folderId"], meta["folderUid"] = above.ID, above.UID
		meta["folderTitle"], meta["folderUrl"] = above.Title, above.url()
	}
	if s.release.hasResources() {
		meta["apiVersion"] = s.resourceVersions()[0]
	}
	return meta
}

func (v *version) entry(d *dashboard) object {
	return object{
		"id": v.ID, "dashboardId": d.ID, "uid": d.UID, "parentVersion": v.Parent,
		"restoredFrom": v.RestoredFrom, "version": v.Number, "created": v.Saved.At.Format(time.RFC3339),
		"createdBy": v.Saved.By, "message": v.Message,
	}
}

func (s *Server) listVersions(r *request) answer {
	found := s.dashboardOf(r.PathValue("uid"))
	if found == nil {
		return failed(404, "Dashboard not found")
	}
	entries := []object{}
	start, _ := strconv.ParseInt(r.query.Get("start"), 10, 64)
	for _, version := range slices.Backward(found.Versions) {
		if start == 0 || version.Number <= start {
			entries = append(entries, version.entry(found))
		}
	}
	limit, _ := strconv.Atoi(r.query.Get("limit"))
	if limit > 0 && limit < len(entries) {
		entries = entries[:limit]
	}
	if s.release.versionsAreAnObject() {
		return ok(object{"continueToken": "", "versions": entries})
	}
	return ok(entries)
}

func (d *dashboard) numbered(wanted string) *version {
	for _, version := range d.Versions {
		if strconv.FormatInt(version.Number, 10) == wanted {
			return version
		}
	}
	return nil
}

var noVersion = failed(404, "Dashboard version not found")

func (s *Server) getVersion(r *request) answer {
	found := s.dashboardOf(r.PathValue("uid"))
	if found == nil {
		return failed(404, "Dashboard not found")
	}
	version := found.numbered(r.PathValue("version"))
	if version == nil {
		return noVersion
	}
	entry := version.entry(found)
	entry["data"] = s.shown(found, version)
	return ok(entry)
}

func (s *Server) restoreVersion(r *request) answer {
	var wanted struct{ Version int64 }
	if decode(r.body, &wanted) != nil {
		return badRequest
	}
	found := s.dashboardOf(r.PathValue("uid"))
	if found == nil {
		return failed(404, "Dashboard not found")
	}
	if found.Provisioned {
		return provisioned
	}
	version := found.numbered(strconv.FormatInt(wanted.Version, 10))
	if version == nil {
		return noVersion
	}
	if s.release.refusesSameRestore() && same(version.Spec, found.latest().Spec) {
		return failed(400, "Current dashboard is identical to the specified version")
	}
	message := "Restored from version " + strconv.FormatInt(wanted.Version, 10)
	s.addVersion(r, found, version.Spec, message, wanted.Version)
	return ok(savedBody(found))
}

// tagged is the dashboard's tags.
func (d *dashboard) tags() []string {
	tags := []string{}
	list, _ := d.latest().Spec["tags"].([]any)
	for _, tag := range list {
		tags = append(tags, text(tag))
	}
	return tags
}

func (s *Server) dashboardTags(*request) answer {
	counts := map[string]int{}
	for _, dashboard := range s.state.Dashboards {
		for _, tag := range dashboard.tags() {
			counts[tag]++
		}
	}
	found := []object{}
	for tag, count := range counts {
		found = append(found, object{"term": tag, "count": count})
	}
	return ok(found)
}

// page cuts a list as `limit` and `page` say.
func page(list []object, query url.Values, most int) []object {
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 || limit > 5000 {
		limit = most
	}
	number, _ := strconv.Atoi(query.Get("page"))
	from := min(max(number-1, 0)*limit, len(list))
	return list[from:min(from+limit, len(list))]
}
