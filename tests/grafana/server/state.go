package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Kept are the versions of a dashboard that stay (`versions_to_keep`).
const keptVersions = 20

type state struct {
	IDs             map[string]int64
	ResourceVersion int64
	Users           []*user
	Accounts        []*account
	DataSources     []*dataSource
	Folders         []*folder
	Dashboards      []*dashboard
	Annotations     []*annotation
}

type user struct {
	ID       int64
	Login    string
	Password digest
	Created  time.Time
}

// account is a service account.
type account struct {
	ID     int64
	Name   string
	Role   string
	Tokens []*token
}

type token struct {
	ID     int64
	Name   string
	Digest digest
}

type dataSource struct {
	ID              int64
	UID             string
	Name            string
	Type            string
	Access          string
	URL             string
	User            string
	Database        string
	BasicAuth       bool
	BasicAuthUser   string
	WithCredentials bool
	IsDefault       bool
	JSONData        map[string]any
	Secure          map[string]string
	Version         int64
	ReadOnly        bool
}

type folder struct {
	ID              int64
	UID             string
	ParentUID       string
	Title           string
	Created         stamp
	Updated         stamp
	Version         int64
	ResourceVersion int64
	AlertRules      int64
	LibraryPanels   int64
}

// stamp is who did something, and when.
type stamp struct {
	By string
	At time.Time
}

type dashboard struct {
	ID          int64
	UID         string
	FolderUID   string
	Versions    []*version
	Provisioned bool
	ExternalID  string
	Plugin      string
	// Saved by pages that use the new schema.
	NewSchema       bool
	ResourceVersion int64
}

type version struct {
	ID           int64
	Number       int64
	Parent       int64
	RestoredFrom int64
	Message      string
	Saved        stamp
	// Without `id`, `uid` and `version`, which the server puts in.
	Spec map[string]any
}

type annotation struct {
	ID           int64
	DashboardUID string
	PanelID      int64
	Time         int64
	TimeEnd      int64
	Text         string
	Tags         []string
	Data         map[string]any
	Created      stamp
}

func (d *dashboard) latest() *version { return d.Versions[len(d.Versions)-1] }
func (d *dashboard) title() string    { return text(d.latest().Spec["title"]) }
func (d *dashboard) version() int64   { return d.latest().Number }

// add appends a version and forgets the oldest.
func (d *dashboard) add(next *version) {
	d.Versions = append(d.Versions, next)
	if extra := len(d.Versions) - keptVersions; extra > 0 {
		d.Versions = d.Versions[extra:]
	}
}

// text is the value if it is a string.
func text(value any) string {
	found, _ := value.(string)
	return found
}

func (s *Server) nextID(kind string) int64 {
	s.state.IDs[kind]++
	id := s.state.IDs[kind]
	if s.release.hasLongIDs() && (kind == "dashboard" || kind == "version") {
		return 4_503_599_627_370_000 + id*104_729
	}
	return id
}

func (s *Server) nextResourceVersion() int64 {
	s.state.ResourceVersion = max(s.state.ResourceVersion+1, time.Now().UnixMilli())
	return s.state.ResourceVersion
}

func (s *Server) file() string { return filepath.Join(s.folder, "stand-in.json") }

// load reads the state; false means that there is none.
func (s *Server) load() (bool, error) {
	content, err := os.ReadFile(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, decode(content, &s.state)
}

// save replaces the file of the state.
func (s *Server) save() error {
	content, err := json.Marshal(s.state)
	if err != nil {
		return err
	}
	fresh := s.file() + ".new"
	if err := os.WriteFile(fresh, content, 0o600); err != nil {
		return fmt.Errorf("cannot keep the state: %w", err)
	}
	return os.Rename(fresh, s.file())
}
