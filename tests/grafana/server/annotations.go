package server

import (
	"slices"
	"strconv"
)

func (s *Server) createAnnotation(r *request) answer {
	var wanted struct {
		DashboardUID  string
		PanelID       int64
		Time, TimeEnd int64
		Tags          []string
		Text          string
		Data          map[string]any
	}
	if decode(r.body, &wanted) != nil {
		return badRequest
	}
	if wanted.Text == "" {
		return failed(400, "Failed to save annotation")
	}
	if wanted.DashboardUID != "" && s.dashboardOf(wanted.DashboardUID) == nil {
		return noDashboard
	}
	if wanted.Time == 0 {
		wanted.Time = r.now.UnixMilli()
	}
	if wanted.TimeEnd == 0 {
		wanted.TimeEnd = wanted.Time
	}
	if wanted.Tags == nil {
		wanted.Tags = []string{}
	}
	made := &annotation{
		ID: s.nextID("annotation"), DashboardUID: wanted.DashboardUID, PanelID: wanted.PanelID,
		Time: wanted.Time, TimeEnd: wanted.TimeEnd, Text: wanted.Text, Tags: wanted.Tags, Data: wanted.Data,
		Created: stamp{r.who.login, r.now},
	}
	s.state.Annotations = append(s.state.Annotations, made)
	return ok(object{"id": made.ID, "message": "Annotation added"})
}

func (s *Server) findAnnotations(r *request) answer {
	from, _ := strconv.ParseInt(r.query.Get("from"), 10, 64)
	to, _ := strconv.ParseInt(r.query.Get("to"), 10, 64)
	limit, err := strconv.Atoi(r.query.Get("limit"))
	if err != nil || limit < 1 {
		limit = 100
	}
	found := []object{}
	for _, a := range slices.Backward(s.state.Annotations) {
		within := (from == 0 || a.TimeEnd >= from) && (to == 0 || a.Time <= to)
		uid := r.query.Get("dashboardUID")
		if within && a.tagged(r.query["tags"], r.query.Get("matchAny") == "true") &&
			(uid == "" || uid == a.DashboardUID) && len(found) < limit {
			found = append(found, s.annotationBody(a))
		}
	}
	return ok(found)
}

func (a *annotation) tagged(wanted []string, any bool) bool {
	has := func(tag string) bool { return slices.Contains(a.Tags, tag) }
	if any {
		return len(wanted) == 0 || slices.ContainsFunc(wanted, has)
	}
	return !slices.ContainsFunc(wanted, func(tag string) bool { return !has(tag) })
}

func (s *Server) annotationBody(a *annotation) object {
	var dashboard int64
	var uid any
	if found := s.dashboardOf(a.DashboardUID); found != nil {
		dashboard, uid = found.ID, found.UID
	}
	return object{
		"id": a.ID, "alertId": 0, "alertName": "", "dashboardId": dashboard, "dashboardUID": uid,
		"panelId": a.PanelID, "userId": 1, "newState": "", "prevState": "",
		"created": a.Created.At.UnixMilli(), "updated": a.Created.At.UnixMilli(), "time": a.Time,
		"timeEnd": a.TimeEnd, "text": a.Text, "tags": a.Tags, "login": a.Created.By, "email": "",
		"avatarUrl": "/avatar/stand-in", "data": orEmpty(a.Data),
	}
}

func (s *Server) deleteAnnotation(r *request) answer {
	for _, annotation := range s.state.Annotations {
		if strconv.FormatInt(annotation.ID, 10) == r.PathValue("id") {
			s.state.Annotations = without(s.state.Annotations, annotation)
			return ok(object{"message": "Annotation deleted"})
		}
	}
	return failed(404, "Could not find annotation to update")
}
