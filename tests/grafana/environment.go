package main

import (
	"fmt"
	"os"
	"strings"
)

// setting reads `GF_X`, or the file that `GF_X__FILE` names, as the image's entrypoint does.
func setting(name, otherwise string) (string, error) {
	value, set := os.LookupEnv(name)
	file, fromFile := os.LookupEnv(name + "__FILE")
	switch {
	case set && fromFile:
		return "", fmt.Errorf("both %s and %s__FILE are set (but are exclusive)", name, name)
	case fromFile:
		content, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("%s__FILE: %w", name, err)
		}
		// As a shell's `$(< file)` does.
		return strings.TrimRight(string(content), "\n"), nil
	case set && value != "":
		return value, nil
	}
	return otherwise, nil
}

// scratch fails where nothing can be written to /tmp: the server needs it.
func scratch() error {
	file, err := os.CreateTemp("/tmp", "stand-in")
	if err != nil {
		return err
	}
	file.Close()
	return os.Remove(file.Name())
}
