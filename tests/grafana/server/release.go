package server

import (
	"fmt"
	"strconv"
	"strings"
)

// Release is the version whose published behaviour is followed.
type Release struct {
	Major, Minor, Patch int
}

// The newest minor of each major that its mode follows.
var newest = map[int]Release{10: {10, 4, 19}, 11: {11, 6, 4}, 12: {12, 1, 0}, 13: {13, 0, 0}}

// ParseRelease reads `12`, `11.2` or `12.1.0`.
func ParseRelease(text string) (Release, error) {
	var numbers []int
	for _, part := range strings.Split(strings.TrimPrefix(text, "v"), ".") {
		number, err := strconv.Atoi(part)
		if err != nil || len(numbers) == 3 {
			return Release{}, fmt.Errorf("%q is not a version like 12 or 12.1.0", text)
		}
		numbers = append(numbers, number)
	}
	release, known := newest[numbers[0]]
	if !known {
		return Release{}, fmt.Errorf("the API of version %d is not known here: 10, 11, 12 and 13 are", numbers[0])
	}
	if len(numbers) > 1 {
		release.Minor, release.Patch = numbers[1], 0
	}
	if len(numbers) > 2 {
		release.Patch = numbers[2]
	}
	return release, nil
}

func (r Release) String() string { return fmt.Sprintf("%d.%d.%d", r.Major, r.Minor, r.Patch) }

func (r Release) atLeast(major, minor int) bool {
	return r.Major > major || r.Major == major && r.Minor >= minor
}

// Titles had to be unique inside a folder before 11.3 (pull request 90687).
func (r Release) titlesAreUnique() bool { return !r.atLeast(11, 3) }

// The list of versions was an array in 11.4 and is an object in 11.6 (issue 104556).
func (r Release) versionsAreAnObject() bool { return r.atLeast(11, 5) }

// `/apis` is documented from 12 on.
func (r Release) hasResources() bool { return r.Major >= 12 }

// A taken folder uid: 412 before 10.3 and 409 after it (pull request 76863). From 12 on folders
// are resources, whose conflict comes back as 412 without a status (seen in public reports of 13).
func (r Release) takenFolderUID() answer {
	switch {
	case r.hasResources():
		return failed(412, "the folder has been changed by someone else")
	case r.atLeast(10, 3):
		return failed(409, "a folder with the same uid already exists")
	default:
		return failedAs(412, "version-mismatch", "the folder has been changed by someone else")
	}
}

// Numbers of dashboards and folders are no small counters any more, and `folderId` is not
// looked at (public reports of 13).
func (r Release) hasLongIDs() bool { return r.Major >= 13 }

// A data source's uid of other characters was only warned about before 12.
func (r Release) refusesDataSourceUIDs() bool { return r.Major >= 12 }

// A version of a dashboard that is what it is already is not restored (pull request 102665).
func (r Release) refusesSameRestore() bool { return r.Major >= 12 }

// Versions count changes of what a dashboard holds, so that saving the same again, or in another
// folder, makes none (the same pull request, for where dashboards are resources alone).
func (r Release) countsChanges() bool { return r.Major >= 13 }

// The API version of dashboards in the new schema, which `/api` does not read.
func (r Release) newSchema() string {
	if r.Major >= 13 {
		return "v2"
	}
	return "v2beta1"
}

// The schema version that a dashboard is raised to when it is read as a resource.
func (r Release) schemaVersion() int64 {
	if r.Major >= 13 {
		return 42
	}
	return 41
}
