package server

import (
	"io"
	"net/http"
)

// Control is what a test asks of the stand-in itself, on a listener of its own.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /requests", func(to http.ResponseWriter, _ *http.Request) {
		ok(s.journal.list()).send(to)
	})
	mux.HandleFunc("DELETE /requests", func(to http.ResponseWriter, _ *http.Request) {
		s.journal.empty()
		ok(object{}).send(to)
	})
	mux.HandleFunc("GET /faults", func(to http.ResponseWriter, _ *http.Request) {
		ok(s.faults.list()).send(to)
	})
	mux.HandleFunc("DELETE /faults", func(to http.ResponseWriter, _ *http.Request) {
		s.faults.empty()
		ok(object{}).send(to)
	})
	mux.HandleFunc("POST /faults", s.addFault)
	mux.HandleFunc("POST /marks", s.mark)
	mux.HandleFunc("POST /settings", s.set)
	return mux
}

func order(to http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(to, r.Body, largestBody))
	if err == nil {
		err = decode(body, into)
	}
	if err != nil {
		failed(400, err.Error()).send(to)
	}
	return err == nil
}

func (s *Server) addFault(to http.ResponseWriter, r *http.Request) {
	var fault Fault
	if !order(to, r, &fault) {
		return
	}
	if err := fault.check(); err != nil {
		failed(400, err.Error()).send(to)
		return
	}
	s.faults.add(&fault)
	ok(object{}).send(to)
}

// mark says of an object what only files and plugins could say of it.
func (s *Server) mark(to http.ResponseWriter, r *http.Request) {
	var wanted struct {
		Dashboard   string
		Provisioned bool
		ExternalID  string
		Plugin      string
		NewSchema   bool
		DataSource  string
		ReadOnly    bool
		Folder      string
		AlertRules  int64

		LibraryPanels int64
	}
	if !order(to, r, &wanted) {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	dashboard, source := s.dashboardOf(wanted.Dashboard), s.dataSourceOf(wanted.DataSource, "", "")
	switch {
	case dashboard != nil:
		dashboard.Provisioned, dashboard.ExternalID = wanted.Provisioned, wanted.ExternalID
		dashboard.Plugin, dashboard.NewSchema = wanted.Plugin, wanted.NewSchema
	case s.folderOf(wanted.Folder) != nil:
		folder := s.folderOf(wanted.Folder)
		folder.AlertRules, folder.LibraryPanels = wanted.AlertRules, wanted.LibraryPanels
	case source != nil:
		source.ReadOnly = wanted.ReadOnly
	default:
		failed(404, "no such object").send(to)
		return
	}
	if err := s.save(); err != nil {
		failed(500, err.Error()).send(to)
		return
	}
	ok(object{}).send(to)
}

func (s *Server) set(to http.ResponseWriter, r *http.Request) {
	var wanted struct{ SchemaVersion int64 }
	if !order(to, r, &wanted) {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.raiseTo = wanted.SchemaVersion
	ok(object{}).send(to)
}
