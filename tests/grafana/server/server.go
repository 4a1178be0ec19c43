// Package server answers as the published HTTP API documentation of Grafana 10 to 13 says that
// a server does. It was written from that documentation and has not been compared with a real
// server.
package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

var errTrailing = errors.New("something follows the JSON value")

// Bodies are dashboards at most.
const largestBody = 16 << 20

// Options say what is served.
type Options struct {
	Release Release
	// Where the state is kept.
	Folder string
	// Both are taken on an empty folder only.
	AdminUser, AdminPassword string
}

// Server holds the state and answers requests.
type Server struct {
	release Release
	folder  string
	mux     *http.ServeMux
	journal journal
	faults  faults

	// The rest is read and written with the mutex held.
	mutex sync.Mutex
	state state
	// What reading raises the schema version to; 0 leaves it.
	raiseTo int64
}

// request is what a rule looks at.
type request struct {
	*http.Request
	query url.Values
	body  []byte
	who   identity
	now   time.Time
}

// rule decides the answer to a request. It runs alone.
type rule func(*request) answer

// New opens the state or, where there is none, makes it with its first user.
func New(options Options) (*Server, error) {
	s := &Server{release: options.Release, folder: options.Folder, mux: http.NewServeMux()}
	if err := os.MkdirAll(s.folder, 0o755); err != nil {
		return nil, err
	}
	found, err := s.load()
	if err != nil {
		return nil, fmt.Errorf("cannot read the state: %w", err)
	}
	if !found {
		s.state.IDs = map[string]int64{"user": 1}
		s.state.Users = []*user{{
			ID: 1, Login: options.AdminUser, Password: digestOf(options.AdminPassword), Created: time.Now(),
		}}
	}
	s.routes()
	return s, s.save()
}

// ServeHTTP answers a request of the API and writes it down.
func (s *Server) ServeHTTP(to http.ResponseWriter, r *http.Request) {
	entry := s.journal.open(r)
	recorder := &recorder{ResponseWriter: to, journal: &s.journal, entry: entry}
	fault := s.faults.take(r)
	if fault == nil {
		s.mux.ServeHTTP(recorder, r)
		return
	}
	recorder.note(func(e *Entry) { e.Fault = fault.Kind })
	if fault.Applied {
		s.mux.ServeHTTP(&blackHole{header: http.Header{}, recorder: recorder}, r)
	}
	fault.answer(recorder, r, s.mux)
}

// open is a route that needs no authentication.
func (s *Server) open(pattern string, rule rule) {
	s.mux.HandleFunc(pattern, func(to http.ResponseWriter, r *http.Request) {
		s.run(to, r, rule, identity{})
	})
}

// handle is a route for those who have the role; `permission` is what others are told they lack.
func (s *Server) handle(role int, permission, pattern string, rule rule) {
	s.mux.HandleFunc(pattern, func(to http.ResponseWriter, r *http.Request) {
		s.admit(to, r, role, permission, func(who identity) { s.run(to, r, rule, who) })
	})
}

// admit goes on for those who have the role.
func (s *Server) admit(to http.ResponseWriter, r *http.Request, role int, permission string, then func(identity)) {
	s.mutex.Lock()
	who, refused := s.authenticate(r)
	s.mutex.Unlock()
	if refused != nil {
		refused.send(to)
		return
	}
	if teller, is := to.(interface{ note(func(*Entry)) }); is {
		teller.note(func(e *Entry) { e.As = who.login })
	}
	if who.role < role {
		denied(permission).send(to)
		return
	}
	then(who)
}

func (s *Server) run(to http.ResponseWriter, r *http.Request, rule rule, who identity) {
	body, err := io.ReadAll(http.MaxBytesReader(to, r.Body, largestBody))
	if err != nil {
		badRequest.send(to)
		return
	}
	s.mutex.Lock()
	given := rule(&request{Request: r, query: r.URL.Query(), body: body, who: who, now: time.Now().UTC()})
	if r.Method != http.MethodGet && given.status < 300 {
		err = s.save()
	}
	s.mutex.Unlock()
	if err != nil {
		given = failed(500, err.Error())
	}
	given.send(to)
}
