package server

import (
	"crypto/rand"
	"strings"
	"unicode"
)

// slug is the form that a title has in an address.
func slug(title string) string {
	var made strings.Builder
	for _, letter := range strings.ToLower(title) {
		switch {
		case letter < unicode.MaxASCII && (unicode.IsLetter(letter) || unicode.IsDigit(letter)):
			made.WriteRune(letter)
		case made.Len() > 0 && !strings.HasSuffix(made.String(), "-"):
			made.WriteRune('-')
		}
	}
	return strings.TrimSuffix(made.String(), "-")
}

// newUID makes a uid for what came without.
func newUID() string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	random := make([]byte, 14)
	_, _ = rand.Read(random)
	for index, value := range random {
		random[index] = letters[int(value)%len(letters)]
	}
	// A uid begins with a letter, so that it is a name too.
	random[0] = letters[int(random[0])%26]
	return string(random)
}

func contains(title, wanted string) bool {
	return strings.Contains(strings.ToLower(title), strings.ToLower(wanted))
}

// without is the list with one element less.
func without[T comparable](list []T, gone T) []T {
	left := list[:0]
	for _, element := range list {
		if element != gone {
			left = append(left, element)
		}
	}
	return left
}
