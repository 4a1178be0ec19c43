package server

import "net/http"

// routes names every address that is answered; all others are 404.
func (s *Server) routes() {
	s.open("GET /api/health", s.health)
	s.mux.HandleFunc("GET /{$}", func(to http.ResponseWriter, r *http.Request) {
		http.Redirect(to, r, "/login", http.StatusFound)
	})
	s.mux.HandleFunc("GET /login", func(to http.ResponseWriter, _ *http.Request) {
		to.Header().Set("Content-Type", "text/html; charset=UTF-8")
		_, _ = to.Write([]byte("<!DOCTYPE html><title>stand-in</title><p>A stand-in for tests has no pages."))
	})
	s.mux.HandleFunc("/", func(to http.ResponseWriter, r *http.Request) {
		s.admit(to, r, viewer, "", func(identity) { failed(404, "Not found").send(to) })
	})

	s.handle(viewer, "", "GET /api/org", s.organization)
	s.handle(viewer, "", "GET /api/user", s.profile)
	s.handle(viewer, "", "PUT /api/user/password", s.changePassword)
	s.handle(admin, "serviceaccounts:create", "POST /api/serviceaccounts", s.createAccount)
	s.handle(admin, "serviceaccounts:read", "GET /api/serviceaccounts/search", s.searchAccounts)
	s.handle(admin, "serviceaccounts:write", "POST /api/serviceaccounts/{id}/tokens", s.createToken)
	s.handle(admin, "serviceaccounts:write", "DELETE /api/serviceaccounts/{id}/tokens/{token}", s.deleteToken)

	const read, create, write, remove = "datasources:read", "datasources:create", "datasources:write", "datasources:delete"
	s.handle(admin, read, "GET /api/datasources", s.listDataSources)
	s.handle(admin, create, "POST /api/datasources", s.createDataSource)
	s.handle(admin, read, "GET /api/datasources/uid/{uid}", s.getDataSource)
	s.handle(admin, read, "GET /api/datasources/name/{name}", s.getDataSource)
	s.handle(admin, read, "GET /api/datasources/{id}", s.getDataSource)
	s.handle(viewer, "datasources.id:read", "GET /api/datasources/id/{name}", s.getDataSourceID)
	s.handle(admin, write, "PUT /api/datasources/uid/{uid}", s.updateDataSource)
	s.handle(admin, write, "PUT /api/datasources/{id}", s.updateDataSource)
	s.handle(admin, remove, "DELETE /api/datasources/uid/{uid}", s.deleteDataSource)
	s.handle(admin, remove, "DELETE /api/datasources/name/{name}", s.deleteDataSource)
	s.handle(admin, remove, "DELETE /api/datasources/{id}", s.deleteDataSource)
	s.forward("GET /api/datasources/uid/{uid}/health", s.dataSourceHealth)
	s.forward("/api/datasources/proxy/uid/{uid}/{rest...}", s.proxy)
	s.forward("POST /api/ds/query", s.query)

	s.handle(viewer, "folders:read", "GET /api/folders", s.listFolders)
	s.handle(editor, "folders:create", "POST /api/folders", s.createFolder)
	s.handle(viewer, "folders:read", "GET /api/folders/{uid}", s.getFolder)
	s.handle(viewer, "folders:read", "GET /api/folders/{uid}/{what}", s.countFolder)
	s.handle(viewer, "folders:read", "GET /api/folders/id/{id}", s.getFolder)
	s.handle(editor, "folders:write", "PUT /api/folders/{uid}", s.updateFolder)
	s.handle(editor, "folders:write", "POST /api/folders/{uid}/move", s.moveFolder)
	s.handle(editor, "folders:delete", "DELETE /api/folders/{uid}", s.deleteFolder)

	s.handle(editor, "dashboards:create", "POST /api/dashboards/db", s.saveDashboard)
	s.handle(viewer, "dashboards:read", "GET /api/dashboards/uid/{uid}", s.getDashboard)
	s.handle(editor, "dashboards:delete", "DELETE /api/dashboards/uid/{uid}", s.deleteDashboard)
	s.handle(viewer, "dashboards:read", "GET /api/dashboards/uid/{uid}/versions", s.listVersions)
	s.handle(viewer, "dashboards:read", "GET /api/dashboards/uid/{uid}/versions/{version}", s.getVersion)
	s.handle(editor, "dashboards:write", "POST /api/dashboards/uid/{uid}/restore", s.restoreVersion)
	s.handle(viewer, "dashboards:read", "GET /api/dashboards/tags", s.dashboardTags)
	s.handle(viewer, "", "GET /api/search", s.search)

	s.handle(viewer, "annotations:read", "GET /api/annotations", s.findAnnotations)
	s.handle(editor, "annotations:create", "POST /api/annotations", s.createAnnotation)
	s.handle(editor, "annotations:delete", "DELETE /api/annotations/{id}", s.deleteAnnotation)

	if s.release.hasResources() {
		s.resourceRoutes()
	}
}
