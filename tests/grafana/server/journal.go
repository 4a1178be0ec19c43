package server

import (
	"net/http"
	"strings"
	"sync"
)

// Entry is a request that came in.
type Entry struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Query  string `json:"query"`
	// 0 where no answer was sent.
	Status int `json:"status"`
	// The login, or nothing where nobody was authenticated.
	As string `json:"as"`
	// The kind of the fault that answered.
	Fault string `json:"fault"`
	// Whether it is one that changes something.
	Write bool `json:"write"`
}

// journal is every request since it was last emptied, in the order of arrival.
type journal struct {
	mutex   sync.Mutex
	entries []*Entry
}

func (j *journal) open(r *http.Request) *Entry {
	entry := &Entry{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Write: writes(r)}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.entries = append(j.entries, entry)
	return entry
}

func writes(r *http.Request) bool {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
	asking := r.URL.Path == "/api/ds/query" || strings.HasPrefix(r.URL.Path, "/api/datasources/proxy/")
	return !reading && !asking
}

// edit changes an entry, which may be listed already.
func (j *journal) edit(entry *Entry, change func(*Entry)) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	change(entry)
}

func (j *journal) list() []Entry {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	list := []Entry{}
	for _, entry := range j.entries {
		list = append(list, *entry)
	}
	return list
}

func (j *journal) empty() {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.entries = nil
}

// recorder writes down what is answered, before a client can know it.
type recorder struct {
	http.ResponseWriter
	journal *journal
	entry   *Entry
	status  int
}

func (r *recorder) note(change func(*Entry)) { r.journal.edit(r.entry, change) }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
		r.note(func(e *Entry) { e.Status = status })
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(content []byte) (int, error) {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	return r.ResponseWriter.Write(content)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// blackHole takes an answer that nobody gets to see.
type blackHole struct {
	header   http.Header
	recorder *recorder
	status   int
	content  []byte
}

func (b *blackHole) note(change func(*Entry)) { b.recorder.note(change) }
func (b *blackHole) Header() http.Header      { return b.header }
func (b *blackHole) WriteHeader(status int)   { b.status = status }
func (b *blackHole) Write(content []byte) (int, error) {
	if b.status == 0 {
		b.status = http.StatusOK
	}
	b.content = append(b.content, content...)
	return len(content), nil
}
