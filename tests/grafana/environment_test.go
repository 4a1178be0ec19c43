package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSettingsComeFromTheEnvironmentOrFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	is := func(wanted string) {
		t.Helper()
		if value, err := setting("GF_TEST", "default"); err != nil || value != wanted {
			t.Fatal(value, err)
		}
	}
	is("default")
	t.Setenv("GF_TEST__FILE", file)
	is("from a file")
	t.Setenv("GF_TEST", "given")
	if _, err := setting("GF_TEST", ""); err == nil {
		t.Fatal("both are set")
	}
	os.Unsetenv("GF_TEST__FILE")
	is("given")
	os.Unsetenv("GF_TEST")
	t.Setenv("GF_TEST__FILE", file+".gone")
	if _, err := setting("GF_TEST", ""); err == nil {
		t.Fatal("the file is not there")
	}
}
