package server

import (
	"slices"
	"strings"
)

func (s *Server) search(r *request) answer {
	found := []object{}
	kind := r.query.Get("type")
	if kind != "dash-db" {
		for _, folder := range s.state.Folders {
			if len(r.query["tag"]) == 0 && len(r.query["dashboardUIDs"]) == 0 && contains(folder.Title, r.query.Get("query")) &&
				inside(r.query["folderUIDs"], folder.ParentUID) {
				found = append(found, s.folderHit(folder))
			}
		}
	}
	if kind != "dash-folder" {
		for _, dashboard := range s.state.Dashboards {
			if s.hits(r, dashboard) {
				found = append(found, s.dashboardHit(dashboard))
			}
		}
	}
	slices.SortStableFunc(found, func(a, b object) int {
		return strings.Compare(strings.ToLower(text(a["title"])), strings.ToLower(text(b["title"])))
	})
	return ok(page(found, r.query, 1000))
}

// inside tells whether a folder is one of the wanted ones; none wanted means all. The top is
// `general` or nothing.
func inside(wanted []string, folder string) bool {
	if folder == "" && slices.Contains(wanted, "general") {
		return true
	}
	return len(wanted) == 0 || slices.Contains(wanted, folder)
}

func (s *Server) hits(r *request, d *dashboard) bool {
	for _, tag := range r.query["tag"] {
		if !slices.Contains(d.tags(), tag) {
			return false
		}
	}
	uids := append(slices.Clone(r.query["dashboardUIDs"]), r.query["dashboardUID"]...)
	return (len(uids) == 0 || slices.Contains(uids, d.UID)) &&
		contains(d.title(), r.query.Get("query")) && inside(r.query["folderUIDs"], d.FolderUID)
}

func (s *Server) hit(id int64, uid, title, url, kind, parent string) object {
	hit := object{
		"id": id, "uid": uid, "title": title, "uri": "db/" + slug(title), "url": url, "slug": "",
		"type": kind, "tags": []string{}, "isStarred": false, "sortMeta": 0,
	}
	if s.release.Major >= 11 {
		hit["orgId"], hit["isDeleted"] = 1, false
	}
	if above := s.folderOf(parent); above != nil {
		hit["folderId"], hit["folderUid"] = above.ID, above.UID
		hit["folderTitle"], hit["folderUrl"] = above.Title, above.url()
	}
	return hit
}

func (s *Server) folderHit(f *folder) object {
	return s.hit(f.ID, f.UID, f.Title, f.url(), "dash-folder", f.ParentUID)
}

func (s *Server) dashboardHit(d *dashboard) object {
	hit := s.hit(d.ID, d.UID, d.title(), d.url(), "dash-db", d.FolderUID)
	hit["tags"] = d.tags()
	return hit
}
