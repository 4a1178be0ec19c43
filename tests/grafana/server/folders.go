package server

import (
	"strconv"
	"strings"
	"time"
)

var noFolder = failedAs(404, "not-found", "folder not found")

func (s *Server) folderOf(uid string) *folder {
	for _, folder := range s.state.Folders {
		if folder.UID == uid {
			return folder
		}
	}
	return nil
}

func (f *folder) url() string { return "/dashboards/f/" + f.UID + "/" + slug(f.Title) }

func (s *Server) folderBody(f *folder, who identity) object {
	may := who.role >= editor
	body := object{
		"id": f.ID, "orgId": 1, "uid": f.UID, "title": f.Title, "url": f.url(), "hasAcl": false,
		"canSave": may, "canEdit": may, "canAdmin": may, "canDelete": may,
		"createdBy": f.Created.By, "created": f.Created.At.Format(time.RFC3339),
		"updatedBy": f.Updated.By, "updated": f.Updated.At.Format(time.RFC3339), "version": f.Version,
	}
	if f.ParentUID != "" {
		parents := []object{}
		for above := s.folderOf(f.ParentUID); above != nil; above = s.folderOf(above.ParentUID) {
			parents = append([]object{{"id": above.ID, "uid": above.UID, "title": above.Title, "url": above.url()}}, parents...)
		}
		body["parentUid"] = f.ParentUID
		body["parents"] = parents
	}
	return body
}

func (s *Server) listFolders(r *request) answer {
	found := []object{}
	for _, folder := range s.state.Folders {
		if folder.ParentUID != r.query.Get("parentUid") {
			continue
		}
		entry := object{"id": folder.ID, "uid": folder.UID, "title": folder.Title}
		if folder.ParentUID != "" {
			entry["parentUid"] = folder.ParentUID
		}
		found = append(found, entry)
	}
	return ok(page(found, r.query, 1000))
}

func (s *Server) getFolder(r *request) answer {
	for _, folder := range s.state.Folders {
		if folder.UID == r.PathValue("uid") || strconv.FormatInt(folder.ID, 10) == r.PathValue("id") {
			return ok(s.folderBody(folder, r.who))
		}
	}
	return noFolder
}

// checkFolder refuses a title and a uid that no folder may have.
func checkFolder(uid, title string) *answer {
	var refused answer
	switch {
	case strings.TrimSpace(title) == "":
		refused = failed(400, "folder title cannot be empty")
	case len(uid) > 40:
		refused = failed(400, "uid too long, max 40 characters")
	case !shortUID.MatchString(uid):
		refused = failed(400, "uid contains illegal characters")
	default:
		return nil
	}
	return &refused
}

// titleTaken tells whether another folder, or at the top a dashboard, has the title.
func (s *Server) titleTaken(own *folder, parent, title string) bool {
	if !s.release.titlesAreUnique() {
		return false
	}
	for _, other := range s.state.Folders {
		if other != own && other.ParentUID == parent && other.Title == title {
			return true
		}
	}
	for _, dashboard := range s.state.Dashboards {
		if parent == "" && dashboard.FolderUID == "" && dashboard.title() == title {
			return true
		}
	}
	return false
}

var titleTaken = failed(409, "a folder or dashboard in the general folder with the same name already exists")

func (s *Server) createFolder(r *request) answer {
	var wanted struct{ UID, Title, ParentUID string }
	if decode(r.body, &wanted) != nil {
		return badRequest
	}
	if refused := checkFolder(wanted.UID, wanted.Title); refused != nil {
		return *refused
	}
	if wanted.ParentUID != "" && s.folderOf(wanted.ParentUID) == nil {
		return noFolder
	}
	if wanted.UID != "" && (s.folderOf(wanted.UID) != nil || s.dashboardOf(wanted.UID) != nil) {
		return s.release.takenFolderUID()
	}
	if s.titleTaken(nil, wanted.ParentUID, wanted.Title) {
		return titleTaken
	}
	return ok(s.folderBody(s.addFolder(r, wanted.UID, wanted.ParentUID, wanted.Title), r.who))
}

func (s *Server) addFolder(r *request, uid, parent, title string) *folder {
	if uid == "" {
		uid = newUID()
	}
	now := stamp{r.who.login, r.now}
	made := &folder{
		ID: s.nextID("dashboard"), UID: uid, ParentUID: parent, Title: title, Created: now, Updated: now,
		Version: 1, ResourceVersion: s.nextResourceVersion(),
	}
	s.state.Folders = append(s.state.Folders, made)
	return made
}

func (s *Server) updateFolder(r *request) answer {
	var wanted struct {
		Title     string
		Version   int64
		Overwrite bool
	}
	if decode(r.body, &wanted) != nil {
		return badRequest
	}
	found := s.folderOf(r.PathValue("uid"))
	if found == nil {
		return noFolder
	}
	if refused := checkFolder(found.UID, wanted.Title); refused != nil {
		return *refused
	}
	if wanted.Version != found.Version && !wanted.Overwrite {
		return failedAs(412, "version-mismatch", "the folder has been changed by someone else")
	}
	if s.titleTaken(found, found.ParentUID, wanted.Title) {
		return titleTaken
	}
	s.changeFolder(r, found, found.ParentUID, wanted.Title)
	return ok(s.folderBody(found, r.who))
}

func (s *Server) changeFolder(r *request, found *folder, parent, title string) {
	found.ParentUID, found.Title = parent, title
	found.Version++
	found.Updated = stamp{r.who.login, r.now}
	found.ResourceVersion = s.nextResourceVersion()
}

func (s *Server) moveFolder(r *request) answer {
	var wanted struct{ ParentUID string }
	if decode(r.body, &wanted) != nil {
		return badRequest
	}
	found := s.folderOf(r.PathValue("uid"))
	if found == nil || wanted.ParentUID != "" && s.folderOf(wanted.ParentUID) == nil {
		return noFolder
	}
	for above := s.folderOf(wanted.ParentUID); above != nil; above = s.folderOf(above.ParentUID) {
		if above == found {
			return failed(400, "folder cannot be parent of itself")
		}
	}
	s.changeFolder(r, found, wanted.ParentUID, found.Title)
	return ok(s.folderBody(found, r.who))
}

func (s *Server) deleteFolder(r *request) answer {
	found := s.folderOf(r.PathValue("uid"))
	if found == nil {
		return noFolder
	}
	if found.AlertRules > 0 {
		return failed(400, "folder cannot be deleted: folder contains alert rules")
	}
	s.removeFolder(found)
	return ok(object{"id": found.ID, "title": found.Title, "message": "Folder " + found.Title + " deleted"})
}

// countFolder counts what lies below a folder. Its route cannot name `counts`, which is as
// special as the one of `id`.
func (s *Server) countFolder(r *request) answer {
	if r.PathValue("what") != "counts" {
		return failed(404, "Not found")
	}
	found := s.folderOf(r.PathValue("uid"))
	if found == nil {
		return noFolder
	}
	counts := map[string]int64{"alertrule": found.AlertRules, "librarypanel": found.LibraryPanels, "folder": 0, "dashboard": 0}
	for _, folder := range s.state.Folders {
		if folder.ParentUID == found.UID {
			counts["folder"]++
		}
	}
	for _, dashboard := range s.state.Dashboards {
		if dashboard.FolderUID == found.UID {
			counts["dashboard"]++
		}
	}
	return ok(counts)
}

// removeFolder takes everything below the folder with it.
func (s *Server) removeFolder(gone *folder) {
	for _, below := range append([]*folder{}, s.state.Folders...) {
		if below.ParentUID == gone.UID {
			s.removeFolder(below)
		}
	}
	for _, inside := range append([]*dashboard{}, s.state.Dashboards...) {
		if inside.FolderUID == gone.UID {
			s.state.Dashboards = without(s.state.Dashboards, inside)
		}
	}
	s.state.Folders = without(s.state.Folders, gone)
}
