package server

import (
	"encoding/json"
	"strings"
)

// wantedDashboard is one save.
type wantedDashboard struct {
	Dashboard    map[string]any `json:"dashboard"`
	FolderID     json.Number    `json:"folderId"`
	FolderUID    string         `json:"folderUid"`
	Message      string         `json:"message"`
	Overwrite    bool           `json:"overwrite"`
	RestoredFrom int64          `json:"-"`
}

var (
	noDashboard     = failedAs(404, "not-found", "Dashboard not found")
	versionMismatch = failedAs(412, "version-mismatch", "The dashboard has been changed by someone else")
	nameExists      = failedAs(412, "name-exists", "A dashboard with the same name in the folder already exists")
	provisioned     = failed(400, "Cannot save provisioned dashboard")
)

func (s *Server) dashboardOf(uid string) *dashboard {
	for _, dashboard := range s.state.Dashboards {
		if dashboard.UID == uid {
			return dashboard
		}
	}
	return nil
}

func (s *Server) dashboardByID(id int64) *dashboard {
	for _, dashboard := range s.state.Dashboards {
		if dashboard.ID == id {
			return dashboard
		}
	}
	return nil
}

func (d *dashboard) url() string { return "/d/" + d.UID + "/" + slug(d.title()) }

func (s *Server) saveDashboard(r *request) answer {
	var wanted wantedDashboard
	if decode(r.body, &wanted) != nil || wanted.Dashboard == nil {
		return badRequest
	}
	saved, refused := s.keep(r, wanted)
	if refused != nil {
		return *refused
	}
	return ok(savedBody(saved))
}

func savedBody(d *dashboard) object {
	return object{
		"id": d.ID, "uid": d.UID, "url": d.url(), "status": "success", "version": d.version(),
		"slug": slug(d.title()), "folderUid": d.FolderUID,
	}
}

// checkDashboard refuses what no dashboard may have.
func checkDashboard(wanted wantedDashboard) *answer {
	var refused answer
	uid := text(wanted.Dashboard["uid"])
	switch {
	case strings.TrimSpace(text(wanted.Dashboard["title"])) == "":
		refused = failedAs(400, "empty-name", "Dashboard title cannot be empty")
	case len(wanted.Message) > 500:
		refused = failed(400, "message too long, max 500 characters")
	case len(uid) > 40:
		refused = failed(400, "uid too long, max 40 characters")
	case !shortUID.MatchString(uid):
		refused = failed(400, "uid contains illegal characters")
	default:
		return nil
	}
	return &refused
}

// keep saves a dashboard, by the rules for its number, its uid, its version and its title.
func (s *Server) keep(r *request, wanted wantedDashboard) (*dashboard, *answer) {
	refuse := func(why answer) (*dashboard, *answer) { return nil, &why }
	spec := wanted.Dashboard
	spec["uid"] = strings.TrimSpace(text(spec["uid"]))
	if refused := checkDashboard(wanted); refused != nil {
		return nil, refused
	}
	parent, refused := s.parent(wanted)
	if refused != nil {
		return nil, refused
	}
	title, uid := strings.TrimSpace(text(spec["title"])), text(spec["uid"])
	id, _ := number(spec["id"])
	given, _ := number(spec["version"])

	var existing *dashboard
	if id > 0 {
		if existing = s.dashboardByID(id); existing == nil {
			return refuse(noDashboard)
		}
	}
	if byUID := s.dashboardOf(uid); uid != "" && byUID != nil {
		if existing != nil && existing != byUID {
			return refuse(failed(400, "A dashboard with the same uid already exists"))
		}
		existing = byUID
	}
	if uid != "" && s.folderOf(uid) != nil {
		return refuse(failed(400, "Dashboard cannot be changed to a folder"))
	}
	if existing != nil && existing.Provisioned {
		return refuse(provisioned)
	}
	if existing != nil && given != existing.version() && !wanted.Overwrite {
		return refuse(versionMismatch)
	}
	if existing != nil && existing.Plugin != "" && !wanted.Overwrite {
		return refuse(failedAs(412, "plugin-dashboard", "The dashboard belongs to plugin "+existing.Plugin))
	}
	if s.release.titlesAreUnique() {
		same, refused := s.sameTitle(existing, parent, title)
		if refused != nil {
			return nil, refused
		}
		if same != nil && !wanted.Overwrite {
			return refuse(nameExists)
		}
		if same != nil && same.Provisioned {
			return refuse(provisioned)
		}
		if same != nil {
			existing = same
		}
	}
	if existing == nil {
		existing = s.addDashboard(uid)
	} else if id > 0 && uid != "" {
		existing.UID = uid
	}
	existing.FolderUID = parent
	s.addVersion(r, existing, spec, wanted.Message, wanted.RestoredFrom)
	return existing, nil
}

// parent is the folder that a save names. One that names none moves the dashboard to the top.
func (s *Server) parent(wanted wantedDashboard) (string, *answer) {
	refused := failed(400, "folder not found")
	if wanted.FolderUID != "" && wanted.FolderUID != "general" {
		if s.folderOf(wanted.FolderUID) == nil {
			return "", &refused
		}
		return wanted.FolderUID, nil
	}
	id, _ := number(wanted.FolderID)
	if id == 0 || s.release.hasLongIDs() {
		return "", nil
	}
	for _, folder := range s.state.Folders {
		if folder.ID == id {
			return folder.UID, nil
		}
	}
	return "", &refused
}

// sameTitle is another dashboard of the folder with the title; a folder at the top is refused.
func (s *Server) sameTitle(own *dashboard, parent, title string) (*dashboard, *answer) {
	for _, folder := range s.state.Folders {
		if parent == folder.ParentUID && folder.Title == title {
			refused := failedAs(400, "name-match", "Dashboard name cannot be the same as folder")
			return nil, &refused
		}
	}
	for _, other := range s.state.Dashboards {
		if other != own && other.FolderUID == parent && other.title() == title {
			return other, nil
		}
	}
	return nil, nil
}

func (s *Server) addDashboard(uid string) *dashboard {
	if uid == "" {
		uid = newUID()
	}
	made := &dashboard{ID: s.nextID("dashboard"), UID: uid}
	s.state.Dashboards = append(s.state.Dashboards, made)
	return made
}

// addVersion keeps what was sent as the next version.
func (s *Server) addVersion(r *request, d *dashboard, spec map[string]any, message string, restored int64) {
	kept := clone(spec)
	kept["title"] = strings.TrimSpace(text(kept["title"]))
	for _, own := range []string{"id", "uid", "version"} {
		delete(kept, own)
	}
	d.NewSchema = false
	d.ResourceVersion = s.nextResourceVersion()
	if len(d.Versions) > 0 && s.release.countsChanges() && same(kept, d.latest().Spec) {
		return
	}
	next := &version{
		ID: s.nextID("version"), Number: 1, RestoredFrom: restored, Message: message,
		Saved: stamp{r.who.login, r.now}, Spec: kept,
	}
	if len(d.Versions) > 0 {
		next.Parent = d.version()
		next.Number = d.version() + 1
	}
	d.add(next)
}

func (s *Server) deleteDashboard(r *request) answer {
	found := s.dashboardOf(r.PathValue("uid"))
	if found == nil {
		return noDashboard
	}
	if found.Provisioned {
		return failed(400, "provisioned dashboard cannot be deleted")
	}
	s.state.Dashboards = without(s.state.Dashboards, found)
	body := object{"title": found.title(), "message": "Dashboard " + found.title() + " deleted"}
	if s.release.hasResources() {
		body["uid"] = found.UID
	} else {
		body["id"] = found.ID
	}
	return ok(body)
}
