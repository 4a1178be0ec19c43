package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What data sources are reached with: never over a proxy of this machine.
var upstream = &http.Transport{Proxy: nil}

// forward is a route that talks to a data source, and so does not run alone.
func (s *Server) forward(pattern string, then http.HandlerFunc) {
	s.mux.HandleFunc(pattern, func(to http.ResponseWriter, r *http.Request) {
		s.admit(to, r, viewer, "datasources:query", func(identity) { then(to, r) })
	})
}

// target is a copy of a data source, for use without the mutex.
func (s *Server) target(uid string) (dataSource, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if found := s.dataSourceOf(uid, "", ""); found != nil {
		source := *found
		source.Secure = clone(found.Secure)
		return source, true
	}
	return dataSource{}, false
}

// authorize adds what the data source asks for.
func (d *dataSource) authorize(header http.Header) {
	header.Del("Authorization")
	if d.BasicAuth {
		request := http.Request{Header: header}
		request.SetBasicAuth(d.BasicAuthUser, d.Secure["basicAuthPassword"])
	}
	for name, secret := range d.Secure {
		if index, is := strings.CutPrefix(name, "httpHeaderValue"); is {
			header.Set(text(d.JSONData["httpHeaderName"+index]), secret)
		}
	}
}

func (s *Server) proxy(to http.ResponseWriter, r *http.Request) {
	source, found := s.target(r.PathValue("uid"))
	base, err := url.Parse(source.URL)
	if !found || err != nil {
		failed(404, "Unable to find datasource").send(to)
		return
	}
	rest := r.PathValue("rest")
	proxy := httputil.ReverseProxy{
		Transport: upstream,
		Rewrite: func(pr *httputil.ProxyRequest) {
			pr.Out.URL.Path, pr.Out.URL.RawPath = "/"+rest, ""
			pr.SetURL(base)
			source.authorize(pr.Out.Header)
		},
		ErrorHandler: func(to http.ResponseWriter, _ *http.Request, err error) {
			failed(http.StatusBadGateway, "Bad Gateway").send(to)
		},
	}
	proxy.ServeHTTP(to, r)
}

// ask sends a query to a Prometheus and gives back its result.
func (d *dataSource) ask(path string, form url.Values) (result, error) {
	var got struct {
		Status, Error string
		Data          result
	}
	address := strings.TrimSuffix(d.URL, "/") + path
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return got.Data, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.authorize(request.Header)
	client := http.Client{Transport: upstream, Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return got.Data, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, largestBody))
	if err != nil {
		return got.Data, err
	}
	if json.Unmarshal(body, &got) != nil || got.Status != "success" {
		return got.Data, fmt.Errorf("%d: %s", response.StatusCode, got.Error)
	}
	return got.Data, nil
}

type result struct {
	ResultType string
	Result     []struct {
		Metric map[string]string
		Value  [2]any
		Values [][2]any
	}
}

func (s *Server) dataSourceHealth(to http.ResponseWriter, r *http.Request) {
	source, found := s.target(r.PathValue("uid"))
	switch {
	case !found:
		noDataSource.send(to)
	case source.Type != "prometheus":
		failedWith(404, "plugin.notImplemented", "Method not implemented").send(to)
	default:
		_, err := source.ask("/api/v1/query", url.Values{"query": {"vector(1)"}})
		if err != nil {
			answer{status: 400, body: object{"status": "ERROR", "message": err.Error()}}.send(to)
			return
		}
		ok(object{"status": "OK", "message": "Successfully queried the Prometheus API."}).send(to)
	}
}

// query answers the queries of panels on a Prometheus: expressions, instant or over a range.
func (s *Server) query(to http.ResponseWriter, r *http.Request) {
	var wanted struct {
		From, To string
		Queries  []struct {
			RefID, Expr          string
			Datasource           struct{ UID string }
			Instant, Range       bool
			IntervalMs, MaxDataP int64
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(to, r.Body, largestBody))
	if err != nil || json.Unmarshal(body, &wanted) != nil || len(wanted.Queries) == 0 {
		badRequest.send(to)
		return
	}
	status, results := 200, object{}
	for _, query := range wanted.Queries {
		source, found := s.target(query.Datasource.UID)
		if !found {
			noDataSource.send(to)
			return
		}
		now := time.Now()
		from, until := moment(wanted.From, now), moment(wanted.To, now)
		form, path := url.Values{"query": {query.Expr}, "time": {until}}, "/api/v1/query"
		if !query.Instant {
			step := max(query.IntervalMs, 15_000)
			form = url.Values{"query": {query.Expr}, "start": {from}, "end": {until}, "step": {strconv.FormatInt(step/1000, 10)}}
			path = "/api/v1/query_range"
		}
		got, err := source.ask(path, form)
		if err != nil {
			status = 400
			results[query.RefID] = object{"error": err.Error(), "status": 400, "frames": []any{}}
			continue
		}
		results[query.RefID] = object{"status": 200, "frames": got.frames(query.RefID)}
	}
	answer{status: status, body: object{"results": results}}.send(to)
}

// moment is `now-6h` or milliseconds, as the seconds that Prometheus reads.
func moment(written string, now time.Time) string {
	at := now
	if offset, is := strings.CutPrefix(written, "now-"); is {
		if length, err := time.ParseDuration(offset); err == nil {
			at = now.Add(-length)
		}
	} else if milliseconds, err := strconv.ParseInt(written, 10, 64); err == nil {
		at = time.UnixMilli(milliseconds)
	}
	return strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)
}

// frames is one frame a series: its times and its values.
func (r result) frames(ref string) []object {
	frames := []object{}
	for _, series := range r.Result {
		points := series.Values
		if points == nil {
			points = [][2]any{series.Value}
		}
		times, values := []any{}, []any{}
		for _, point := range points {
			seconds, _ := point[0].(float64)
			value, _ := strconv.ParseFloat(text(point[1]), 64)
			times, values = append(times, int64(seconds*1000)), append(values, value)
		}
		frames = append(frames, object{
			"schema": object{"refId": ref, "fields": []object{
				{"name": "Time", "type": "time"}, {"name": "Value", "type": "number", "labels": series.Metric},
			}},
			"data": object{"values": []any{times, values}},
		})
	}
	return frames
}
