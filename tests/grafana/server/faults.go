package server

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is an answer that no rule gives, to the next requests that match.
type Fault struct {
	// Any method where empty.
	Method string `json:"method"`
	// What the path begins with.
	Path string `json:"path"`
	// So many matching requests are let through first.
	Skip int `json:"skip"`
	// So many get the fault then; 0 is 1, and below 0 all of them.
	Times int `json:"times"`
	// One of `kinds`.
	Kind string `json:"kind"`
	// Of `status` and `html`.
	Status int `json:"status"`
	// Seconds, of `status`.
	RetryAfter uint64 `json:"retryAfter"`
	// Milliseconds, of `slow`.
	Delay int `json:"delay"`
	// The body of `status` and of `garbage`; there is a default.
	Body string `json:"body"`
	// Whether the request does its work all the same, and only its answer is lost.
	Applied bool `json:"applied"`
}

// status: an error answer; garbage: 200 and no JSON; html: a page; half: the true answer, cut
// off in the middle; drop: the connection ends without an answer; never: no answer until the
// client goes; slow: the true answer, late. Half and slow always do the work.
var kinds = []string{"status", "garbage", "html", "half", "drop", "never", "slow"}

func (f *Fault) check() error {
	if !slices.Contains(kinds, f.Kind) {
		return fmt.Errorf("kind %q is none of %v", f.Kind, kinds)
	}
	if f.Kind == "status" && (f.Status < 200 || f.Status > 599) {
		return fmt.Errorf("status %d is no answer", f.Status)
	}
	if f.Times == 0 {
		f.Times = 1
	}
	return nil
}

type faults struct {
	mutex   sync.Mutex
	pending []*Fault
}

func (f *faults) add(fault *Fault) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.pending = append(f.pending, fault)
}

func (f *faults) list() []Fault {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	list := []Fault{}
	for _, fault := range f.pending {
		list = append(list, *fault)
	}
	return list
}

func (f *faults) empty() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.pending = nil
}

// take finds the first fault that matches and counts it.
func (f *faults) take(r *http.Request) *Fault {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, fault := range f.pending {
		if fault.Method != "" && fault.Method != r.Method || !strings.HasPrefix(r.URL.Path, fault.Path) {
			continue
		}
		if fault.Skip > 0 {
			fault.Skip--
			continue
		}
		if fault.Times > 0 {
			fault.Times--
			if fault.Times == 0 {
				f.pending = without(f.pending, fault)
			}
		}
		taken := *fault
		return &taken
	}
	return nil
}

const page200 = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"

func (f *Fault) answer(to *recorder, r *http.Request, work http.Handler) {
	body := f.Body
	switch f.Kind {
	case "status":
		if f.RetryAfter > 0 {
			to.Header().Set("Retry-After", strconv.FormatUint(f.RetryAfter, 10))
		}
		if body == "" {
			failed(f.Status, http.StatusText(f.Status)).send(to)
			return
		}
		f.plain(to, "application/json", f.Status, body)
	case "garbage":
		if body == "" {
			body = `{"dashboard": {"title": "half a th`
		}
		f.plain(to, "application/json", http.StatusOK, body)
	case "html":
		status := f.Status
		if status == 0 {
			status = http.StatusOK
		}
		f.plain(to, "text/html; charset=UTF-8", status, page200)
	case "half":
		whole := &blackHole{header: http.Header{}, recorder: to}
		work.ServeHTTP(whole, r)
		for name, values := range whole.header {
			to.Header()[name] = values
		}
		to.Header().Set("Content-Length", strconv.Itoa(len(whole.content)))
		to.WriteHeader(whole.status)
		_, _ = to.Write(whole.content[:len(whole.content)/2])
		_ = http.NewResponseController(to).Flush()
		panic(http.ErrAbortHandler)
	case "drop":
		panic(http.ErrAbortHandler)
	case "never":
		// Only after the body does the server notice that a client is gone.
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case "slow":
		select {
		case <-time.After(time.Duration(f.Delay) * time.Millisecond):
			work.ServeHTTP(to, r)
		case <-r.Context().Done():
		}
	}
}

func (f *Fault) plain(to http.ResponseWriter, kind string, status int, body string) {
	to.Header().Set("Content-Type", kind)
	to.Header().Set("Content-Length", strconv.Itoa(len(body)))
	to.WriteHeader(status)
	_, _ = io.WriteString(to, body)
}
