package server

import (
	"net/url"
	"regexp"
	"strconv"
)

var (
	shortUID = regexp.MustCompile(`^[a-zA-Z0-9\-_]*$`)
	// What the logos of the types that a test may use are called.
	typeNames = map[string]string{"prometheus": "Prometheus", "tempo": "Tempo", "loki": "Loki", "graphite": "Graphite"}
)

// wantedDataSource is what a client sends; a field that is left out is empty afterwards.
type wantedDataSource struct {
	UID             string            `json:"uid"`
	Name            string            `json:"name"`
	Type            string            `json:"type"`
	Access          string            `json:"access"`
	URL             string            `json:"url"`
	User            string            `json:"user"`
	Database        string            `json:"database"`
	BasicAuth       bool              `json:"basicAuth"`
	BasicAuthUser   string            `json:"basicAuthUser"`
	WithCredentials bool              `json:"withCredentials"`
	IsDefault       bool              `json:"isDefault"`
	JSONData        map[string]any    `json:"jsonData"`
	Secure          map[string]string `json:"secureJsonData"`
	Version         int64             `json:"version"`
}

func (s *Server) logo(kind string) string {
	if s.release.Major >= 12 {
		return "public/plugins/" + kind + "/img/" + kind + "_logo.svg"
	}
	return "public/app/plugins/datasource/" + kind + "/img/" + kind + "_logo.svg"
}

// listed is a data source's entry in the list.
func (s *Server) listed(d *dataSource) object {
	name := typeNames[d.Type]
	if name == "" {
		name = d.Type
	}
	return object{
		"id": d.ID, "uid": d.UID, "orgId": 1, "name": d.Name, "type": d.Type, "typeName": name,
		"typeLogoUrl": s.logo(d.Type), "access": d.Access, "url": d.URL, "user": d.User,
		"database": d.Database, "basicAuth": d.BasicAuth, "isDefault": d.IsDefault,
		"jsonData": orEmpty(d.JSONData), "readOnly": d.ReadOnly,
	}
}

// whole is a data source by itself. Of its secrets it has the names only.
func (s *Server) whole(d *dataSource) object {
	body := s.listed(d)
	delete(body, "typeName")
	secure := object{}
	for name := range d.Secure {
		secure[name] = true
	}
	body["typeLogoUrl"] = ""
	body["basicAuthUser"] = d.BasicAuthUser
	body["withCredentials"] = d.WithCredentials
	body["secureJsonFields"] = secure
	body["version"] = d.Version
	return body
}

func orEmpty(fields map[string]any) map[string]any {
	if fields == nil {
		return object{}
	}
	return fields
}

func (s *Server) listDataSources(*request) answer {
	found := []object{}
	for _, source := range s.state.DataSources {
		found = append(found, s.listed(source))
	}
	return ok(found)
}

// dataSourceOf finds a data source by what the address names: a uid, a name or a number.
func (s *Server) dataSourceOf(uid, name, id string) *dataSource {
	for _, source := range s.state.DataSources {
		if uid != "" && source.UID == uid || name != "" && source.Name == name ||
			id != "" && strconv.FormatInt(source.ID, 10) == id {
			return source
		}
	}
	return nil
}

func (s *Server) addressed(r *request) *dataSource {
	return s.dataSourceOf(r.PathValue("uid"), r.PathValue("name"), r.PathValue("id"))
}

var noDataSource = failed(404, "Data source not found")

func (s *Server) getDataSource(r *request) answer {
	if source := s.addressed(r); source != nil {
		return ok(s.whole(source))
	}
	return noDataSource
}

func (s *Server) getDataSourceID(r *request) answer {
	if source := s.dataSourceOf("", r.PathValue("name"), ""); source != nil {
		return ok(object{"id": source.ID})
	}
	return noDataSource
}

// check refuses what no data source may have.
func (s *Server) check(r *request) (wantedDataSource, *answer) {
	var wanted wantedDataSource
	refused := badRequest
	if decode(r.body, &wanted) != nil || wanted.Name == "" || wanted.Type == "" {
		return wanted, &refused
	}
	if _, err := url.Parse(wanted.URL); err != nil {
		refused = failed(400, "Validation error, invalid URL: "+strconv.Quote(wanted.URL))
		return wanted, &refused
	}
	if s.release.refusesDataSourceUIDs() && (!shortUID.MatchString(wanted.UID) || len(wanted.UID) > 40) {
		refused = failed(400, "invalid format of UID")
		return wanted, &refused
	}
	if wanted.Access == "" {
		wanted.Access = "proxy"
	}
	return wanted, nil
}

func (s *Server) createDataSource(r *request) answer {
	wanted, refused := s.check(r)
	if refused != nil {
		return *refused
	}
	if s.dataSourceOf("", wanted.Name, "") != nil {
		return failed(409, "data source with the same name already exists")
	}
	if wanted.UID != "" && s.dataSourceOf(wanted.UID, "", "") != nil {
		return failed(409, "data source with the same uid already exists")
	}
	if wanted.UID == "" {
		wanted.UID = newUID()
	}
	made := &dataSource{ID: s.nextID("datasource"), Version: 1}
	s.state.DataSources = append(s.state.DataSources, made)
	s.fill(made, wanted)
	return s.saved(made, "Datasource added")
}

func (s *Server) saved(d *dataSource, message string) answer {
	return ok(object{"datasource": s.whole(d), "id": d.ID, "message": message, "name": d.Name})
}

func (s *Server) fill(d *dataSource, wanted wantedDataSource) {
	if wanted.IsDefault {
		for _, other := range s.state.DataSources {
			other.IsDefault = false
		}
	}
	d.UID, d.Name, d.Type, d.Access, d.URL = wanted.UID, wanted.Name, wanted.Type, wanted.Access, wanted.URL
	d.User, d.Database, d.JSONData, d.IsDefault = wanted.User, wanted.Database, wanted.JSONData, wanted.IsDefault
	d.BasicAuth, d.BasicAuthUser, d.WithCredentials = wanted.BasicAuth, wanted.BasicAuthUser, wanted.WithCredentials
	if d.Secure == nil {
		d.Secure = map[string]string{}
	}
	// A secret that is left out stays.
	for name, secret := range wanted.Secure {
		d.Secure[name] = secret
	}
}

func (s *Server) updateDataSource(r *request) answer {
	wanted, refused := s.check(r)
	if refused != nil {
		return *refused
	}
	source := s.addressed(r)
	if source == nil {
		return noDataSource
	}
	if source.ReadOnly {
		return failed(403, "Cannot update read-only data source")
	}
	if other := s.dataSourceOf("", wanted.Name, ""); other != nil && other != source {
		return failed(409, "Failed to update datasource: data source with the same name already exists")
	}
	if wanted.UID == "" {
		wanted.UID = source.UID
	}
	if other := s.dataSourceOf(wanted.UID, "", ""); other != nil && other != source {
		return failed(409, "Failed to update datasource: data source with the same uid already exists")
	}
	// A newer version than ours is let through; none at all is not checked, and starts anew.
	if wanted.Version != 0 && wanted.Version < source.Version {
		return failed(409, "Datasource has already been updated by someone else. Please reload and try again")
	}
	source.Version = wanted.Version + 1
	s.fill(source, wanted)
	return s.saved(source, "Datasource updated")
}

func (s *Server) deleteDataSource(r *request) answer {
	source := s.addressed(r)
	if source == nil {
		return noDataSource
	}
	if source.ReadOnly {
		return failed(403, "Cannot delete read-only data source")
	}
	s.state.DataSources = without(s.state.DataSources, source)
	return ok(object{"message": "Data source deleted", "id": source.ID})
}
